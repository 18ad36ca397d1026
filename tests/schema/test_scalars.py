"""Scalars: what they take, in variables and in the document, and what they hand out."""

from typing import Any

import pytest
from graphql import GraphQLError

from model.query import MoneyBound
from schema.scalars import parse_date, parse_date_time, parse_decimal
from tests.schema.conftest import Ask
from tests.schema.shelf import Shelf


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-05-01T12:34:56Z", "2026-05-01T12:34:56.000Z"),
        ("2026-05-01t12:34:56z", "2026-05-01T12:34:56.000Z"),
        ("2026-05-01T12:34:56+02:00", "2026-05-01T10:34:56.000Z"),
        ("2026-05-01T00:00:00.5-00:30", "2026-05-01T00:30:00.500Z"),
        ("2026-05-01T12:34:56.123987654Z", "2026-05-01T12:34:56.123Z"),
        ("2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z"),
    ],
)
def test_instant_is_normalised(given: str, expected: str) -> None:
    """An instant becomes UTC with milliseconds, as the records hold it."""
    assert parse_date_time(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        *("", "now", "2026-05-01", "2026-05-01T12:34:56", "2026-05-01 12:34:56Z", "2026-05-01T12:34Z"),
        *("2026-02-30T00:00:00Z", "2026-05-01T25:00:00Z", "2026-05-01T12:34:60Z", "2026-05-01T12:34:56+24:00"),
        *("0001-01-01T00:00:00+10:00", "20260501T123456Z", "2026-W18-5T00:00:00Z", "٢٠٢٦-05-01T12:34:56Z"),
        *("2026-05-01T12:34:56Z\n", 1777638896, True, None, [], {}),
    ],
)
def test_text_that_is_no_instant_is_refused(given: Any) -> None:
    """Only RFC 3339 with an offset, and only days and times that exist."""
    with pytest.raises(GraphQLError):
        parse_date_time(given)


@pytest.mark.parametrize("given", ["2026-05-01", "2024-02-29", "0001-01-01", "9999-12-31"])
def test_day_stays_as_written(given: str) -> None:
    """A day has one spelling."""
    assert parse_date(given) == given


@pytest.mark.parametrize(
    "given",
    ["", "2026-5-1", "20260501", "2026-02-29", "2026-W18-5", "2026-05-01T00:00:00Z", "２026-05-01", 20260501, None],
)
def test_text_that_is_no_day_is_refused(given: Any) -> None:
    """Only `YYYY-MM-DD`, and only days that exist."""
    with pytest.raises(GraphQLError):
        parse_date(given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("1234.50", "1234.50"), ("-0.1", "-0.1"), ("0", "0"), (7, "7"), (-3, "-3"), (10**29, "1" + "0" * 29)],
)
def test_decimal_keeps_every_digit(given: Any, expected: str) -> None:
    """A decimal is text, digit for digit; whole numbers are exact as well."""
    assert parse_decimal(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "",
        "1e5",
        "NaN",
        "Infinity",
        "1,5",
        "+1",
        ".5",
        "5.",
        "--1",
        "0x1",
        "١",
        " 1",
        "1" * 31,
        0.1,
        1.0,
        True,
        10**40,
        None,
    ],
)
def test_number_that_is_not_exact_is_refused(given: Any) -> None:
    """JSON numbers with a fraction have lost digits already; exponents and the rest are no plain decimals."""
    with pytest.raises(GraphQLError):
        parse_decimal(given)


@pytest.mark.parametrize(("literal", "expected"), [('"10.50"', "10.50"), ("10", "10"), ("-2", "-2")])
async def test_decimal_is_taken_in_document(ask: Ask, shelf: Shelf, literal: str, expected: str) -> None:
    """Written into the document, a decimal is read as in variables."""
    shelf.records = ()

    await ask(f'{{ deals(where: {{amount: {{currency: "EUR", eq: {literal}}}}}) {{ isPartial }} }}')

    assert getattr(shelf.requests[0].where, "operand", None) == MoneyBound("EUR", expected)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ('{ deals(where: {amount: {currency: "EUR", eq: 10.5}}) { isPartial } }', {}),
        ("query ($d: Decimal) { deals(where: {probability: {eq: $d}}) { isPartial } }", {"d": 0.5}),
        ('{ contacts(where: {createdAt: {gt: "yesterday"}}) { isPartial } }', {}),
        ("query ($d: Date!) { contacts(where: {birthDate: {eq: $d}}) { isPartial } }", {"d": "1.5.2026"}),
    ],
)
async def test_bad_scalar_refuses_request(ask: Ask, shelf: Shelf, query: str, variables: dict[str, Any]) -> None:
    """A value that is none fails the whole request before anything runs, with the right spelling in the message."""
    answer = await ask(query, **variables)

    assert answer["data"] is None
    assert [error["extensions"] for error in answer["errors"]] == [{"code": "BAD_REQUEST"}]
    assert "is written" in answer["errors"][0]["message"]
    assert shelf.requests == []

"""The custom scalars: strict in what they take, and handing out the wire text the records already hold."""

import re
from datetime import date, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from model.values import instant_text

__all__ = ["JSON", "SCALARS", "Date", "DateTime", "Decimal", "parse_date", "parse_date_time", "parse_decimal"]

Date = NewType("Date", str)
DateTime = NewType("DateTime", str)
Decimal = NewType("Decimal", str)
JSON = NewType("JSON", object)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,15})?")


def parse_date(value: object) -> str:
    """*value* as `YYYY-MM-DD`.

    Raises:
        GraphQLError: it is no calendar date in that form.
    """
    text = _matching(value, _DATE, 'Date is written "YYYY-MM-DD"')
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise GraphQLError("Date is no day of the calendar.") from None


def parse_date_time(value: object) -> str:
    """*value* in UTC with milliseconds; finer digits are cut off.

    Raises:
        GraphQLError: it is not RFC 3339 with an offset.
    """
    text = _matching(value, _DATE_TIME, 'DateTime is written "2026-05-01T12:34:56Z", with an offset or Z')
    try:
        return instant_text(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError):
        raise GraphQLError("DateTime is no instant of the calendar.") from None


def parse_decimal(value: object) -> str:
    """*value* as plain decimal text, digit for digit; whole JSON numbers are exact and taken as well.

    Raises:
        GraphQLError: it is no plain decimal, or a JSON number with a fraction, which is not exact.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < 100:
        value = str(value)
    return _matching(value, _DECIMAL, 'Decimal is written as a string such as "1234.50", without exponent')


def _matching(value: object, pattern: re.Pattern[str], law: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise GraphQLError(law + ".")
    return value


def _as_is(value: Any) -> Any:
    return value


SCALARS: dict[object, ScalarDefinition] = {
    Date: strawberry.scalar(
        name="Date",
        description='A day without a time, such as "2026-05-01".',
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=_as_is,
        parse_value=parse_date,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description='An instant with its offset, such as "2026-05-01T12:34:56.000Z"; answers are in UTC.',
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=_as_is,
        parse_value=parse_date_time,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact number as a string, such as "1234.50".',
        serialize=_as_is,
        parse_value=parse_decimal,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=_as_is,
        parse_value=_as_is,
    ),
}

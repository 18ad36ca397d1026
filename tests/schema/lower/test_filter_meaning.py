"""The meaning of filters: what is lowered and evaluated agrees with the filter read literally."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
import strawberry
from hypothesis import given, settings
from hypothesis import strategies as st

from model.entities import Deal
from model.values import Money
from schema import Context, build_schema
from tests.schema.conftest import NOW
from tests.schema.shelf import Shelf

TEXTS = ["", "a", "A", "ab", "Straße", "STRASSE", "b"]
DAYS = ["2026-05-12", "2026-05-13", "2026-05-14"]
NUMBERS = ["0", "0.5", "0.50", "1"]
STATUSES = ["OPEN", "WON", "LOST"]
CURRENCIES = ["EUR", "USD"]


def deals() -> st.SearchStrategy[Deal]:
    """Deals with the fields that the filters speak of."""
    return st.builds(
        Deal,
        source=st.just("north"),
        remote_id=st.just("d1"),
        name=st.none() | st.sampled_from(TEXTS),
        tags=st.none() | st.lists(st.sampled_from(TEXTS[1:]), max_size=2).map(tuple),
        expected_close_on=st.none() | st.sampled_from(DAYS),
        probability=st.none() | st.sampled_from(NUMBERS),
        status=st.none() | st.sampled_from(STATUSES),
        amount=st.none() | st.builds(Money, st.sampled_from(NUMBERS), st.none() | st.sampled_from(CURRENCIES)),
    )


def some(conditions: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Any part of *conditions*, two at most."""
    return st.lists(st.sampled_from(sorted(conditions)), max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: conditions[name] for name in names})
    )


def words(values: list[str]) -> dict[str, st.SearchStrategy[Any]]:
    """Conditions that name values."""
    one, many = st.sampled_from(values), st.lists(st.sampled_from(values), max_size=2)
    return {"eq": one, "ne": one, "in": many, "notIn": many}


def bounds(values: list[str]) -> dict[str, st.SearchStrategy[Any]]:
    """Conditions that compare."""
    return {name: st.sampled_from(values) for name in ("eq", "lt", "lte", "gt", "gte")}


TEXT = words(TEXTS) | {
    "contains": st.sampled_from(TEXTS),
    "startsWith": st.sampled_from(TEXTS),
    "isNull": st.booleans(),
}
STATUS = {name: values for name, values in words(STATUSES).items() if name != "ne"}
LEAF = some(
    {
        "name": some(TEXT),
        "tags": some(TEXT),
        "status": some(STATUS),
        "expectedCloseOn": some(bounds(DAYS) | {"isNull": st.booleans()}),
        "probability": some(bounds(NUMBERS) | {"ne": st.sampled_from(NUMBERS), "isNull": st.booleans()}),
        "amount": st.builds(
            lambda currency, rest: {"currency": currency, **rest}, st.sampled_from(CURRENCIES), some(bounds(NUMBERS))
        ),
    }
)
FILTERS = st.recursive(
    LEAF,
    lambda inner: (
        st.fixed_dictionaries({"not": inner})
        | st.fixed_dictionaries({"and": st.lists(inner, max_size=2)})
        | st.fixed_dictionaries({"or": st.lists(inner, max_size=2), "name": some(TEXT)})
    ),
    max_leaves=5,
)

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "lt": lambda a, b: bool(a < b),
    "lte": lambda a, b: bool(a <= b),
    "gt": lambda a, b: bool(a > b),
    "gte": lambda a, b: bool(a >= b),
    "contains": lambda a, b: b in a,
    "startsWith": lambda a, b: bool(a.startswith(b)),
    "in": lambda a, b: a in b,
}
READ: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("name", str.casefold),
    "tags": ("tags", str.casefold),
    "status": ("status", str.casefold),
    "expectedCloseOn": ("expected_close_on", str),
    "probability": ("probability", Decimal),
}


def holds(where: Mapping[str, Any], deal: Deal) -> bool:
    """The filter read literally, after the rules the schema states."""
    return all(_part_holds(name, value, deal) for name, value in where.items())


def _part_holds(name: str, value: Any, deal: Deal) -> bool:
    match name:
        case "not":
            return not holds(value, deal)
        case "and":
            return all(holds(item, deal) for item in value)
        case "or":
            return any(holds(item, deal) for item in value)
        case "amount":
            return _amount_holds(value, deal)
    attribute, read = READ[name]
    stored = getattr(deal, attribute)
    values = [read(item) for item in (stored if isinstance(stored, tuple) else [stored]) if item not in {None, ""}]
    return all(_holds(operator, operand, values, read) for operator, operand in value.items())


def _holds(operator: str, operand: Any, values: list[Any], read: Callable[[Any], Any]) -> bool:
    if operator == "isNull":
        return (not values) is operand
    wanted = [read(item) for item in operand] if isinstance(operand, list) else read(operand)
    if operator == "ne":
        return wanted not in values
    if operator == "notIn":
        return not any(value in wanted for value in values)
    return any(COMPARISONS[operator](value, wanted) for value in values)


def _amount_holds(condition: Mapping[str, Any], deal: Deal) -> bool:
    money = deal.amount
    if not isinstance(money, Money) or money.currency != condition["currency"]:
        return False
    return all(
        COMPARISONS[operator](Decimal(money.amount), Decimal(bound))
        for operator, bound in condition.items()
        if operator != "currency"
    )


@pytest.fixture(scope="module")
def built() -> strawberry.Schema:
    """One schema for all examples."""
    return build_schema()


@settings(max_examples=300, deadline=None)
@given(deal=deals(), where=FILTERS)
async def test_filter_means_what_it_says(built: strawberry.Schema, deal: Deal, where: dict[str, Any]) -> None:
    """A record is listed exactly when the filter, read literally, holds of it."""
    context = Context(reads=Shelf(records=[deal]), now=NOW)
    query = "query ($where: DealFilter) { deals(where: $where) { nodes { remoteId } } }"

    result = await built.execute(query, variable_values={"where": where}, context_value=context)

    assert result.errors is None
    assert result.data is not None
    assert bool(result.data["deals"]["nodes"]) is holds(where, deal)

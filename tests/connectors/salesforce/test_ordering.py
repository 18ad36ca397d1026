"""Orders as key sets: nulls last, ids break ties, and any position can be gone on from."""

import pytest

from connectors.salesforce.soql import SortKey, guarded_presence, instant_literal, segments
from connectors.salesforce.soql.literals import date_literal
from model.errors import OurBug
from model.page import Position
from model.query import And, Compare, Direction, Operator, Or, Order, Predicate

STAMP = SortKey("SystemModstamp", instant_literal, is_nillable=False)
DUE = SortKey("ActivityDate", date_literal)
CLOSED = SortKey("CloseDate", date_literal, present="IsClosed = true", absent="IsClosed = false", is_nillable=False)
KEYS: dict[str, SortKey | None] = {"updated_at": STAMP, "due_on": DUE, "closed_on": CLOSED, "absent": None}
MOMENT = "2026-05-01T00:00:00.000Z"


def asked(*order: Order, after: Position | None = None, is_present: bool = False) -> list[tuple[str | bool, str]]:
    """Conditions and ORDER BY of the queries."""
    found = segments(order, KEYS, after=after, is_present=is_present)
    return [(part.where, ", ".join(part.order)) for part in found]


def test_no_order_is_by_id() -> None:
    """Any walk is stable and resumes behind an id."""
    assert asked() == [(True, "Id ASC")]
    assert asked(after=Position((), "003A")) == [("Id > '003A'", "Id ASC")]


def test_ties_are_walked_by_id() -> None:
    """A stamp that many rows share is left behind row by row."""
    order = Order("updated_at", Direction.DESC)
    beyond = f"(SystemModstamp < {MOMENT} OR (SystemModstamp = {MOMENT} AND Id > '003A'))"

    assert asked(order) == [(True, "SystemModstamp DESC, Id ASC")]
    assert asked(order, after=Position((MOMENT,), "003A")) == [(beyond, "SystemModstamp DESC, Id ASC")]


@pytest.mark.parametrize(("direction", "sign"), [(Direction.ASC, ">"), (Direction.DESC, "<")])
def test_nulls_come_last_both_ways(direction: Direction, sign: str) -> None:
    """Behind a value come the further values and then the nulls; behind a null only nulls."""
    order, terms = Order("due_on", direction), f"ActivityDate {direction.value} NULLS LAST, Id ASC"
    valued = Position(("2026-05-01",), "00TA")
    beyond = f"(ActivityDate {sign} 2026-05-01 OR (ActivityDate = 2026-05-01 AND Id > '00TA') OR ActivityDate = null)"

    assert asked(order, after=valued) == [(beyond, terms)]
    assert asked(order, after=Position((None,), "00TA")) == [("(ActivityDate = null AND Id > '00TA')", terms)]


def test_second_key_is_nested() -> None:
    """Each key counts only among equals of the keys before it."""
    position = Position(("2026-05-01", MOMENT), "00TA")
    ((where, _),) = asked(Order("due_on"), Order("updated_at"), after=position)

    assert where == (
        "(ActivityDate > 2026-05-01 OR (ActivityDate = 2026-05-01 AND "
        f"(SystemModstamp > {MOMENT} OR (SystemModstamp = {MOMENT} AND Id > '00TA'))) OR ActivityDate = null)"
    )


def test_field_without_values_orders_nothing() -> None:
    """All its keys are null, so that the other keys and the id decide."""
    assert asked(Order("absent"), Order("updated_at"), after=Position((None, MOMENT), "1")) == [
        (f"(SystemModstamp > {MOMENT} OR (SystemModstamp = {MOMENT} AND Id > '1'))", "SystemModstamp ASC, Id ASC")
    ]


def test_conditional_value_takes_two_queries() -> None:
    """Rows without the value come last by id, though their column is filled."""
    first = ("IsClosed = true", "CloseDate DESC, Id ASC")
    rest = ("IsClosed = false", "Id ASC")
    order = Order("closed_on", Direction.DESC)

    assert asked(order) == [first, rest]
    assert asked(order, is_present=True) == [first]
    assert asked(order, after=Position((None,), "006A")) == [("(IsClosed = false AND Id > '006A')", "Id ASC")]
    assert asked(order, after=Position(("2026-05-01",), "006A")) == [
        (
            "(IsClosed = true AND (CloseDate < 2026-05-01 OR (CloseDate = 2026-05-01 AND Id > '006A')))",
            "CloseDate DESC, Id ASC",
        ),
        rest,
    ]


def test_position_of_another_kind_is_our_bug() -> None:
    """A key that is no value of its column never reaches a query."""
    with pytest.raises(OurBug):
        asked(Order("updated_at"), after=Position(("x' OR Id != '",), "1"))


CLOSED_SINCE = Compare("closed_on", Operator.GTE, "2026-05-01")
OTHER = Compare("name", Operator.EQ, "x")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (CLOSED_SINCE, True),
        (And((OTHER, CLOSED_SINCE)), True),
        (Compare("closed_on", Operator.IS_NULL, operand=False), True),
        (Or((OTHER, CLOSED_SINCE)), False),
        (Compare("closed_on", Operator.NE, "2026-05-01"), False),
        (Compare("closed_on", Operator.IS_NULL, operand=True), False),
        (OTHER, False),
    ],
)
def test_condition_can_say_that_the_value_is_there(where: Predicate, *, expected: bool) -> None:
    """Only a condition that every row must meet, and that no missing value meets, counts."""
    assert guarded_presence(where, frozenset({"closed_on"})) is expected

"""What operators mean, by example."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.entities import Contact, Deal, Entity
from model.errors import OurBug
from model.evaluate import comparator, evaluate, ordering, sorted_records
from model.query import Compare, Direction, MoneyBound, Operator, Order
from model.values import Choice, Money


def contact(**fields: object) -> Contact:
    """A contact with *fields*."""
    return Contact(source="s", remote_id="1", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "operator", "operand", "expected"),
    [
        ("Müller", Operator.EQ, "MÜLLER", True),
        ("Straße", Operator.EQ, "STRASSE", True),
        (None, Operator.EQ, "x", False),
        ("", Operator.EQ, "x", False),
        (None, Operator.NE, "x", True),
        (None, Operator.NOT_IN, ("x",), True),
        (None, Operator.IN, ("x",), False),
        ("a", Operator.IN, (), False),
        ("a", Operator.NOT_IN, (), True),
        (None, Operator.CONTAINS, "x", False),
        ("100% O'Brien", Operator.CONTAINS, "% o'b", True),
        ("a_b", Operator.CONTAINS, "a.b", False),
        ("abc", Operator.STARTS_WITH, "AB", True),
        ("abc", Operator.STARTS_WITH, "b", False),
        ("", Operator.IS_NULL, True, True),
        ("a", Operator.IS_NULL, True, False),
        ("a", Operator.IS_NULL, False, True),
    ],
)
def test_text_operators(value: str | None, operator: Operator, operand: object, expected: bool) -> None:
    """Case folds; only isNull, ne and notIn are true of a missing value; the empty text is missing."""
    compare = Compare("last_name", operator, operand)  # type: ignore[arg-type]

    assert expected is evaluate(compare, contact(last_name=value), entity=Entity.CONTACT)


def test_a_field_of_several_values_matches_when_any_does() -> None:
    """NE and NOT_IN hold when none equals."""
    tagged = contact(tags=("VIP", "north"))

    found = [
        evaluate(Compare("tags", operator, operand), tagged, entity=Entity.CONTACT)
        for operator, operand in (
            (Operator.EQ, "vip"),
            (Operator.NE, "vip"),
            (Operator.NE, "south"),
            (Operator.CONTAINS, "ort"),
            (Operator.NOT_IN, ("south", "NORTH")),
        )
    ]

    assert found == [True, False, True, True, False]


def test_a_choice_compares_by_its_api_value() -> None:
    """The label is for people."""
    lead = contact(lifecycle=Choice("lead", "Lead stage"))

    assert evaluate(Compare("lifecycle", Operator.EQ, "LEAD"), lead, entity=Entity.CONTACT)
    assert not evaluate(Compare("lifecycle", Operator.EQ, "Lead stage"), lead, entity=Entity.CONTACT)


def test_amounts_compare_in_one_currency_only() -> None:
    """Another currency, or none, satisfies no bound."""
    deals = [
        Deal(source="s", remote_id=str(n), amount=amount)
        for n, amount in enumerate([Money("10.0", "EUR"), Money("10", "USD"), Money("10", None), None])
    ]
    bound = Compare("amount", Operator.EQ, MoneyBound("EUR", "10"))

    assert [evaluate(bound, deal, entity=Entity.DEAL) for deal in deals] == [True, False, False, False]


def test_reading_what_was_not_asked_for_is_a_bug() -> None:
    """UNSET is neither null nor false."""
    with pytest.raises(OurBug, match="last_name"):
        evaluate(Compare("last_name", Operator.IS_NULL, operand=True), contact(), entity=Entity.CONTACT)


@pytest.mark.parametrize(
    ("direction", "expected"), [(Direction.ASC, ["3", "1", "10", "2"]), (Direction.DESC, ["1", "10", "3", "2"])]
)
def test_missing_values_come_last_either_way(direction: Direction, expected: list[str]) -> None:
    """Ties are in id order as the source compares ids, here as numbers."""
    rows = {"10": "2026-01-02", "1": "2026-01-02", "2": None, "3": "2026-01-01"}
    deals = [Deal(source="s", remote_id=key, closed_on=day) for key, day in rows.items()]

    found = sorted_records(deals, entity=Entity.DEAL, order=(Order("closed_on", direction),), id_key=int)

    assert expected == [deal.remote_id for deal in found]


KEYS = st.tuples(
    st.sampled_from([None, "2026-01-01", "2026-01-02"]),
    st.sampled_from([None, "Ada", "ada", "Bo", "ß"]),
    st.sampled_from([None, "9", "10", "10.0", "-3"]),
)


@given(a=KEYS, b=KEYS, directions=st.tuples(*[st.sampled_from(Direction)] * 3))
def test_a_comparison_goes_key_by_key(
    a: tuple[str | None, ...], b: tuple[str | None, ...], directions: tuple[Direction, ...]
) -> None:
    """The first key that differs decides; dates compare as text, names by folded case, numbers as numbers."""
    order = tuple(map(Order, ("closed_on", "name", "probability"), directions))
    meanings = (str, str.casefold, Decimal)

    expected = 0
    for left, right, meaning, direction in zip(a, b, meanings, directions, strict=True):
        if expected or left is right is None:
            continue
        if left is None or right is None:
            expected = 1 if left is None else -1
        elif meaning(left) != meaning(right):
            expected = -1 if (meaning(left) < meaning(right)) is (direction is Direction.ASC) else 1

    assert comparator(Entity.DEAL, order)(a, b) == expected
    key_of = ordering(Entity.DEAL, order)
    assert (key_of(a) < key_of(b), key_of(a) == key_of(b)) == (expected < 0, expected == 0)

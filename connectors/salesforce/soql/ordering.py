"""Orders, and the place to go on from: key sets, never offsets.

Nulls come last in both directions and the id breaks ties (SOQL orders ids by their characters: 0-9, A-Z, a-z).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from connectors.salesforce.soql.conditions import Condition, all_of, any_of, compares, is_missing
from connectors.salesforce.soql.literals import text_literal
from model.errors import OurBug
from model.page import Position
from model.query import And, Compare, Direction, Operator, Order, Predicate

__all__ = ["Segment", "SortKey", "guarded_presence", "segments"]


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column to order by.

    Attributes:
        literal: a key in wire form as SOQL spells it.
        present, absent: conditions under which the unified field has this column's value, and has none.
        is_nillable: whether the column can be empty.
    """

    column: str
    literal: Callable[[object], str | None]
    present: Condition = True
    absent: Condition = False
    is_nillable: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """One of the queries that together give the order: rows of an earlier segment come first."""

    where: Condition
    order: tuple[str, ...]


_BY_ID = ("Id ASC",)


def segments(
    order: Sequence[Order], keys: Mapping[str, SortKey | None], *, after: Position | None, is_present: bool
) -> tuple[Segment, ...]:
    """The queries for *order* behind *after*.

    Args:
        order: sort fields.
        keys: the columns behind them; None for a field that has no value on any row.
        after: the position to go on from.
        is_present: whether every row is known to have the first key's value.
    """
    pairs = [(item, keys[item.field], position) for position, item in enumerate(order)]
    real = [(item, key, position) for item, key, position in pairs if key is not None]
    terms = tuple(_term(item, key) for item, key, _ in real)
    if not real or real[0][1].present is True:
        return (Segment(_behind(real, after), (*terms, *_BY_ID)),)
    first = real[0][1]
    guarded = Segment(all_of(first.present, _behind(real, after)), (*terms, *_BY_ID))
    if is_present:
        return (guarded,)
    rest = Segment(all_of(first.absent, _behind(real[1:], after)), (*terms[1:], *_BY_ID))
    if after is None:
        return guarded, rest
    if after.keys[real[0][2]] is None:
        return (rest,)
    return guarded, Segment(first.absent, rest.order)


def _term(item: Order, key: SortKey) -> str:
    """SOQL puts nulls first in both directions unless told."""
    return f"{key.column} {item.direction.value}{' NULLS LAST' if key.is_nillable else ''}"


_Keyed = tuple[Order, SortKey, int]


def _behind(keys: Sequence[_Keyed], after: Position | None) -> Condition:
    """Rows that come after the position in the order of *keys*, then id."""
    if after is None:
        return True
    if not keys:
        return compares("Id", ">", text_literal(after.remote_id))
    (item, key, place), rest = keys[0], _behind(keys[1:], after)
    value = after.keys[place]
    if value is None:
        return all_of(is_missing(key.column), rest)
    literal = key.literal(value)
    if literal is None:
        raise OurBug(f"a position holds {item.field} in a form that SOQL has no literal for")
    beyond = compares(key.column, ">" if item.direction is Direction.ASC else "<", literal)
    ties = all_of(compares(key.column, "=", literal), rest)
    return any_of(beyond, ties, is_missing(key.column) if key.is_nillable else False)


_ASKS_FOR_VALUES = frozenset({Operator.EQ, Operator.IN, Operator.LT, Operator.LTE, Operator.GT, Operator.GTE})


def guarded_presence(where: Predicate, fields: frozenset[str]) -> bool:
    """Whether *where* lets only rows through that have a value of one of *fields*."""
    match where:
        case And(items):
            return any(guarded_presence(item, fields) for item in items)
        case Compare(name, Operator.IS_NULL, operand):
            return name in fields and operand is False
        case Compare(name, operator):
            return name in fields and operator in _ASKS_FOR_VALUES
        case _:
            return False

"""The values that a key of groups can have, each as a condition that a search counts by."""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.hubspot.objects import Mapped
from connectors.hubspot.search import ALL, Criterion, Filter, Groups, Kind, pushed
from model.aggregate import CURRENCY, GroupKey
from model.query import Compare, Operator

__all__ = ["Cell", "cells_of", "dated", "missing"]

_DATES = frozenset({Kind.INSTANT, Kind.DAY})
_AS_THEY_ARE = frozenset({Kind.CHOICE, Kind.KEY, Kind.LINK})
_UNMAPPED = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Cell:
    """Records that have *value*, in wire form, under a key; *lacks* is a property that none of them has.

    Cells of one key share no record; two of them may have one value.
    """

    value: str | None
    groups: Groups
    lacks: str | None = None


def cells_of(key: GroupKey, mapped: Mapped) -> tuple[Cell, ...] | str:
    """The cells of a key with few known values; why there are none, where they cannot be told."""
    constants = mapped.constants_with([key.field])
    if key.field == CURRENCY:
        return (Cell(None, ALL),)
    if key.field in constants:
        value = constants[key.field]
        return (Cell(None if value is None else str(value), ALL),)
    criterion = mapped.criterion(key.field)
    told = _BY_KIND.get(criterion.kind) if criterion is not None else None
    if criterion is None or told is None or not (criterion.values or criterion.kind is Kind.FLAG):
        return f"{key.field} has more values than can be counted one by one"
    return tuple(told(criterion))


def dated(key: GroupKey, mapped: Mapped) -> Criterion | None:
    """How the dates of a key compare that puts them into buckets; None for other keys."""
    criterion = mapped.criterion(key.field)
    is_dated = key.bucket is not None and criterion is not None and criterion.kind in _DATES
    return criterion if is_dated and key.field not in mapped.constants else None


def missing(criterion: Criterion) -> list[Cell]:
    """The cell of records without a value, where there can be any."""
    told = None if criterion.is_always else pushed(criterion, Compare("", Operator.IS_NULL, operand=True))
    return [Cell(None, told.groups, lacks=criterion.name)] if told is not None else []


def _as_they_are(criterion: Criterion) -> list[Cell]:
    values = [value for values in criterion.values.values() for value in values]
    return [*(Cell(value, ((Filter(criterion.name, "EQ", value),),)) for value in values), *missing(criterion)]


def _words(criterion: Criterion) -> list[Cell]:
    """Cells of our words, which are in capitals, and of HubSpot's values that none of them stands for."""
    cells = [
        Cell(word.upper(), ((Filter(criterion.name, "IN", values=values),),))
        for word, values in criterion.values.items()
    ]
    if not criterion.has_blanks:
        known = tuple(value for values in criterion.values.values() for value in values)
        rest = (Filter(criterion.name, "NOT_IN", values=known), Filter(criterion.name, "HAS_PROPERTY"))
        cells.append(Cell(_UNMAPPED, (rest,)))
    return [*cells, *missing(criterion)]


def _flags(criterion: Criterion) -> list[Cell]:
    both = [Cell(str(value), ((Filter(criterion.name, "EQ", str(value).lower()),),)) for value in (True, False)]
    return [*both, *missing(criterion)]


def _members(criterion: Criterion) -> list[Cell]:
    told = [(value, pushed(criterion, Compare("", Operator.EQ, operand=value))) for value in (True, False)]
    return [Cell(str(value), found.groups) for value, found in told if found is not None]


_BY_KIND: dict[Kind, Callable[[Criterion], list[Cell]]] = {
    **dict.fromkeys(_AS_THEY_ARE, _as_they_are),
    Kind.WORD: _words,
    Kind.FLAG: _flags,
    Kind.MEMBER: _members,
}

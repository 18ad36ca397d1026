"""What rows are grouped by: columns, and calendar functions of dates and instants."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from connectors.mapping import Row
from connectors.salesforce.objects import ColumnInfo
from connectors.salesforce.soql import identifier
from model.aggregate import Bucket
from model.fields import FieldKind

__all__ = ["Grain", "Part", "complaint_of", "grain_of", "part_of"]

_PLAIN = frozenset({FieldKind.BOOLEAN, FieldKind.REFERENCE, FieldKind.INTEGER, FieldKind.DATE})


class Grain(IntEnum):
    """How finely a date or instant is told apart; a finer one serves a coarser bucket."""

    DAY = 0
    MONTH = 1
    QUARTER = 2
    YEAR = 3


_GRAINS: Mapping[Bucket | None, Grain] = {
    None: Grain.DAY,
    Bucket.DAY: Grain.DAY,
    Bucket.WEEK: Grain.DAY,
    Bucket.MONTH: Grain.MONTH,
    Bucket.QUARTER: Grain.QUARTER,
    Bucket.YEAR: Grain.YEAR,
}


def grain_of(bucket: Bucket | None) -> Grain:
    """The coarsest grain from which *bucket* can be told; weeks are made of days here."""
    return _GRAINS[bucket]


@dataclass(frozen=True, slots=True)
class Part:
    """One column of the mapping, as a query groups by it.

    Attributes:
        terms: what stands in GROUP BY.
        value: from their values to one that the column could have in such a row.
    """

    column: str
    terms: tuple[str, ...]
    value: Callable[[Sequence[Any]], Any]

    def read(self, row: Row, aliases: Mapping[str, str]) -> Any:
        """The column's value for a *row* of groups."""
        return self.value([row[aliases[term]] for term in self.terms])


def complaint_of(column: ColumnInfo) -> str | None:
    """Why SOQL's groups of *column* are not ours; None where they are."""
    if column.kind in _PLAIN or column.is_picklist:
        return None if column.is_groupable else f"SOQL does not group by {column.name}"
    if column.is_groupable:
        return f"SOQL groups the text of {column.name} as its collation compares it"
    return f"SOQL does not group by {column.name}"


def part_of(column: ColumnInfo, grain: Grain) -> Part:
    """*column* as it is, or by the calendar.

    Date functions work on UTC (Salesforce, SOQL reference, "Date functions", read 2026-11).
    """
    name = identifier(column.name)
    is_instant = column.kind is FieldKind.DATETIME
    if grain is Grain.DAY:
        term = f"DAY_ONLY({name})" if is_instant else name
        return Part(name, (term,), lambda values: _moment(values[0], is_instant=is_instant))
    if grain is Grain.YEAR:
        terms: tuple[str, ...] = (f"CALENDAR_YEAR({name})",)
    else:
        terms = (f"CALENDAR_YEAR({name})", f"CALENDAR_{grain.name}({name})")
    months = 3 if grain is Grain.QUARTER else 1
    return Part(name, terms, lambda values: _first_day(values, months=months, is_instant=is_instant))


def _first_day(values: Sequence[Any], *, months: int, is_instant: bool) -> Any:
    if values[0] is None:
        return None
    place = int(values[1]) if len(values) > 1 else 1
    return _moment(f"{int(values[0]):04}-{(place - 1) * months + 1:02}-01", is_instant=is_instant)


def _moment(day: Any, *, is_instant: bool) -> Any:
    return f"{day}T00:00:00.000Z" if is_instant and day is not None else day

"""Buckets of dates as conditions: from the first to the last value, one range each."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo

from connectors.hubspot.groups.cells import Cell
from connectors.hubspot.search import Criterion, Groups, Kind, both, pushed
from model.aggregate import Bucket, bucket_end, bucket_start
from model.query import And, Compare, Operator, Predicate
from model.relative import midnight
from model.values import instant_text

__all__ = ["Ends", "between", "ends_in"]

Ends = tuple[str, str]
"""The first and the last value, in wire form."""


def ends_in(where: Predicate, field: str) -> Ends | None:
    """The ends that *where* itself sets to *field*; None where one of them is open."""
    items = where.items if isinstance(where, And) else (where,)
    bounds = [item for item in items if isinstance(item, Compare) and item.field == field]
    firsts = [_inside(item, 1) for item in bounds if item.operator in {Operator.GT, Operator.GTE, Operator.EQ}]
    lasts = [_inside(item, -1) for item in bounds if item.operator in {Operator.LT, Operator.LTE, Operator.EQ}]
    return (max(firsts), min(lasts)) if firsts and lasts else None


def _inside(bound: Compare, step: int) -> str:
    """The value next to an open bound, the bound itself where it is closed."""
    text = str(bound.operand)
    if bound.operator not in {Operator.GT, Operator.LT}:
        return text
    if "T" in text:
        return instant_text(datetime.fromisoformat(text) + step * timedelta(milliseconds=1))
    return (date.fromisoformat(text) + step * timedelta(days=1)).isoformat()


def between(ends: Ends, criterion: Criterion, bucket: Bucket, zone: tzinfo) -> Iterator[Cell]:
    """The cells of the buckets from one end to the other, as *zone* has its days; dates have no zone.

    Raises:
        OverflowError: a bucket begins or ends outside the calendar.
    """
    first, last = (_day(text, criterion, zone) for text in ends)
    start = bucket_start(first, bucket)
    while start <= last:
        following = bucket_end(start, bucket)
        bounds = (_bound(criterion, zone, start), _bound(criterion, zone, following))
        yield Cell(start.isoformat(), _range(criterion, *bounds))
        start = following


def _day(text: str, criterion: Criterion, zone: tzinfo) -> date:
    if criterion.kind is Kind.INSTANT:
        return datetime.fromisoformat(text).astimezone(zone).date()
    return date.fromisoformat(text)


def _bound(criterion: Criterion, zone: tzinfo, day: date) -> str:
    """The beginning of *day*, as values of the key are written."""
    return day.isoformat() if criterion.kind is Kind.DAY else midnight(day, zone)


def _range(criterion: Criterion, start: str, end: str) -> Groups:
    told = [pushed(criterion, Compare("", word, text)) for word, text in ((Operator.GTE, start), (Operator.LT, end))]
    return both(*(part.groups for part in told if part is not None))

"""What it takes to count groups: which records, by which keys, and by how many searches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import islice, product
from math import prod

from connectors.hubspot.course import INDEX_LAG, Course, Way, course_of
from connectors.hubspot.groups.cells import Cell, cells_of, dated, missing
from connectors.hubspot.groups.spans import Ends, between, ends_in
from connectors.hubspot.manifest import manifest
from connectors.hubspot.objects import Mapped
from connectors.hubspot.search import ID, Criterion, Kind, Sort, both, fits, needs, search_body
from model.aggregate import AggregateQuery, Bucket, GroupKey
from model.capabilities import AggregateSplit
from model.query import EVERYTHING, Query, Selection, fields_in

__all__ = ["CountedKey", "keys_of", "records_of", "spans", "split_of_groups"]

EACH = "each group is a search of its own, and the groups must add up to all"


@dataclass(frozen=True, slots=True)
class CountedKey:
    """One key as it is counted.

    Attributes:
        cells: what is known before anybody is called.
        date: of a date with open ends, how it compares: the buckets are known with its first and last value.
    """

    key: GroupKey
    cells: tuple[Cell, ...]
    date: Criterion | None = None


def split_of_groups(query: AggregateQuery, mapped: Mapped) -> AggregateSplit:
    """Whether *query* can be counted with our meaning, and by how many searches at most."""
    course = records_of(query, mapped)
    why = _why_not(query, mapped, course)
    keys = keys_of(query, mapped, course) if why is None else ()
    if isinstance(keys, str):
        why = keys
    elif why is None:
        why = _why_too_much(course, keys)
    if why is not None or isinstance(keys, str):
        return AggregateSplit(unsupported=why, calls=0)
    if course.way is Way.NOWHERE:
        return AggregateSplit(calls=0)
    return AggregateSplit(
        calls=_calls(keys),
        is_exact=False,
        notes=(INDEX_LAG, *course.division.notes, *((EACH,) if keys else ())),
        operation="search",
        vendor_query=search_body(course.groups, course.properties, limit=1, sort=Sort(ID)).decode(),
    )


def records_of(query: AggregateQuery, mapped: Mapped) -> Course:
    """How the records that are counted are searched for, with the dates that the keys need."""
    dates = [key.field for key in query.keys if dated(key, mapped) is not None]
    whole = Query(entity=query.entity, selection=Selection().with_fields(*dates), where=query.where, limit=1)
    return course_of(whole, mapped, is_resumed=True, is_pushed=False)


def keys_of(query: AggregateQuery, mapped: Mapped, course: Course) -> Sequence[CountedKey] | str:
    """The keys as they are counted, or why one of them cannot be."""
    keys: list[CountedKey] = []
    for key in query.keys:
        found = _key(query, key, mapped, course)
        if isinstance(found, str):
            return found
        keys.append(found)
    return keys


def spans(query: AggregateQuery, key: GroupKey, criterion: Criterion, ends: Ends) -> tuple[Cell, ...] | None:
    """The buckets between *ends*; None where they are too many, or leave the calendar."""
    most = manifest().group_counts
    try:
        found = tuple(islice(between(ends, criterion, key.bucket or Bucket.DAY, query.days_in), most + 1))
    except OverflowError:
        return None
    return found if len(found) <= most else None


def _key(query: AggregateQuery, key: GroupKey, mapped: Mapped, course: Course) -> CountedKey | str:
    criterion = dated(key, mapped)
    if criterion is None:
        cells = cells_of(key, mapped)
        return cells if isinstance(cells, str) else CountedKey(key, _possible(cells, course))
    ends = ends_in(course.division.pushed, key.field)
    found = spans(query, key, criterion, ends) if ends is not None else None
    lacking = _possible(tuple(missing(criterion)), course)
    return CountedKey(key, lacking, criterion) if found is None else CountedKey(key, (*found, *lacking))


def _possible(cells: tuple[Cell, ...], course: Course) -> tuple[Cell, ...]:
    """*cells* without those of records that lack what the filter needs."""
    return tuple(cell for cell in cells if cell.lacks is None or not needs(course.groups, cell.lacks))


def _why_not(query: AggregateQuery, mapped: Mapped, course: Course) -> str | None:
    """Why HubSpot cannot count *query* at all."""
    if query.amount is not None:
        return "HubSpot adds up nothing"
    unfit = mapped.why_unfit((*fields_in(query.where), *(key.field for key in query.keys)))
    if unfit is not None:
        return unfit
    if course.way is Way.IDS:
        return "records that are named by id are read, not counted"
    return None if course.division.residual == EVERYTHING else "HubSpot cannot evaluate the whole filter"


def _why_too_much(course: Course, keys: Sequence[CountedKey]) -> str | None:
    """Why the groups are too many or too long to be counted."""
    most, known = manifest().group_counts, prod(len(key.cells) for key in keys if key.date is None)
    if known > most:
        return f"{known} groups would be counted one by one, and {most} are the most"
    samples = [key.cells if key.date is None else (*key.cells, *_sample(key.date)) for key in keys]
    conditions = (both(course.groups, *(cell.groups for cell in cells)) for cells in product(*samples))
    if all(fits(condition, course.properties) for condition in conditions):
        return None
    return "the condition of a group does not fit one search together with the filter"


def _sample(criterion: Criterion) -> Iterator[Cell]:
    """One bucket of a date whose ends are not known."""
    day = "2026-01-01" if criterion.kind is Kind.DAY else "2026-01-01T00:00:00.000Z"
    return between((day, day), criterion, Bucket.DAY, UTC)


def _calls(keys: Sequence[CountedKey]) -> int:
    """The whole, two for the ends of each date that has none, and one a group."""
    open_ends = sum(key.date is not None for key in keys)
    counts = manifest().group_counts if open_ends else prod(len(key.cells) for key in keys)
    return 1 + (2 * open_ends + counts if keys else 0)

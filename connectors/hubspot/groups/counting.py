"""Groups counted at HubSpot: one search a group, one for the whole, and two where dates have open ends.

The parts must add up to the whole: values that nobody described, and changes in between, never go unnoticed.
"""

from collections.abc import Awaitable, Callable, Sequence
from itertools import product
from math import prod
from typing import TypeAlias

from connectors.http import together
from connectors.hubspot.calls import Answer
from connectors.hubspot.course import Course, Way
from connectors.hubspot.groups.cells import Cell
from connectors.hubspot.groups.plan import CountedKey, keys_of, records_of, spans
from connectors.hubspot.groups.spans import Ends
from connectors.hubspot.manifest import manifest
from connectors.hubspot.objects import Mapped
from connectors.hubspot.search import ID, Criterion, Groups, Sort, SortKey, both
from model.aggregate import AggregateQuery, GroupRow
from model.errors import UnsupportedBySource
from model.evaluate import key_text
from model.query import EVERYTHING, Direction, Order

__all__ = ["Ask", "counted"]

Ask: TypeAlias = Callable[[Course, Groups, Sort], Awaitable[Answer]]
"""Searches for one record of the groups, in an order; the answer tells how many match."""

_BY_ID = Sort(ID)


async def counted(query: AggregateQuery, mapped: Mapped, ask: Ask, *, source: str) -> Sequence[GroupRow]:
    """The groups of *query*, which `split_of_groups` took.

    Raises:
        UnsupportedBySource: there are too many, or they do not add up.
    """
    course = records_of(query, mapped)
    keys = keys_of(query, mapped, course)
    if course.way is Way.NOWHERE:
        return [] if query.keys else [GroupRow(())]
    if isinstance(keys, str) or course.division.residual != EVERYTHING:
        raise UnsupportedBySource(f"{source} cannot count these groups: read the records", source=source)
    total = (await ask(course, course.groups, _BY_ID)).total or 0
    if not keys or not total:
        return [] if keys else [GroupRow((), total)]
    cells = [told for key in keys if (told := await _cells(key, course, query, ask)) is not None]
    if len(cells) < len(keys) or prod(map(len, cells)) > manifest().group_counts:
        text = f"{source} has more groups than can be counted one by one: read the records"
        raise UnsupportedBySource(text, source=source)
    likely = sorted(product(*cells), key=lambda one: sum(cell.value is None for cell in one))
    found = await _counts(course, likely, total, ask)
    rest = total - sum(found.values())
    if rest:
        text = f"{source}: {len(found)} groups and all {total} records differ by {rest}: read the records"
        raise UnsupportedBySource(text, source=source)
    return [GroupRow(values, count) for values, count in found.items()]


async def _counts(
    course: Course, combinations: Sequence[tuple[Cell, ...]], total: int, ask: Ask
) -> dict[tuple[str | None, ...], int]:
    """How many records each combination has; as many at once as searches run in a second, until all are found."""
    found: dict[tuple[str | None, ...], int] = {}
    size = manifest().search.per_second
    for start in range(0, len(combinations), size):
        if sum(found.values()) >= total:
            break
        some = combinations[start : start + size]
        answers = await together(*(_asked(course, cells, ask) for cells in some))
        for cells, answer in zip(some, answers, strict=True):
            if answer.total:
                values = tuple(cell.value for cell in cells)
                found[values] = found.get(values, 0) + answer.total
    return found


async def _asked(course: Course, cells: tuple[Cell, ...], ask: Ask) -> Answer:
    return await ask(course, both(course.groups, *(cell.groups for cell in cells)), _BY_ID)


async def _cells(key: CountedKey, course: Course, query: AggregateQuery, ask: Ask) -> tuple[Cell, ...] | None:
    """The cells of *key*, of a date with open ends those between its first and last value too; None for too many."""
    if key.date is None:
        return key.cells
    ends = await _ends(key, key.date, course, ask)
    found = () if ends is None else spans(query, key.key, key.date, ends)
    return None if found is None else (*found, *key.cells)


async def _ends(key: CountedKey, criterion: Criterion, course: Course, ask: Ask) -> Ends | None:
    """The first and the last value among the records; None where none has any."""
    sorts = [SortKey(criterion, Order(key.key.field, direction)) for direction in Direction]
    answers = await together(*(_first(sort, course, ask) for sort in sorts))
    texts = [key_text(record, key.key.field) for answer in answers for record in answer.records]
    ends = [text for text in texts if text is not None]
    return (min(ends), max(ends)) if ends else None


async def _first(sort: SortKey, course: Course, ask: Ask) -> Answer:
    return await ask(course, both(course.groups, sort.present()), sort.sort())

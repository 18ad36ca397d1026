"""Pages of a search in order, by key set: never an offset, never a page that needs another one's answer.

HubSpot sorts by one property, does not say where it puts empty values or ties, and its index lags behind the records
that it answers with. So

- records without a value are a segment of their own, read after the others, by id;
- a tie that crosses the page's end is read by a second search, by id;
- a page ends in step with the index, as told by the records that did not change within its lag: others may stand far
  from their place. Records beyond the page's end wait for their turn, those before its start are left out.

A record that did not change within the lag is read once, and no page goes back behind another.
One that did can be met late or missed, as in any search.
"""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from connectors.hubspot.calls import Answer
from connectors.hubspot.manifest import manifest
from connectors.hubspot.search.criteria import Criterion, number_of, pushed
from connectors.hubspot.search.filters import ALL, ID, Filter, Groups, Sort, both, either, needs
from model.entities import Record
from model.errors import OurBug, SourceUnavailable, UnsupportedBySource
from model.evaluate import key_text
from model.page import Page, Position
from model.query import Compare, Direction, Operator, Order
from model.values import instant_text

__all__ = ["Ask", "SortKey", "by_id", "in_order"]

Ask: TypeAlias = Callable[[Groups, Sort, int], Awaitable[Answer]]
"""Searches for groups in an order, so many rows at most."""

_BY_ID = Sort(ID)
_LAG_PAUSE_S = 10.0  # HubSpot: new records take "a few moments" to be found (search guide, read 2026-11)


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of an order as the search knows it."""

    criterion: Criterion
    order: Order

    @property
    def is_descending(self) -> bool:
        """Whether great values come first."""
        return self.order.direction is Direction.DESC

    def sort(self) -> Sort:
        """The search's own order."""
        return Sort(self.criterion.name, self.is_descending)

    def present(self) -> Groups:
        """Records that have a value."""
        return ALL if self.criterion.is_always else self._told(Operator.IS_NULL, operand=False)

    def absent(self) -> Groups:
        """Records that have none."""
        return self._told(Operator.IS_NULL, operand=True)

    def is_given(self, groups: Groups) -> bool:
        """Whether every record of *groups* has a value, so that there is no segment of those without."""
        if self.criterion.is_always:
            return True
        guard = self.criterion.guard
        return needs(groups, self.criterion.name) and all(guard is None or guard in group for group in groups)

    def tied(self, key: str) -> Groups:
        """Records with the value *key*."""
        return self._told(Operator.EQ, operand=key)

    def beyond(self, key: str) -> Groups:
        """Records whose value comes after *key*."""
        return self._told(Operator.LT if self.is_descending else Operator.GT, operand=key)

    def until(self, key: str) -> Groups:
        """Records whose value is at most *key*."""
        return self._told(Operator.LTE, operand=key)

    def number(self, key: str) -> int | Decimal:
        """*key* as a number that grows in the order's direction."""
        number = number_of(self.criterion.kind, key)
        return -number if self.is_descending else number

    def conditions(self) -> tuple[Groups, ...]:
        """What a walk in this order may add to a predicate, at its longest."""
        sample = "999999999999.99" if self.criterion.is_numeric else "2026-01-01T00:00:00.000Z"
        shapes = (self.present(), both(self.tied(sample), behind("999999999999999")), self.beyond(sample))
        return shapes if self.criterion.is_always else (*shapes, both(self.absent(), behind("999999999999999")))

    def _told(self, operator: Operator, *, operand: str | bool) -> Groups:
        told = pushed(self.criterion, Compare(self.order.field, operator, operand))
        if told is None:
            raise OurBug(f"{self.order.field} is sorted by and cannot be compared")
        return told.groups


def behind(remote_id: str) -> Groups:
    """Records with a greater id."""
    return ((Filter(ID, "GT", remote_id),),)


async def by_id(ask: Ask, groups: Groups, *, limit: int, after: Position | None) -> Page:
    """The records of *groups* by id."""
    condition = groups if after is None else both(groups, behind(after.remote_id))
    answer = await ask(condition, _BY_ID, limit)
    records = _in_id_order(answer).records
    return Page(records=records, has_more=answer.has_more, total=answer.total if after is None else None)


async def in_order(
    ask: Ask, groups: Groups, key: SortKey, *, fits: Callable[[Groups], bool], limit: int, after: Position | None
) -> Page:
    """The records of *groups* in the order of *key*, ties by id, those without a value last."""
    size = min(limit, manifest().search.page_size - 1)
    passed = None if after is None else after.keys[0]
    if after is not None and passed is None:
        return await _absent(ask, both(groups, key.absent()), key, limit=size, after=after)
    walk = _Walk(ask, groups, key, fits)
    start = None if after is None or passed is None else _Start(passed, after.remote_id)
    found, has_more, total = await walk.present(size, start)
    records = [place.record for place in found]
    is_given = key.is_given(groups)
    if has_more or is_given or len(records) > size:
        is_whole = start is None and is_given
        return Page(records=records[:size], has_more=has_more or len(records) > size, total=total if is_whole else None)
    room = size - len(records)
    rest = await _absent(ask, both(groups, key.absent()), key, limit=max(1, room), after=None)
    if not room:
        return Page(records=records, has_more=rest.has_more or bool(rest.records))
    return Page(records=[*records, *rest.records], has_more=rest.has_more, resume=rest.resume)


async def _absent(ask: Ask, groups: Groups, key: SortKey, *, limit: int, after: Position | None) -> Page:
    """The records of *groups* by id, without those that got a value since the index saw them."""
    page = await by_id(ask, groups, limit=limit, after=after)
    kept = [record for record in page.records if key_text(record, key.order.field) is None]
    is_cut = page.has_more and len(kept) < len(page.records)
    return Page(
        records=kept,
        has_more=page.has_more,
        resume=Position((None,), page.records[-1].remote_id) if is_cut else None,
    )


class _Start(NamedTuple):
    """Just behind the record with this key and this id."""

    key: str
    remote_id: str


class _Place(NamedTuple):
    """A record where its own key puts it; places compare as the order says.

    *is_settled* ones did not change within the index's lag.
    """

    number: int | Decimal
    id: int
    record: Record
    is_settled: bool


_Run: TypeAlias = tuple[list[_Place], bool, int | None]
"""Places in order, whether others with a value follow, and the search's total."""


@dataclass(frozen=True, slots=True)
class _Walk:
    """One ordered read over the records that have a value."""

    ask: Ask
    groups: Groups
    key: SortKey
    fits: Callable[[Groups], bool]

    async def present(self, size: int, start: _Start | None) -> _Run:
        """*size* places behind *start*, or one more, or fewer where the page has to end early."""
        if start is None:
            return await self._read(both(self.groups, self.key.present()), size, None)
        rest = both(self.groups, self.key.beyond(start.key))
        tie = both(self.groups, self.key.tied(start.key), behind(start.remote_id))
        if self.fits(whole := either((tie, rest))):
            return await self._read(whole, size, start)
        answer = await self.ask(tie, _BY_ID, size)
        tied = self._placed(_in_id_order(answer), start)
        if answer.has_more or len(tied) >= size:
            return tied, True, None
        places, has_more, _ = await self._read(rest, size - len(tied), start)
        return [*tied, *places], has_more, None

    async def _read(self, groups: Groups, size: int, start: _Start | None) -> _Run:
        answer = await self.ask(groups, self.key.sort(), size + 1)
        seen = self._placed(answer, start)
        if not answer.has_more:
            return sorted(seen), False, answer.total
        trusted = [place for place in seen if place.is_settled]
        if not trusted and await self._is_astray(start):
            raise _lagging(answer)
        if not seen:
            raise _lagging(answer)
        edge = _edge(trusted or seen)
        inside = sorted(place for place in seen if place.number < edge)
        if len(inside) < size:
            end = next(place for place in seen if place.number == edge)
            inside += await self._tie(end, size - len(inside), start)
        if not inside:
            raise _lagging(answer)
        return inside[:size], True, answer.total

    async def _tie(self, place: _Place, size: int, start: _Start | None) -> list[_Place]:
        """The first places by id that tie with *place*, of those behind *start*."""
        key = key_text(place.record, self.key.order.field) or ""
        groups = both(self.groups, self.key.tied(key))
        if start is not None and self.key.number(start.key) == place.number:
            groups = both(groups, behind(start.remote_id))
        answer = await self.ask(groups, _BY_ID, size)
        return [found for found in self._placed(_in_id_order(answer), start) if found.number == place.number]

    async def _is_astray(self, start: _Start | None) -> bool:
        """Whether a page of recent changes alone stands before older ones in an ascending read by date of change.

        Its records have moved on since the index saw them: to go on from them would skip the older ones.
        """
        if not self.key.criterion.is_growing or self.key.is_descending:
            return False
        bound = _settled_since()
        if start is not None and start.key > bound:
            return False
        older = both(self.groups, self.key.until(bound), *(() if start is None else (self.key.beyond(start.key),)))
        answer = await self.ask(older, _BY_ID, 1)
        return bool(answer.records)

    def _placed(self, answer: Answer, start: _Start | None) -> list[_Place]:
        """The records that have a value and come behind *start*, in the answer's order."""
        bound = _settled_since()
        keyed = ((key_text(record, self.key.order.field), record) for record in answer.records)
        places = [
            _Place(self.key.number(key), int(record.remote_id), record, changed_at <= bound)
            for (key, record), changed_at in zip(keyed, answer.changed_at, strict=True)
            if key is not None
        ]
        if start is None:
            return places
        first = (self.key.number(start.key), int(start.remote_id))
        return [place for place in places if place[:2] > first]


def _settled_since() -> str:
    """Records that changed before this instant stand in the index as they are."""
    return instant_text(datetime.now(UTC) - timedelta(seconds=manifest().index_lag_s))


def _edge(places: Sequence[_Place]) -> int | Decimal:
    """The number at which the longest run in step ends: of all such runs, the one that ends first."""
    ends: list[int | Decimal] = []
    for place in places:
        where = bisect_right(ends, place.number)
        ends[where : where + 1] = [place.number]
    return ends[-1]


def _in_id_order(answer: Answer) -> Answer:
    """*answer*, which HubSpot sorted by id.

    Raises:
        UnsupportedBySource: it does not compare ids as numbers, so that no page could be trusted.
    """
    ids = [int(record.remote_id) for record in answer.records]
    if ids != sorted(ids):
        source = answer.records[0].source
        text = f"{source} does not sort ids as numbers, so that its pages cannot be put together"
        raise UnsupportedBySource(text, source=source)
    return answer


def _lagging(answer: Answer) -> SourceUnavailable:
    source = answer.records[0].source
    text = f"{source}'s search index is behind its records; ask again in some seconds"
    return SourceUnavailable(text, source=source, retry_after_s=_LAG_PAUSE_S)

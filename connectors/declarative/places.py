"""Pages behind a position, of an API that has places in a list alone: offsets, page numbers, cursors, links.

A place shifts when rows come and go. So the place of the last row that was passed is kept as a hint, and the next
call is made such that its answer holds that row as well; what comes behind it is what follows. Without a hint, or
where the row is not there any more, offsets are found by halving, and cursors by walking from the start.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from model.entities import Record
from model.errors import SourceUnavailable
from model.page import Page, Position

__all__ = ["Chunk", "Place", "Places", "Read"]

_HINTS = 2_000
_STEPS = 40

Place: TypeAlias = int | str | None
"""How far into a list: rows before, or what an answer named as its next; None for the start."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records of one answer in order, whether others follow, the place behind them where it was told, and the total."""

    records: Sequence[Record]
    has_more: bool
    next: str | None = None
    total: int | None = None


Read: TypeAlias = Callable[[Place, int], Awaitable[Chunk]]
"""Reads so many records at a place; of page numbers the place is a multiple of the number."""


@dataclass(frozen=True, slots=True)
class _Start:
    """What was read first: its place, and how many rows each call takes."""

    place: Place
    size: int
    chunk: Chunk


class Places:
    """Walks of one source; lives as long as its connector, and keeps where they were left last."""

    def __init__(self, source: str, by: Literal["offset", "page", "cursor", "link"], most_rows: int) -> None:
        self._source = source
        self._by = by
        self._most = most_rows
        self._hints: OrderedDict[tuple[Hashable, Position], Place] = OrderedDict()

    async def page(
        self,
        read: Read,
        *,
        walk: Hashable,
        limit: int,
        after: Position | None,
        is_behind: Callable[[Record, Position], bool],
        position: Callable[[Record], Position],
    ) -> Page:
        """Up to *limit* records behind *after*; *walk* tells lists apart whose places differ.

        Raises:
            SourceUnavailable: the list goes round, or says that it goes on and not where.
        """
        start = await self._begun(read, walk, limit, after, is_behind)
        place, chunk, passed = start.place, start.chunk, {start.place}
        while True:
            rest = [one for one in chunk.records if after is None or is_behind(one, after)]
            if rest or not chunk.has_more or not chunk.records:
                break
            place = self._behind(place, chunk)
            if place is None or place in passed:
                text = f"{self._source} gave pages without an end; try again later"
                raise SourceUnavailable(text, source=self._source)
            passed.add(place)
            chunk = await read(place, start.size)
        chosen = rest[:limit]
        has_more = len(rest) > limit or (chunk.has_more and bool(chunk.records))
        if has_more and chosen:
            self._keep(walk, position(chosen[-1]), self._place_of(place, chunk, chosen[-1]))
        return Page(records=chosen, has_more=has_more and bool(chosen), total=chunk.total if after is None else None)

    def _behind(self, place: Place, chunk: Chunk) -> Place:
        if self._by in {"offset", "page"}:
            return (place if isinstance(place, int) else 0) + len(chunk.records)
        return chunk.next

    def _place_of(self, place: Place, chunk: Chunk, last: Record) -> Place:
        """Where *last* stands: of offsets its own, of cursors that of its answer, or the next where it ends that."""
        if self._by in {"offset", "page"}:
            return (place if isinstance(place, int) else 0) + list(chunk.records).index(last)
        return chunk.next if chunk.records[-1] is last else place

    def _keep(self, walk: Hashable, position: Position, place: Place) -> None:
        self._hints[walk, position] = place
        while len(self._hints) > _HINTS:
            self._hints.popitem(last=False)

    async def _begun(
        self,
        read: Read,
        walk: Hashable,
        limit: int,
        after: Position | None,
        is_behind: Callable[[Record, Position], bool],
    ) -> _Start:
        size = min(limit, self._most)
        if after is None:
            return _Start(self._first, size, await read(self._first, size))
        hint = self._hints.get((walk, after))
        if self._by in {"cursor", "link"}:
            return _Start(hint, size, await read(hint, size))
        if isinstance(hint, int):
            place, size = (
                (hint, min(limit + 1, self._most)) if self._by == "offset" else _window(hint, limit, self._most)
            )
            chunk = await read(place, size)
            own = hint - place
            if own < len(chunk.records) and chunk.records[own].remote_id == after.remote_id:
                return _Start(place, size, chunk)
        return await self._halved(read, after, is_behind)

    @property
    def _first(self) -> Place:
        return 0 if self._by in {"offset", "page"} else None

    async def _halved(self, read: Read, after: Position, is_behind: Callable[[Record, Position], bool]) -> _Start:
        """The page that the first record behind *after* stands on; every page before holds none."""
        size = self._most
        chunk = await read(0, size)
        if chunk.total is None or not chunk.records or is_behind(chunk.records[-1], after):
            return _Start(0, size, chunk)
        low, high, held = 0, (chunk.total - 1) // size, chunk
        for _ in range(_STEPS):
            if low >= high:
                break
            middle = (low + high + 1) // 2
            found = await read(middle * size, size)
            if found.records and not is_behind(found.records[0], after):
                low, held = middle, found
            else:
                high = middle - 1
        return _Start(low * size, size, held)


def _window(index: int, wanted: int, most: int) -> tuple[int, int]:
    """The place and the size of a numbered page that holds the row at *index* and what is wanted behind it."""
    best = (-1, 0, 1)
    for size in range(2, most + 1):
        page = index // size
        behind = (page + 1) * size - index - 1
        if size >= wanted and behind >= wanted:
            return page * size, size
        best = max(best, (behind, page * size, size))
    return best[1], best[2]

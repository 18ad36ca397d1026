"""Sources in memory that misbehave as told."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from connectors.memory import MemoryConnector
from model.entities import Entity, Record
from model.errors import SourceUnavailable
from model.evaluate import sort_keys
from model.page import Missing, Page, Position, RelatedPage
from model.query import Direction, Predicate, Query, Selection

__all__ = ["Collating", "Faulty", "Hanging", "Pausing", "Raising"]


class Faulty(MemoryConnector):
    """Answers until its pages number *fails_at*, counted over all requests, and none after until it is healed."""

    fails_at: int | None = None
    pages = 0

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Fail, or answer."""
        if self.fails_at is not None and self.pages >= self.fails_at:
            raise SourceUnavailable(f"{self.source} is down", source=self.source, retry_after_s=5)
        self.pages += 1
        return await super().page(query, after)


class Raising(MemoryConnector):
    """Raises *error* instead of whatever is named in *where*: page, by_ids, related, count or describe."""

    error: BaseException | None = None
    where: Collection[str] = ()

    def _raise_at(self, place: str) -> None:
        if self.error is not None and place in self.where:
            raise self.error

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Fail, or answer."""
        self._raise_at("page")
        return await super().page(query, after)

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[Record | Missing]:
        """Fail, or answer."""
        self._raise_at("by_ids")
        return await super().by_ids(entity, ids, selection)

    async def related(
        self,
        entity: Entity,
        field: str,
        parents: Sequence[str],
        *,
        selection: Selection,
        first: int,
        after: str | None = None,
    ) -> Sequence[RelatedPage]:
        """Fail, or answer."""
        self._raise_at("related")
        return await super().related(entity, field, parents, selection=selection, first=first, after=after)

    async def count(self, entity: Entity, where: Predicate) -> int:
        """Fail, or answer."""
        self._raise_at("count")
        return await super().count(entity, where)


class Hanging(MemoryConnector):
    """Never answers what is named in *where*: page, by_ids, related or count.

    Attributes:
        waiting: calls that hang now.
        cancelled: calls that were hanging and were cancelled.
        hangs: set once a call hangs.
    """

    where: Collection[str] = ("page",)
    waiting = 0
    cancelled = 0

    def __init__(self, source: str, records: Mapping[Entity, Sequence[Record]], **options: Any) -> None:
        super().__init__(source, records, **options)
        self.hangs = asyncio.Event()

    async def _hang_at(self, place: str) -> None:
        if place not in self.where:
            return
        self.waiting += 1
        self.hangs.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.waiting -= 1

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Hang, or answer."""
        await self._hang_at("page")
        return await super().page(query, after)

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[Record | Missing]:
        """Hang, or answer."""
        await self._hang_at("by_ids")
        return await super().by_ids(entity, ids, selection)

    async def related(
        self,
        entity: Entity,
        field: str,
        parents: Sequence[str],
        *,
        selection: Selection,
        first: int,
        after: str | None = None,
    ) -> Sequence[RelatedPage]:
        """Hang, or answer."""
        await self._hang_at("related")
        return await super().related(entity, field, parents, selection=selection, first=first, after=after)

    async def count(self, entity: Entity, where: Predicate) -> int:
        """Hang, or answer."""
        await self._hang_at("count")
        return await super().count(entity, where)


class Pausing(MemoryConnector):
    """Takes *pause_s* for each page."""

    pause_s = 0.01

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Answer after a while."""
        await asyncio.sleep(self.pause_s)
        return await super().page(query, after)


class Collating(Faulty):
    """Collates text in a way of its own: by code point from the last character to the first."""

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Rows behind *after* in this order."""
        if not query.order:
            return await super().page(query, after)
        whole = Query(entity=query.entity, selection=query.selection, where=query.where, limit=200)
        page = await super().page(whole)
        found = [*page.records]
        while page.has_more:
            page = await MemoryConnector.page(self, whole, Position((), found[-1].remote_id))
            found += page.records
        falls = query.order[0].direction is Direction.DESC

        def place(keys: tuple[str | None, ...], remote_id: str) -> tuple[bool, list[int], int]:
            codes = [ord(letter) for letter in reversed(keys[0] or "")]
            return keys[0] is None, [-code for code in codes] if falls else codes, int(remote_id)

        rows = sorted(found, key=lambda row: place(sort_keys(row, query.order), row.remote_id))
        if after is not None:
            start = place(after.keys, after.remote_id)
            rows = [row for row in rows if place(sort_keys(row, query.order), row.remote_id) > start]
        size = min(query.limit, self._page_size)
        return Page(records=rows[:size], has_more=len(rows) > size)

"""Following relations from records that were read: one field's at a time, or a whole level of a list at once."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from model.capabilities import RelationCapability
from model.entities import Entity, Record
from model.errors import BadCursor, GatewayError, OurBug
from model.page import Link, Position, RelatedPage
from model.query import RelationSelection, Selection
from model.reading import Eventually, RelatedItem, RelatedList
from model.values import UNSET, Ref, Unset
from resolvers.accounts import Account, Accounts
from resolvers.cursor import Cursors, Place, Walk
from resolvers.known import Known, entity_of
from resolvers.loaders import Batches, RecordByIdLoader, RelatedByParentLoader, Soon
from resolvers.sources import Sources

__all__ = ["Relations", "awaited"]

T = TypeVar("T")


class Relations:
    """Relations of one request's records; its loaders live as long.

    A level of a list is read before the fields of its rows are resolved, each relation of all rows at once.
    Then a field finds its value there, and waits for nothing.
    """

    def __init__(
        self, *, sources: Sources, accounts: Accounts, cursors: Cursors, known: Known, batches: Batches
    ) -> None:
        self._sources = sources
        self._accounts = accounts
        self._cursors = cursors
        self._known = known
        self._batches = batches
        self._records: dict[tuple[str, str], RecordByIdLoader] = {}
        self._related: dict[tuple[str, Entity, str], RelatedByParentLoader] = {}

    def record(self, account: Account, entity: str, remote_id: str, selection: Selection) -> Soon[Record | None]:
        """A record by its id; None where the CRM has none such, or the source does not offer the type."""
        loader = self._records.get((account.source.key, entity))
        if loader is None:
            if entity not in account.description.types:
                return None
            loader = RecordByIdLoader(account, Entity(entity), known=self._known, batches=self._batches)
            self._records[account.source.key, entity] = loader
        return loader.load(remote_id, account.own.selection(Entity(entity), selection))

    def referred(self, source: str, ref: Ref, selection: Selection) -> Eventually[Record | None]:
        """The record a value points to."""
        account = self._accounts.held(source)
        if account is None:
            return self._referred_later(source, ref, selection)
        return self.record(account, ref.entity, ref.remote_id, selection)

    async def _referred_later(self, source: str, ref: Ref, selection: Selection) -> Record | None:
        account = await self._account(source)
        return await awaited(self.record(account, ref.entity, ref.remote_id, selection))

    def one(self, parent: Record, name: str, selection: Selection) -> Eventually[Record | None]:
        """The record at the other end of a to-one relation; None where there is none, or the source has no such."""
        account = self._accounts.held(parent.source)
        if account is None:
            return self._one_later(parent, name, selection)
        capability = account.relation(entity_of(parent), name)
        if capability is None:
            return None
        if capability.is_keyed:
            ref: Ref | Unset | None = getattr(parent, name)
            if ref is UNSET:
                raise OurBug(f"{type(parent).__name__}.{name} was followed and never read")
            return None if ref is None else self.record(account, ref.entity, ref.remote_id, selection)
        page = self._links(account, parent, capability, first=1, after=None, selection=selection)
        if isinstance(page, RelatedPage):
            return self._linked(account, page.links[0], selection) if page.links else None
        return self._one_linked(account, page, selection)

    async def _one_later(self, parent: Record, name: str, selection: Selection) -> Record | None:
        await self._account(parent.source)
        return await awaited(self.one(parent, name, selection))

    async def _one_linked(
        self, account: Account, page: asyncio.Future[RelatedPage], selection: Selection
    ) -> Record | None:
        links = (await page).links
        return await awaited(self._linked(account, links[0], selection)) if links else None

    async def refs(self, parents: Sequence[Record], name: str) -> Mapping[str, Ref | None]:
        """Where a to-one relation that is not keyed leads, by the remote ids of *parents*, of one type and source.

        Raises:
            SourceError: the links could not be read.
        """
        if not parents:
            return {}
        account = await self._account(parents[0].source)
        capability = account.relation(entity_of(parents[0]), name)
        if capability is None:
            return {parent.remote_id: None for parent in parents}
        found = [
            self._links(account, parent, capability, first=1, after=None, selection=Selection()) for parent in parents
        ]
        pages = await asyncio.gather(*(awaited(page) for page in found))
        return {
            parent.remote_id: page.links[0].ref if page.links else None
            for parent, page in zip(parents, pages, strict=True)
        }

    async def ends(self, parents: Sequence[Record], name: str, selection: Selection) -> Mapping[str, Record | None]:
        """The records at the other end of a to-one relation, by the remote ids of *parents*, of one type and source.

        Raises:
            SourceError: one could not be read.
        """
        found = [self.one(parent, name, selection) for parent in parents]
        # Side by side, so that records whose ids come with links share their batches as well.
        ends = await asyncio.gather(*(awaited(end) for end in found))
        return {parent.remote_id: end for parent, end in zip(parents, ends, strict=True)}

    def many(
        self, parent: Record, name: str, *, first: int, after: str | None, selection: Selection
    ) -> Eventually[RelatedList | None]:
        """The first rows of a to-many relation, in remote-id order; None where the source has no such relation.

        Raises:
            BadCursor: *after* is none of this relation's.
        """
        account = self._accounts.held(parent.source)
        if account is None:
            return self._many_later(parent, name, first=first, after=after, selection=selection)
        capability = account.relation(entity_of(parent), name)
        if capability is None:
            return None
        query = f"{entity_of(parent)}/{parent.remote_id}/{name}"
        behind = self._behind(parent.source, after, query)
        page = self._links(account, parent, capability, first=first, after=behind, selection=selection)
        make = _ListMaker(self._cursors, parent.source, query, is_first=after is None)
        if isinstance(page, RelatedPage):
            rows = [self._linked(account, link, selection) for link in page.links]
            there = [row for row in rows if not isinstance(row, asyncio.Future)]
            if len(there) == len(rows):
                return make(page, there)
        return self._many_linked(account, page, selection, make)

    async def _many_later(
        self, parent: Record, name: str, *, first: int, after: str | None, selection: Selection
    ) -> RelatedList | None:
        await self._account(parent.source)
        return await awaited(self.many(parent, name, first=first, after=after, selection=selection))

    async def _many_linked(
        self, account: Account, page: Soon[RelatedPage], selection: Selection, make: "_ListMaker"
    ) -> RelatedList:
        found = await awaited(page)
        rows = [self._linked(account, link, selection) for link in found.links]
        return make(found, [await awaited(row) for row in rows])

    async def prefetch(self, records: Sequence[Record], selection: Selection) -> None:
        """Read what *selection* follows from *records* of one type; what fails is met again by the fields."""
        if not (records and selection.relations):
            return
        by_source: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            by_source[record.source].append(record)
        async with asyncio.TaskGroup() as group:
            for own in by_source.values():
                for name, wanted in selection.relations.items():
                    group.create_task(self._prefetch(own, name, wanted))

    async def _prefetch(self, parents: Sequence[Record], name: str, wanted: RelationSelection) -> None:
        try:
            account = await self._account(parents[0].source)
        except GatewayError:
            return
        capability = account.relation(entity_of(parents[0]), name)
        if capability is None:
            return
        if capability.is_keyed:
            refs = [ref for parent in parents if (ref := getattr(parent, name))]
            found = [self.record(account, ref.entity, ref.remote_id, wanted.selection) for ref in refs]
        else:
            first = wanted.first or 1
            pages = await _delivered(
                self._links(account, parent, capability, first=first, after=None, selection=wanted.selection)
                for parent in parents
            )
            found = [self._linked(account, link, wanted.selection) for page in pages for link in page.links]
        rows = {id(row): row for row in await _delivered(found) if row is not None}
        await self.prefetch(list(rows.values()), wanted.selection)

    async def _account(self, key: str) -> Account:
        source = self._sources.get(key)
        if source is None:
            raise OurBug(f"a record names source {key}, which is not connected")
        return await self._accounts.of(source)

    def _links(
        self,
        account: Account,
        parent: Record,
        capability: RelationCapability,
        *,
        first: int,
        after: str | None,
        selection: Selection,
    ) -> Soon[RelatedPage]:
        key = (parent.source, entity_of(parent), capability.field)
        loader = self._related.get(key)
        if loader is None:
            loader = RelatedByParentLoader(account, key[1], capability, known=self._known, batches=self._batches)
            self._related[key] = loader
        own = account.own.selection(capability.target, selection)
        return loader.load(parent.remote_id, first=first, after=after, selection=own)

    def _linked(self, account: Account, link: Link, selection: Selection) -> Soon[Record | None]:
        if link.record is not None:
            return link.record
        return self.record(account, link.ref.entity, link.ref.remote_id, selection)

    def _behind(self, source: str, after: str | None, query: str) -> str | None:
        if after is None:
            return None
        place = self._cursors.decode(after, query).places.get(source)
        if place is None or place.position is None:
            raise BadCursor("this cursor belongs to another source")
        return place.position.remote_id


class _ListMaker:
    """Makes the list of one parent from its links and their records."""

    def __init__(self, cursors: Cursors, source: str, query: str, *, is_first: bool) -> None:
        self._cursors = cursors
        self._source = source
        self._query = query
        self._is_first = is_first

    def __call__(self, page: RelatedPage, records: Sequence[Record | None]) -> RelatedList:
        rows = [(link, record) for link, record in zip(page.links, records, strict=True) if record is not None]

        def cursor_of(index: int) -> str:
            # A record may have another id than the link to it, and behind the last row lie links to no record.
            link = rows[index][0] if index < len(rows) - 1 else page.links[-1]
            place = Place(Position((), link.ref.remote_id))
            return self._cursors.encode(Walk({self._source: place}), self._query)

        return RelatedList(
            items=[RelatedItem(record=record, role=link.role, is_primary=link.is_primary) for link, record in rows],
            has_next_page=page.has_more,
            has_previous_page=not self._is_first,
            cursor_of=cursor_of,
        )


async def awaited(found: Eventually[T]) -> T:
    """*found*, waited for where it is still to come."""
    return await found if isinstance(found, Awaitable) else found


async def _delivered(found: Iterable[Soon[T]]) -> list[T]:
    """What arrives of *found*; all are awaited only after all were asked, so that they share their batches."""
    values: list[T] = []
    for item in list(found):
        if isinstance(item, asyncio.Future):
            with suppress(GatewayError):
                values.append(await item)
        else:
            values.append(item)
    return values

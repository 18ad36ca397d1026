"""Reading, for one request: lists, single records and relations over the connected sources."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from model.capabilities import Description, Quota, RelationCapability, RelationMode
from model.entities import Entity, Pipeline, Record, Stage
from model.errors import BadCursor, BadRequest, GatewayError, OurBug, SourceError, UnsupportedBySource
from model.fields import RELATIONS
from model.page import Link, Position, RelatedPage
from model.query import Selection
from model.reading import Failure, ListRequest, ListResult, PlatformInfo, RelatedItem, RelatedList, SourceInfo
from model.values import UNSET, Ref
from resolvers.cursor import Cursors, Place, Walk
from resolvers.known import Known, entity_of
from resolvers.lists import failure_of, read_list
from resolvers.loaders import Batches, RecordByIdLoader, RelatedByParentLoader, Relation
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = ["Reads"]


@dataclass(frozen=True, slots=True)
class _Account:
    """A description with its pipelines and stages by remote id."""

    description: Description
    pipelines: dict[str, Pipeline]
    stages: dict[str, Stage]

    @classmethod
    def of(cls, description: Description) -> "_Account":
        pipelines = {item.remote_id: item for item in description.pipelines}
        return cls(
            description, pipelines, {stage.remote_id: stage for item in pipelines.values() for stage in item.stages}
        )


class Reads:
    """What one request reads; its loaders and the records it knows live as long as it does.

    Attributes:
        failures: what each source could not deliver, by source key.
    """

    def __init__(
        self, *, sources: Sources, cursors: Cursors, limits: ReadLimits, platforms: Sequence[PlatformInfo]
    ) -> None:
        self.failures: dict[str, Failure] = {}
        self._sources = sources
        self._cursors = cursors
        self._limits = limits
        self._platforms = platforms
        self._known = Known()
        self._batches = Batches()
        self._accounts: dict[str, _Account] = {}
        self._records: dict[tuple[str, Entity], RecordByIdLoader] = {}
        self._related: dict[tuple[str, Relation], RelatedByParentLoader] = {}

    async def list(self, request: ListRequest) -> ListResult:
        """One ordered page over the sources."""
        try:
            result = await read_list(
                request, sources=self._sources, cursors=self._cursors, limits=self._limits, known=self._known
            )
        except SourceError as error:
            self._note(error)
            raise
        for outcome in result.outcomes:
            if outcome.error is not None:
                self.failures.setdefault(outcome.source, outcome.error)
        return result

    async def record(self, source: str, entity: Entity, remote_id: str, selection: Selection) -> Record | None:
        """One record by its id; None where the CRM has none such.

        Raises:
            BadRequest: there is no such source.
            UnsupportedBySource: the source has no such type.
        """
        found = self._sources.chosen((source,))[0]
        canonical = found.connector.canonical_id(entity, remote_id)
        if canonical is None:
            return None
        return await self._load(found, entity, canonical, selection)

    async def referred(self, source: str, ref: Ref, selection: Selection) -> Record | None:
        """The record a value points to."""
        return await self._load(self._source_of(source), Entity(ref.entity), ref.remote_id, selection)

    async def related_one(self, parent: Record, relation: str, selection: Selection) -> Record | None:
        """The record at the other end of a to-one relation; None where there is none, or the source has no such."""
        source = self._source_of(parent.source)
        capability = await self._relation(source, entity_of(parent), relation)
        if capability is None:
            return None
        if capability.is_keyed:
            ref = getattr(parent, relation)
            if ref is UNSET:
                raise OurBug(f"{type(parent).__name__}.{relation} was followed and never read")
            return None if ref is None else await self._load(source, Entity(ref.entity), ref.remote_id, selection)
        page = await self._links(source, parent, capability, first=1, after=None, selection=selection)
        return await self._linked(source, page.links[0], selection) if page.links else None

    async def related_many(
        self, parent: Record, relation: str, *, first: int, after: str | None, selection: Selection
    ) -> RelatedList:
        """The first rows of a to-many relation, in remote-id order.

        Raises:
            BadRequest: *first* is out of bounds.
            BadCursor: *after* is none of this relation's.
        """
        if not 1 <= first <= self._limits.max_first:
            raise BadRequest(f"{relation}: first is {first}; it must be from 1 to {self._limits.max_first}")
        source = self._source_of(parent.source)
        capability = await self._relation(source, entity_of(parent), relation)
        query = f"{entity_of(parent)}/{parent.remote_id}/{relation}"
        if capability is None:
            page = RelatedPage(())
        else:
            behind = self._behind(source.key, after, query)
            page = await self._links(source, parent, capability, first=first, after=behind, selection=selection)
        records = await asyncio.gather(*(self._linked(source, link, selection) for link in page.links))
        items = tuple(
            RelatedItem(record=record, role=link.role, is_primary=link.is_primary)
            for link, record in zip(page.links, records, strict=True)
            if record is not None
        )

        def cursor_of(index: int) -> str:
            # Behind the last row lie links whose records are gone as well.
            is_last = index == len(items) - 1
            remote_id = page.links[-1].ref.remote_id if is_last else items[index].record.remote_id
            return self._cursors.encode(Walk({source.key: Place(Position((), remote_id))}), query)

        return RelatedList(
            items=items, has_next_page=page.has_more, has_previous_page=after is not None, cursor_of=cursor_of
        )

    async def pipeline(self, source: str, remote_id: str) -> Pipeline | None:
        """A pipeline, from cached metadata."""
        return (await self._account(source)).pipelines.get(remote_id)

    async def stage(self, source: str, remote_id: str) -> Stage | None:
        """A stage, from cached metadata."""
        return (await self._account(source)).stages.get(remote_id)

    def sources(self) -> Sequence[SourceInfo]:
        """Every connected source, in the config's order."""
        return [source.info() for source in self._sources]

    def source(self, key: str) -> SourceInfo | None:
        """One connected source."""
        found = self._sources.get(key)
        return None if found is None else found.info()

    def platforms(self) -> Sequence[PlatformInfo]:
        """Every platform this installation knows."""
        return self._platforms

    async def describe(self, source: str) -> Description:
        """What an account is and can do, from cached metadata."""
        return (await self._account(source)).description

    def quotas(self, source: str) -> Sequence[Quota]:
        """An account's limits as last known."""
        return self._source_of(source).connector.quotas()

    async def aclose(self) -> None:
        """End what is still being read for this request."""
        await self._batches.cancel()

    async def _account(self, key: str) -> "_Account":
        """The source's description, the same for the whole request."""
        held = self._accounts.get(key)
        if held is not None:
            return held
        found = self._source_of(key)
        try:
            description = await found.connector.describe()
        except SourceError as error:
            found.failure = error
            self._note(error)
            raise
        return self._accounts.setdefault(key, _Account.of(description))

    def _source_of(self, key: str) -> Source:
        found = self._sources.get(key)
        if found is None:
            raise OurBug(f"a record names source {key}, which is not connected")
        return found

    def _note(self, error: GatewayError) -> None:
        if isinstance(error, SourceError):
            self.failures.setdefault(error.source, failure_of(error))

    async def _relation(self, source: Source, entity: Entity, name: str) -> RelationCapability | None:
        description = (await self._account(source.key)).description
        capability = description.types[entity].relations.get(name)
        if capability is None or capability.mode is RelationMode.UNSUPPORTED:
            return None
        return capability

    async def _load(self, source: Source, entity: Entity, remote_id: str, selection: Selection) -> Record | None:
        loader = self._records.get((source.key, entity))
        if loader is None:
            description = await self.describe(source.key)
            if entity not in description.types:
                raise UnsupportedBySource(f"{source.key} has no {entity.value}s", source=source.key)
            relations = description.types[entity].relations
            keyed = frozenset(name for name in RELATIONS[entity] if name in relations and relations[name].is_keyed)
            loader = RecordByIdLoader(source.connector, entity, keyed=keyed, known=self._known, batches=self._batches)
            loader = self._records.setdefault((source.key, entity), loader)
        try:
            return await loader.load(remote_id, selection)
        except SourceError as error:
            self._note(error)
            raise

    async def _links(
        self,
        source: Source,
        parent: Record,
        capability: RelationCapability,
        *,
        first: int,
        after: str | None,
        selection: Selection,
    ) -> RelatedPage:
        entity = entity_of(parent)
        if after is None:
            held = self._known.related(
                source.key, entity, capability.field, parent.remote_id, first=first, selection=selection
            )
            if held is not None:
                return held
        relation = Relation(entity, capability.field, first, after, selection)
        loader = self._related.get((source.key, relation))
        if loader is None:
            size = capability.batch_size or 100
            loader = RelatedByParentLoader(source.connector, relation, batch_size=size, batches=self._batches)
            self._related[source.key, relation] = loader
        try:
            return await loader.load(parent.remote_id)
        except SourceError as error:
            self._note(error)
            raise

    async def _linked(self, source: Source, link: Link, selection: Selection) -> Record | None:
        if link.record is not None:
            return link.record
        return await self._load(source, Entity(link.ref.entity), link.ref.remote_id, selection)

    def _behind(self, source: str, after: str | None, query: str) -> str | None:
        if after is None:
            return None
        place = self._cursors.decode(after, query).places.get(source)
        if place is None or place.position is None:
            raise BadCursor("this cursor belongs to another source")
        return place.position.remote_id

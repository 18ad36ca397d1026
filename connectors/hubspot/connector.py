"""The HubSpot connector: one account, read by lists, searches, batches and associations."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

from connectors.base import ById, RelatedResult
from connectors.http import HttpClient, Wire, together
from connectors.hubspot.associations import Associations
from connectors.hubspot.batch import BatchReader
from connectors.hubspot.calls import Answer, Endpoints
from connectors.hubspot.course import Course, Way, course_of, fields_of, split_of
from connectors.hubspot.dialect import HubSpotDialect, limits_of
from connectors.hubspot.enrich import Enricher
from connectors.hubspot.groups import counted, split_of_groups
from connectors.hubspot.hits import HitReader
from connectors.hubspot.manifest import HubSpotOptions, manifest
from connectors.hubspot.objects import Mapped, Metadata, Portal, description_of, mapped_types, missing_types
from connectors.hubspot.search import Groups, Sort, by_id, fits, in_order, is_id, search_body
from connectors.registry import SourceConfig
from model.aggregate import AggregateQuery, GroupRow
from model.capabilities import AggregateSplit, Description, Quota, SearchSplit, Split
from model.entities import Entity, Record
from model.errors import OurBug, Rejected, SchemaDrift, SourceError, UnsupportedBySource
from model.fields import RELATIONS
from model.page import Missing, Page, Position, Searched
from model.query import Predicate, Query, SearchQuery, Selection

__all__ = ["HubSpotConnector"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What one reading of the metadata comes to; made once for each."""

    portal: Portal
    types: Mapping[Entity, Mapped]
    description: Description


class HubSpotConnector:
    """One HubSpot account; lives as long as its source is connected, on one event loop.

    What it keeps is the account's metadata, for the time the options allow.
    """

    def __init__(self, config: SourceConfig, wire: Wire) -> None:
        """Make ready; nothing is called yet.

        Raises:
            ConfigError: the address or the credential cannot be used.
        """
        if not isinstance(config.options, HubSpotOptions):
            raise OurBug(f"{config.key} has options of another platform")
        facts = manifest()
        base_url = config.base_url or facts.base_url
        self._source = config.key
        self._options = config.options
        self._client = HttpClient(
            source=config.key,
            base_url=base_url,
            auth=config.auth,
            token_url=base_url + facts.token_path,
            dialect=HubSpotDialect(config.key),
            limits=limits_of(config.options.plan),
            wire=wire,
            hosts=facts.host_patterns,
        )
        self._endpoints = Endpoints(config.options.api_version)
        self._metadata = Metadata(self._client, self._endpoints, source=config.key, options=config.options)
        self._batches = BatchReader(self._client, self._endpoints, source=config.key)
        self._associations = Associations(self._client, self._endpoints)
        self._enricher = Enricher(self._associations, self._batches)
        self._hits = HitReader(self._client, self._endpoints, self._enricher, source=config.key)
        self._meaning: _Meaning | None = None

    @property
    def source(self) -> str:
        """The source's key."""
        return self._source

    async def describe(self) -> Description:
        """What the account is and can do, no older than the option `metadata_ttl_s`."""
        return self._meaning_of(await self._metadata.portal()).description

    def plan(self, query: Query) -> Split:
        """What is pushed, what stays residual, how exact and at what cost; calls nobody."""
        portal = self._metadata.known
        types = self._types(portal)
        if query.entity is Entity.USER and "owners" not in portal.refused:
            return portal.owners().plan(query)
        if query.entity not in types:
            return Split(unsupported=self._why_missing(query.entity, types), calls=0)
        return split_of(query, types[query.entity], self._endpoints)

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """The rows after *after* in the query's order, by the list where nothing is asked of it, else by search."""
        if query.entity is Entity.USER:
            return (await self._metadata.portal()).owners().page(query, after)

        async def read(types: Mapping[Entity, Mapped]) -> Page:
            mapped = self._offered(query.entity, types)
            course = course_of(query, mapped, is_resumed=after is not None, is_pushed=True)
            page = await self._rows(query, course, mapped, after)
            return await self._enricher.completed(query.entity, page, course.fields, query.selection, types)

        return await self._despite_drift(read)

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[ById]:
        """One result for each id, in the order asked; ids of merged records give the record that remains."""
        if entity is Entity.USER:
            return (await self._metadata.portal()).owners().by_ids(ids, selection)
        types = self._types(await self._metadata.portal())
        mapped = self._offered(entity, types)
        fields = fields_of(entity, selection, mapped)
        canonical = [self.canonical_id(entity, remote_id) for remote_id in ids]
        wanted = dict.fromkeys(remote_id for remote_id in canonical if remote_id is not None)
        found = await self._batches.read(entity, mapped, wanted, fields)
        records = {id(record): record for record in found.values() if isinstance(record, Record)}
        try:
            read = Page(records=list(records.values()), has_more=False)
            await self._enricher.completed(entity, read, fields, Selection(), types)
        except SourceError as error:
            found = {key: error if isinstance(record, Record) else record for key, record in found.items()}
        return [
            found.get(known, Missing(asked)) if known is not None else Missing(asked)
            for asked, known in zip(ids, canonical, strict=True)
        ]

    async def related(
        self,
        entity: Entity,
        field: str,
        parents: Sequence[str],
        *,
        selection: Selection,
        first: int,
        after: str | None = None,
    ) -> Sequence[RelatedResult]:
        """The first links of each parent by id, or the primary link of a to-one relation; ids alone."""
        del selection  # associations bring ids, and no properties
        mapped = self._offered(entity, self._types(await self._metadata.portal()))
        target = mapped.links.get(field)
        if target is None:
            raise OurBug(f"{entity.value}.{field} is no relation by association at {self._source}")
        relation = RELATIONS[entity][field]
        if not relation.is_many:
            return await self._associations.to_one(entity, mapped.object, target, to=relation.target, parents=parents)
        return await self._associations.related(
            entity, mapped.object, target, to=relation.target, parents=parents, first=first, after=after
        )

    async def count(self, entity: Entity, where: Predicate) -> int:
        """How many rows satisfy *where*, as the search counts them."""
        query = Query(entity=entity, selection=Selection(), where=where, limit=1)
        if entity is Entity.USER:
            return (await self._metadata.portal()).owners().count(where)

        async def read(types: Mapping[Entity, Mapped]) -> int:
            mapped = self._offered(entity, types)
            course = course_of(query, mapped, is_resumed=True, is_pushed=True)
            if course.way is Way.NOWHERE:
                return 0
            if course.way is Way.IDS:
                found = await self._batches.read(entity, mapped, course.ids, ())
                return len({record.remote_id for record in found.values() if isinstance(record, Record)})
            answer = await self._search(course, mapped, entity)(course.groups, Sort("hs_object_id"), 1)
            return answer.total or 0

        return await self._despite_drift(read)

    def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
        """Whether the groups can be counted one by one, and by how many searches; calls nobody."""
        portal = self._metadata.known
        types = self._types(portal)
        if query.entity is Entity.USER and "owners" not in portal.refused:
            return AggregateSplit(calls=0, operation="owners")
        if query.entity not in types:
            return AggregateSplit(unsupported=self._why_missing(query.entity, types), calls=0)
        return split_of_groups(query, types[query.entity])

    async def aggregate(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """The groups of *query*, each counted by a search of its own."""
        if query.entity is Entity.USER:
            return (await self._metadata.portal()).owners().groups(query)

        async def read(types: Mapping[Entity, Mapped]) -> Sequence[GroupRow]:
            mapped = self._offered(query.entity, types)

            async def ask(course: Course, groups: Groups, sort: Sort) -> Answer:
                return await self._search(course, mapped, query.entity)(groups, sort, 1)

            return await counted(query, mapped, ask, source=self._source)

        return await self._despite_drift(read)

    def plan_search(self, query: SearchQuery) -> SearchSplit:
        """Which types HubSpot's index would be asked for, and at what cost; calls nobody."""
        portal = self._metadata.known
        return self._hits.plan(query, self._types(portal), has_users="owners" not in portal.refused)

    async def search(
        self, query: SearchQuery, after: Mapping[Entity, int] | None = None
    ) -> Mapping[Entity, Searched | SourceError]:
        """Hits of each type, the oldest first, all types side by side; one that fails gives its error."""
        found = await together(
            *(self._found(query, entity, (after or {}).get(entity, 0)) for entity in query.selections)
        )
        return dict(zip(query.selections, found, strict=True))

    async def _found(self, query: SearchQuery, entity: Entity, after: int) -> Searched | SourceError:
        async def read(types: Mapping[Entity, Mapped]) -> Searched:
            self._offered(entity, types)
            return await self._hits.read(query, entity, after, types)

        try:
            if entity is Entity.USER:
                return (await self._metadata.portal()).owners().hits(query, after)
            return await self._despite_drift(read)
        except SourceError as error:
            return error

    def id_key(self, remote_id: str) -> int:
        """Ids compare as numbers."""
        return int(remote_id)

    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """Digits without leading zeros; None for anything else."""
        del entity
        spelled = remote_id.lstrip("0")
        return spelled if is_id(spelled) else None

    def quotas(self) -> Sequence[Quota]:
        """The burst, the searches of a second and the day, as last known."""
        return [Quota(**asdict(state)) for state in self._client.quotas()]

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()

    def _types(self, portal: Portal) -> Mapping[Entity, Mapped]:
        return self._meaning_of(portal).types

    def _meaning_of(self, portal: Portal) -> _Meaning:
        if self._meaning is None or self._meaning.portal is not portal:
            types = mapped_types(portal, self._options)
            self._meaning = _Meaning(portal, types, description_of(portal, types, self._options))
        return self._meaning

    def _offered(self, entity: Entity, types: Mapping[Entity, Mapped]) -> Mapped:
        if entity not in types:
            text = f"{self._source}: {self._why_missing(entity, types)}"
            raise UnsupportedBySource(text, source=self._source)
        return types[entity]

    def _why_missing(self, entity: Entity, types: Mapping[Entity, Mapped]) -> str:
        known = missing_types(self._metadata.known, types, self._options)
        return known.get(entity, f"it has no {entity.value} records")

    async def _rows(self, query: Query, course: Course, mapped: Mapped, after: Position | None) -> Page:
        if not course.is_whole:
            text = f"{self._source} changed a property's type since the query was planned; ask again"
            raise SchemaDrift(text, source=self._source)
        if course.way is Way.NOWHERE:
            return Page(records=(), has_more=False, total=0)
        if course.way is Way.LIST:
            return await self._listed(query, course, mapped)
        if course.way is Way.TIES:
            ends = await self._associations.ends(query.entity, course.far, mapped.object, course.ids)
            found = sorted({int(end.remote_id) for tied, _ in ends.values() for end in tied})
            course = replace(course, ids=tuple(map(str, found)))
        if course.way in {Way.IDS, Way.TIES}:
            return await self._chosen(query, course, mapped, after)
        ask = self._search(course, mapped, query.entity)
        limit = min(query.limit, manifest().search.page_size)
        if course.key is None:
            return await by_id(ask, course.groups, limit=limit, after=after)
        return await in_order(
            ask,
            course.groups,
            course.key,
            fits=lambda groups: fits(groups, course.properties),
            limit=limit,
            after=after,
        )

    def _search(
        self, course: Course, mapped: Mapped, entity: Entity
    ) -> Callable[[Groups, Sort, int], Awaitable[Answer]]:
        read = mapped.table.reader(course.fields, source=self._source)

        async def ask(groups: Groups, sort: Sort, limit: int) -> Answer:
            body = search_body(groups, course.properties, limit=limit, sort=sort)
            return await self._client.send(self._endpoints.search(mapped.object, body, read=read, entity=entity))

        return ask

    async def _listed(self, query: Query, course: Course, mapped: Mapped) -> Page:
        call = self._endpoints.listed(
            mapped.object,
            course.properties,
            limit=min(query.limit, manifest().list_page_size),
            read=mapped.table.reader(course.fields, source=self._source),
            entity=query.entity,
        )
        answer = await self._client.send(call)
        return Page(records=answer.records, has_more=answer.has_more)

    async def _chosen(self, query: Query, course: Course, mapped: Mapped, after: Position | None) -> Page:
        start = int(after.remote_id) if after is not None else 0
        waiting = [remote_id for remote_id in course.ids if int(remote_id) > start]
        chosen, size = waiting[: query.limit], len(waiting)
        found = await self._batches.read(query.entity, mapped, chosen, course.fields)
        for record in found.values():
            if isinstance(record, SourceError):
                raise record
        # A merged id gives another record, which does not have the id that was asked for.
        records = [found[remote_id] for remote_id in chosen if remote_id in found]
        kept = [record for record in records if isinstance(record, Record) and record.remote_id in chosen]
        has_more = size > len(chosen)
        resume = Position((), chosen[-1]) if has_more else None
        return Page(
            records=list({record.remote_id: record for record in kept}.values()), has_more=has_more, resume=resume
        )

    async def _despite_drift(self, read: Callable[[Mapping[Entity, Mapped]], Awaitable[T]]) -> T:
        """What *read* gives, tried again without the properties that have vanished since the metadata was read.

        Raises:
            SchemaDrift: properties have vanished, and it fails without them too.
        """
        portal = await self._metadata.portal()
        try:
            return await read(self._types(portal))
        except (Rejected, SchemaDrift) as refusal:
            fresh = await self._metadata.reread()
            gone = sorted(
                f"{object_}.{name}"
                for object_, known in portal.properties.items()
                for name in known.keys() - fresh.properties.get(object_, {}).keys()
            )
            if not gone:
                raise
            try:
                return await read(self._types(fresh))
            except (Rejected, SchemaDrift):
                text = f"{self._source} no longer has {', '.join(gone[:10])}; update the mapping or restore them"
                raise SchemaDrift(text, source=self._source) from refusal

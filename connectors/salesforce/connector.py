"""The Salesforce connector: lists, records by id, relations and counts of one org."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from connectors.base import ById, RelatedResult
from connectors.http import HttpClient
from connectors.mapping import Row
from connectors.salesforce.account import Account, AccountCache
from connectors.salesforce.apart import Apart
from connectors.salesforce.calls import Api
from connectors.salesforce.groups import Groups, plan_of
from connectors.salesforce.manifest import Options, manifest
from connectors.salesforce.objects import APART, ENTITY_OF, PREFIXES, canonical
from connectors.salesforce.planning import (
    PageShape,
    names_for,
    page_selects,
    page_shapes,
    split_of,
    tables_for,
    wanted_rows,
)
from connectors.salesforce.reading import Reader, together
from connectors.salesforce.searches import Finder
from connectors.salesforce.searches import plan_of as search_plan
from connectors.salesforce.shapes import child_shape, record_shape
from connectors.salesforce.soql import Select, all_of, condition_of, ids_in
from model.aggregate import AggregateQuery, GroupRow
from model.capabilities import AggregateSplit, Description, Quota, SearchSplit, Split
from model.entities import Entity, Record
from model.errors import SchemaDrift, SourceError, UnsupportedBySource
from model.evaluate import sorted_records
from model.page import Missing, Page, Position, RelatedPage, Searched
from model.query import Predicate, Query, RelationSelection, SearchQuery, Selection

__all__ = ["SalesforceConnector"]

T = TypeVar("T")

_PREFIXES_OF: Mapping[Entity, tuple[str, ...]] = {
    entity: tuple(prefix for name, prefix in PREFIXES.items() if ENTITY_OF[name] is entity) for entity in Entity
}


class SalesforceConnector:
    """One org.

    Attributes:
        client: how it is called.
    """

    def __init__(self, client: HttpClient, *, source: str, options: Options) -> None:
        self.client = client
        self._source = source
        self._api = Api(options.api_version or manifest().api_version)
        self._reader = Reader(client, self._api)
        self._accounts = AccountCache(client, self._api, source=source, options=options, url_of=self._url_of)
        self._apart = Apart(client, self._api, self._reader)
        self._groups = Groups(self._reader)
        self._finder = Finder(client, self._api, self._apart)

    @property
    def source(self) -> str:
        """The source's key."""
        return self._source

    def _url_of(self, remote_id: str) -> str:
        return f"{self.client.base_url}/{remote_id}"

    async def describe(self) -> Description:
        """The org; two metadata calls, kept for the TTL."""
        return (await self._accounts.fresh()).description

    def plan(self, query: Query) -> Split:
        """What the org evaluates; from the account as last described."""
        try:
            return split_of(self._accounts.held, query)
        except UnsupportedBySource as error:
            return Split(unsupported=error.message, calls=0)

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """One page, usually in one call."""
        return await self._steady(lambda account: self._page(account, query, after))

    async def _page(self, account: Account, query: Query, after: Position | None) -> Page:
        shapes, limit = page_shapes(account, query), wanted_rows(query.limit)
        asked = page_selects(query, shapes, after=after)
        found = await self._reader.rows(
            [select.text() for _, select in asked],
            entity=query.entity,
            wanted=limit + 1,
            with_deleted=query.include_deleted or query.include_archived,
        )
        primed: list[Record] = []
        if len(shapes) > 1:
            parts = (shape.record.read(rows, primed) for (shape, _), rows in zip(asked, found, strict=True))
            every = [record for part in parts for record in part]
            merged = sorted_records(every, entity=query.entity, order=query.order, id_key=self.id_key)
            return Page(records=merged[:limit], has_more=len(merged) > limit, primed=primed)
        rows, (shape,) = [row for part in found for row in part], shapes
        records = shape.record.read(rows[:limit], primed)
        related = await self._inline(shape, rows[:limit], primed)
        related |= await self._apart.complete(account, records, shape.apart, query.selection)
        return Page(records=records, has_more=len(rows) > limit, primed=primed, related=related)

    async def _inline(
        self, shape: PageShape, rows: Sequence[Row], primed: list[Record]
    ) -> dict[tuple[str, str], RelatedPage]:
        related: dict[tuple[str, str], RelatedPage] = {}
        for child in shape.children:
            pages = await self._reader.links(shape.table, child, rows, primed)
            related |= {(child.name, parent): page for parent, page in pages.items()}
        return related

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[ById]:
        """Records by id, 2,000 ids a call; users and queues share theirs."""
        return await self._steady(lambda account: self._by_ids(account, entity, ids, selection))

    async def _by_ids(
        self, account: Account, entity: Entity, ids: Sequence[str], selection: Selection
    ) -> Sequence[ById]:
        spelled = {remote_id: self.canonical_id(entity, remote_id) for remote_id in ids}
        wanted = list(dict.fromkeys(one for one in spelled.values() if one is not None))
        size = manifest().read_batch
        chunks = [wanted[start : start + size] for start in range(0, len(wanted), size)]
        found: dict[str, ById] = {}
        for part in await together([self._retrieved(account, entity, chunk, selection) for chunk in chunks]):
            found |= part
        return [found.get(one, Missing(asked)) if (one := spelled[asked]) else Missing(asked) for asked in ids]

    async def _retrieved(
        self, account: Account, entity: Entity, ids: Sequence[str], selection: Selection
    ) -> Mapping[str, ById]:
        """Results for one call's *ids*; when it fails, the error stands for each of them."""
        try:
            records = await self._rows_by_id(account, entity, ids, selection)
            apart = APART.get(account.tables.by_entity[entity].name, frozenset())
            await self._apart.complete(account, records, selection.fields & apart, selection)
        except SchemaDrift:
            raise
        except SourceError as error:
            return dict.fromkeys(ids, error)
        return {record.remote_id: record for record in records}

    async def _rows_by_id(
        self, account: Account, entity: Entity, ids: Sequence[str], selection: Selection
    ) -> list[Record]:
        tables = [table for table in tables_for(account, entity) if any(map(table.canonical, ids))]
        shapes = [record_shape(account.tables, table, selection, can_follow=False) for table in tables]
        if len(shapes) == 1:
            call = self._api.retrieve(tables[0].name, ids, shapes[0].columns(), entity=entity)
            return shapes[0].read([row for row in await self.client.send(call) if row is not None], [])
        selects = [
            Select(items=shape.columns(), source=shape.table.name, where=ids_in(filter(shape.table.canonical, ids)))
            for shape in shapes
        ]
        answers = await self._reader.rows([select.text() for select in selects], entity=entity)
        return [record for shape, rows in zip(shapes, answers, strict=True) for record in shape.read(rows, [])]

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
        """First links by child queries over the parents, at most 200 parents a call."""

        async def read(account: Account) -> Sequence[RelatedResult]:
            spelled = {parent: self.canonical_id(entity, parent) for parent in parents}
            ids = list(dict.fromkeys(one for one in spelled.values() if one is not None))
            size = manifest().related_batch
            chunks = [ids[start : start + size] for start in range(0, len(ids), size)]
            wanted = RelationSelection(selection, first)
            work = [self._related(account, entity, field, chunk, wanted=wanted, after=after) for chunk in chunks]
            found = {key: page for part in await together(work) for key, page in part.items()}
            return [found[one] if (one := spelled[parent]) else RelatedPage(()) for parent in parents]

        return await self._steady(read)

    async def _related(
        self,
        account: Account,
        entity: Entity,
        field: str,
        parents: Sequence[str],
        *,
        wanted: RelationSelection,
        after: str | None,
    ) -> Mapping[str, RelatedResult]:
        (table, *_), first = tables_for(account, entity), wanted.first or 1
        try:
            if entity is Entity.APPOINTMENT and field == "contacts":
                return await self._apart.contacts(account, parents, first=first, after=after)
            child = child_shape(account.tables, table, field, wanted)
            if child is None:
                raise UnsupportedBySource(f"{self._source} has no {field} of {entity.value}s", source=self._source)
            return await self._reader.related(table, child, parents, after=after, primed=[])
        except SchemaDrift:
            raise
        except SourceError as error:
            return dict.fromkeys(parents, error)

    async def count(self, entity: Entity, where: Predicate) -> int:
        """Rows that satisfy a pushed predicate; one call."""
        return await self._steady(lambda account: self._count(account, entity, where))

    async def _count(self, account: Account, entity: Entity, where: Predicate) -> int:
        selects = [
            Select(
                items=["COUNT()"],
                source=names.table.name,
                where=all_of(names.table.base, condition_of(where, names)),
            )
            for names in names_for(account, entity)
        ]
        return await self._reader.count([select for select in selects if not select.is_void], entity=entity)

    def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
        """Whether SOQL groups so; from the account as last described."""
        return plan_of(self._accounts.held, query)

    async def aggregate(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """The groups, in one call where no instant falls into buckets of a zone other than UTC."""
        return await self._steady(lambda account: self._groups.rows(account, query))

    def plan_search(self, query: SearchQuery) -> SearchSplit:
        """Which types SOSL would search; from the account as last described."""
        return search_plan(self._accounts.held, query)

    async def search(
        self, query: SearchQuery, after: Mapping[Entity, int] | None = None
    ) -> Mapping[Entity, Searched | SourceError]:
        """Hits of all types, usually in one call."""
        return await self._steady(lambda account: self._finder.found(account, query, after or {}))

    async def _steady(self, work: Callable[[Account], Awaitable[T]]) -> T:
        """The result of *work*, done a second time with new metadata when a column or object has gone."""
        account = await self._accounts.fresh()
        try:
            return await work(account)
        except SchemaDrift:
            return await work(await self._accounts.newer_than(account))

    def id_key(self, remote_id: str) -> Any:
        """Ids as SOQL orders them: by their characters, digits before capitals before small letters."""
        return remote_id

    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """The 18-character spelling; None for what is no id of *entity*'s objects."""
        spelled = canonical(remote_id)
        if spelled is None or not any(spelled.startswith(prefix) for prefix in _PREFIXES_OF[entity]):
            return None
        return spelled

    def quotas(self) -> Sequence[Quota]:
        """The org's requests of 24 hours."""
        return [
            Quota(
                name=state.name,
                limit=state.limit,
                remaining=state.remaining,
                window_s=state.window_s,
                resets_in_s=state.resets_in_s,
                is_observed=state.is_observed,
            )
            for state in self.client.quotas()
        ]

    async def aclose(self) -> None:
        """Close the connections."""
        await self.client.aclose()

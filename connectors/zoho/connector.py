"""The Zoho connector: one account, read by COQL, and by lists of ids where COQL cannot select."""

from collections.abc import Iterable, Mapping, Sequence

from connectors.base import RelatedResult
from connectors.http import HttpClient, TokenAnswer, Wire, together
from connectors.mapping import Row, understood, why_unsearchable
from connectors.registry import SourceConfig
from connectors.tables import (
    Account,
    Answer,
    Division,
    Kind,
    Link,
    SortKey,
    TableConnector,
    TableType,
    divided,
    keys_for,
)
from connectors.zoho.account import Metadata, account_of
from connectors.zoho.calls import Asked, Calls, is_id
from connectors.zoho.coql import Condition, Coql, fits, select
from connectors.zoho.dialect import SIGNING, ZohoDialect, limits_of
from connectors.zoho.links import Links
from connectors.zoho.manifest import ZohoOptions, manifest
from model.aggregate import CURRENCY, AggregateQuery, GroupRow, group_value
from model.capabilities import AggregateSplit, SearchSplit, Split
from model.entities import Entity, Record
from model.errors import ConfigError, OurBug, SourceError, SourceForbidden, UnsupportedBySource
from model.fields import RELATIONS
from model.page import Hit, Page, Position, Searched
from model.query import (
    EVERYTHING,
    NOTHING,
    Predicate,
    Query,
    SearchQuery,
    Selection,
    fields_in,
)

__all__ = ["ZohoConnector"]

_COUNT = "COUNT(id)"
_NO_DELETED = "COQL shows no deleted records"
_GROUPED = frozenset({Kind.WORD, Kind.LINK, Kind.DAY, Kind.FLAG, Kind.NUMBER})


class ZohoConnector(TableConnector[Condition]):
    """One Zoho CRM account; lives as long as its source is connected, on one event loop.

    What it keeps is the account's metadata, for the time the options allow.
    """

    def __init__(self, config: SourceConfig, wire: Wire) -> None:
        """Make ready; nothing is called yet.

        Raises:
            ConfigError: an address may not be called, or the credential cannot be used.
        """
        if not isinstance(config.options, ZohoOptions):
            raise OurBug(f"{config.key} has options of another platform")
        self._options = config.options
        self._hosts = manifest().data_centers[config.options.data_center]
        client = HttpClient(
            source=config.key,
            base_url=config.base_url or f"https://{self._hosts.api}",
            auth=config.auth,
            token_url=f"https://{self._hosts.accounts}{manifest().token_path}",
            dialect=ZohoDialect(config.key),
            limits=limits_of(config.options),
            wire=wire,
            on_token=self._move,
            signing=SIGNING,
            hosts=manifest().host_patterns,
        )
        self._calls = Calls(client)
        super().__init__(source=config.key, client=client, language=Coql(), ttl_s=config.options.metadata_ttl_s)

    def _move(self, answer: TokenAnswer) -> None:
        """Call the account where its sign-in says it lives.

        Raises:
            SourceForbidden: that is an address that may not be called.
        """
        api_domain = answer.fields.get("api_domain", "").rstrip("/")
        if not api_domain or api_domain == self._client.base_url:
            return
        try:
            self._client.base_url = api_domain
        except ConfigError as error:
            text = f"{self._source} signed in to an account at an address that may not be called; check its data_center"
            raise SourceForbidden(text, source=self._source) from error

    def id_key(self, remote_id: str) -> object:
        """Ids compare as numbers."""
        return int(remote_id)

    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """Digits as they are."""
        del entity
        return remote_id if is_id(remote_id) else None

    async def count(self, entity: Entity, where: Predicate) -> int:
        """How many rows satisfy *where*, as COQL counts them."""
        account = (await self._kept.fresh())[0]
        if entity in account.held:
            return account.held[entity].count(where)

        async def read(account: Account) -> int:
            found = self._offered(account, entity)
            folded = self._folded(found, where)
            if folded == NOTHING:
                return 0
            text = select((_COUNT,), found.remote, self._condition(found, folded))
            answer = await self._calls.coql(text, (_COUNT,), entity=entity, limit=1, operation="count")
            with understood(self._source):
                return int(answer.rows[0][_COUNT]) if answer.rows else 0

        return await self._despite_drift(read)

    def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
        """Whether COQL groups so; calls nobody."""
        account = self._kept.known[0]
        if query.entity in account.held:
            return AggregateSplit(calls=0, operation="users")
        found = account.types.get(query.entity)
        if found is None:
            return AggregateSplit(unsupported=self._why_missing(account, query.entity), calls=0)
        why = found.why_unfit(fields_in(query.where)) or self._why_ungrouped(found, query)
        if why is not None:
            return AggregateSplit(unsupported=why, calls=0)
        return AggregateSplit(operation="groups", vendor_query=self._grouping(found, query)[0])

    def _why_ungrouped(self, found: TableType, query: AggregateQuery) -> str | None:
        """Why the records have to be folded here; None where COQL groups with our meaning."""
        if query.amount is not None or any(key.field == CURRENCY for key in query.keys):
            return "Zoho does not tell in which currency COQL sums amounts"
        for key in query.keys:
            criterion, column = found.criteria.get(key.field), found.table.columns.get(key.field)
            if column is None or criterion is None or criterion.kind not in _GROUPED:
                return f"COQL does not group by {key.field} with one meaning"
            if any(name in manifest().pointers for name in column.remote):
                return f"COQL does not group by {key.field} with one meaning"
        folded = self._folded(found, query.where)
        if folded != NOTHING and self._division(found, folded).residual != EVERYTHING:
            return "a condition has to be checked here"
        columns = self._grouping(found, query)[1]
        return None if len(columns) <= manifest().coql.groups else "COQL does not group by so many columns"

    def _grouping(self, found: TableType, query: AggregateQuery) -> tuple[str, tuple[str, ...]]:
        """The query for groups, and the columns that it groups by."""
        columns = found.table.remote_fields(key.field for key in query.keys)
        folded = self._folded(found, query.where)
        where = None if folded == NOTHING else self._condition(found, folded)
        limit = manifest().coql.rows if columns else None
        return select((*columns, _COUNT), found.remote, where, groups=columns, limit=limit), columns

    async def aggregate(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """The groups of a query that was planned."""
        account = (await self._kept.fresh())[0]
        if query.entity in account.held:
            return account.held[query.entity].groups(query)

        async def read(account: Account) -> Sequence[GroupRow]:
            found = self._offered(account, query.entity)
            if self._folded(found, query.where) == NOTHING:
                return ()
            text, columns = self._grouping(found, query)
            answer = await self._calls.coql(
                text, (*columns, _COUNT), entity=query.entity, limit=manifest().coql.rows, operation="groups"
            )
            if answer.has_more:
                text = f"{self._source} has more groups than COQL gives at once"
                raise UnsupportedBySource(text, source=self._source)
            with understood(self._source):
                return self._counted(found, query, answer.rows)

        return await self._despite_drift(read)

    def _counted(self, found: TableType, query: AggregateQuery, rows: Iterable[Row]) -> Sequence[GroupRow]:
        """Groups by our keys, read from rows that could be records'."""
        read = found.reader({key.field for key in query.keys}, source=self._source)
        groups: dict[tuple[str | None, ...], GroupRow] = {}
        for row in rows:
            record = read({"id": "0", **row})
            values = tuple(
                group_value(record, key, entity=query.entity, amount=None, zone=query.days_in) for key in query.keys
            )
            groups.setdefault(values, GroupRow(values)).count += int(row[_COUNT])
        return [group for group in groups.values() if group.count]

    def plan_search(self, query: SearchQuery) -> SearchSplit:
        """A call for each type; calls nobody."""
        account = self._kept.known[0]
        why = why_unsearchable(query.text)
        if len(query.text) > manifest().text:
            why = f"no text of Zoho's is longer than {manifest().text} characters; search for less"
        entities = tuple(one for one in query.selections if one in account.types or one in account.held)
        if why is not None or not entities:
            return SearchSplit(unsupported=why or "none of the types is searched", calls=0)
        return SearchSplit(
            entities=entities,
            calls=sum(entity in account.types for entity in entities),
            notes=("Zoho's search index is a little behind the records",),
            operation="search",
            vendor_query=f"word={query.text}",
        )

    async def search(
        self, query: SearchQuery, after: Mapping[Entity, int] | None = None
    ) -> Mapping[Entity, Searched | SourceError]:
        """Hits of each type in the order that Zoho gives."""
        account = (await self._kept.fresh())[0]

        async def tried(entity: Entity) -> Searched | SourceError:
            start = (after or {}).get(entity, 0)
            try:
                if entity in account.held:
                    return account.held[entity].hits(query, start)
                return await self._hits(self._offered(account, entity), query, start)
            except SourceError as error:
                return error

        found = await together(*(tried(entity) for entity in query.selections))
        return dict(zip(query.selections, found, strict=True))

    async def _hits(self, found: TableType, query: SearchQuery, start: int) -> Searched:
        """Hits behind the first *start*, from the page that they begin on; a page may end early."""
        facts = manifest()
        size = query.limit if start % query.limit == 0 and query.limit <= facts.page else facts.page
        number, skipped = divmod(start, size)
        if (number + 1) * size > facts.found:
            return Searched(())
        fields = found.fields_of(query.selections[found.entity])
        params = (("word", query.text), ("page", str(number + 1)), ("per_page", str(size)))
        answer = await self._calls.listed(
            found.remote,
            f"{found.remote}/search",
            found.columns(fields),
            params,
            entity=found.entity,
            operation="search",
        )
        with understood(self._source):
            read = found.reader(fields, source=self._source)
            hits = [Hit(read(row)) for row in answer.rows[skipped : skipped + query.limit]]
        is_last = (number + 2) * size > facts.found
        return Searched(hits, has_more=(answer.has_more and not is_last) or len(answer.rows) > skipped + query.limit)

    async def _account(self) -> Account:
        modules = [spec.remote for spec in manifest().types.values()]
        org, users, has_notes, layouts, *each = await together(
            self._calls.settings("/org", "org"),
            self._calls.users(),
            self._calls.has_coql("Notes"),
            self._calls.tried("/settings/layouts", "layouts", {"module": "Deals"}),
            *(self._calls.tried("/settings/fields", "fields", {"module": one}) for one in modules),
        )
        ids = [] if isinstance(layouts, str) else [str(one["id"]) for one in layouts]
        pipelines = await together(
            *(self._calls.tried("/settings/pipeline", "pipeline", {"layout_id": one}) for one in ids)
        )
        with understood(self._source):
            metadata = Metadata(
                org=org[0],
                fields={name: found for name, found in zip(modules, each, strict=True) if not isinstance(found, str)},
                missing={name: why for name, why in zip(modules, each, strict=True) if isinstance(why, str)},
                pipelines=[row for held in pipelines if not isinstance(held, str) for row in held],
                users=users,
                has_coql_notes=has_notes,
                ui_host=self._hosts.ui,
            )
            return account_of(metadata, source=self._source, options=self._options)

    def _division(self, found: TableType, where: Predicate) -> Division[Condition]:
        return divided(where, found.criteria_with(tuple(fields_in(where))), self._language, fits=fits)

    def _condition(self, found: TableType, where: Predicate) -> Condition | None:
        """*where*, which was planned as pushed, in COQL."""
        return self._division(found, where).condition

    def _split(self, found: TableType, query: Query, where: Predicate) -> Split:
        division = self._division(found, where)
        keys = keys_for(found, query.order, self._language)
        further = (*fields_in(division.residual), *(item.field for item in query.order))
        fields = found.fields_of(query.selection.with_fields(*further))
        asked = Asked.of(found.columns(fields))
        limit = self._limit(asked, query.limit)
        by_id = keys or keys_for(found, (), self._language)
        shown = division.condition if by_id is None else by_id.first(division.condition)
        order = () if by_id is None else by_id.columns
        return Split(
            pushed=division.pushed,
            residual=division.residual,
            is_order_pushed=keys is not None,
            is_exact=not query.include_deleted,
            notes=(*division.notes, *((_NO_DELETED,) * query.include_deleted)),
            calls=1 + (keys is not None and keys.is_split) + asked.lists(limit),
            operation="coql",
            vendor_query=select(asked.direct, found.remote, shown, order, limit),
            remote_fields=(*asked.direct, *(column for part in asked.apart for column in part)),
        )

    def _limit(self, asked: Asked, wanted: int) -> int:
        """Rows of a page: what COQL gives, fewer where lists by ids complete them."""
        return min(wanted, manifest().page if asked.apart else manifest().coql.rows)

    async def _page(self, found: TableType, query: Query, where: Predicate, after: Position | None) -> Page:
        keys = keys_for(found, query.order, self._language)
        if keys is None:
            raise OurBug(f"{self._source} was asked for an order that it does not give")
        fields = found.fields_of(query.selection) | {item.field for item in query.order}
        asked = Asked.of(found.columns(fields))
        read = found.reader(fields, source=self._source)

        async def ask(condition: Condition | None, order: Sequence[SortKey], limit: int) -> Answer:
            text = select(asked.direct, found.remote, condition, order, limit)
            answer = await self._calls.coql(text, asked.direct, entity=found.entity, limit=limit, operation="coql")
            rows = await self._completed(found, answer.rows, asked)
            with understood(self._source):
                return Answer([read(row) for row in rows], answer.has_more)

        return await keys.page(ask, self._condition(found, where), limit=self._limit(asked, query.limit), after=after)

    async def _completed(self, found: TableType, rows: Sequence[Row], asked: Asked) -> Sequence[Row]:
        """*rows* with the columns that COQL does not select; without those that are gone since."""
        if not asked.apart or not rows:
            return rows
        columns = [column for part in asked.apart for column in part]
        ids = [str(row["id"]) for row in rows]
        each = await self._calls.by_ids(found.remote, ids, columns, entity=found.entity)
        held = {str(row["id"]): row for row in each}
        return [{**row, **held[row["id"]]} for row in rows if row["id"] in held]

    async def _batch(
        self, found: TableType, ids: Sequence[str], fields: frozenset[str]
    ) -> Mapping[str, Record | SourceError]:
        rows = await self._calls.by_ids(found.remote, ids, found.columns(fields), entity=found.entity)
        with understood(self._source):
            read = found.reader(fields, source=self._source)
            return {str(row["id"]): read(row) for row in rows}

    async def _links(
        self,
        found: TableType,
        field: str,
        link: Link,
        parents: Sequence[str],
        *,
        selection: Selection,
        first: int,
        after: str | None,
    ) -> Sequence[RelatedResult]:
        target = self._offered((await self._kept.fresh())[0], RELATIONS[found.entity][field].target)
        links = Links(
            calls=self._calls,
            source=self._source,
            found=found,
            target=target,
            link=link,
            selection=selection,
            first=first,
            after=after,
        )
        return await links.of(parents)

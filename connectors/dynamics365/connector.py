"""The Dynamics 365 connector: lists, records by id, relations, counts and groups of one organisation."""

from collections.abc import Mapping, Sequence

from connectors.base import RelatedResult
from connectors.credentials import Auth, Basic, Bearer, Login
from connectors.dynamics365.account import MetadataReader, account_of
from connectors.dynamics365.dialect import DynamicsDialect, limits_of
from connectors.dynamics365.groups import Grouping, grouping_of
from connectors.dynamics365.manifest import DynamicsOptions, manifest
from connectors.dynamics365.odata import OData, Term, address, canonical, listed, sort_key
from connectors.dynamics365.shape import Shape, carried, rows_call, shape_of, told
from connectors.http import HttpClient, Wire, together
from connectors.mapping import Row, understood
from connectors.registry import SourceConfig
from connectors.tables import Account, Answer, Division, Keys, Link, SortKey, TableConnector, TableType, divided
from model.aggregate import AggregateQuery, GroupRow, group_value
from model.capabilities import AggregateSplit, Split
from model.entities import Entity, Record
from model.errors import OurBug, Rejected, SourceError, UnsupportedBySource
from model.evaluate import sorted_records
from model.page import Page, Position
from model.query import (
    EVERYTHING,
    NOTHING,
    And,
    Compare,
    Operator,
    Order,
    Predicate,
    Query,
    RelationSelection,
    Selection,
    fields_in,
)

__all__ = ["DynamicsConnector"]

_LANGUAGE = OData()
_KEY_SET_CHARS = 600  # what a position adds to an address at most


class DynamicsConnector(TableConnector[str]):
    """One organisation; lives as long as its source is connected, on one event loop."""

    def __init__(self, config: SourceConfig, wire: Wire) -> None:
        """Check the addresses and the credential; nobody is called.

        Raises:
            ConfigError: an address may not be called, or the credential cannot be used.
        """
        options = config.options
        if not isinstance(options, DynamicsOptions) or config.base_url is None:
            raise OurBug(f"{config.key} was connected before its config was checked")
        facts = manifest()
        client = HttpClient(
            source=config.key,
            base_url=config.base_url,
            auth=_scoped(config.auth, config.base_url),
            token_url=facts.token_url.format(tenant=options.tenant) if options.tenant else None,
            dialect=DynamicsDialect(config.key),
            limits=limits_of(options),
            wire=wire,
            hosts=facts.host_patterns,
        )
        super().__init__(source=config.key, client=client, language=_LANGUAGE, ttl_s=options.metadata_ttl_s)

    def id_key(self, remote_id: str) -> bytes:
        """GUIDs as SQL Server orders them."""
        return sort_key(remote_id)

    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """A GUID in lower case; None for anything else."""
        del entity
        return canonical(remote_id)

    async def _account(self) -> Account:
        read = await MetadataReader(self._client).read()
        with understood(self._source):
            return account_of(read, source=self._source, base_url=self._client.base_url)

    def _split(self, found: TableType, query: Query, where: Predicate) -> Split:
        account = self._kept.known[0]
        shape = self._shape(found, account, query)
        parts = self._parts(found, query.order, where)

        def fits(condition: str) -> bool:
            return not self._is_long(address(found.remote, shape.options(self._based(found, query, condition))))

        division = divided(where, found.criteria_with(fields_in(where)), _LANGUAGE, fits=fits)
        first = (parts or self._parts(found, (), where) or [])[0]
        condition = first[1].first(_both(self._based(found, query, division.condition), first[0]))
        return Split(
            pushed=division.pushed,
            residual=division.residual,
            is_order_pushed=parts is not None,
            notes=division.notes,
            calls=sum(1 + keys.is_split for _, keys in parts or [first]),
            operation="list",
            vendor_query=told(found.remote, shape.options(condition, first[1].columns)),
            remote_fields=shape.select,
            inline=carried(found, account, query.selection.relations),
        )

    def _is_long(self, path: str) -> bool:
        """Whether an address has no room for a position beside it."""
        return len(self._client.base_url) + len(path) + _KEY_SET_CHARS > manifest().url_chars

    def _shape(self, found: TableType, account: Account, query: Query) -> Shape:
        fields = found.fields_of(query.selection) | {item.field for item in query.order}
        return shape_of(found, account, fields, query.selection.relations, source=self._source)

    def _based(self, found: TableType, query: Query, condition: str | None) -> str | None:
        return condition if query.include_archived else _both(found.base, condition)

    def _parts(
        self, found: TableType, order: Sequence[Order], where: Predicate
    ) -> list[tuple[str | None, Keys[str]]] | None:
        """The conditions under which the order is by one column each, with how it is read; None: it is not pushed."""
        identity = found.criteria["remote_id"]
        if not order:
            return [(None, Keys(language=_LANGUAGE, identity=identity))]
        criterion = found.criterion(order[0].field)
        if len(order) > 1 or not isinstance(criterion, Term) or not criterion.may_sort:
            return None
        parts = []
        for condition, term in criterion.cases or ((None, criterion),):
            if condition is None or not _excludes(where, condition, found):
                key = order[0] if term is not None else None
                parts.append((condition, Keys(language=_LANGUAGE, identity=identity, order=key, criterion=term)))
        return parts

    async def _page(self, found: TableType, query: Query, where: Predicate, after: Position | None) -> Page:
        account, rows = self._kept.known[0], dict[str, Row]()
        shape, limit = self._shape(found, account, query), min(query.limit, manifest().page_size)
        division = divided(where, found.criteria_with(fields_in(where)), _LANGUAGE)
        condition = self._based(found, query, division.condition)

        async def ask(condition: str | None, order: Sequence[SortKey], limit: int) -> Answer:
            read = await self._read(found, shape, condition, order, limit=limit)
            rows.update(read[0])
            return Answer(read[1], read[2])

        parts = self._parts(found, query.order, where) or []
        pages = await together(
            *(keys.page(ask, _both(condition, part), limit=limit, after=_placed(after, keys)) for part, keys in parts)
        )
        page = pages[0] if len(pages) == 1 else self._merged(pages, query, limit)
        ids = [record.remote_id for record in page.records]
        with understood(self._source):
            return Page(
                records=page.records,
                has_more=page.has_more,
                primed=shape.primed(rows[one] for one in ids),
                related=shape.related(rows, ids),
            )

    def _merged(self, pages: Sequence[Page], query: Query, limit: int) -> Page:
        """The first records of several streams, as far as all of them are known."""
        ends = {page.records[-1].remote_id for page in pages if page.has_more}
        every = [record for page in pages for record in page.records]
        ordered = sorted_records(every, entity=query.entity, order=query.order, id_key=sort_key)
        known = next((at + 1 for at, record in enumerate(ordered) if record.remote_id in ends), len(ordered))
        chosen = ordered[: min(known, limit)]
        return Page(records=chosen, has_more=bool(ends) or len(chosen) < len(ordered))

    async def _read(
        self, found: TableType, shape: Shape, condition: str | None, order: Sequence[SortKey] = (), *, limit: int
    ) -> tuple[dict[str, Row], list[Record], bool]:
        call = rows_call(
            found.remote,
            shape.options(condition, order),
            operation="list",
            limit=limit,
            is_annotated=shape.is_annotated,
            entity=found.entity,
        )
        answer = await self._client.send(call)
        with understood(self._source):
            records = [shape.read(row) for row in answer.rows]
            return (
                {record.remote_id: row for record, row in zip(records, answer.rows, strict=True)},
                records,
                answer.next_link is not None,
            )

    async def _batch(
        self, found: TableType, ids: Sequence[str], fields: frozenset[str]
    ) -> Mapping[str, Record | SourceError]:
        shape = shape_of(found, self._kept.known[0], fields, {}, source=self._source)
        _, records, _ = await self._read(found, shape, _chosen(found, ids), limit=manifest().page_size)
        return {record.remote_id: record for record in records}

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
        del link
        wanted = {field: RelationSelection(selection, first)}
        shape = shape_of(found, self._kept.known[0], (), wanted, source=self._source, after=after)
        rows, _, _ = await self._read(found, shape, _chosen(found, parents), limit=manifest().page_size)
        with understood(self._source):
            pages = shape.related(rows, parents, after=after)
        return [pages[field, parent] for parent in parents]

    async def count(self, entity: Entity, where: Predicate) -> int:
        """How many rows satisfy *where*, up to the 50,000 that Dataverse counts."""
        account = (await self._kept.fresh())[0]
        if entity in account.held:
            return account.held[entity].count(where)

        async def read(account: Account) -> int:
            found = self._offered(account, entity)
            plain = self._folded(found, where)
            if plain == NOTHING:
                return 0
            (text,) = Grouping(columns=(), amounts=()).texts(self._pushed(found, plain)[0])
            rows = await self._applied(found, text)
            with understood(self._source):
                return sum(int(row["count"]) for row in rows)

        return await self._despite_drift(read)

    def _pushed(self, found: TableType, where: Predicate) -> tuple[str | None, Division[str]]:
        """The condition of a folded predicate and of the type itself."""
        division = divided(where, found.criteria_with(fields_in(where)), _LANGUAGE)
        return _both(found.base, division.condition), division

    async def _applied(self, found: TableType, text: str) -> Sequence[Row]:
        call = rows_call(found.remote, {"apply": text}, operation="aggregate", entity=found.entity)
        return (await self._client.send(call)).rows

    def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
        """Whether Dataverse groups with our meaning, and in how many calls; calls nobody."""
        account = self._kept.known[0]
        if query.entity in account.held:
            return AggregateSplit(calls=0, operation="aggregate")
        found = account.types.get(query.entity)
        if found is None:
            return AggregateSplit(unsupported=self._why_missing(account, query.entity))
        where, grouping = self._folded(found, query.where), grouping_of(found, query)
        if isinstance(grouping, str):
            return AggregateSplit(unsupported=grouping)
        if where == NOTHING:
            return AggregateSplit(calls=0, operation="aggregate")
        condition, division = self._pushed(found, where)
        if division.residual != EVERYTHING:
            return AggregateSplit(unsupported="a part of the filter is checked here")
        options = [{"apply": text} for text in grouping.texts(condition)]
        if any(self._is_long(address(found.remote, one)) for one in options):
            return AggregateSplit(unsupported="the filter is too long for one address")
        told_ = told(found.remote, options[0])
        return AggregateSplit(calls=len(options), operation="aggregate", vendor_query=told_)

    async def aggregate(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """The groups; a refusal, such as for more than 50,000 rows, leaves them to be folded."""
        account = (await self._kept.fresh())[0]
        if query.entity in account.held:
            return account.held[query.entity].groups(query)

        async def read(account: Account) -> Sequence[GroupRow]:
            found = self._offered(account, query.entity)
            where, grouping = self._folded(found, query.where), grouping_of(found, query)
            if isinstance(grouping, str) or where == NOTHING:
                return []
            answers = await together(
                *(self._applied(found, text) for text in grouping.texts(self._pushed(found, where)[0]))
            )
            names = frozenset(key.field for key in query.keys)
            reader = found.table.reader(names, source=self._source)

            def values(row: Row) -> tuple[str | None, ...]:
                record = reader(row, "")
                return tuple(
                    group_value(record, key, entity=query.entity, amount=None, zone=query.days_in) for key in query.keys
                )

            with understood(self._source):
                rows = grouping.rows(answers, values, account.facts)
            if rows is None:
                raise UnsupportedBySource(f"{self._source}: sums too large to be exact", source=self._source)
            return rows

        try:
            return await self._despite_drift(read)
        except Rejected as refusal:
            raise UnsupportedBySource(refusal.message, source=self._source) from refusal


def _scoped(auth: Auth, base_url: str) -> Auth:
    """*auth* for all that the app may do at the organisation, where it says no scope itself."""
    return (
        auth
        if isinstance(auth, Bearer | Basic | Login) or auth.scope
        else auth.model_copy(update={"scope": f"{base_url}/.default"})
    )


def _both(*conditions: str | None) -> str | None:
    return " and ".join(condition for condition in conditions if condition) or None


def _chosen(found: TableType, ids: Sequence[str]) -> str:
    return f"{found.id} eq {ids[0]}" if len(ids) == 1 else listed(found.id, ids)


def _placed(after: Position | None, keys: Keys[str]) -> Position | None:
    """*after* among records that have no value of the order's key, where *keys* reads those."""
    if after is None or keys.criterion is not None or not after.keys:
        return after
    return Position((), after.remote_id) if after.keys[0] is None else None


def _excludes(where: Predicate, condition: str, found: TableType) -> bool:
    """Whether no record satisfies both, seen by the parts of *where* that compare the same column."""
    column, symbol, value = condition.split(" ")
    for item in where.items if isinstance(where, And) else (where,):
        criterion = found.criteria.get(item.field) if isinstance(item, Compare) else None
        if not isinstance(item, Compare) or criterion is None or item.operator is not Operator.EQ:
            continue
        values = criterion.words.get(str(item.operand).casefold()) or (str(item.operand).lower(),)
        if criterion.column == column and (value in values) is not (symbol == "eq") and len(values) == 1:
            return True
    return False

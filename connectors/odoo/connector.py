"""The Odoo connector: one database, read by domains."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from connectors.base import RelatedResult
from connectors.http import HttpClient, Wire, together
from connectors.mapping import understood
from connectors.odoo.account import Metadata, account_of
from connectors.odoo.calls import Calls, described, ordered
from connectors.odoo.dialect import OdooDialect, limits_of
from connectors.odoo.domains import Collation, Domain, Domains, joined
from connectors.odoo.fields import is_id
from connectors.odoo.groups import grouping_of
from connectors.odoo.links import Links, conditions_of
from connectors.odoo.manifest import OdooOptions, manifest
from connectors.registry import SourceConfig
from connectors.tables import (
    Account,
    Answer,
    Division,
    Keys,
    Kind,
    Link,
    SortKey,
    TableConnector,
    TableType,
    divided,
    keys_for,
)
from model.aggregate import AggregateQuery, GroupRow
from model.capabilities import AggregateSplit, Split
from model.entities import Entity, Record
from model.errors import OurBug, SourceError, UnsupportedBySource
from model.evaluate import key_text
from model.fields import RELATIONS
from model.page import Page, Position
from model.query import EVERYTHING, NOTHING, Compare, Operator, Predicate, Query, Selection, fields_in

__all__ = ["OdooConnector"]

# Two languages whose own names tell how the database compares text: capitals beyond ASCII, in letters that have no
# accent to ignore, and accents.
_PROBES: Domain = joined(
    "|",
    joined("&", (("code", "=", "ru_RU"),), (("name", "ilike", "РУСС"),)),
    joined("&", (("code", "=", "es_ES"),), (("name", "ilike", "espanol"),)),
)
_EMPLOYEES: Domain = (("share", "=", False),)


class OdooConnector(TableConnector[Domain]):
    """One Odoo database; lives as long as its source is connected, on one event loop.

    What it keeps is the account's metadata, for the time the options allow.
    """

    def __init__(self, config: SourceConfig, wire: Wire) -> None:
        """Check the address and the credential; nobody is called.

        Raises:
            ConfigError: the address may not be called, or the credential cannot be used.
        """
        options = config.options
        if not isinstance(options, OdooOptions) or config.base_url is None:
            raise OurBug(f"{config.key} was connected before its config was checked")
        client = HttpClient(
            source=config.key,
            base_url=config.base_url,
            auth=config.auth,
            token_url=None,
            dialect=OdooDialect(config.key),
            limits=limits_of(),
            wire=wire,
        )
        self._options = options
        self._calls = Calls(client, options.database)
        self._domains = Domains()
        super().__init__(source=config.key, client=client, language=self._domains, ttl_s=options.metadata_ttl_s)

    def id_key(self, remote_id: str) -> object:
        """Ids compare as numbers."""
        return int(remote_id)

    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """Digits as they are."""
        del entity
        return remote_id if is_id(remote_id) else None

    async def _account(self) -> Account:
        models = list(dict.fromkeys(spec.remote for spec in manifest().types.values()))
        user, companies, users, calendars, stages, known, *each = await together(
            self._calls.context(),
            self._calls.every("res.company", ("name", "currency_id")),
            self._calls.every(
                "res.users",
                ("name", "email", "active", "tz", "partner_id", "company_id", "create_date", "write_date"),
                _EMPLOYEES,
            ),
            self._calls.tried("res.users", ("calendar_default_privacy",), _EMPLOYEES),
            self._calls.tried("crm.stage", ("name", "sequence", "is_won")),
            self._calls.every("res.lang", ("code",), _PROBES),
            *(self._calls.fields(model) for model in models),
        )
        with understood(self._source):
            codes = {row["code"] for row in known}
            self._domains.collation = Collation("ru_RU" in codes, ignores_accents="es_ES" in codes)
            metadata = Metadata(
                user=user,
                fields={name: found for name, found in zip(models, each, strict=True) if not isinstance(found, str)},
                missing={name: why for name, why in zip(models, each, strict=True) if isinstance(why, str)},
                stages=stages,
                users=users,
                companies=companies,
                secretive=frozenset(row["id"] for row in calendars if row["calendar_default_privacy"] == "private"),
                base_url=self._client.base_url,
            )
            return account_of(metadata, source=self._source, options=self._options)

    def _division(self, found: TableType, where: Predicate) -> Division[Domain]:
        return divided(where, found.criteria_with(tuple(fields_in(where))), self._language)

    def _domain(self, found: TableType, condition: Domain | None, *, is_listed: bool = True) -> Domain:
        """*condition* among the rows of a type."""
        parts = [*conditions_of(found.base, is_listed=is_listed), *(() if condition is None else (condition,))]
        return joined("&", *parts) if parts else ()

    def _split(self, found: TableType, query: Query, where: Predicate) -> Split:
        division, keys = self._division(found, where), keys_for(found, query.order, self._language)
        by_id = keys or Keys(language=self._language, identity=found.criteria["remote_id"])
        domain = self._domain(found, by_id.first(division.condition), is_listed=not query.include_archived)
        fields = found.fields_of(query.selection.with_fields(*fields_in(division.residual)))
        return Split(
            pushed=division.pushed,
            residual=division.residual,
            is_order_pushed=keys is not None,
            notes=division.notes,
            calls=1 + (keys is not None and keys.is_split),
            operation="list",
            vendor_query=described(found.remote, domain, ordered(by_id.columns)),
            remote_fields=found.columns(fields | {item.field for item in query.order}),
        )

    async def _page(self, found: TableType, query: Query, where: Predicate, after: Position | None) -> Page:
        keys = keys_for(found, query.order, self._language)
        if keys is None:
            raise OurBug(f"{self._source} was asked for an order that it does not give")
        fields = found.fields_of(query.selection) | {item.field for item in query.order}

        is_by_seconds = keys.criterion is not None and keys.criterion.kind is Kind.INSTANT

        async def ask(condition: Domain | None, order: Sequence[SortKey], limit: int) -> Answer:
            domain = self._domain(found, condition, is_listed=not query.include_archived)
            if is_by_seconds and len(order) > 1:
                return await self._by_seconds(found, fields, keys, domain, order, limit=limit)
            records, _, has_more = await self._read(found, fields, domain, order, limit=limit)
            return Answer(records, has_more)

        limit = min(query.limit, manifest().page)
        return await keys.page(ask, self._division(found, where).condition, limit=limit, after=after)

    async def _read(
        self,
        found: TableType,
        fields: Iterable[str],
        domain: Domain,
        order: Sequence[SortKey],
        *,
        limit: int,
    ) -> tuple[list[Record], Record | None, bool]:
        """Records, the one behind them where it came along, and whether there is one."""
        names = frozenset(fields)
        columns = found.columns(names)
        answer = await self._calls.rows(
            found.remote,
            domain,
            columns,
            order,
            limit=limit,
            entity=found.entity,
            operation="list",
            is_filtered=found.remote in manifest().filtered,
        )
        with understood(self._source):
            read = found.reader(names, source=self._source)
            following = None if answer.next is None else read(answer.next)
            return [read(row) for row in answer.rows], following, answer.has_more

    async def _by_seconds(
        self,
        found: TableType,
        fields: Iterable[str],
        keys: Keys[Domain],
        domain: Domain,
        order: Sequence[SortKey],
        *,
        limit: int,
    ) -> Answer:
        """Records by an instant's whole second, then by id; Odoo sorts by fractions that it does not show.

        Of a second that the page's end cuts, those that belong on the page are asked for by id.
        """
        if keys.order is None or keys.criterion is None:
            raise OurBug("records without a key were read by seconds")
        name = keys.order.field
        records, following, has_more = await self._read(found, fields, domain, order, limit=limit)
        seconds = [(key, sorted(tied, key=_number)) for key, tied in groupby(records, lambda row: key_text(row, name))]
        if has_more and seconds and (following is None or key_text(following, name) == seconds[-1][0]):
            key, tied = seconds.pop()
            told = self._language.tell(keys.criterion, Compare(name, Operator.EQ, str(key)), negate=False)
            if told is None:
                raise OurBug(f"{name} is sorted by and cannot be compared")
            within = joined("&", domain, told.condition)
            seconds.append((key, (await self._read(found, fields, within, order[1:], limit=len(tied)))[0]))
        return Answer([record for _, tied in seconds for record in tied], has_more)

    async def _batch(
        self, found: TableType, ids: Sequence[str], fields: frozenset[str]
    ) -> Mapping[str, Record | SourceError]:
        domain = self._domain(found, (("id", "in", tuple(map(int, ids))),), is_listed=False)
        columns, read = found.columns(fields), found.reader(fields, source=self._source)
        answer = await self._calls.rows(
            found.remote, domain, columns, limit=len(ids), entity=found.entity, operation="ids"
        )
        with understood(self._source):
            return {str(row["id"]): read(row) for row in answer.rows}

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

    async def count(self, entity: Entity, where: Predicate) -> int:
        """How many rows satisfy *where*, as Odoo counts them."""
        account = (await self._kept.fresh())[0]
        if entity in account.held:
            return account.held[entity].count(where)

        async def read(account: Account) -> int:
            found = self._offered(account, entity)
            folded = self._folded(found, where)
            if folded == NOTHING:
                return 0
            domain = self._domain(found, self._division(found, folded).condition)
            return await self._calls.count(found.remote, domain, entity=entity)

        return await self._despite_drift(read)

    def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
        """Whether Odoo groups with our meaning; calls nobody."""
        account = self._kept.known[0]
        found = account.types.get(query.entity)
        if query.entity in account.held or found is None:
            return super().plan_aggregate(query)
        why, where = found.why_unfit(fields_in(query.where)), self._folded(found, query.where)
        grouping = grouping_of(found, query)
        if why is not None or isinstance(grouping, str):
            return AggregateSplit(unsupported=why or str(grouping), calls=0)
        if where == NOTHING:
            return AggregateSplit(calls=0, operation="groups")
        if self._division(found, where).residual != EVERYTHING:
            return AggregateSplit(unsupported="a condition has to be checked here", calls=0)
        domain = self._domain(found, self._division(found, where).condition)
        asked = described(found.remote, domain, groups=grouping.columns)
        return AggregateSplit(operation="groups", vendor_query=asked)

    async def aggregate(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """The groups of a query that was planned."""
        account = (await self._kept.fresh())[0]
        if query.entity in account.held:
            return account.held[query.entity].groups(query)

        async def read(account: Account) -> Sequence[GroupRow]:
            found = self._offered(account, query.entity)
            where, grouping = self._folded(found, query.where), grouping_of(found, query)
            if where == NOTHING or isinstance(grouping, str):
                return ()
            domain = self._domain(found, self._division(found, where).condition)
            answer = await self._calls.groups(
                found.remote, domain, grouping.columns, grouping.aggregates, zone=query.zone, entity=query.entity
            )
            with understood(self._source):
                rows = grouping.rows(answer, source=self._source)
            if rows is None:
                raise UnsupportedBySource(f"{self._source}: sums too large to be exact", source=self._source)
            return rows

        return await self._despite_drift(read)


def _number(record: Record) -> int:
    return int(record.remote_id)

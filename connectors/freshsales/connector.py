"""The Freshsales connector: one account of the suite, read by views, filtered searches and single records."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from connectors.base import RelatedResult
from connectors.freshsales.columns import Metadata, account_of, is_id, is_of
from connectors.freshsales.dialect import SIGNING, FreshsalesDialect, limits_of
from connectors.freshsales.lists import Listing, Lists, Sorting, with_attendees
from connectors.freshsales.manifest import FreshsalesOptions, manifest
from connectors.freshsales.rules import Rule, Rules
from connectors.http import Call, HttpClient, Wire, together
from connectors.mapping import Row, understood
from connectors.registry import SourceConfig
from connectors.tables import Account, Division, Link, TableConnector, TableType, divided, paged
from model.capabilities import Split
from model.entities import Entity, Record
from model.errors import OurBug, SchemaDrift, SourceError, UnsupportedBySource
from model.fields import RELATIONS
from model.page import Link as Found
from model.page import Page, Position, RelatedPage
from model.query import Direction, Order, Predicate, Query, Selection, fields_in
from model.values import Ref

__all__ = ["FreshsalesConnector"]

_HIDDEN = "Freshsales' views leave out deleted records"
_STAGE = "lifecycle_stage_id"


class FreshsalesConnector(TableConnector[tuple[Rule, ...]]):
    """One Freshsales account; lives as long as its source is connected, on one event loop.

    What it keeps is the account's metadata, for the time the options allow, and where lists were left last.
    """

    def __init__(self, config: SourceConfig, wire: Wire) -> None:
        """Make ready; nothing is called yet.

        Raises:
            ConfigError: the address or the credential cannot be used.
        """
        if not isinstance(config.options, FreshsalesOptions) or config.base_url is None:
            raise OurBug(f"{config.key} has options of another platform, or no address")
        self._options = config.options
        self._host = urlsplit(config.base_url).netloc
        client = HttpClient(
            source=config.key,
            base_url=config.base_url,
            auth=config.auth,
            token_url=None,
            dialect=FreshsalesDialect(config.key),
            limits=limits_of(config.options),
            wire=wire,
            signing=SIGNING,
            hosts=manifest().host_patterns,
        )
        self._lists = Lists(client)
        super().__init__(source=config.key, client=client, language=Rules(), ttl_s=config.options.metadata_ttl_s)

    def id_key(self, remote_id: str) -> object:
        """Ids compare as numbers."""
        return int(remote_id)

    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """Digits as they are."""
        del entity
        return remote_id if is_id(remote_id) else None

    async def _account(self) -> Account:
        facts = manifest()
        selectors, settings, views = await together(
            together(*(self._metadata(f"/selector/{name}") for name in facts.selectors)),
            together(*(self._metadata(f"/settings/{name}/fields") for name in facts.settings.values())),
            together(*(self._metadata(f"/{name}/filters") for name in facts.views)),
        )
        with understood(self._source):
            lists = {name: _listed(data, name) for name, data in zip(facts.selectors, selectors, strict=True)}
            fields = {name: data["fields"] for name, data in zip(facts.settings, settings, strict=True)}
            named = {
                name: {str(one["name"]): str(one["id"]) for one in data["filters"]}
                for name, data in zip(facts.views, views, strict=True)
            }
            metadata = Metadata(lists=lists, fields=fields, views=named, host=self._host)
            return account_of(metadata, source=self._source, options=self._options)

    async def _metadata(self, path: str) -> Mapping[str, Any]:
        def told(data: Any) -> Mapping[str, Any]:
            return dict(data)

        call = Call(operation="metadata", method="GET", path=manifest().base_path + path, parse=told, kind="metadata")
        return await self._client.send(call)

    def _known(self) -> Metadata:
        metadata: Metadata = self._kept.known[0].facts
        return metadata

    def _division(self, found: TableType, where: Predicate) -> Division[tuple[Rule, ...]]:
        # Filtered searches compare each attribute once; ids are no attribute that is documented, and go alone.
        def fits(rules: tuple[Rule, ...]) -> bool:
            names = {name for name, _ in rules}
            return len(names) == len(rules) and (found.id not in names or len(names) == 1)

        return divided(where, found.criteria_with(tuple(fields_in(where))), self._language, fits=fits)

    def _sorting(self, found: TableType, order: Sequence[Order]) -> Sorting | None:
        """How the order is asked for; None where it has to be made here."""
        criterion = found.criterion(order[0].field) if len(order) == 1 else None
        if criterion is None or not criterion.may_sort:
            return None
        return criterion.column, order[0].direction is Direction.DESC

    def _listings(self, found: TableType, rules: tuple[Rule, ...], fields: Iterable[str]) -> list[Listing]:
        """The lists whose rows together are those of the type that satisfy *rules*.

        Raises:
            SchemaDrift: the account has no view to read them by.
        """
        facts, metadata = manifest(), self._known()
        includes = self._includes(found, fields)
        if found.entity is Entity.LEAD:
            rules = (*rules, (_STAGE, metadata.lead_stages))
        if rules:
            path = f"/filtered_search/{facts.singular[found.remote]}"
            return [Listing(found.remote, found.entity, path, rules=rules, includes=includes)]
        parts = facts.parts.get(found.remote, ())
        if found.remote not in facts.views:
            return [
                Listing(found.remote, found.entity, f"/{found.remote}", (("filter", part),), includes=includes)
                for part in parts
            ]
        views = metadata.views[found.remote]
        names = [facts.views[found.remote]] if facts.views[found.remote] in views else list(parts)
        if not names or not set(names) <= views.keys():
            text = f"{self._source} has no view {facts.views[found.remote]} to list {found.remote} by; make one"
            raise SchemaDrift(text, source=self._source)
        return [
            Listing(found.remote, found.entity, f"/{found.remote}/view/{views[name]}", includes=includes)
            for name in names
        ]

    def _includes(self, found: TableType, fields: Iterable[str]) -> tuple[str, ...]:
        """What brings the columns along that rows do not have of themselves; a contact's stage tells what it is."""
        known = manifest().includes.get(found.remote, {})
        columns = [*found.columns(fields), *((_STAGE,) if found.remote == "contacts" else ())]
        return tuple(sorted({known[column] for column in columns if column in known}))

    def _split(self, found: TableType, query: Query, where: Predicate) -> Split:
        division = self._division(found, where)
        sorting = self._sorting(found, query.order)
        is_sorted = not query.order or sorting is not None
        further = (*fields_in(division.residual), *(item.field for item in query.order))
        fields = found.fields_of(query.selection.with_fields(*further))
        ids = _ids(division.condition, found)
        if ids is not None:
            is_sorted = not query.order
            return Split(
                pushed=division.pushed,
                residual=division.residual,
                is_order_pushed=is_sorted,
                calls=min(len(ids), query.limit) if found.remote in manifest().singular else 0,
                operation="get",
                vendor_query=", ".join(f"/{found.remote}/{one}" for one in ids[: query.limit]),
                remote_fields=found.columns(fields),
            )
        try:
            listings = self._listings(found, division.condition or (), fields) if found.can_list else []
        except SchemaDrift as error:
            return Split(unsupported=error.message, calls=0)
        if not listings:
            return Split(unsupported=f"Freshsales lists no {found.remote}; read them by what they stand on", calls=0)
        return Split(
            pushed=division.pushed,
            residual=division.residual,
            is_order_pushed=is_sorted,
            is_exact=not query.include_deleted,
            notes=(*division.notes, *((_HIDDEN,) * query.include_deleted)),
            calls=len(listings),
            operation="search" if listings[0].is_search else "list",
            vendor_query=" and ".join(_told(one) for one in listings),
            remote_fields=found.columns(fields),
        )

    async def _page(self, found: TableType, query: Query, where: Predicate, after: Position | None) -> Page:
        sorting = self._sorting(found, query.order)
        if query.order and sorting is None:
            raise OurBug(f"{self._source} was asked for an order that it does not give")
        if not found.can_list:
            raise UnsupportedBySource(f"{self._source} lists no {found.remote}", source=self._source)
        fields = found.fields_of(query.selection) | {item.field for item in query.order}
        condition = self._division(found, where).condition
        ids = _ids(condition, found)
        if ids is not None:
            return await self._named(found, ids, fields, limit=query.limit, after=after)
        listings = self._listings(found, condition or (), fields)
        is_member = is_of(found.entity, self._known())
        rows = await self._lists.page(listings, is_member, sorting=sorting, limit=query.limit, after=after)
        with understood(self._source):
            read = found.reader(fields, source=self._source)
            return Page(records=[read(row) for row in rows.rows], has_more=rows.has_more, resume=rows.resume)

    async def _named(
        self, found: TableType, ids: Sequence[str], fields: frozenset[str], *, limit: int, after: Position | None
    ) -> Page:
        """The records of *ids* behind *after*, by id, a call for each."""
        start = 0 if after is None else int(after.remote_id)
        rest = sorted((one for one in dict.fromkeys(ids) if is_id(one) and int(one) > start), key=int)
        chosen = rest[:limit]
        each = await together(*(self._batch(found, [one], fields) for one in chosen))
        results = [result for batch in each for result in batch.values()]
        for result in results:
            if isinstance(result, SourceError):
                raise result
        records = [result for result in results if isinstance(result, Record)]
        has_more = len(rest) > len(chosen)
        return Page(records=records, has_more=has_more, resume=Position((), chosen[-1]) if has_more else None)

    async def _batch(
        self, found: TableType, ids: Sequence[str], fields: frozenset[str]
    ) -> Mapping[str, Record | SourceError]:
        """Each record by a call of its own: Freshsales has no other way that is documented. Notes have none at all."""
        facts = manifest()
        if found.remote not in facts.singular:
            raise UnsupportedBySource(f"{self._source} gives no {found.entity.value} by its id", source=self._source)
        row = await self._one(found, ids[0], self._includes(found, fields))
        with understood(self._source):
            if row is None or not is_of(found.entity, self._known())(row):
                return {}
            return {str(row["id"]): found.reader(fields, source=self._source)(row)}

    async def _one(self, found: TableType, remote_id: str, includes: Sequence[str]) -> Row | None:
        data = await self._single(found, remote_id, includes)
        return None if data is None else _row(data, manifest().singular[found.remote])

    async def _single(self, found: TableType, remote_id: str, includes: Sequence[str]) -> Mapping[str, Any] | None:
        """One record's answer with what came along; None where it is not there."""
        singular = manifest().singular[found.remote]

        def told(data: Any) -> Mapping[str, Any] | None:
            return data if isinstance(data, dict) and singular in data else None

        path = f"{manifest().base_path}/{found.remote}/{remote_id}"
        params = (("include", ",".join(includes)),) if includes else ()
        return await self._client.send(
            Call(
                operation="get",
                method="GET",
                path=path,
                params=params,
                parse=told,
                rows=lambda data: int(data is not None),
                entity=found.entity.value,
                query=f"GET {path}" + "".join(f"?{name}={value}" for name, value in params),
            )
        )

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
        far = self._offered(self._kept.known[0], RELATIONS[found.entity][field].target)
        fields = far.fields_of(selection)
        kind, _, name = link.via.partition(" ")

        async def tried(parent: str) -> RelatedResult:
            try:
                if kind == "include":
                    rows = await self._sideloaded(found, name, parent)
                    links = self._linked(far, parent, rows, fields, is_whole=link.carries_records)
                    return paged(links, [parent], first=first, after=after, id_key=int)[0]
                if name:
                    return await self._searched(far, (name, (parent,)), fields, first=first, after=after)
                return await self._pointed(found, far.entity, kind, parent, first=first, after=after)
            except SourceError as error:
                return error

        return await together(*(tried(parent) for parent in parents))

    async def _sideloaded(self, found: TableType, name: str, parent: str) -> Sequence[Row]:
        """What comes along with one record."""
        data = await self._single(found, parent, [name])
        with understood(self._source):
            rows: Sequence[Row] = () if data is None else data[name]
            return rows

    def _linked(
        self, far: TableType, parent: str, rows: Sequence[Row], fields: frozenset[str], *, is_whole: bool
    ) -> list[tuple[str, Found]]:
        """Links to *rows*: tasks and notes come whole, of deals and appointments the ids are sure."""
        with understood(self._source):
            read = far.reader(fields, source=self._source)
            return [
                (parent, Found(ref=Ref(far.entity, str(row["id"])), record=read(row) if is_whole else None))
                for row in rows
            ]

    async def _searched(
        self, far: TableType, rule: Rule, fields: frozenset[str], *, first: int, after: str | None
    ) -> RelatedPage:
        """What a filtered search by the parent finds."""
        listings = self._listings(far, (rule,), fields)
        is_member = is_of(far.entity, self._known())
        start = None if after is None else Position((), after)
        rows = await self._lists.page(listings, is_member, sorting=None, limit=first, after=start)
        while not rows.rows and rows.resume is not None:
            rows = await self._lists.page(listings, is_member, sorting=None, limit=first, after=rows.resume)
        with understood(self._source):
            read = far.reader(fields, source=self._source)
            records = [read(row) for row in rows.rows]
        links = tuple(Found(ref=Ref(far.entity, one.remote_id), record=one) for one in records)
        return RelatedPage(links, has_more=rows.has_more)

    async def _pointed(
        self, found: TableType, target: Entity, column: str, parent: str, *, first: int, after: str | None
    ) -> RelatedPage:
        """What the parent's own row points to: a contact's accounts, a deal's contacts, who attends."""
        row = await self._one(found, parent, [manifest().includes[found.remote][column]])
        with understood(self._source):
            values: Sequence[Any] = () if row is None else row.get(column) or ()
            links = [(parent, one) for value in values if (one := _pointer(value, target)) is not None]
        return paged(links, [parent], first=first, after=after, id_key=int)[0]


def _ids(condition: tuple[Rule, ...] | None, found: TableType) -> Sequence[str] | None:
    """The ids that a condition names; None for another condition."""
    return next((values for name, values in condition or () if name == found.id), None)


def _pointer(value: Any, target: Entity) -> Found | None:
    """A link to the record that *value* names: by an id, or by an object that may be of another type."""
    if not isinstance(value, Mapping):
        return Found(ref=Ref(target, str(value)))
    if "type" in value and manifest().targets.get(str(value["type"])) is not target:
        return None
    return Found(ref=Ref(target, str(value["id"])), is_primary=bool(value.get("is_primary")))


def _listed(data: Mapping[str, Any], name: str) -> Sequence[Row]:
    """A selector's rows; owners are told as users."""
    rows: Sequence[Row] = data["users" if name == "owners" else name]
    return rows


def _row(data: Mapping[str, Any], singular: str) -> Row:
    attendees = {one["id"]: one["attendee"] for one in data.get("appointment_attendees") or ()}
    return with_attendees(data[singular], attendees)


def _told(listing: Listing) -> str:
    rules = "".join(f" {name} is_in {','.join(values)}" for name, values in listing.rules)
    params = "&".join(f"{name}={value}" for name, value in listing.params)
    return f"{listing.path}{'?' if params else ''}{params}{rules}"

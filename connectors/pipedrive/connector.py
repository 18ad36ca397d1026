"""The Pipedrive connector: one company account, read by lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from connectors.base import RelatedResult
from connectors.http import Call, HttpClient, TokenAnswer, Wire, together
from connectors.mapping import Row, understood, why_unsearchable
from connectors.pipedrive.columns import Metadata, account_of, is_id_of, is_of
from connectors.pipedrive.dialect import PipedriveDialect, limits_of, signing_of
from connectors.pipedrive.lists import Listing, Lists, id_key
from connectors.pipedrive.manifest import PipedriveOptions, manifest
from connectors.pipedrive.params import IDS, STATUS, Parameters, Params, fits
from connectors.registry import SourceConfig
from connectors.tables import Account, Division, Link, TableConnector, TableType, divided, paged
from model.capabilities import RelationMode, SearchSplit, Split
from model.entities import Entity, Record
from model.errors import ConfigError, OurBug, SourceError, SourceForbidden, UnsupportedBySource
from model.fields import RELATIONS
from model.page import Hit, Page, Position, RelatedPage, Searched
from model.page import Link as Found
from model.query import Direction, Order, Predicate, Query, SearchQuery, Selection, fields_in
from model.values import Ref

__all__ = ["PipedriveConnector"]

_HIDDEN = "Pipedrive lists no deleted records but deals, those of the last 30 days"
_ARCHIVING = frozenset({Entity.DEAL, Entity.LEAD})


class PipedriveConnector(TableConnector[Params]):
    """One Pipedrive account; lives as long as its source is connected, on one event loop.

    What it keeps is the account's metadata, for the time the options allow, and where lists were left last.
    """

    def __init__(self, config: SourceConfig, wire: Wire) -> None:
        """Make ready; nothing is called yet.

        Raises:
            ConfigError: an address may not be called, or the credential cannot be used.
        """
        if not isinstance(config.options, PipedriveOptions):
            raise OurBug(f"{config.key} has options of another platform")
        facts, self._options = manifest(), config.options
        client = HttpClient(
            source=config.key,
            base_url=config.base_url or facts.base_url,
            auth=config.auth,
            token_url=facts.token_url,
            dialect=PipedriveDialect(config.key),
            limits=limits_of(config.options, config.auth),
            wire=wire,
            on_token=self._move,
            signing=signing_of(config.auth),
            hosts=facts.host_patterns,
        )
        self._lists = Lists(client)
        super().__init__(source=config.key, client=client, language=Parameters(), ttl_s=config.options.metadata_ttl_s)

    def _move(self, answer: TokenAnswer) -> None:
        """Call the account where its sign-in says it lives: a company may rename its address.

        Raises:
            SourceForbidden: that is an address that may not be called.
        """
        api_domain = answer.fields.get("api_domain", "").rstrip("/")
        if not api_domain or api_domain == self._client.base_url:
            return
        try:
            self._client.base_url = api_domain
        except ConfigError as error:
            text = f"{self._source} signed in to an account at an address that may not be called"
            raise SourceForbidden(text, source=self._source) from error

    def id_key(self, remote_id: str) -> object:
        """Numbers as numbers, UUIDs of leads as texts."""
        return id_key(remote_id)

    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """Leads have UUIDs, all others numbers."""
        lowered = remote_id.lower()
        return lowered if is_id_of(entity, lowered) else None

    async def _account(self) -> Account:
        facts = manifest()
        kinds = sorted(set(facts.fields_of.values()))
        me, users, labels, pipelines, stages, *fields = await together(
            self._lists.metadata("/api/v1/users/me", 2 * facts.weights.one),
            self._lists.metadata("/api/v1/users", 2 * facts.weights.list),
            self._lists.metadata("/api/v1/leadLabels", 2 * facts.weights.list),
            *(self._lists.all(f"/api/v2/{name}", facts.weights.short_list) for name in ("pipelines", "stages")),
            *(self._lists.all(f"/api/v2/{name}", facts.weights.list) for name in kinds),
        )
        by_kind = dict(zip(kinds, fields, strict=True))
        with understood(self._source):
            return account_of(
                Metadata(
                    me=me,
                    users=users,
                    pipelines=pipelines,
                    stages=stages,
                    lead_labels=labels,
                    fields={remote: by_kind[kind] for remote, kind in facts.fields_of.items()},
                ),
                source=self._source,
                options=self._options,
            )

    def _division(self, found: TableType, query: Query, where: Predicate) -> Division[Params]:
        """*where* in parameters; that of the status is needed for deleted deals where those are wanted as well."""

        def may(params: Params) -> bool:
            return fits(params) and not (query.include_deleted and any(name == STATUS for name, _ in params))

        return divided(where, found.criteria_with(tuple(fields_in(where))), self._language, fits=may)

    def _is_sorted(self, found: TableType, order: Sequence[Order], params: Params) -> bool:
        """Whether the list gives *order*: by id, or by the last change where it does not name ids."""
        if not order:
            return True
        criterion = found.criterion(order[0].field)
        is_named = any(name == IDS for name, _ in params)
        return len(order) == 1 and criterion is not None and criterion.may_sort and not is_named

    def _split(self, found: TableType, query: Query, where: Predicate) -> Split:
        division = self._division(found, query, where)
        params = division.condition or ()
        is_sorted = self._is_sorted(found, query.order, params)
        further = (*fields_in(division.residual), *(item.field for item in query.order))
        fields = found.fields_of(query.selection.with_fields(*further))
        listings = self._listings(found, query, params, fields)
        ids = _ids(params)
        is_each = ids is not None and found.batch_read_size is None
        hides = query.include_deleted and found.entity is not Entity.DEAL
        notes = (*division.notes, *((_HIDDEN,) if hides else ()))
        return Split(
            pushed=division.pushed,
            residual=division.residual,
            is_order_pushed=is_sorted,
            is_exact=not hides,
            notes=notes,
            calls=min(len(ids or ()), query.limit) if is_each else 1 if ids is not None else len(listings),
            operation="get" if is_each else "list",
            vendor_query="; ".join(listing.told for listing in listings),
            remote_fields=found.columns(fields),
        )

    def _listing(self, found: TableType, params: Params, fields: Iterable[str]) -> Listing:
        """The list with what its rows do not carry unasked: whom an activity's calendar entry names."""
        extra = (("include_fields", "attendees"),) if "attendees" in fields else ()
        return Listing(found.remote, found.entity, params, extra)

    def _listings(self, found: TableType, query: Query, params: Params, fields: Iterable[str]) -> Sequence[Listing]:
        """The list, that of archived ones beside it where they are wanted, and deleted deals by their status."""
        listing = self._listing(found, params, fields)
        archived = [replace(listing, is_archived=True)] * (query.include_archived and found.entity in _ARCHIVING)
        if query.include_deleted and found.entity is Entity.DEAL:
            listing = replace(listing, extra=(*listing.extra, (STATUS, "open,won,lost,deleted")))
        return [listing, *archived]

    async def _page(self, found: TableType, query: Query, where: Predicate, after: Position | None) -> Page:
        params = self._division(found, query, where).condition or ()
        if not self._is_sorted(found, query.order, params):
            raise OurBug(f"{self._source} was asked for an order that it does not give")
        fields = found.fields_of(query.selection) | {item.field for item in query.order}
        ids = _ids(params)
        if ids is not None:
            return await self._named(found, ids, fields, limit=query.limit, after=after)
        listings, is_member = self._listings(found, query, params, fields), is_of(found.entity, self._options)
        # Activities are of two types: more are asked for than a page needs.
        size = query.limit * 3 if found.remote == "activities" else query.limit
        if query.order:
            is_falling = query.order[0].direction is Direction.DESC
            rows = await self._lists.by_change(
                listings, is_member, is_falling=is_falling, limit=query.limit, after=after, size=size
            )
        else:
            start = None if after is None else after.remote_id
            rows = await self._lists.by_id(listings, is_member, limit=query.limit, after=start, size=size)
        with understood(self._source):
            read = found.reader(fields, source=self._source)
            return Page(records=[read(row) for row in rows.rows], has_more=rows.has_more, resume=rows.resume)

    async def _named(
        self, found: TableType, ids: Sequence[str], fields: frozenset[str], *, limit: int, after: Position | None
    ) -> Page:
        """The records of *ids* behind *after*, by id, as many as one call gives, or as many calls as the page has."""
        start = None if after is None else id_key(after.remote_id)
        known = (one for one in dict.fromkeys(ids) if self.canonical_id(found.entity, one) == one)
        rest = sorted((one for one in known if start is None or id_key(one) > start), key=id_key)
        chosen = rest[: min(limit, found.batch_read_size or limit)]
        if not chosen:
            return Page(records=(), has_more=False)
        size = found.batch_read_size or 1
        batches = [chosen[place : place + size] for place in range(0, len(chosen), size)]
        each = await together(*(self._batch(found, batch, fields) for batch in batches))
        results = {remote_id: result for batch in each for remote_id, result in batch.items()}
        failed = next((one for one in results.values() if isinstance(one, SourceError)), None)
        if failed is not None:
            raise failed
        records = [record for one in chosen if isinstance(record := results.get(one), Record)]
        has_more = len(rest) > len(chosen)
        return Page(records=records, has_more=has_more, resume=Position((), chosen[-1]) if has_more else None)

    async def _batch(
        self, found: TableType, ids: Sequence[str], fields: frozenset[str]
    ) -> Mapping[str, Record | SourceError]:
        """Rows by `ids`, a hundred at once; leads and notes each by a call of its own."""
        listing = self._listing(found, (), fields)
        if found.batch_read_size is None:
            rows = [row for row in [await self._one(listing, ids[0])] if row is not None]
        else:
            rows = [*await self._lists.by_ids(listing, ids)]
        is_member = is_of(found.entity, self._options)
        with understood(self._source):
            read = found.reader(fields, source=self._source)
            return {str(row["id"]): read(row) for row in rows if is_member(row)}

    async def _one(self, listing: Listing, remote_id: str) -> Row | None:
        """One row of version 1; None where it is not there."""

        def told(data: object) -> Row | None:
            row: Row | None = data["data"] if isinstance(data, Mapping) else None
            return row

        call = Call(
            operation="get",
            method="GET",
            path=f"{listing.path}/{remote_id}",
            parse=told,
            rows=lambda row: int(row is not None),
            entity=listing.entity.value,
            weight=2 * manifest().weights.one,
            query=f"GET {listing.path}/{remote_id}",
        )
        return await self._client.send(call)

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
        target = RELATIONS[found.entity][field].target
        if link.mode is not RelationMode.PER_PARENT:
            return await self._pointed(found, link.via, target, parents, first=first, after=after)
        remote, _, parameter = link.via.partition(" ")
        far = self._offered(self._kept.known[0], target)
        if far.remote != remote:
            raise OurBug(f"{found.entity.value}.{field} leads to {far.remote}, not to {remote}")
        fields = far.fields_of(selection)
        return await together(
            *(self._tried_links(far, (parameter, parent), fields, first=first, after=after) for parent in parents)
        )

    async def _tried_links(
        self, far: TableType, pair: tuple[str, str], fields: frozenset[str], *, first: int, after: str | None
    ) -> RelatedResult:
        """The links of one parent; a failure is its own."""
        listing, is_member = self._listing(far, (pair,), fields), is_of(far.entity, self._options)
        try:
            # Tokens do not depend on the rows asked: of activities of both types as many as there are.
            size = manifest().page if far.remote == "activities" else first
            rows = await self._lists.by_id([listing], is_member, limit=first, after=after, size=size)
            while not rows.rows and rows.resume is not None:
                start = rows.resume.remote_id
                rows = await self._lists.by_id([listing], is_member, limit=first, after=start, size=size)
        except SourceError as error:
            return error
        with understood(self._source):
            read = far.reader(fields, source=self._source)
            records = [read(row) for row in rows.rows]
        links = tuple(Found(ref=Ref(far.entity, one.remote_id), record=one) for one in records)
        return RelatedPage(links, has_more=rows.has_more)

    async def _pointed(
        self, found: TableType, column: str, target: Entity, parents: Sequence[str], *, first: int, after: str | None
    ) -> Sequence[RelatedResult]:
        """Links that stand on the parents' own rows: a person's organization, an activity's participants."""
        rows = await self._lists.by_ids(Listing(found.remote, found.entity), parents)
        with understood(self._source):
            links = [
                (str(row["id"]), Found(ref=Ref(target, one), is_primary=column == "org_id"))
                for row in rows
                for one in _pointers(row[column])
            ]
        return paged(links, parents, first=first, after=after, id_key=id_key)

    def plan_search(self, query: SearchQuery) -> SearchSplit:
        """A search of each type, and a list by ids of what it finds; calls nobody."""
        account = self._kept.known[0]
        why = why_unsearchable(query.text) or _why_short(query.text)
        entities = tuple(one for one in query.selections if self._is_searched(account, one))
        if why is not None or not entities:
            return SearchSplit(unsupported=why or "none of the types is searched", calls=0)
        return SearchSplit(
            entities=entities,
            calls=2 * sum(entity in account.types for entity in entities),
            operation="search",
            vendor_query=f"term={query.text}",
        )

    def _is_searched(self, account: Account, entity: Entity) -> bool:
        return entity in account.held or (entity in account.types and account.types[entity].can_search)

    async def search(
        self, query: SearchQuery, after: Mapping[Entity, int] | None = None
    ) -> Mapping[Entity, Searched | SourceError]:
        """Hits of each type in the order that Pipedrive gives."""
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
        """Hits behind the first *start*; a search shows 500 at once, and no more are read."""
        facts = manifest()
        why = why_unsearchable(query.text) or _why_short(query.text)
        if why is not None:
            raise UnsupportedBySource(f"{self._source}: {why}", source=self._source)
        size = min(query.limit, facts.ids)
        wanted = min(start + size + 1, facts.page)
        path = f"/api/v2/{found.remote}/search"
        call = Call(
            operation="search",
            method="GET",
            path=path,
            params=(("term", query.text), ("limit", str(wanted))),
            parse=lambda data: [str(one["item"]["id"]) for one in data["data"]["items"]],
            rows=len,
            entity=found.entity.value,
            query=f"GET {path}?term={query.text}",
            limit_class="search",
            weight=facts.weights.search,
        )
        ids = (await self._client.send(call))[start:]
        if not ids:
            return Searched(())
        records = await self._batch(found, ids[:size], found.fields_of(query.selections[found.entity]))
        hits = [Hit(record) for one in ids[:size] if isinstance(record := records.get(one), Record)]
        return Searched(hits, has_more=len(ids) > size and bool(hits))


def _ids(params: Params) -> Sequence[str] | None:
    """The ids that a condition names; None for another condition."""
    return next((value.split(",") for name, value in params if name == IDS), None)


def _pointers(value: object) -> list[str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(one["person_id"]) for one in value]
    return [] if value is None else [str(value)]


def _why_short(text: str) -> str | None:
    shortest = manifest().shortest_term
    return None if len(text.strip()) >= shortest else f"Pipedrive searches for {shortest} characters at least"

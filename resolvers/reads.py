"""Reading, for one request: lists, single records and relations over the connected sources."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from connectors.scope import entered
from model.capabilities import Description, Quota
from model.entities import Entity, Pipeline, Record, Stage
from model.errors import BadRequest, GatewayError, NotFound, OurBug, UnsupportedBySource
from model.ids import GlobalId
from model.query import Selection, union
from model.reading import (
    IDENTITY,
    AggregateRequest,
    AggregateResult,
    CustomField,
    Eventually,
    Failure,
    ListRequest,
    ListResult,
    MatchRequest,
    MatchResult,
    MatchState,
    PeopleRequest,
    PeopleResult,
    PlatformInfo,
    RelatedList,
    SearchRequest,
    SearchResult,
    SourceInfo,
)
from model.values import DecimalText, Money, Ref
from resolvers.accounts import Account, Accounts
from resolvers.aggregates import read_aggregate
from resolvers.cursor import Cursors
from resolvers.exchange import NO_RATES, Rates
from resolvers.identity import (
    Decisions,
    Matching,
    NoDecisions,
    Profiles,
    driving_list,
    id_of,
    joined_sources,
    people_of,
)
from resolvers.known import Known, entity_of
from resolvers.lists import Behind, failure_of, field_scope, read_list
from resolvers.loaders import Batches
from resolvers.relations import Relations, awaited
from resolvers.search import read_search
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = ["Reads"]

_NAME = Selection(frozenset({"name"}))


class Reads:
    """What one request reads; its loaders and the records it knows live as long as it does.

    Args:
        decisions: what people said of matches.

    Attributes:
        failures: what each source could not deliver, by source key.
    """

    def __init__(
        self,
        *,
        sources: Sources,
        cursors: Cursors,
        limits: ReadLimits,
        platforms: Callable[[], Sequence[PlatformInfo]],
        rates: Rates = NO_RATES,
        decisions: Decisions | None = None,
    ) -> None:
        self.failures: dict[str, Failure] = {}
        self._sources = sources
        self._cursors = cursors
        self._limits = limits
        self._platforms = platforms
        self._rates = rates
        self._known = Known()
        self._accounts = Accounts(self._note)
        self._batches = Batches(self._note)
        self._relations = Relations(
            sources=sources, accounts=self._accounts, cursors=cursors, known=self._known, batches=self._batches
        )
        self._behind = Behind(limits=limits, batches=self._batches, relations=self._relations)
        self._decisions = decisions or NoDecisions()
        self._profiles = Profiles(sources=sources, accounts=self._accounts, relations=self._relations)
        self._matching = Matching(
            sources=sources,
            profiles=self._profiles,
            relations=self._relations,
            known=self._known,
            batches=self._batches,
            decisions=self._decisions,
            on_failure=self._note,
        )

    async def list(self, request: ListRequest) -> ListResult:
        """One ordered page over the sources, and what its selection follows from there."""
        with entered(field_scope(request.options)):
            return await self._list(request)

    async def _list(self, request: ListRequest) -> ListResult:
        """A list inside the current scope."""
        result = await read_list(
            request,
            sources=self._sources,
            accounts=self._accounts,
            cursors=self._cursors,
            limits=self._limits,
            known=self._known,
            behind=self._behind,
            note=self._note,
        )
        await self._relations.prefetch(result.records, request.selection)
        return result

    async def search(self, request: SearchRequest) -> SearchResult:
        """One page of hits over the sources, and what their selections follow from there."""
        with entered(field_scope(request.options)):
            result = await read_search(
                request,
                sources=self._sources,
                accounts=self._accounts,
                cursors=self._cursors,
                limits=self._limits,
                known=self._known,
                note=self._note,
            )
            async with asyncio.TaskGroup() as group:
                for entity, selection in request.selections.items():
                    records = [hit.record for hit in result.hits if entity_of(hit.record) is entity]
                    group.create_task(self._relations.prefetch(records, selection))
        return result

    async def aggregate(self, request: AggregateRequest) -> AggregateResult:
        """Groups over the sources, in the order of their keys."""
        with entered(field_scope(request.options)):
            return await read_aggregate(
                request,
                sources=self._sources,
                accounts=self._accounts,
                limits=self._limits,
                rates=self._rates,
                behind=self._behind,
                name_of=self._name_of,
                note=self._note,
            )

    async def _name_of(self, source: str, entity: Entity, remote_id: str) -> str | None:
        """What a record is called; None where it cannot be read, which is noted."""
        try:
            account = await self._account(source)
            record = await awaited(self._relations.record(account, entity, remote_id, _NAME))
        except GatewayError:
            return None
        return getattr(record, "name", None)

    def converted(self, amount: Money, to: str) -> DecimalText:
        """*amount* in the currency *to*, rounded to its minor unit.

        Raises:
            BadRequest: *to* is no currency.
            Unsupported: a rate is missing.
        """
        return self._rates.money(amount, to)

    async def record(self, source: str, entity: Entity, remote_id: str, selection: Selection) -> Record | None:
        """One record by its id, and what *selection* follows from there; None where the CRM has none such.

        Raises:
            BadRequest: there is no such source.
            UnsupportedBySource: the source has no such type.
        """
        found = self._sources.chosen((source,))[0]
        canonical = found.connector.canonical_id(entity, remote_id)
        if canonical is None:
            return None
        account = await self._accounts.of(found)
        if entity not in account.description.types:
            error = UnsupportedBySource(f"{source} offers no {entity.value} records", source=source)
            self._note(source, error)
            raise error
        record = await awaited(self._relations.record(account, entity, canonical, selection))
        if record is not None:
            await self._relations.prefetch([record], selection)
        return record

    def referred(self, source: str, ref: Ref, selection: Selection) -> Eventually[Record | None]:
        """The record a value points to; None where the source does not offer its type."""
        return self._relations.referred(source, ref, selection)

    def related_one(self, parent: Record, relation: str, selection: Selection) -> Eventually[Record | None]:
        """The record at the other end of a to-one relation; None where there is none, or the source has no such."""
        return self._relations.one(parent, relation, selection)

    def related_many(
        self, parent: Record, relation: str, *, first: int, after: str | None, selection: Selection
    ) -> Eventually[RelatedList | None]:
        """The first rows of a to-many relation, in remote-id order; None where the source has no such relation.

        Raises:
            BadRequest: *first* is out of bounds.
            BadCursor: *after* is none of this relation's.
        """
        if not 1 <= first <= self._limits.max_first:
            raise BadRequest(f"{relation}: first is {first}; it must be from 1 to {self._limits.max_first}")
        return self._relations.many(parent, relation, first=first, after=after, selection=selection)

    def custom_fields(self, record: Record, keys: Sequence[str]) -> Eventually[Sequence[CustomField]]:
        """The record's own fields under *keys*, aliases or the CRM's own; those its source does not have left out."""
        account = self._accounts.held(record.source)
        if account is None:
            return self._custom_fields_later(record, keys)
        return account.own.values(entity_of(record), record, keys)

    async def _custom_fields_later(self, record: Record, keys: Sequence[str]) -> Sequence[CustomField]:
        return (await self._account(record.source)).own.values(entity_of(record), record, keys)

    def matches(self, record: Record, request: MatchRequest) -> Awaitable[MatchResult]:
        """The same person or company in other sources.

        Raises:
            BadRequest: a source is asked for that there is not.
        """
        return self._matching.of(record, request)

    async def decide(self, a: GlobalId, b: GlobalId, state: MatchState, request: MatchRequest) -> MatchResult:
        """Keep that two records are of one person or company, or of two; the matches of *a* after that.

        Raises:
            NotFound: one of them is not there.
            StoreUnavailable: it could not be kept.
        """
        entity = Entity(a.kind)
        wanted = union([request.selection, IDENTITY[entity]])
        first, second = await self._existing(a, wanted), await self._existing(b, Selection())
        pair = id_of(first), id_of(second)
        if pair[0] == pair[1]:
            raise BadRequest("both ids name one record")
        if state is MatchState.CONFIRMED:
            await self._decisions.confirm(*pair)
        else:
            await self._decisions.reject(*pair)
        return await self._matching.of(first, request)

    async def _existing(self, named: GlobalId, selection: Selection) -> Record:
        found = None
        if self._sources.get(named.source) is not None:
            found = await self.record(named.source, Entity(named.kind), named.remote_id, selection)
        if found is None:
            raise NotFound(f"there is no {named.kind} with the id {named.encode()}")
        return found

    async def people(self, request: PeopleRequest) -> PeopleResult:
        """One page of a source's contacts as people, each joined with its matches in the other sources.

        Raises:
            BadRequest: the driving source is none, or not among *sources*.
        """
        others = joined_sources(request, self._sources)
        with entered(field_scope(request.options)):
            return await people_of(
                request,
                await self._list(driving_list(request, self._sources)),
                others,
                matching=self._matching,
                profiles=self._profiles,
                relations=self._relations,
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
        return self._platforms()

    async def describe(self, source: str) -> Description:
        """What an account is and can do, from cached metadata."""
        return (await self._account(source)).description

    def quotas(self, source: str) -> Sequence[Quota]:
        """An account's limits as last known."""
        return self._source_of(source).connector.quotas()

    async def aclose(self) -> None:
        """End what is still being read for this request."""
        await self._batches.cancel()

    async def _account(self, key: str) -> Account:
        return await self._accounts.of(self._source_of(key))

    def _source_of(self, key: str) -> Source:
        found = self._sources.get(key)
        if found is None:
            raise OurBug(f"something was asked of source {key}, which is not connected")
        return found

    def _note(self, source: str, error: GatewayError) -> None:
        self.failures.setdefault(source, failure_of(error))

"""The matches of records: looked for in all other sources at once, scored, and set right by what people decided."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from aiodataloader import DataLoader

from model.entities import Entity, Record
from model.errors import GatewayError, StoreUnavailable, UnsupportedBySource
from model.fields import public_name
from model.ids import GlobalId
from model.query import Selection, union
from model.reading import (
    IDENTITY,
    Decision,
    Match,
    MatchRequest,
    MatchResult,
    MatchState,
    Outcome,
    OutcomeStatus,
)
from resolvers.identity.decisions import Decisions
from resolvers.identity.lookup import Search, Side, look, place_of
from resolvers.identity.profile import Profile
from resolvers.identity.profiles import Profiles
from resolvers.identity.score import Likeness
from resolvers.known import Known, entity_of
from resolvers.lists import failure_of
from resolvers.loaders import Batches
from resolvers.relations import Relations, awaited
from resolvers.sources import Source, Sources

__all__ = ["Decided", "Matching", "id_of", "outcome_of"]

_STORE_IS_OUT = "the store cannot be read: what people confirmed or rejected is not known"


def id_of(record: Record) -> GlobalId:
    """The global id of *record*."""
    return GlobalId(entity_of(record).value, record.source, record.remote_id)


class Decided:
    """What people decided about some records."""

    def __init__(self, decisions: Sequence[Decision], *, is_known: bool = True) -> None:
        self.is_known = is_known
        self._by_record: dict[GlobalId, dict[GlobalId, Decision]] = defaultdict(dict)
        for item in decisions:
            self._by_record[item.a][item.b] = item
            self._by_record[item.b][item.a] = item

    def about(self, record: GlobalId) -> dict[GlobalId, Decision]:
        """Decisions about *record*, by the other one."""
        return self._by_record.get(record, {})


class Matching:
    """Finds matches for one request; records that are asked about together share their look-ups.

    Args:
        on_failure: told what each source could not deliver.
    """

    def __init__(
        self,
        *,
        sources: Sources,
        profiles: Profiles,
        relations: Relations,
        known: Known,
        batches: Batches,
        decisions: Decisions,
        on_failure: Callable[[str, GatewayError], None],
    ) -> None:
        self._sources = sources
        self._profiles = profiles
        self._relations = relations
        self._known = known
        self._batches = batches
        self._decisions = decisions
        self._on_failure = on_failure
        self._loaders: dict[tuple[Entity, MatchRequest], DataLoader[Any, Any]] = {}

    def of(self, record: Record, request: MatchRequest) -> Awaitable[MatchResult]:
        """The matches of *record*.

        Raises:
            BadRequest: *request* names no source there is.
        """
        self._sources.chosen(request.sources)
        key = (entity_of(record), request)
        loader = self._loaders.get(key)
        if loader is None:

            async def load(wanted: list[_Wanted]) -> list[MatchResult | Exception]:
                return await self._load([item.record for item in wanted], *key)

            loader = self._loaders[key] = self._batches.loader(load)
        return loader.load(_Wanted(record))

    async def _load(
        self, records: Sequence[Record], entity: Entity, request: MatchRequest
    ) -> list[MatchResult | Exception]:
        try:
            wanted = await self._profiles.of(await self._profiles.whole(records))
        except GatewayError as error:
            return [error] * len(records)
        sides, decided = await asyncio.gather(
            self.sides(
                self._sources.chosen(request.sources),
                Search(entity=entity, wanted=wanted, selection=union([request.selection, IDENTITY[entity]])),
            ),
            self.decided(wanted),
        )
        others = await self._others(wanted, decided, sides, request.selection)
        results = [self._result(item, sides, decided, others, request) for item in wanted]
        matches = {place_of(match.record): match.record for result in results for match in result.items}
        await self._relations.prefetch(list(matches.values()), request.selection)
        return list(results)

    async def sides(self, sources: Sequence[Source], search: Search) -> list[Side]:
        """What each of *sources* has of those wanted that live elsewhere; all are asked at once."""
        asked = []
        for source in sources:
            others = [item for item in search.wanted if item.record.source != source.key]
            if others:
                asked.append(look(source, replace(search, wanted=others), profiles=self._profiles, known=self._known))
        sides = await asyncio.gather(*asked)
        for side in sides:
            if side.failure is not None:
                self._on_failure(side.source.key, side.failure)
        return list(sides)

    async def decided(self, wanted: Sequence[Profile]) -> Decided:
        """What people decided about those wanted."""
        try:
            return Decided(await self._decisions.of([id_of(item.record) for item in wanted]))
        except StoreUnavailable:
            return Decided((), is_known=False)

    async def _others(
        self, wanted: Sequence[Profile], decided: Decided, sides: Sequence[Side], selection: Selection
    ) -> dict[GlobalId, Record]:
        """The other records of all decisions; those that no look-up brought are read."""
        brought = {id_of(item.record): item.record for side in sides for item in side.candidates.values()}
        others = {other for item in wanted for other in decided.about(id_of(item.record))}
        found = {other: brought[other] for other in others if other in brought}
        return found | await self.records(sorted(others - found.keys(), key=GlobalId.encode), selection)

    async def records(self, ids: Sequence[GlobalId], selection: Selection) -> dict[GlobalId, Record]:
        """Records by their global ids; those that are gone, or whose source is, or does not answer, are left out."""
        read = [self._record(item, selection) for item in ids]
        records = await asyncio.gather(*read)
        return {item: record for item, record in zip(ids, records, strict=True) if record is not None}

    async def _record(self, item: GlobalId, selection: Selection) -> Record | None:
        source = self._sources.get(item.source)
        if source is None:
            return None
        entity = Entity(item.kind)
        try:
            account = await self._profiles.account(source)
            wanted = union([selection, IDENTITY[entity]])
            return await awaited(self._relations.record(account, entity, item.remote_id, wanted))
        except GatewayError:
            return None

    def _result(
        self,
        item: Profile,
        sides: Sequence[Side],
        decided: Decided,
        others: dict[GlobalId, Record],
        request: MatchRequest,
    ) -> MatchResult:
        own = item.record
        sides = [side for side in sides if side.source.key != own.source]
        about = decided.about(id_of(own))
        likely = {
            id_of(side.candidates[place].record): (side.candidates[place].record, likeness)
            for side in sides
            for place, likeness in side.found.get(place_of(own), {}).items()
        }
        asked = {source.key for source in self._sources.chosen(request.sources)}
        told = {
            other: (others[other], _DECIDED)
            for other in about
            if other in others and other not in likely and other.source in asked
        }
        matches = [_match(record, likeness, about.get(other)) for other, (record, likeness) in (likely | told).items()]
        kept = [match for match in matches if request.with_rejected or match.state is not MatchState.REJECTED]
        is_whole = all(side.is_whole and place_of(own) not in side.lacking for side in sides)
        is_everywhere = asked | {own.source} >= {source.key for source in self._sources}
        return MatchResult(
            items=sorted(kept, key=_rank),
            is_exhaustive=is_whole and is_everywhere and decided.is_known and not self._unread(about, others),
            outcomes=[outcome_of(side, _rows(kept, side), is_decided=decided.is_known) for side in sides],
        )

    def _unread(self, about: dict[GlobalId, Decision], others: dict[GlobalId, Record]) -> bool:
        """Whether a confirmed record of a connected source was not given."""
        return any(
            decision.state is MatchState.CONFIRMED and other not in others and self._sources.get(other.source)
            for other, decision in about.items()
        )


_DECIDED = Likeness(1.0)


class _Wanted:
    """A loader key that compares by where a record lives, and carries it along."""

    __slots__ = ("place", "record")

    def __init__(self, record: Record) -> None:
        self.record = record
        self.place = place_of(record)

    def __hash__(self) -> int:
        return hash(self.place)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Wanted) and self.place == other.place


def _match(record: Record, likeness: Likeness, decision: Decision | None) -> Match:
    """What people decided wins over any score."""
    if decision is None:
        state = MatchState.CERTAIN if likeness.is_certain else MatchState.SUGGESTED
        return Match(record=record, score=likeness.score, evidence=likeness.evidence, state=state)
    is_confirmed = decision.state is MatchState.CONFIRMED
    told = f"{'confirmed' if is_confirmed else 'rejected'} on {decision.decided_at[:10]}"
    return Match(
        record=record,
        score=1.0 if is_confirmed else 0.0,
        evidence=(told, *likeness.evidence),
        state=decision.state,
    )


_STATES = (MatchState.CONFIRMED, MatchState.CERTAIN, MatchState.SUGGESTED, MatchState.REJECTED)


def _rank(match: Match) -> tuple[int, float, str, str]:
    return _STATES.index(match.state), -match.score, match.record.source, match.record.remote_id


def _rows(matches: Sequence[Match], side: Side) -> int:
    return sum(1 for match in matches if match.record.source == side.source.key)


def outcome_of(side: Side, rows: int, *, is_decided: bool) -> Outcome:
    """How one source took part; its calls are those made for all records that were looked for together."""
    notes = [*side.notes]
    if side.unasked:
        told = ", ".join(sorted(map(public_name, side.unasked)))
        notes.append(f"{side.source.key} cannot be asked for {told} in a way that narrows its records")
    if not is_decided:
        notes.append(_STORE_IS_OUT)
    return Outcome(
        source=side.source.key,
        status=_status(side),
        rows=rows,
        is_exact=side.is_exact and not side.unasked,
        notes=tuple(notes),
        upstream_calls=side.scope.data_calls,
        latency_ms=round(side.latency_s * 1000, 3),
        fetched_at=side.fetched_at,
        error=None if side.failure is None else failure_of(side.failure),
    )


def _status(side: Side) -> OutcomeStatus:
    if side.failure is None:
        return OutcomeStatus.OK if side.is_whole else OutcomeStatus.PARTIAL
    if side.candidates:
        return OutcomeStatus.PARTIAL
    return OutcomeStatus.SKIPPED if isinstance(side.failure, UnsupportedBySource) else OutcomeStatus.FAILED

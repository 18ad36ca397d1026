"""What one source does for one search, and what it cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from connectors.scope import Scope, entered
from model.entities import Entity
from model.errors import GatewayError, OurBug, SourceError
from model.page import Searched
from model.query import SearchQuery
from model.reading import SearchRequest
from model.values import instant_text
from resolvers.accounts import Accounts
from resolvers.guard import reading
from resolvers.search.merge import HitLane
from resolvers.search.plan import SearchPlan, plan_source
from resolvers.sources import Source

__all__ = ["SourceSearch"]


@dataclass(slots=True, eq=False)
class SourceSearch:
    """One source's part in one search.

    Attributes:
        lanes: one for each type that is searched.
        scope: its own part of the request's.
        plan: None until it is described.
        latency_s: how long it was read.
        fetched_at: when its last hits came, as an instant.
    """

    source: Source
    lanes: Sequence[HitLane]
    scope: Scope
    plan: SearchPlan | None = None
    latency_s: float = 0.0
    fetched_at: str | None = None

    @property
    def failures(self) -> list[GatewayError]:
        """What its types met, each error once."""
        return list(dict.fromkeys(lane.failure for lane in self.lanes if lane.failure is not None))

    @property
    def is_out(self) -> bool:
        """Whether every type of it that takes part failed, now or earlier in the walk."""
        parts = [lane for lane in self.lanes if lane.takes_part]
        return bool(parts) and all(lane.is_out for lane in parts)

    @property
    def rows(self) -> int:
        """Hits that the page has of it."""
        return sum(len(set(lane.taken)) for lane in self.lanes)

    async def fill(self, request: SearchRequest, accounts: Accounts) -> None:
        """Read the next hits of every type that needs some; what goes wrong stays with the types."""
        wanted = [lane for lane in self.lanes if lane.needs_filling]
        if not wanted:
            return
        started = perf_counter()
        try:
            with entered(self.scope):
                async with reading(self.source.key):
                    plan = await self._planned(request, accounts)
                    wanted = self._offered(wanted, plan)
                    if wanted:
                        self._keep(wanted, await self._asked(wanted, plan))
        except GatewayError as error:
            for lane in wanted:
                lane.failure = error
        finally:
            self.latency_s += perf_counter() - started
        self._tell_source(wanted, is_hurried=request.options.is_hurried)

    async def _planned(self, request: SearchRequest, accounts: Accounts) -> SearchPlan:
        if self.plan is None:
            self.plan = plan_source(request, await accounts.of(self.source))
        return self.plan

    @staticmethod
    def _offered(wanted: Sequence[HitLane], plan: SearchPlan) -> list[HitLane]:
        """Those of *wanted* that the source searches; the others have no hits."""
        for lane in wanted:
            lane.has_more = lane.is_offered = lane.entity in plan.split.entities
        return [lane for lane in wanted if lane.is_offered]

    @staticmethod
    async def _asked(wanted: Sequence[HitLane], plan: SearchPlan) -> Mapping[Entity, Searched | SourceError]:
        query = SearchQuery(
            text=plan.query.text,
            selections={lane.entity: plan.query.selections[lane.entity] for lane in wanted},
            limit=plan.query.limit,
        )
        return await plan.connector.search(query, {lane.entity: lane.rank for lane in wanted})

    def _keep(self, wanted: Sequence[HitLane], found: Mapping[Entity, Searched | SourceError]) -> None:
        for lane in wanted:
            result = found.get(lane.entity)
            if result is None:
                raise OurBug(f"{self.source.key}: a search gave nothing for {lane.entity.value} records")
            if isinstance(result, SourceError):
                lane.failure = result
                continue
            if result.has_more and not result.hits:
                raise OurBug(f"{self.source.key}: a search promises more hits and gives none")
            lane.hits.extend(result.hits)
            lane.has_more = result.has_more
            self.fetched_at = instant_text(datetime.now(UTC))

    def _tell_source(self, wanted: Sequence[HitLane], *, is_hurried: bool) -> None:
        failed = [lane.failure for lane in wanted if lane.failure is not None]
        is_out = bool(failed) and len(failed) == len(wanted)
        self.source.met(failed[0] if is_out else None, is_hurried=is_hurried)

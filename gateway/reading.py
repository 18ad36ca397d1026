"""Reads with what only the host can add: explaining a document by planning it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from model.capabilities import Quota
from model.entities import Entity, Record
from model.query import Selection
from model.reading import (
    AggregateRequest,
    AggregateResult,
    ListRequest,
    ListResult,
    PeopleRequest,
    PeopleResult,
    Planned,
    PlanResult,
    PlanStep,
    PlatformInfo,
    SearchRequest,
    SearchResult,
)
from resolvers import (
    Cursors,
    Decisions,
    Rates,
    ReadLimits,
    Reads,
    Sources,
    aggregate_steps,
    driving_list,
    joined_sources,
    list_steps,
    match_steps,
    record_steps,
    search_steps,
)

__all__ = ["Explain", "PlanningReads", "RequestReads"]

_DAY_S = 86_400.0

Explain = Callable[[str, Mapping[str, object]], Awaitable[PlanResult]]
"""What a document would do and cost."""


class RequestReads(Reads):
    """One request's reads, able to explain a document."""

    def __init__(
        self,
        *,
        sources: Sources,
        cursors: Cursors,
        limits: ReadLimits,
        platforms: Callable[[], Sequence[PlatformInfo]],
        rates: Rates,
        decisions: Decisions,
        explain: Explain,
    ) -> None:
        super().__init__(
            sources=sources, cursors=cursors, limits=limits, platforms=platforms, rates=rates, decisions=decisions
        )
        self._explain = explain

    async def explain(self, document: str, variables: Mapping[str, object]) -> PlanResult:
        """What *document* would do and cost, without doing it."""
        return await self._explain(document, variables)


class PlanningReads(Reads):
    """Reads that plan every root field in place of reading it, and give no row, so that no relation is followed.

    Attributes:
        steps: what would be asked, in the order of the fields.
        notes: what is to be said of it, once each.
    """

    def __init__(
        self, *, sources: Sources, cursors: Cursors, limits: ReadLimits, platforms: Callable[[], Sequence[PlatformInfo]]
    ) -> None:
        super().__init__(sources=sources, cursors=cursors, limits=limits, platforms=platforms)
        self.steps: list[PlanStep] = []
        self.notes: dict[str, None] = {}
        self._shared: list[PlanStep] = []
        self._lists: list[ListRequest] = []
        self._records: list[tuple[str, Entity, Selection]] = []

    async def list(self, request: ListRequest) -> ListResult:
        """Plan a list and answer it empty; the same list under another name shares its calls."""
        if request not in self._lists:
            self._lists.append(request)
            self._keep(await list_steps(request, sources=self._sources, limits=self._limits))
            for source in self._sources.chosen(request.sources):
                await self._keep_matches(source.key, request.entity, request.selection, parents=request.first)
        return ListResult(
            records=(),
            has_next_page=False,
            has_previous_page=False,
            cursor_of=lambda _: "",
            outcomes=(),
        )

    async def search(self, request: SearchRequest) -> SearchResult:
        """Plan a search and answer it empty."""
        self._keep(await search_steps(request, sources=self._sources, limits=self._limits))
        for source in self._sources.chosen(request.sources):
            for entity, selection in request.selections.items():
                await self._keep_matches(source.key, entity, selection, parents=request.first)
        return SearchResult(hits=(), has_next_page=False, has_previous_page=False, cursor_of=lambda _: "", outcomes=())

    async def aggregate(self, request: AggregateRequest) -> AggregateResult:
        """Plan an aggregate and answer it without a group."""
        self._keep(await aggregate_steps(request, sources=self._sources, limits=self._limits))
        return AggregateResult(groups=(), outcomes=())

    def _keep(self, planned: Planned) -> None:
        shared = [step for step in planned.shared if step not in self._shared]
        self._shared += shared
        self.steps += [*shared, *planned.steps]
        self.notes |= dict.fromkeys(planned.notes)

    async def record(self, source: str, entity: Entity, remote_id: str, selection: Selection) -> Record | None:
        """Plan a single record and answer that there is none; several of one kind are read together."""
        found = self._sources.chosen((source,))[0]
        wanted = (source, entity, selection)
        if wanted not in self._records and found.connector.canonical_id(entity, remote_id) is not None:
            self._records.append(wanted)
            self._keep(await record_steps(found, entity, selection))
            await self._keep_matches(source, entity, selection, parents=1)
        return None

    async def people(self, request: PeopleRequest) -> PeopleResult:
        """Plan a page of people and answer it empty."""
        others, driving = joined_sources(request, self._sources), driving_list(request, self._sources)
        await self.list(driving)
        joined = Selection(matches=driving.selection)
        planned = Planned()
        planned.steps += await match_steps(
            request.driven_by,
            Entity.CONTACT,
            joined,
            parents=request.first,
            sources=others,
            notes=planned.notes,
            in_steps=True,
        )
        self._keep(planned)
        return PeopleResult(
            people=(), has_next_page=False, has_previous_page=False, cursor_of=lambda _: "", outcomes=()
        )

    async def _keep_matches(self, source: str, entity: Entity, selection: Selection, *, parents: int) -> None:
        planned = Planned()
        planned.steps += await match_steps(
            source, entity, selection, parents=parents, sources=tuple(self._sources), notes=planned.notes
        )
        self._keep(planned)

    async def explain(self, document: str, variables: Mapping[str, object]) -> PlanResult:
        """An explanation inside an explanation plans nothing further."""
        del document, variables
        return PlanResult(is_allowed=True, estimated_calls=0, steps=())

    def result(self, refused: Sequence[str]) -> PlanResult:
        """The plan; *refused* says why the document would not run."""
        steps = tuple(replace(step, quota_cost=step.quota_cost or self._quota_cost(step)) for step in self.steps)
        calls = sum(step.estimated_calls for step in steps)
        return PlanResult(is_allowed=not refused, estimated_calls=calls, steps=steps, notes=(*refused, *self.notes))

    def _quota_cost(self, step: PlanStep) -> str | None:
        """What *step* takes of the limits that are named after its operation, and of the day's, which all calls take.

        None where no limit of the source is known to count it.
        """
        source = self._sources.get(step.source)
        if source is None or not step.estimated_calls:
            return None
        told = [
            f"{step.estimated_calls} of {quota.limit} {_window(quota)}"
            for quota in source.connector.quotas()
            if quota.limit is not None and (quota.name == step.operation or (quota.window_s or 0) >= _DAY_S)
        ]
        return ", ".join(told) or None


def _window(quota: Quota) -> str:
    """What a limit counts and for how long, such as "search calls in 1 s"."""
    is_daily = quota.window_s == _DAY_S
    return "calls in 24 h" if is_daily else f"{quota.name} calls in {quota.window_s or 0:g} s"

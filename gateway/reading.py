"""Reads with what only the host can add: explaining a document by planning it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from model.capabilities import Description, Quota
from model.entities import Entity, Pipeline, Record, Stage
from model.errors import OurBug
from model.query import Selection
from model.reading import (
    ListRequest,
    ListResult,
    PlanResult,
    PlanStep,
    PlatformInfo,
    RelatedList,
    SourceInfo,
)
from model.values import Ref
from resolvers import Cursors, ReadLimits, Reads, Sources, list_steps, record_steps

__all__ = ["Explain", "PlanningReads", "RequestReads"]

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
        platforms: Sequence[PlatformInfo],
        explain: Explain,
    ) -> None:
        super().__init__(sources=sources, cursors=cursors, limits=limits, platforms=platforms)
        self._explain = explain

    async def explain(self, document: str, variables: Mapping[str, object]) -> PlanResult:
        """What *document* would do and cost, without doing it."""
        return await self._explain(document, variables)


class PlanningReads:
    """Stands in for reads while a document is explained: it plans every root field and reads no row.

    Attributes:
        steps: what would be asked, in the order of the fields.
        notes: deviations and refusals.
    """

    def __init__(self, *, sources: Sources, limits: ReadLimits, inner: Reads) -> None:
        self.steps: list[PlanStep] = []
        self.notes: list[str] = []
        self._sources = sources
        self._limits = limits
        self._inner = inner

    async def list(self, request: ListRequest) -> ListResult:
        """Plan a list and answer it empty."""
        steps = await list_steps(request, sources=self._sources, limits=self._limits)
        self.steps.extend(steps)
        return ListResult(
            records=(),
            has_next_page=False,
            has_previous_page=False,
            cursor_of=lambda _: "",
            outcomes=(),
        )

    async def record(self, source: str, entity: Entity, remote_id: str, selection: Selection) -> Record | None:
        """Plan a single record and answer that there is none."""
        del remote_id
        found = self._sources.get(source)
        if found is not None:
            self.steps.extend(await record_steps(found, entity, selection))
        return None

    async def related_one(self, parent: Record, relation: str, selection: Selection) -> Record | None:
        """Never asked: no row is ever there to follow."""
        raise OurBug(f"{relation} of {parent.remote_id} was followed while planning {selection}")

    async def related_many(
        self, parent: Record, relation: str, *, first: int, after: str | None, selection: Selection
    ) -> RelatedList:
        """Never asked: no row is ever there to follow."""
        raise OurBug(f"{relation} of {parent.remote_id} was followed while planning {first} {after} {selection}")

    async def referred(self, source: str, ref: Ref, selection: Selection) -> Record | None:
        """Never asked: no row is ever there to follow."""
        raise OurBug(f"{ref} of {source} was followed while planning {selection}")

    async def pipeline(self, source: str, remote_id: str) -> Pipeline | None:
        """As reading does: it costs no call."""
        return await self._inner.pipeline(source, remote_id)

    async def stage(self, source: str, remote_id: str) -> Stage | None:
        """As reading does: it costs no call."""
        return await self._inner.stage(source, remote_id)

    def sources(self) -> Sequence[SourceInfo]:
        """As reading does."""
        return self._inner.sources()

    def source(self, key: str) -> SourceInfo | None:
        """As reading does."""
        return self._inner.source(key)

    def platforms(self) -> Sequence[PlatformInfo]:
        """As reading does."""
        return self._inner.platforms()

    async def describe(self, source: str) -> Description:
        """As reading does: it costs no data call."""
        return await self._inner.describe(source)

    def quotas(self, source: str) -> Sequence[Quota]:
        """As reading does."""
        return self._inner.quotas(source)

    async def explain(self, document: str, variables: Mapping[str, object]) -> PlanResult:
        """An explanation inside an explanation plans nothing further."""
        del document, variables
        return PlanResult(is_allowed=True, estimated_calls=0, steps=())

    def result(self, refused: Sequence[str]) -> PlanResult:
        """The plan; *refused* says why the document would not run."""
        return PlanResult(
            is_allowed=not refused,
            estimated_calls=sum(step.estimated_calls for step in self.steps),
            steps=tuple(self.steps),
            notes=(*refused, *self.notes),
        )

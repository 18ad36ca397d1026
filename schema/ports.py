"""What the schema needs from whoever joins the sources; the wiring gives it an implementation.

The plain values that cross this line are `model.reading`'s.
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Protocol

from model.capabilities import Description, Quota
from model.entities import Entity, Pipeline, Record, Stage
from model.ids import GlobalId
from model.query import Selection
from model.reading import (
    AggregateRequest,
    AggregateResult,
    CustomField,
    Eventually,
    ListRequest,
    ListResult,
    MatchRequest,
    MatchResult,
    MatchState,
    PeopleRequest,
    PeopleResult,
    PlanResult,
    PlatformInfo,
    RelatedList,
    SearchRequest,
    SearchResult,
    SourceInfo,
)
from model.values import DecimalText, Money, Ref

__all__ = ["Reads"]


class Reads(Protocol):
    """Reading, for one request; methods raise `model.errors` and return None for what does not exist.

    Relations answer at once where the rows are known: most are, for a list reads what its selection follows.
    """

    async def list(self, request: ListRequest) -> ListResult:
        """One ordered page over the sources."""

    async def search(self, request: SearchRequest) -> SearchResult:
        """One page of hits over the sources, best first."""

    async def aggregate(self, request: AggregateRequest) -> AggregateResult:
        """Groups over the sources, in the order of their keys."""

    def converted(self, amount: Money, to: str) -> DecimalText:
        """*amount* in the currency *to*, rounded to its minor unit."""

    async def record(self, source: str, entity: Entity, remote_id: str, selection: Selection) -> Record | None:
        """One record by its id."""

    def related_one(self, parent: Record, relation: str, selection: Selection) -> Eventually[Record | None]:
        """The record at the other end of a to-one relation."""

    def related_many(
        self, parent: Record, relation: str, *, first: int, after: str | None, selection: Selection
    ) -> Eventually[RelatedList | None]:
        """The first rows of a to-many relation; *after* only where *parent* is a single-record root.

        None where the source has no such relation.
        """

    def matches(self, record: Record, request: MatchRequest) -> Awaitable[MatchResult]:
        """The same person or company in other sources."""

    async def people(self, request: PeopleRequest) -> PeopleResult:
        """One page of a source's contacts as people, each joined with its matches in the other sources."""

    async def decide(self, a: GlobalId, b: GlobalId, state: MatchState, request: MatchRequest) -> MatchResult:
        """Keep that two records are of one person or company, or of two; the matches of *a* after that."""

    def referred(self, source: str, ref: Ref, selection: Selection) -> Eventually[Record | None]:
        """The record a value points to, such as an attendee's contact."""

    def custom_fields(self, record: Record, keys: Sequence[str]) -> Eventually[Sequence[CustomField]]:
        """The CRM's own fields of *record* under *keys*, in their order; those its source does not have left out."""

    async def pipeline(self, source: str, remote_id: str) -> Pipeline | None:
        """A pipeline, from cached metadata."""

    async def stage(self, source: str, remote_id: str) -> Stage | None:
        """A stage, from cached metadata; its remote id is unique in its source."""

    def sources(self) -> Sequence[SourceInfo]:
        """Every connected source, in the config's order."""

    def source(self, key: str) -> SourceInfo | None:
        """One connected source."""

    def platforms(self) -> Sequence[PlatformInfo]:
        """Every platform this installation knows, in alphabetical order."""

    async def describe(self, source: str) -> Description:
        """What an account is and can do, from cached metadata."""

    def quotas(self, source: str) -> Sequence[Quota]:
        """An account's limits as last known."""

    async def explain(self, document: str, variables: Mapping[str, object]) -> PlanResult:
        """What *document* would do and cost, without doing it."""

"""A `Reads` over records in memory: it hands out only the fields that were asked for, and notes what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from model.capabilities import Description, Quota
from model.entities import Entity, Pipeline, Record, Stage, record_type
from model.errors import Unsupported
from model.evaluate import evaluate, sorted_records
from model.fields import RELATIONS, custom_of
from model.ids import GlobalId
from model.page import Hit, Link
from model.query import Selection
from model.reading import (
    AggregateRequest,
    AggregateResult,
    CustomField,
    ListRequest,
    ListResult,
    MatchRequest,
    MatchResult,
    MatchState,
    Outcome,
    OutcomeStatus,
    PeopleRequest,
    PeopleResult,
    PlanResult,
    PlatformInfo,
    RelatedItem,
    RelatedList,
    SearchRequest,
    SearchResult,
    SourceInfo,
)
from model.values import UNSET, Money, Ref

__all__ = ["Shelf"]


@dataclass
class Shelf:
    """Records and what surrounds them.

    Attributes:
        links: of to-many relations, by (source, remote id of the parent, relation).
        failing: raised instead of any answer.
        asked: every call with a selection, oldest first, as (method, what it named, selection).
        found: what every record matches.
        persons: what every people field gives.
        looked_for: every record whose matches were asked for, and how; decisions with their state before.
        walked: every people field asked.
        requests: every list asked.
        aggregates: every aggregate asked; each is answered by *groups*.
        searches: every search asked.
        cursors: indexes that a cursor was made for.
    """

    records: Sequence[Record] = ()
    links: Mapping[tuple[str, str, str], Sequence[Link]] = field(default_factory=dict)
    descriptions: Mapping[str, Description] = field(default_factory=dict)
    infos: Sequence[SourceInfo] = ()
    limits: Mapping[str, Sequence[Quota]] = field(default_factory=dict)
    plan: PlanResult = field(default_factory=lambda: PlanResult(is_allowed=True, estimated_calls=0, steps=()))
    outcomes: Sequence[Outcome] | None = None
    failing: Exception | None = None
    found: MatchResult = field(default_factory=lambda: MatchResult(items=(), is_exhaustive=True, outcomes=()))
    persons: PeopleResult | None = None
    looked_for: list[tuple[str, MatchRequest]] = field(default_factory=list)
    walked: list[PeopleRequest] = field(default_factory=list)
    asked: list[tuple[str, str, Selection]] = field(default_factory=list)
    requests: list[ListRequest] = field(default_factory=list)
    aggregates: list[AggregateRequest] = field(default_factory=list)
    groups: AggregateResult = field(default_factory=lambda: AggregateResult(groups=(), outcomes=()))
    searches: list[SearchRequest] = field(default_factory=list)
    cursors: list[int] = field(default_factory=list)
    explained: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    async def list(self, request: ListRequest) -> ListResult:
        """The records that match, in order, cut to the page."""
        self.requests.append(request)
        self._fail()
        entity = request.entity
        rows = [record for record in self.records if type(record) is record_type(entity)]
        rows = [record for record in rows if evaluate(request.where, record, entity=entity)]
        rows = sorted_records(rows, entity=entity, order=request.order, id_key=str)
        start = int(request.after or 0)
        page = rows[start : start + request.first]

        def cursor_of(index: int) -> str:
            self.cursors.append(index)
            return str(start + index + 1)

        return ListResult(
            records=[_narrowed(record, entity, request.selection) for record in page],
            has_next_page=start + request.first < len(rows),
            has_previous_page=start > 0,
            cursor_of=cursor_of,
            outcomes=self._outcomes(page),
            total_count=len(rows) if request.wants_total else None,
        )

    async def search(self, request: SearchRequest) -> SearchResult:
        """The records of the types asked for whose name has the text, cut to the page."""
        self.searches.append(request)
        self._fail()
        names = ("last_name", "name", "title")
        hits = [
            Hit(_narrowed(record, entity, selection), (name,))
            for entity, selection in request.selections.items()
            for record in self.records
            for name in names
            if type(record) is record_type(entity) and request.text in (getattr(record, name, None) or "")
        ]
        start = int(request.after or 0)
        return SearchResult(
            hits=hits[start : start + request.first],
            has_next_page=start + request.first < len(hits),
            has_previous_page=start > 0,
            cursor_of=lambda index: str(start + index + 1),
            outcomes=self._outcomes([hit.record for hit in hits]),
        )

    async def aggregate(self, request: AggregateRequest) -> AggregateResult:
        """The groups that were put here."""
        self.aggregates.append(request)
        self._fail()
        return self.groups

    def converted(self, amount: Money, to: str) -> str:
        """The amount, in a currency that is worth ten of any other."""
        if to != "TEN":
            raise Unsupported(f"no exchange rate from {amount.currency} to {to}")
        return f"{Decimal(amount.amount) / 10:f}"

    async def record(self, source: str, entity: Entity, remote_id: str, selection: Selection) -> Record | None:
        """The record, if it is here."""
        self.asked.append(("record", f"{source}/{entity}/{remote_id}", selection))
        self._fail()
        return self._found(source, entity, remote_id, selection)

    async def related_one(self, parent: Record, relation: str, selection: Selection) -> Record | None:
        """The record that the parent's Ref names."""
        self.asked.append(("related_one", f"{parent.remote_id}.{relation}", selection))
        ref = getattr(parent, relation)
        assert ref is not UNSET, f"{relation} was followed and not asked for with its parent"
        return ref and self._found(parent.source, Entity(ref.entity), ref.remote_id, selection)

    async def related_many(
        self, parent: Record, relation: str, *, first: int, after: str | None, selection: Selection
    ) -> RelatedList:
        """The parent's links, cut to the page."""
        self.asked.append(("related_many", f"{parent.remote_id}.{relation} first={first} after={after}", selection))
        links = self.links.get((parent.source, parent.remote_id, relation), ())
        start = int(after or 0)
        items = []
        for link in links[start : start + first]:
            record = self._found(parent.source, Entity(link.ref.entity), link.ref.remote_id, selection)
            assert record is not None
            items.append(RelatedItem(record=record, role=link.role, is_primary=link.is_primary))
        return RelatedList(
            items=items,
            has_next_page=start + first < len(links),
            has_previous_page=start > 0,
            cursor_of=lambda index: str(start + index + 1),
        )

    async def referred(self, source: str, ref: Ref, selection: Selection) -> Record | None:
        """The record a value points to."""
        self.asked.append(("referred", f"{source}/{ref.entity}/{ref.remote_id}", selection))
        return self._found(source, Entity(ref.entity), ref.remote_id, selection)

    def custom_fields(self, record: Record, keys: Sequence[str]) -> Sequence[CustomField]:
        """What the record holds under the keys that are described."""
        described = {item.remote_field: item for item in self.descriptions[record.source].remote_fields[_of(record)]}
        assert record.custom is not UNSET, "own fields were shown and not asked for"
        return [CustomField(key, described[key], record.custom[key]) for key in keys if key in described]

    async def pipeline(self, source: str, remote_id: str) -> Pipeline | None:
        """A described pipeline."""
        return next((item for item in self.descriptions[source].pipelines if item.remote_id == remote_id), None)

    async def stage(self, source: str, remote_id: str) -> Stage | None:
        """A described stage."""
        stages = (stage for item in self.descriptions[source].pipelines for stage in item.stages)
        return next((stage for stage in stages if stage.remote_id == remote_id), None)

    def sources(self) -> Sequence[SourceInfo]:
        """All of them."""
        return self.infos

    def source(self, key: str) -> SourceInfo | None:
        """One of them."""
        return next((info for info in self.infos if info.key == key), None)

    def platforms(self) -> Sequence[PlatformInfo]:
        """Those of the sources."""
        return list({info.platform.key: info.platform for info in self.infos}.values())

    async def describe(self, source: str) -> Description:
        """What was put here for the source."""
        self._fail()
        return self.descriptions[source]

    def quotas(self, source: str) -> Sequence[Quota]:
        """What was put here for the source."""
        return self.limits.get(source, ())

    async def explain(self, document: str, variables: Mapping[str, object]) -> PlanResult:
        """The plan that was put here."""
        self.explained.append((document, variables))
        return self.plan

    async def matches(self, record: Record, request: MatchRequest) -> MatchResult:
        """What was put here."""
        self.looked_for.append((record.remote_id, request))
        self._fail()
        return self.found

    async def decide(self, a: GlobalId, b: GlobalId, state: MatchState, request: MatchRequest) -> MatchResult:
        """What was put here."""
        self.looked_for.append((f"{state} {a.remote_id} {b.remote_id}", request))
        self._fail()
        return self.found

    async def people(self, request: PeopleRequest) -> PeopleResult:
        """What was put here."""
        self.walked.append(request)
        self._fail()
        assert self.persons is not None
        return self.persons

    def selection_of(self, method: str, what: str) -> Selection:
        """The selection of the only call of *method* about *what*."""
        (selection,) = [asked[2] for asked in self.asked if asked[0] == method and asked[1].startswith(what)]
        return selection

    def _fail(self) -> None:
        if self.failing is not None:
            raise self.failing

    def _found(self, source: str, entity: Entity, remote_id: str, selection: Selection) -> Record | None:
        for record in self.records:
            if type(record) is record_type(entity) and (record.source, record.remote_id) == (source, remote_id):
                return _narrowed(record, entity, selection)
        return None

    def _outcomes(self, page: Sequence[Record]) -> Sequence[Outcome]:
        if self.outcomes is not None:
            return self.outcomes
        rows = {info.key: sum(record.source == info.key for record in page) for info in self.infos}
        return [Outcome(source=key, status=OutcomeStatus.OK, rows=count) for key, count in rows.items()]


def _of(record: Record) -> Entity:
    return next(entity for entity in Entity if type(record) is record_type(entity))


def _narrowed(record: Record, entity: Entity, selection: Selection) -> Record:
    """*record* with only what *selection* asks for, and the refs of the relations it follows."""
    kept = {"source", "remote_id", *selection.fields, *selection.relations}
    assert selection.relations.keys() <= RELATIONS[entity].keys()
    dropped: dict[str, Any] = {item.name: UNSET for item in fields(record) if item.name not in kept}
    own = {custom.key for name in selection.fields if (custom := custom_of(name)) is not None}
    if own and record.custom is not UNSET:
        dropped["custom"] = {key: value for key, value in record.custom.items() if key in own}
    return replace(record, **dropped)

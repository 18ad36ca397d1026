"""What a list would cost upstream, source by source, told before anybody is called.

The figures are the minimum on a warm gateway: metadata cached, tokens valid, no tie group across a page end, and no
more related rows than one batch read holds for each batch of parents.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil

from connectors.base import Counts
from model.capabilities import Description, RelationCapability, RelationMode, TypeCapability
from model.entities import Entity
from model.errors import GatewayError, UnsupportedBySource
from model.fields import path_of
from model.query import (
    EVERYTHING,
    NOTHING,
    And,
    Compare,
    MoneyBound,
    Not,
    Or,
    Order,
    Pointed,
    Predicate,
    RelationSelection,
    Selection,
    fields_in,
)
from model.reading import ListRequest, Planned, PlanStep
from resolvers.accounts import Account
from resolvers.custom import is_lacking
from resolvers.lists.behind import by_ids, look_ups, relation_of, substituted
from resolvers.lists.plan import SourcePlan, check_request, plan_source
from resolvers.lists.scans import plural_of, require_scan, scan_limit
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = ["Below", "described", "foreseen", "list_steps", "planned_for", "record_steps", "told", "told_all"]

_SAMPLE_IDS = ("1",)
"""Stands for ids that are still to be looked up: a connector's plan asks nobody whether they exist."""


async def list_steps(request: ListRequest, *, sources: Sources, limits: ReadLimits) -> Planned:
    """The steps of one list over its sources; of a source that cannot take part, why.

    Raises:
        BadRequest: the request is wrong.
    """
    check_request(request, max_first=limits.max_first)
    chosen = sources.chosen(request.sources)

    def add(account: Account, planned: Planned) -> None:
        source = account.source
        plan = foreseen(request, account, planned, is_alone=len(chosen) == 1, limits=limits)
        require_scan(plan, source=source.key, options=request.options)
        planned.steps.append(_page_step(request, source, plan))
        planned.notes += [f"{source.key}: {note}" for note in (*plan.notes, *_unpriced(plan, source, request, limits))]
        if not plan.is_void:
            planned.steps.extend(_below(request, account, plan))

    return await planned_for(chosen, add)


async def planned_for(sources: Iterable[Source], add: Callable[[Account, Planned], None]) -> Planned:
    """What *add* adds for each of *sources*; a source that it refuses, or that cannot be described, is a note."""
    planned = Planned()
    for source in sources:
        account = await described(source, planned.notes)
        if account is None:
            continue
        try:
            add(account, planned)
        except UnsupportedBySource as error:
            planned.notes.append(f"{source.key} is left out: {error.message}")
    return planned


async def described(source: Source, notes: list[str]) -> Account | None:
    """The source as described; where its metadata cannot be read, a plan's *notes* say so and it has no steps."""
    try:
        return Account.of(source, await source.connector.describe())
    except GatewayError as error:
        notes.append(f"{source.key} is left out: its metadata cannot be read: {error.message}")
        return None


def foreseen(
    request: ListRequest, account: Account, planned: Planned, *, is_alone: bool, limits: ReadLimits
) -> SourcePlan:
    """The plan of one source as far as it is known before any ids are looked up; the look-ups go into *planned*.

    Raises:
        UnsupportedBySource: it lacks the type or a field, or cannot answer such a query at all.
    """
    plan = plan_source(request, account, is_alone=is_alone)
    instead: dict[Predicate, Predicate | None] = {}
    roads: list[str] = []
    for piece, wanted in look_ups(plan, request).items():
        ids: tuple[str, ...] = ()
        relation, target = relation_of(piece) or "", plural_of(wanted.entity)
        try:
            if wanted.where != NOTHING:
                planned.shared.append(_look_up_step(account.source, wanted.plan(account, limits)))
                ids = _SAMPLE_IDS
        except UnsupportedBySource as error:
            roads.append(f"{relation} checked here on every row: {error.message}")
            continue
        roads.append(f"{relation} filtered in two steps: the ids of {target}, then {plural_of(request.entity)}")
        instead[piece] = by_ids(piece, ids, request.entity)
    if instead:
        second = plan_source(request, account, is_alone=is_alone, where=substituted(plan.where, instead))
        bare = plan_source(
            request, account, is_alone=is_alone, where=substituted(plan.where, dict.fromkeys(instead, EVERYTHING))
        )
        calls = second.split.calls or (0 if second.is_void else bare.split.calls)
        plan = replace(second, split=replace(second.split, calls=calls, vendor_query=None))
    return replace(plan, roads=tuple(roads))


def _look_up_step(source: Source, plan: SourcePlan) -> PlanStep:
    split = plan.split
    return PlanStep(
        source=source.key,
        operation=split.operation,
        entity=plan.query.entity,
        vendor_query=split.vendor_query,
        fields=split.remote_fields,
        pushed=told_all(split.pushed),
        residual=told_all(split.residual),
        estimated_calls=split.calls,
    )


def _unpriced(plan: SourcePlan, source: Source, request: ListRequest, limits: ReadLimits) -> Iterator[str]:
    """What is not priced: rows that are read to finish the list here beyond a page, and types not known before."""
    most = scan_limit(request.options, source=source, limits=limits)
    if not plan.is_void and _points_anywhere(request.selection):
        yield "reads the records that values point to with a call for each type among them; one is priced"
    if plan.is_void or plan.capability.is_cached:
        return
    if plan.is_sorted_here:
        yield f"reads every matching row, up to {most}, to sort them here"
    elif not plan.is_exact:
        yield f"reads up to {most} rows to find a page of those that match"


def _points_anywhere(selection: Selection) -> bool:
    """Whether records are wanted that values point to, whatever type they are."""
    inner = [item.selection for item in selection.pointed]
    inner += [item.selection for item in selection.relations.values()]
    return any(item.entity is None for item in selection.pointed) or any(map(_points_anywhere, inner))


def _below(request: ListRequest, account: Account, plan: SourcePlan) -> Iterator[PlanStep]:
    """Steps of what the selection follows from the rows, and of what must be followed to check them."""
    below = Below(
        source=account.source.key,
        description=account.description,
        parents=request.first,
        inline=plan.split.inline,
    )
    own = account.own.selection(request.entity, request.selection)
    followed = own.with_fields(*(name for name in fields_in(plan.residual) if path_of(name)))
    yield from below.links(request.entity, plan.unkeyed.difference(followed.relations))
    yield from below.steps(request.entity, followed)


async def record_steps(source: Source, entity: Entity, selection: Selection) -> Planned:
    """The steps of one record read by its id; where the source cannot give it, why."""

    def add(account: Account, planned: Planned) -> None:
        capability = account.description.types.get(entity)
        if capability is None:
            raise UnsupportedBySource(f"it offers no {entity.value} records", source=source.key)
        own = account.own.selection(entity, selection)
        below = Below(source=source.key, description=account.description, parents=1, inline=frozenset())
        planned.steps.append(_step(source.key, "by_ids", entity, sorted(own.fields), 0 if capability.is_cached else 1))
        planned.steps.extend(below.steps(entity, own))

    return await planned_for([source], add)


def _page_step(request: ListRequest, source: Source, plan: SourcePlan) -> PlanStep:
    split = plan.split
    order = () if plan.is_sorted_here else plan.order
    sorted_here = plan.order if plan.is_sorted_here else ()
    counts = request.wants_total and plan.counts_apart() and isinstance(source.connector, Counts)
    return PlanStep(
        source=source.key,
        operation=split.operation,
        entity=request.entity,
        vendor_query=split.vendor_query,
        fields=split.remote_fields,
        pushed=(*_told_ids(told_all(split.pushed)), *_told_order(order)),
        residual=(*_told_ids(told_all(split.residual)), *_told_order(sorted_here)),
        estimated_calls=split.calls + int(counts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """Steps of the relations of *parents* rows; *inline* names paths, such as "company.owner", that came along."""

    source: str
    description: Description
    parents: int
    inline: frozenset[str]

    def steps(self, entity: Entity, selection: Selection, path: str = "") -> Iterator[PlanStep]:
        """A step for each relation, and one for all whose Refs of one type are read together."""
        followed = list(self._followed(entity, selection))
        together: dict[Entity, list[RelationSelection]] = defaultdict(list)
        for relation, wanted in followed:
            if path + relation.field in self.inline:
                continue
            if relation.is_keyed:
                together[relation.target].append(wanted)
            else:
                yield self._apart(relation, wanted)
        for target, each in together.items():
            fields = frozenset[str]().union(*(wanted.selection.fields for wanted in each))
            yield _step(self.source, "by_ids", target, sorted(fields), self._by_ids(target))
        for relation, wanted in followed:
            yield from self.steps(relation.target, wanted.selection, f"{path}{relation.field}.")
        for pointed in selection.pointed:
            yield from self._pointed(pointed, f"{path}{pointed.field}.")

    def _pointed(self, pointed: Pointed, path: str) -> Iterator[PlanStep]:
        """The read of the records that values point to; of whatever type they are, one is priced."""
        entity, fields = pointed.entity, sorted(pointed.selection.fields)
        if entity is None:
            yield _step(self.source, "by_ids", None, fields, 1)
        elif entity in self.description.types:
            yield _step(self.source, "by_ids", entity, fields, self._by_ids(entity))
            yield from self.steps(entity, pointed.selection, path)

    def links(self, entity: Entity, names: frozenset[str]) -> Iterator[PlanStep]:
        """A step for each of the relations *names* whose links alone are read."""
        for name in sorted(names):
            relation = self.description.types[entity].relations[name]
            if name not in self.inline:
                yield self._apart(relation, RelationSelection(Selection()), is_linked=True)

    def _followed(self, entity: Entity, selection: Selection) -> Iterator[tuple[RelationCapability, RelationSelection]]:
        relations = self.description.types[entity].relations
        for name, wanted in sorted(selection.relations.items()):
            relation = relations.get(name)
            is_offered = relation is not None and relation.mode is not RelationMode.UNSUPPORTED
            if relation is not None and is_offered and relation.target in self.description.types:
                yield relation, wanted

    def _apart(self, relation: RelationCapability, wanted: RelationSelection, *, is_linked: bool = False) -> PlanStep:
        is_single = relation.mode is RelationMode.PER_PARENT
        calls = self.parents if is_single else ceil(self.parents / (relation.batch_size or 1))
        if not relation.carries_records and not is_linked:
            calls += self._by_ids(relation.target)
        fields = sorted(wanted.selection.fields)
        return _step(self.source, f"related {relation.field}", relation.target, fields, calls)

    def _by_ids(self, target: Entity) -> int:
        capability: TypeCapability = self.description.types[target]
        return 0 if capability.is_cached else ceil(self.parents / (capability.batch_read_size or 1))


def _step(source: str, operation: str, entity: Entity | None, fields: list[str], calls: int) -> PlanStep:
    return PlanStep(
        source=source,
        operation=operation,
        entity=entity,
        fields=tuple(fields),
        estimated_calls=calls,
    )


def told_all(predicate: Predicate) -> tuple[str, ...]:
    """The conditions that all hold where *predicate* does, for people."""
    items = predicate.items if isinstance(predicate, And) else (predicate,)
    return tuple(told(item) for item in items)


def _told_ids(told: tuple[str, ...]) -> tuple[str, ...]:
    """*told* with the ids that are still to be looked up said as such."""
    return tuple(text.replace(repr(_SAMPLE_IDS), "the ids found before") for text in told)


def _told_order(order: tuple[Order, ...]) -> tuple[str, ...]:
    return tuple(f"order by {key.field} {key.direction.value}" for key in order if not is_lacking(key.field))


def told(predicate: Predicate) -> str:
    """*predicate* for people, such as `email eq "a@example.com"`."""
    match predicate:
        case Compare(name, operator, MoneyBound(currency, amount)):
            return f"{name} {operator.value} {amount} {currency}"
        case Compare(name, operator, operand):
            return f"{name} {operator.value} {operand!r}"
        case Not(item):
            return f"not ({told(item)})"
        case And(items):
            return " and ".join(f"({told(item)})" for item in items) or "always"
        case Or(items):
            return " or ".join(f"({told(item)})" for item in items) or "never"

"""What a list would cost upstream, source by source, told before anybody is called.

The figures are the minimum on a warm gateway: metadata cached, tokens valid, no tie group across a page end, and no
more related rows than one batch read holds for each batch of parents.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from connectors.base import Counts
from model.capabilities import Description, RelationCapability, RelationMode, TypeCapability
from model.entities import Entity
from model.errors import UnsupportedBySource
from model.query import And, Compare, MoneyBound, Not, Or, Order, Predicate, RelationSelection, Selection
from model.reading import ListRequest, Planned, PlanStep
from resolvers.accounts import Account
from resolvers.lists.plan import SourcePlan, check_request, plan_source
from resolvers.lists.scans import require_scan
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = ["Below", "list_steps", "record_steps", "told", "told_all"]


async def list_steps(request: ListRequest, *, sources: Sources, limits: ReadLimits) -> Planned:
    """The steps of one list over its sources; of a source that cannot take part, why.

    Raises:
        BadRequest: the request is wrong.
        SourceError: a source's metadata cannot be read.
    """
    check_request(request, max_first=limits.max_first)
    chosen = sources.chosen(request.sources)
    planned = Planned()
    for source in chosen:
        account = Account.of(source, await source.connector.describe())
        try:
            plan = plan_source(request, account, is_alone=len(chosen) == 1)
            require_scan(plan, source=source.key, options=request.options)
        except UnsupportedBySource as error:
            planned.notes.append(f"{source.key} is left out: {error.message}")
            continue
        planned.steps.append(_page_step(request, source, plan))
        planned.notes += [f"{source.key}: {note}" for note in plan.split.notes]
        if not plan.is_void:
            below = Below(
                source=source.key, description=account.description, parents=request.first, inline=plan.split.inline
            )
            planned.steps.extend(below.steps(request.entity, request.selection))
    return planned


async def record_steps(source: Source, entity: Entity, selection: Selection) -> list[PlanStep]:
    """The steps of one record read by its id."""
    description = await source.connector.describe()
    capability = description.types.get(entity)
    if capability is None:
        return []
    calls = 0 if capability.is_cached else 1
    step = _step(source.key, "by_ids", entity, sorted(selection.fields), calls)
    below = Below(source=source.key, description=description, parents=1, inline=frozenset())
    return [step, *below.steps(entity, selection)]


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
        pushed=(*told_all(split.pushed), *_told_order(order)),
        residual=(*told_all(split.residual), *_told_order(sorted_here)),
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

    def _followed(self, entity: Entity, selection: Selection) -> Iterator[tuple[RelationCapability, RelationSelection]]:
        relations = self.description.types[entity].relations
        for name, wanted in sorted(selection.relations.items()):
            relation = relations.get(name)
            is_offered = relation is not None and relation.mode is not RelationMode.UNSUPPORTED
            if relation is not None and is_offered and relation.target in self.description.types:
                yield relation, wanted

    def _apart(self, relation: RelationCapability, wanted: RelationSelection) -> PlanStep:
        is_single = relation.mode is RelationMode.PER_PARENT
        calls = self.parents if is_single else ceil(self.parents / (relation.batch_size or 1))
        if not relation.carries_records:
            calls += self._by_ids(relation.target)
        fields = sorted(wanted.selection.fields)
        return _step(self.source, f"related {relation.field}", relation.target, fields, calls)

    def _by_ids(self, target: Entity) -> int:
        capability: TypeCapability = self.description.types[target]
        return 0 if capability.is_cached else ceil(self.parents / (capability.batch_read_size or 1))


def _step(source: str, operation: str, entity: Entity, fields: list[str], calls: int) -> PlanStep:
    return PlanStep(
        source=source,
        operation=operation,
        entity=entity,
        vendor_query=None,
        fields=tuple(fields),
        pushed=(),
        residual=(),
        estimated_calls=calls,
    )


def told_all(predicate: Predicate) -> tuple[str, ...]:
    """The conditions that all hold where *predicate* does, for people."""
    items = predicate.items if isinstance(predicate, And) else (predicate,)
    return tuple(told(item) for item in items)


def _told_order(order: tuple[Order, ...]) -> tuple[str, ...]:
    return tuple(f"order by {key.field} {key.direction.value}" for key in order)


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

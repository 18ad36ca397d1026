"""What a list would cost upstream, source by source, told before anybody is called.

The figures are the minimum on a warm gateway: metadata cached, tokens valid, no tie group across a page end, and no
more related rows than one batch read holds for each batch of parents.
"""

from collections.abc import Iterator
from math import ceil

from connectors.base import Counts
from model.capabilities import Description, RelationCapability, RelationMode, TypeCapability
from model.entities import Entity
from model.errors import UnsupportedBySource
from model.query import And, Compare, MoneyBound, Not, Or, Order, Predicate, RelationSelection, Selection
from model.reading import ListRequest, PlanStep
from resolvers.lists.plan import SourcePlan, check_request, is_everything, plan_source
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = ["list_steps", "record_steps", "told"]


async def list_steps(request: ListRequest, *, sources: Sources, limits: ReadLimits) -> list[PlanStep]:
    """The steps of one list over its sources; a source that cannot take part has none.

    Raises:
        BadRequest: the request is wrong.
        SourceError: a source's metadata cannot be read.
    """
    check_request(request, max_first=limits.max_first)
    chosen = sources.chosen(request.sources)
    steps: list[PlanStep] = []
    for source in chosen:
        description = await source.connector.describe()
        try:
            plan = plan_source(
                request,
                source=source.key,
                connector=source.connector,
                description=description,
                is_alone=len(chosen) == 1,
            )
        except UnsupportedBySource:
            continue
        steps.append(_page_step(request, source, plan))
        steps.extend(_relation_steps(source.key, description, plan, request))
    return steps


async def record_steps(source: Source, entity: Entity, selection: Selection) -> list[PlanStep]:
    """The steps of one record read by its id."""
    description = await source.connector.describe()
    capability = description.types.get(entity)
    if capability is None:
        return []
    calls = 0 if capability.is_cached else 1
    step = _step(source.key, "by_ids", entity, sorted(selection.fields), calls)
    return [step, *_below(source.key, description, entity, selection, parents=1, inline=frozenset(), path="")]


def _page_step(request: ListRequest, source: Source, plan: SourcePlan) -> PlanStep:
    split = plan.split
    order = () if plan.is_sorted_here else plan.order
    sorted_here = plan.order if plan.is_sorted_here else ()
    counts = int(request.wants_total and _counts_apart(plan, source))
    return PlanStep(
        source=source.key,
        operation=split.operation,
        entity=request.entity,
        vendor_query=split.vendor_query,
        fields=split.remote_fields,
        pushed=(*_told_all(split.pushed), *_told_order(order)),
        residual=(*_told_all(split.residual), *_told_order(sorted_here)),
        estimated_calls=split.calls + counts,
    )


def _counts_apart(plan: SourcePlan, source: Source) -> bool:
    can_count = plan.capability.can_count and isinstance(source.connector, Counts)
    return can_count and is_everything(plan.residual) and not plan.split.brings_total


def _relation_steps(
    source: str, description: Description, plan: SourcePlan, request: ListRequest
) -> Iterator[PlanStep]:
    return _below(
        source,
        description,
        request.entity,
        request.selection,
        parents=request.first,
        inline=plan.split.inline,
        path="",
    )


def _below(
    source: str,
    description: Description,
    entity: Entity,
    selection: Selection,
    *,
    parents: int,
    inline: frozenset[str],
    path: str,
) -> Iterator[PlanStep]:
    """Steps of the relations of *parents* rows; *inline* names paths, such as "company.owner", that came along."""
    relations = description.types[entity].relations if entity in description.types else {}
    for name, wanted in sorted(selection.relations.items()):
        relation = relations.get(name)
        target = description.types.get(relation.target) if relation is not None else None
        if relation is None or target is None or relation.mode is RelationMode.UNSUPPORTED:
            continue
        if path + name not in inline:
            yield _relation_step(source, relation, target, wanted, parents)
        yield from _below(
            source,
            description,
            relation.target,
            wanted.selection,
            parents=parents,
            inline=inline,
            path=f"{path}{name}.",
        )


def _relation_step(
    source: str, relation: RelationCapability, target: TypeCapability, wanted: RelationSelection, parents: int
) -> PlanStep:
    calls = 0
    if not relation.is_keyed:
        calls += parents if relation.mode is RelationMode.PER_PARENT else ceil(parents / (relation.batch_size or 1))
    if not (target.is_cached or (relation.carries_records and not relation.is_keyed)):
        calls += ceil(parents / (target.batch_read_size or 1))
    operation = "by_ids" if relation.is_keyed else f"related {relation.field}"
    return _step(source, operation, relation.target, sorted(wanted.selection.fields), calls)


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


def _told_all(predicate: Predicate) -> tuple[str, ...]:
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

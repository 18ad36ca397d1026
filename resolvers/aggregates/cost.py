"""What groups would cost upstream, source by source, told before anybody is called.

Where records are folded, how many there are is not known without counting them: the figure is of one page.
"""

from collections.abc import Iterator
from math import ceil

from model.aggregate import GroupKey
from model.fields import RELATIONS
from model.reading import AggregateRequest, Planned, PlanStep
from resolvers.accounts import Account
from resolvers.aggregates.plan import GroupPlan, checked, plan_groups, rows_of, told
from resolvers.lists.cost import foreseen, planned_for, told_all
from resolvers.lists.scans import require_scan
from resolvers.settings import ReadLimits
from resolvers.sources import Sources

__all__ = ["aggregate_steps"]

_EVERY_ROW = "every matching row is read and counted here"
_A_PAGE = "a call for each page of rows, as many as there are"


async def aggregate_steps(request: AggregateRequest, *, sources: Sources, limits: ReadLimits) -> Planned:
    """The steps of one aggregate over its sources; of a source that cannot take part, why.

    Raises:
        BadRequest: the request is wrong.
    """
    request = checked(request)

    def add(account: Account, planned: Planned) -> None:
        key, rows = account.source.key, foreseen(rows_of(request), account, planned, is_alone=True, limits=limits)
        plan = plan_groups(request, account, rows)
        if plan.split is None:
            require_scan(rows, source=key, options=request.options)
        planned.steps.append(_step(request, account, plan))
        planned.notes += [f"{key}: {note}" for note in _notes(plan)]
        if request.wants_names and not rows.is_void:
            planned.steps += _names(request, account)

    return await planned_for(sources.chosen(request.sources), add)


def _step(request: AggregateRequest, account: Account, plan: GroupPlan) -> PlanStep:
    grouped = _grouped(plan.query.keys, request.amount)
    if plan.split is not None:
        return PlanStep(
            source=account.source.key,
            operation=plan.split.operation,
            entity=request.entity,
            vendor_query=plan.split.vendor_query,
            pushed=(*told_all(plan.query.where), *grouped),
            estimated_calls=plan.split.calls,
        )
    rows = plan.rows
    return PlanStep(
        source=account.source.key,
        operation=rows.split.operation,
        entity=request.entity,
        vendor_query=rows.split.vendor_query,
        fields=rows.split.remote_fields,
        pushed=told_all(rows.split.pushed),
        residual=() if rows.is_void else (*told_all(rows.split.residual), *grouped, _EVERY_ROW),
        estimated_calls=rows.split.calls + len(plan.apart),
        quota_cost=None if rows.is_void else _A_PAGE,
    )


def _notes(plan: GroupPlan) -> tuple[str, ...]:
    if plan.split is not None:
        return (*plan.split.notes, *plan.rows.roads)
    why = () if plan.why_folded is None else (f"its records are read and counted here: {plan.why_folded}",)
    return (*plan.rows.notes, *why)


def _grouped(keys: tuple[GroupKey, ...], amount: str | None) -> tuple[str, ...]:
    by = tuple(f"group by {told(key)}" for key in keys)
    return by if amount is None else (*by, f"totals of {amount}")


def _names(request: AggregateRequest, account: Account) -> Iterator[PlanStep]:
    """The read of the names that label groups."""
    for key in request.keys:
        relation = RELATIONS[request.entity].get(key.field)
        capability = None if relation is None else account.description.types.get(relation.target)
        if relation is not None and capability is not None:
            batches = ceil(request.first / (capability.batch_read_size or 1))
            yield PlanStep(
                source=account.source.key,
                operation="by_ids",
                entity=relation.target,
                fields=("name",),
                estimated_calls=0 if capability.is_cached else batches,
            )

"""What a search would cost upstream, source by source, told before anybody is called."""

from model.reading import Planned, PlanStep, SearchRequest
from resolvers.accounts import Account
from resolvers.lists.cost import Below, planned_for
from resolvers.search.plan import SearchPlan, check_request, plan_source
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = ["search_steps"]


async def search_steps(request: SearchRequest, *, sources: Sources, limits: ReadLimits) -> Planned:
    """The steps of one search over its sources; of a source that cannot take part, why.

    Raises:
        BadRequest: the request is wrong.
    """
    check_request(request, max_first=limits.max_first)

    def add(account: Account, planned: Planned) -> None:
        source, plan = account.source, plan_source(request, account)
        planned.steps.append(_step(source, plan))
        planned.notes += [f"{source.key}: {note}" for note in plan.split.notes]
        below = Below(source=source.key, description=account.description, parents=request.first, inline=frozenset())
        for entity in plan.split.entities:
            planned.steps.extend(below.steps(entity, request.selections[entity]))

    return await planned_for(sources.chosen(request.sources), add)


def _step(source: Source, plan: SearchPlan) -> PlanStep:
    split = plan.split
    selected = {name for entity in split.entities for name in plan.query.selections[entity].fields}
    return PlanStep(
        source=source.key,
        operation=split.operation,
        entity=split.entities[0] if len(split.entities) == 1 else None,
        vendor_query=split.vendor_query,
        fields=tuple(sorted(selected)),
        pushed=tuple(f"{entity.value} matches {plan.query.text!r}" for entity in split.entities),
        estimated_calls=split.calls,
    )

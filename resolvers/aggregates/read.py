"""Groups over several sources: all asked at once, merged, named, converted, and reported."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from decimal import Decimal

from connectors.scope import Deadline, Scope, current_scope
from model.aggregate import AmountTotals
from model.entities import Entity
from model.errors import GatewayError, Unsupported
from model.reading import (
    AggregateRequest,
    AggregateResult,
    Converted,
    GroupResult,
    GroupValue,
    OutcomeStatus,
)
from resolvers.accounts import Accounts, NoSuchType
from resolvers.aggregates.merge import MergedGroup, merged
from resolvers.aggregates.plan import checked
from resolvers.aggregates.source_read import GroupRead
from resolvers.aggregates.values import Shown
from resolvers.exchange import Rates
from resolvers.lists.behind import Behind
from resolvers.lists.outcomes import refuse
from resolvers.settings import ReadLimits
from resolvers.sources import Sources

__all__ = ["NameOf", "read_aggregate"]

NameOf = Callable[[str, Entity, str], Awaitable[str | None]]
"""Gives the name of the record of a source, a type and an id; those asked together are read together."""

# What is kept of the time to hand out what was counted when the deadline ends a fold; more than the guard's grace.
_MARGIN_S = 0.5
_MARGIN_SHARE = 0.15


async def read_aggregate(
    request: AggregateRequest,
    *,
    sources: Sources,
    accounts: Accounts,
    limits: ReadLimits,
    rates: Rates,
    behind: Behind,
    name_of: NameOf,
    note: Callable[[str, GatewayError], None],
) -> AggregateResult:
    """The groups; *note* is told of every source that failed, whether there is an answer or not.

    Raises:
        CallerError: the request is wrong, or every source refused it.
        SourceError: every source failed, or one did and the caller wants the field to fail then.
    """
    request = checked(request)
    scope = _source_scope(request, limits)
    reads = [GroupRead(source, scope.part()) for source in sources.chosen(request.sources)]
    async with asyncio.TaskGroup() as group:
        for read in reads:
            group.create_task(read.read(request, accounts=accounts, limits=limits, behind=behind))
    for read in reads:
        if read.failure is not None:
            note(read.source.key, read.failure)
    failures = [read.failure for read in reads if read.failure is not None]
    refuse(failures, request.options, has_answer=any(read.has_answer for read in reads))
    groups = merged(request, [(read.account, read.groups) for read in reads if read.account is not None])
    shown = groups[: request.first]
    keys = await _named(request, shown, name_of)
    outcomes = tuple(read.outcome() for read in reads)
    is_partial = any(
        outcome.status is not OutcomeStatus.OK and not isinstance(read.failure, NoSuchType)
        for read, outcome in zip(reads, outcomes, strict=True)
    )
    return AggregateResult(
        groups=[
            GroupResult(
                keys=values,
                count=group.count,
                amounts=_ordered(group.amounts.values()),
                converted=None
                if request.convert_to is None
                else _converted(group, request.convert_to, rates, is_weighted=request.is_weighted),
            )
            for group, values in zip(shown, keys, strict=True)
        ],
        outcomes=outcomes,
        has_more=len(groups) > request.first,
        is_partial=is_partial,
        is_exact=not is_partial and all(outcome.is_exact for outcome in outcomes),
    )


def _source_scope(request: AggregateRequest, limits: ReadLimits) -> Scope:
    """The current scope, less the time it takes to answer when it is over, and to read names where they are wanted."""
    scope = current_scope()
    remaining_s = scope.deadline.remaining_s()
    margin_s = min(_MARGIN_S, _MARGIN_SHARE * remaining_s)
    kept_s = max(margin_s, limits.reserve_share * remaining_s) if request.wants_names else margin_s
    return scope.part(deadline=Deadline.after(remaining_s - kept_s))


async def _named(
    request: AggregateRequest, groups: Sequence[MergedGroup], name_of: NameOf
) -> list[tuple[GroupValue, ...]]:
    """The keys of each group, with the names of the records among them where they are wanted."""
    wanted = {(group.source, key.refers_to) for group in groups for key in group.keys} if request.wants_names else set()
    places = [(source, ref) for source, ref in wanted if ref is not None]
    names = await asyncio.gather(*(name_of(source, *ref) for source, ref in places))
    by_place = dict(zip(places, names, strict=True))

    def named(group: MergedGroup, key: Shown) -> GroupValue:
        name = None if key.refers_to is None else by_place.get((group.source, key.refers_to))
        return key.value if name is None else GroupValue(key.value.field, key.value.value, name)

    return [tuple(named(group, key) for key in group.keys) for group in groups]


def _ordered(amounts: Iterable[AmountTotals]) -> list[AmountTotals]:
    return sorted(amounts, key=lambda totals: (totals.currency is None, totals.currency or ""))


def _converted(group: MergedGroup, currency: str, rates: Rates, *, is_weighted: bool) -> Converted | GatewayError:
    """The amounts of *group* in one currency, each figure rounded once; an error where a rate is missing."""
    totals = list(group.amounts.values())

    def each(figure: Callable[[AmountTotals], Decimal | None]) -> list[tuple[Decimal, str | None]]:
        return [(found, item.currency) for item in totals if (found := figure(item)) is not None]

    try:
        weighted = each(lambda item: item.weighted)
        lows = [rates.converted([low], currency) for low in each(lambda item: item.min)]
        highs = [rates.converted([high], currency) for high in each(lambda item: item.max)]
        return Converted(
            currency=currency,
            count=sum(item.count for item in totals),
            sum=rates.converted(each(lambda item: item.sum), currency),
            weighted=rates.converted(weighted, currency) if is_weighted else None,
            min=min(lows, default=None),
            max=max(highs, default=None),
        )
    except Unsupported as error:
        return error

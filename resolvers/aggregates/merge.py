"""Groups of several sources as one sequence: equal keys add up, per currency, in the order of the keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from model.aggregate import AmountTotals, GroupRow
from model.reading import PLATFORM, SOURCE, AggregateRequest
from model.values import EXACT
from resolvers.accounts import Account
from resolvers.aggregates.values import Shown, shower

__all__ = ["MergedGroup", "merged"]


@dataclass(slots=True)
class MergedGroup:
    """One group over all sources; records named in its keys live in *source*."""

    keys: tuple[Shown, ...]
    source: str
    count: int = 0
    amounts: dict[str | None, AmountTotals] = field(default_factory=dict)

    @property
    def place(self) -> tuple[Any, ...]:
        """Where it stands among the others."""
        return tuple(key.place for key in self.keys)

    def add(self, row: GroupRow) -> None:
        """Count what one source gave for it."""
        self.count += row.count
        for currency, totals in row.amounts.items():
            held = self.amounts.get(currency)
            self.amounts[currency] = totals if held is None else _sum(held, totals)


def merged(request: AggregateRequest, sources: Iterable[tuple[Account, Sequence[GroupRow]]]) -> list[MergedGroup]:
    """The groups of *sources* in order; without keys one, even of no record."""
    groups: dict[tuple[str | None, ...], MergedGroup] = {}
    for account, rows in sources:
        show = _Showing(request, account)
        for row in rows:
            if row.count:
                shown = show.keys(row.values)
                values = tuple([key.value.value for key in shown])
                groups.setdefault(values, MergedGroup(shown, account.source.key)).add(row)
    if not request.keys and not groups:
        return [MergedGroup((), "")]
    return sorted(groups.values(), key=lambda group: group.place)


class _Showing:
    """How the values of one source are shown, each made once."""

    def __init__(self, request: AggregateRequest, account: Account) -> None:
        self._showers = [shower(key, account, request.entity) for key in request.keys]
        self._is_ours = [key.field in {SOURCE, PLATFORM} for key in request.keys]
        self._held: dict[tuple[int, str | None], Shown] = {}

    def keys(self, values: Sequence[str | None]) -> tuple[Shown, ...]:
        """*values* in the order of the source's own query, and between them what no record has."""
        rest = iter(values)
        return tuple([self._one(place, None if ours else next(rest)) for place, ours in enumerate(self._is_ours)])

    def _one(self, place: int, value: str | None) -> Shown:
        held = self._held.get((place, value))
        if held is None:
            held = self._held[place, value] = self._showers[place](value)
        return held


def _sum(a: AmountTotals, b: AmountTotals) -> AmountTotals:
    weighted = None if a.weighted is None or b.weighted is None else EXACT.add(a.weighted, b.weighted)
    lows = [low for low in (a.min, b.min) if low is not None]
    highs = [high for high in (a.max, b.max) if high is not None]
    return AmountTotals(
        a.currency,
        count=a.count + b.count,
        sum=EXACT.add(a.sum, b.sum),
        weighted=weighted,
        min=min(lows, default=None),
        max=max(highs, default=None),
    )

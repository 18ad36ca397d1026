"""Groups of records that Dataverse makes: a call for the counts, and one for each column of the amount.

It groups at most 50,000 rows, groups no dates, and does not count distinct values (Microsoft, "Aggregate data", read
2026-11); what it cannot is folded from the records.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.dynamics365.odata import Term
from connectors.mapping import Row
from connectors.tables import Kind, TableType
from model.aggregate import CURRENCY, AggregateQuery, AmountTotals, GroupRow
from model.values import EXACT

__all__ = ["Grouping", "grouping_of"]

_GROUPED = frozenset({Kind.WORD, Kind.FLAG, Kind.LINK})
_SAFE_SUM = 10**11  # greater sums, with four decimals, are not told exactly by a JSON number


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How the groups of a query are asked.

    Attributes:
        columns: what is grouped by.
        amounts: condition, column and column of the currency of each part of the amount.
    """

    columns: tuple[str, ...]
    amounts: tuple[tuple[str | None, str, str], ...]

    def texts(self, condition: str | None) -> Iterator[str]:
        """What is applied in each call: the counts, then the parts of the amount."""
        yield _applied(condition, self.columns, "$count as count")
        for when, column, currency in self.amounts:
            parts = " and ".join(part for part in (condition, when, f"{column} ne null") if part)
            sums = ",".join(f"{column} with {how} as {name}" for how, name in _SUMS)
            yield _applied(parts, (*self.columns, currency), f"$count as count,{sums}")

    def rows(
        self,
        answers: Sequence[Sequence[Row]],
        values_of: Callable[[Row], tuple[str | None, ...]],
        code_of: Callable[[Any], str | None],
    ) -> list[GroupRow] | None:
        """The groups; None where a sum is too large to be exact."""
        groups: dict[tuple[str | None, ...], GroupRow] = {}
        for row in answers[0]:
            values = values_of(row)
            groups.setdefault(values, GroupRow(values)).count += int(row["count"])
        for (_, _, currency_column), rows in zip(self.amounts, answers[1:], strict=True):
            for row in rows:
                values, code = values_of(row), code_of(row.get(currency_column))
                group = groups.setdefault(values, GroupRow(values))
                totals = group.amounts.setdefault(code, AmountTotals(code))
                if not _add(totals, row):
                    return None
        return [group for group in groups.values() if group.count]


_SUMS = (("sum", "total"), ("min", "least"), ("max", "most"))


def _applied(condition: str | None, columns: Sequence[str], sums: str) -> str:
    inner = f"aggregate({sums})"
    grouped = f"groupby(({','.join(columns)}),{inner})" if columns else inner
    return f"filter({condition})/{grouped}" if condition else grouped


def _add(totals: AmountTotals, row: Mapping[str, Any]) -> bool:
    """Add one group's amounts; False where they are too large."""
    count = int(row["count"])
    if not count:
        return True
    total, least, most = (Decimal(repr(row[name])) for _, name in _SUMS)
    totals.count += count
    totals.sum = EXACT.add(totals.sum, total)
    totals.min = least if totals.min is None else min(totals.min, least)
    totals.max = most if totals.max is None else max(totals.max, most)
    return abs(total) < _SAFE_SUM


def grouping_of(found: TableType, query: AggregateQuery) -> Grouping | str:
    """How *query* is asked; as a text why it cannot be."""
    columns: dict[str, None] = {}
    for key in query.keys:
        criterion = found.criterion(key.field)
        is_plain = isinstance(criterion, Term) and not criterion.cases and criterion.absent is None
        if key.field in found.constants:
            continue
        if key.field == CURRENCY or criterion is None or criterion.kind not in _GROUPED:
            return f"Dataverse does not group by {key.field} with our meaning"
        if isinstance(criterion, Term) and not is_plain:
            return f"Dataverse does not group by {key.field}, which is not one column"
        columns[criterion.column] = None
    if query.is_weighted:
        return "Dataverse sums columns, and no products of them"
    amount = None if query.amount is None else found.criteria.get(query.amount)
    if amount is None:
        return Grouping(columns=tuple(columns), amounts=())
    if not isinstance(amount, Term) or amount.currency_column is None:
        return f"{query.amount} names no currency"
    parts = amount.cases or ((None, amount),)
    return Grouping(
        columns=tuple(columns),
        amounts=tuple((when, term.column, amount.currency_column) for when, term in parts if term is not None),
    )

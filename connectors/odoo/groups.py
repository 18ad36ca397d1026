"""Groups that Odoo counts and sums itself, by days, closed lists and pointers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any

from connectors.mapping import Row, convert
from connectors.odoo.domains import Far, LastDay, Timed, Within
from connectors.odoo.manifest import manifest
from connectors.tables import Kind, TableType
from model.aggregate import CURRENCY, AggregateQuery, AmountTotals, GroupKey, GroupRow, bucket_start, group_value
from model.entities import Entity, Record
from model.values import EXACT

__all__ = ["Grouping", "grouping_of"]

_COUNT = "__count"
_GROUPED = frozenset({Kind.WORD, Kind.LINK, Kind.DAY, Kind.FLAG, Kind.INSTANT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How groups are asked for.

    Attributes:
        columns: what Odoo groups by: days as "column:day", which are put into buckets here.
        amount: the column that is summed.
        currency: that of all amounts.
    """

    query: AggregateQuery
    found: TableType
    columns: tuple[str, ...]
    amount: str | None
    currency: str | None

    @property
    def aggregates(self) -> tuple[str, ...]:
        """What is wanted of each group."""
        sums = () if self.amount is None else tuple(f"{self.amount}:{one}" for one in ("sum", "min", "max", "count"))
        return (*sums, _COUNT)

    def rows(self, answer: Sequence[Row], *, source: str) -> Sequence[GroupRow] | None:
        """The groups by our keys; None where a sum has more digits than Odoo tells.

        Raises:
            LookupError, TypeError, ValueError: it is not what was asked for.
        """
        readers = [self._reader(key, source) for key in self.query.keys]
        groups: dict[tuple[str | None, ...], GroupRow] = {}
        for row in answer:
            values = tuple(read(row) for read in readers)
            group = groups.setdefault(values, GroupRow(values))
            count = int(row[_COUNT])
            group.count += count
            if self.amount is not None and count and not self._add(group, row, count):
                return None
        return [group for group in groups.values() if group.count]

    def _add(self, group: GroupRow, row: Row, count: int) -> bool:
        """Add the row's amounts; an amount that was never set is 0. Whether they are exact."""
        total, least, most = (
            Decimal(convert.decimal(row[f"{self.amount}:{one}"] or 0) or 0) for one in ("sum", "min", "max")
        )
        if len(total.as_tuple().digits) > manifest().digits:
            return False
        if int(row[f"{self.amount}:count"]) < count:
            least, most = min(least, Decimal(0)), max(most, Decimal(0))
        totals = group.amounts.setdefault(self.currency, AmountTotals(self.currency))
        totals.count += count
        totals.sum = EXACT.add(totals.sum, total)
        totals.min = least if totals.min is None else min(totals.min, least)
        totals.max = most if totals.max is None else max(totals.max, most)
        return True

    def _reader(self, key: GroupKey, source: str) -> Callable[[Row], str | None]:
        if key.field == CURRENCY:
            return lambda _: self.currency
        column = self.found.table.columns[key.field].remote
        kind = self.found.criteria[key.field].kind if key.field in self.found.criteria else None
        if kind in {Kind.DAY, Kind.INSTANT}:
            return lambda row: _bucket(key, row[f"{column[0]}:day"], self.query.days_in)
        read = self.found.table.reader({key.field}, source=source)

        def value(row: Row) -> str | None:
            record: Record = read({name: _held(row[name]) for name in column}, "0")
            return group_value(record, key, entity=self.query.entity, amount=None, zone=self.query.days_in)

        return value


def grouping_of(found: TableType, query: AggregateQuery) -> Grouping | str:
    """How *query* is asked for, or why its records have to be folded here."""
    money = None if query.amount is None else found.criteria.get(query.amount)
    if query.amount is not None and (money is None or money.currency is None):
        return f"Odoo has no {query.amount}"
    if query.is_weighted:
        return "Odoo does not sum weighted amounts"
    if money is not None and money.currency_column is not None:
        return "Odoo sums the amounts of several currencies as if they were one"
    columns: dict[str, None] = {}
    for key in query.keys:
        if key.field == CURRENCY or found.constants.get(key.field) is not None:
            continue
        column = _column(found, key)
        if column is None:
            return f"Odoo does not group by {key.field} with one meaning"
        columns[column] = None
    amount, currency = (None, None) if money is None else (money.column, money.currency)
    return Grouping(query=query, found=found, columns=tuple(columns), amount=amount, currency=currency)


def _column(found: TableType, key: GroupKey) -> str | None:
    """What Odoo groups by for *key*; None where its groups are not ours."""
    criterion, column = found.criteria.get(key.field), found.table.columns.get(key.field)
    if criterion is None or column is None or len(column.remote) > 1:
        return None
    if criterion.kind not in _GROUPED or isinstance(criterion, (Far, Timed, Within)):
        return None
    if criterion.kind is Kind.INSTANT and key.bucket is None:
        return None
    if isinstance(criterion, LastDay) or "." in criterion.column:
        return None
    if found.entity is Entity.APPOINTMENT and criterion.column not in manifest().public:
        return None
    return f"{criterion.column}:day" if criterion.kind in {Kind.DAY, Kind.INSTANT} else criterion.column


def _held(value: Any) -> Any:
    """A group's value as a row has it: of a pointer, which comes with its label, the id."""
    if value is False:
        return None
    return value[0] if isinstance(value, list) else value


def _bucket(key: GroupKey, value: Any, zone: tzinfo) -> str | None:
    """The first day of the bucket that a group of one day is in; of instants, the day begins at midnight of *zone*."""
    if value is False:
        return None
    start = datetime.fromisoformat(value[0])
    day = (start if len(value[0]) == len("2026-01-01") else start.replace(tzinfo=UTC).astimezone(zone)).date()
    return (day if key.bucket is None else bucket_start(day, key.bucket)).isoformat()

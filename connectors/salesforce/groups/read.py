"""Groups read from an org and put into the product's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from connectors.mapping import Row, convert, understood
from connectors.salesforce.account import Account
from connectors.salesforce.groups.plan import (
    MAX_BUCKETS,
    MAX_GROUPS,
    QUERIES_A_CALL,
    ObjectGroups,
    Range,
    groups_of,
)
from connectors.salesforce.groups.totals import exact
from connectors.salesforce.reading import Reader, together
from model.aggregate import (
    CURRENCY,
    AggregateQuery,
    AmountTotals,
    Bucket,
    GroupRow,
    bucket_end,
    bucket_start,
    group_value,
)
from model.errors import UnsupportedBySource
from model.relative import midnight
from model.values import EXACT

__all__ = ["Groups"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One query for groups: of which object, and within which span."""

    groups: ObjectGroups
    span: Range | None = None


@dataclass(slots=True)
class _Sums:
    """Groups as they come together from several queries."""

    query: AggregateQuery
    currency: str | None
    zone: tzinfo
    rows: dict[tuple[str | None, ...], GroupRow] = field(default_factory=dict)

    def add(self, asked: _Asked, rows: Iterable[Row]) -> None:
        """Count the groups of one answer."""
        aliases = asked.groups.aliases()
        for row in rows:
            if row["n"]:
                self._add(asked, row, aliases)

    def _add(self, asked: _Asked, row: Row, aliases: Mapping[str, str]) -> None:
        count, filled = int(row["n"]), int(row.get("filled") or 0)
        values = self._values(asked, row, aliases)
        if CURRENCY not in [key.field for key in self.query.keys]:
            self._count(values, count, asked, row if filled else None)
            return
        if filled:
            self._count([self.currency if value is CURRENCY else value for value in values], filled, asked, row)
        if count > filled:
            self._count([None if value is CURRENCY else value for value in values], count - filled, asked, None)

    def _values(self, asked: _Asked, row: Row, aliases: Mapping[str, str]) -> list[str | None]:
        """What the records of a group have under each key: read from a row they could be, as the record's own is."""
        found: dict[str, Any] = {part.column: part.read(row, aliases) for part in asked.groups.parts}
        if asked.groups.ranged is not None:
            found[asked.groups.ranged] = asked.span.starts_at if asked.span else None
        (record,) = asked.groups.shape.read([{"Id": "", **found}], [])
        query = self.query
        return [
            CURRENCY
            if key.field == CURRENCY
            else group_value(record, key, entity=query.entity, amount=query.amount, zone=self.zone)
            for key in query.keys
        ]

    def _count(self, values: Sequence[str | None], count: int, asked: _Asked, row: Row | None) -> None:
        group = self.rows.setdefault(tuple(values), GroupRow(tuple(values)))
        group.count += count
        if row is None or asked.groups.amount is None:
            return
        totals = group.amounts.setdefault(self.currency, AmountTotals(self.currency))
        total, least, most = (self._amount(row[name], asked.groups) for name in ("total", "least", "most"))
        totals.count += int(row["filled"])
        totals.sum = EXACT.add(totals.sum, total)
        totals.min = least if totals.min is None else min(totals.min, least)
        totals.max = most if totals.max is None else max(totals.max, most)

    def _amount(self, value: Any, groups: ObjectGroups) -> Decimal:
        """An exact amount.

        Raises:
            UnsupportedBySource: the answer does not hold its cents; the records' own amounts do.
        """
        found = exact(value, scale=groups.scale)
        if found is None:
            source = groups.names.tables.source
            raise UnsupportedBySource(f"{source} gives sums of so many digits without their cents", source=source)
        return found


class Groups:
    """Reads groups of one org; holds no state of a request."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def rows(self, account: Account, query: AggregateQuery) -> Sequence[GroupRow]:
        """The groups of *query*, those of no record left out.

        Raises:
            UnsupportedBySource: they are too many, or their sums too large.
        """
        every = groups_of(account, query)
        zone = query.days_in
        asked = [part for groups in every for part in await self._asked(groups, query, zone)]
        sums = _Sums(query, account.tables.facts.currency, zone)
        chunks = [asked[start : start + QUERIES_A_CALL] for start in range(0, len(asked), QUERIES_A_CALL)]
        answers = await together([self._answers(chunk, query) for chunk in chunks])
        for chunk, found in zip(chunks, answers, strict=True):
            for part, rows in zip(chunk, found, strict=True):
                with understood(account.tables.source):
                    sums.add(part, rows)
        return list(sums.rows.values())

    async def _answers(self, asked: Sequence[_Asked], query: AggregateQuery) -> Sequence[Sequence[Row]]:
        texts = [part.groups.select(part.span).text() for part in asked]
        found = await self._reader.answers(texts, entity=query.entity)
        if any(answer.next_link is not None or len(answer.rows) >= MAX_GROUPS for answer in found):
            source = asked[0].groups.names.tables.source
            raise UnsupportedBySource(f"{source} has more than {MAX_GROUPS} groups in one answer", source=source)
        return [answer.rows for answer in found]

    async def _asked(self, groups: ObjectGroups, query: AggregateQuery, zone: tzinfo) -> list[_Asked]:
        """The queries of one object: one, or one for each bucket between its first and last instant."""
        if groups.ranged is None:
            return [_Asked(groups)]
        (answer,) = await self._reader.answers([groups.bounds().text()], entity=query.entity)
        with understood(groups.names.tables.source):
            (row,) = answer.rows
            spans = list(_spans(row["least"], row["most"], groups.bucket, zone)) if row["filled"] else []
            missing = [Range()] if row["n"] > row["filled"] else []
        if len(spans) > MAX_BUCKETS:
            source = groups.names.tables.source
            raise UnsupportedBySource(
                f"{source} would take more than {MAX_BUCKETS} queries, one for each bucket in {query.zone}",
                source=source,
            )
        return [_Asked(groups, span) for span in (*spans, *missing)]


def _spans(least: Any, most: Any, bucket: Bucket, zone: tzinfo) -> Iterable[Range]:
    """The buckets from the one of *least* to the one of *most*; one more than may be asked tells of too many."""
    first, last = (datetime.fromisoformat(convert.instant(found) or "").astimezone(zone) for found in (least, most))
    start = bucket_start(first.date(), bucket)
    for _ in range(MAX_BUCKETS + 1):
        following = bucket_end(start, bucket)
        yield Range(midnight(start, zone), midnight(following, zone))
        if following > last.date():
            return
        start = following

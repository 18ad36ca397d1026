"""Groups of records with their counts and amounts: what is asked of a source, and the one oracle of what it means.

A group's values are in wire form: an instant or a date is the first day of its bucket, a reference the remote id, a
choice its value in the CRM, a missing value None.
Sums are exact, and amounts of different currencies stay apart.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from model.entities import Entity, Record
from model.evaluate import key_text
from model.fields import FieldKind, field_of
from model.query import EVERYTHING, Predicate, Selection
from model.values import EXACT, Money

__all__ = [
    "CURRENCY",
    "AggregateQuery",
    "AmountTotals",
    "Bucket",
    "Fold",
    "GroupKey",
    "GroupRow",
    "bucket_end",
    "bucket_start",
    "group_value",
]

CURRENCY = "currency"
"""A key of groups that is no field: the currency of the amount."""


class Bucket(StrEnum):
    """How long a span of days is one group."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What records of one group have alike: a field's value, or the bucket its date falls into."""

    field: str
    bucket: Bucket | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateQuery:
    """One question to one source.

    Attributes:
        where: ids in it are remote ids of this source.
        keys: without any, all records are one group.
        amount: the MONEY field whose totals are wanted; None where counts are enough.
        is_weighted: whether the sum of amount times probability is wanted.
        zone: IANA zone in which instants fall into buckets; weeks begin on Monday.
    """

    entity: Entity
    where: Predicate = EVERYTHING
    keys: tuple[GroupKey, ...] = ()
    amount: str | None = None
    is_weighted: bool = False
    zone: str = "UTC"

    @property
    def days_in(self) -> tzinfo:
        """The zone itself."""
        return UTC if self.zone == "UTC" else ZoneInfo(self.zone)

    def selection(self) -> Selection:
        """What has to be read of each record to fold it."""
        names = {self.amount or "" if key.field == CURRENCY else key.field for key in self.keys}
        names |= {self.amount or ""} | ({"probability"} if self.is_weighted else set())
        return Selection().with_fields(*(name for name in names if name))


@dataclass(slots=True)
class AmountTotals:
    """Amounts of one currency; records without an amount are not among them.

    Attributes:
        weighted: sum of amount times probability; a record without a probability adds nothing. None if not asked for.
    """

    currency: str | None
    count: int = 0
    sum: Decimal = Decimal(0)
    weighted: Decimal | None = None
    min: Decimal | None = None
    max: Decimal | None = None

    def add(self, amount: Decimal) -> None:
        """Count one more amount."""
        self.count += 1
        self.sum = EXACT.add(self.sum, amount)
        self.min = amount if self.min is None or amount < self.min else self.min
        self.max = amount if self.max is None or amount > self.max else self.max


@dataclass(slots=True)
class GroupRow:
    """One group: its *values* in the order of the query's keys, its records, and its amounts by currency."""

    values: tuple[str | None, ...]
    count: int = 0
    amounts: dict[str | None, AmountTotals] = field(default_factory=dict)


def bucket_start(day: date, bucket: Bucket) -> date:
    """The first day of the *bucket* that *day* is in."""
    match bucket:
        case Bucket.DAY:
            return day
        case Bucket.WEEK:
            return day - timedelta(days=day.weekday())
        case Bucket.MONTH:
            return day.replace(day=1)
        case Bucket.QUARTER:
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case Bucket.YEAR:
            return day.replace(month=1, day=1)


_REACH = {Bucket.DAY: 1, Bucket.WEEK: 7, Bucket.MONTH: 31, Bucket.QUARTER: 92, Bucket.YEAR: 366}
"""Days after which the first day of a bucket lies in the next one."""


def bucket_end(start: date, bucket: Bucket) -> date:
    """The first day of the bucket behind the one that begins on *start*.

    Raises:
        OverflowError: it lies outside the calendar.
    """
    return bucket_start(start + timedelta(days=_REACH[bucket]), bucket)


def group_value(record: Record, key: GroupKey, *, entity: Entity, amount: str | None, zone: tzinfo) -> str | None:
    """What *record* has under *key*, in wire form."""
    if key.field == CURRENCY:
        money = getattr(record, amount) if amount else None
        return money.currency if isinstance(money, Money) else None
    text = key_text(record, key.field)
    if key.bucket is None or text is None:
        return text
    if field_of(entity, key.field).kind is FieldKind.DATETIME:
        day = _day_in(datetime.fromisoformat(text), zone)
    else:
        day = date.fromisoformat(text)
    return bucket_start(day, key.bucket).isoformat()


def _day_in(instant: datetime, zone: tzinfo) -> date:
    """The day of *instant* in *zone*; at the ends of the calendar, where the zone leads out of it, that of UTC."""
    try:
        return instant.astimezone(zone).date()
    except OverflowError:
        return instant.astimezone(UTC).date()


_Reader: TypeAlias = Callable[[Record], str | None]


class Fold:
    """Groups records as they come; its memory grows with the groups, not with the records."""

    def __init__(self, query: AggregateQuery) -> None:
        self.query = query
        self._zone = query.days_in
        self._groups: dict[tuple[str | None, ...], GroupRow] = {}
        self._readers: list[_Reader] = [self._reader(key) for key in query.keys]

    def __len__(self) -> int:
        """Groups so far."""
        return len(self._groups)

    def _reader(self, key: GroupKey) -> _Reader:
        entity, amount = self.query.entity, self.query.amount
        zone = self._zone

        def read(record: Record) -> str | None:
            return group_value(record, key, entity=entity, amount=amount, zone=zone)

        return read

    def add(self, records: Iterable[Record]) -> None:
        """Count *records*, which carry what the query's selection names and satisfy its predicate."""
        for record in records:
            values = tuple([read(record) for read in self._readers])
            group = self._groups.get(values)
            if group is None:
                group = self._groups[values] = GroupRow(values)
            group.count += 1
            if self.query.amount is not None:
                self._add_amount(group, record)

    def _add_amount(self, group: GroupRow, record: Record) -> None:
        money = getattr(record, self.query.amount or "")
        if money is None:
            return
        totals = group.amounts.get(money.currency)
        if totals is None:
            weighted = Decimal(0) if self.query.is_weighted else None
            totals = group.amounts[money.currency] = AmountTotals(money.currency, weighted=weighted)
        amount = Decimal(money.amount)
        totals.add(amount)
        probability = key_text(record, "probability") if totals.weighted is not None else None
        if totals.weighted is not None and probability is not None:
            totals.weighted = EXACT.fma(amount, Decimal(probability), totals.weighted)

    def rows(self) -> Sequence[GroupRow]:
        """The groups; without keys one, even of no record."""
        if not self.query.keys and not self._groups:
            return [GroupRow(())]
        return list(self._groups.values())

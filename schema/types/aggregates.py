"""Groups of records with their counts and amounts; `model.reading.aggregates` is what they read."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN
from decimal import Decimal as Number

import strawberry

from model.aggregate import AmountTotals
from model.reading import Converted, GroupResult, GroupValue
from model.values import decimal_text
from schema.fields.relations import resolved
from schema.scalars import Decimal
from schema.types.outcome import SourceOutcome

__all__ = ["Aggregate", "DealAggregate", "DealGroup", "Group", "GroupKey", "MoneyAggregate"]

_KEYS = "What its records have alike, in the order of `groupBy`; none without one."
_COUNT = "Its records over all sources."
_GROUPS = (
    "The groups in the order of their keys: dates by time, stages by pipeline and position, statuses as their enum"
    " has them, records by source and remote id, everything else by label; missing values last."
    " Without `groupBy` one, even of no record."
)
_MORE = "Whether there are more groups than `first`."
_PARTIAL = "Whether records are missing from the counts and sums; `sources` says which source's."
_EXACT = "Whether counts and sums are of exactly the records that the query means; `sources` say why not."
_SOURCES = "How each source took part; `rows` are the records it counted."

_AVERAGE = Number("0.000001")


def _key_name(root: GroupValue) -> str:
    return root.field.upper()


@strawberry.type(description="What the records of a group have alike under one key.")
class GroupKey:
    """What the records of a group have alike under one key."""

    field: str = resolved(_key_name, "The key as `groupBy` spells it, such as EXPECTED_CLOSE_ON.")
    value: str | None = strawberry.field(
        description="A global id for records, stages and pipelines; a source's key; a bucket as 2026-11-28, 2026-W48,"
        " 2026-11, 2026-Q4 or 2026; else the value as filters take it. Null for a missing value."
    )
    label: str | None = strawberry.field(description="The value as people see it; null where there is none.")


@strawberry.type(description="Records that have the keys alike.")
class Group:
    """Records that have the keys alike."""

    keys: list[GroupKey] = strawberry.field(description=_KEYS)
    count: int = strawberry.field(description=_COUNT)


@strawberry.type(description="Records in groups, over all sources.")
class Aggregate:
    """Records in groups, over all sources."""

    groups: list[Group] = strawberry.field(description=_GROUPS)
    has_more: bool = strawberry.field(name="hasMoreGroups", description=_MORE)
    is_partial: bool = strawberry.field(description=_PARTIAL)
    is_exact: bool = strawberry.field(description=_EXACT)
    outcomes: list[SourceOutcome] = strawberry.field(name="sources", description=_SOURCES)


def _sum(root: AmountTotals | Converted) -> str:
    return decimal_text(root.sum)


def _weighted_sum(root: AmountTotals | Converted) -> str | None:
    return _text(root.weighted)


def _avg(root: AmountTotals | Converted) -> str | None:
    """The sum over the count; no more digits are given than money has a use for."""
    return _text((root.sum / root.count).quantize(_AVERAGE, ROUND_HALF_EVEN)) if root.count else None


def _min(root: AmountTotals | Converted) -> str | None:
    return _text(root.min)


def _max(root: AmountTotals | Converted) -> str | None:
    return _text(root.max)


def _text(number: Number | None) -> str | None:
    return None if number is None else decimal_text(number)


@strawberry.type(description="Totals of the amounts in one currency; records without an amount are not among them.")
class MoneyAggregate:
    """Totals of the amounts in one currency."""

    currency: str | None = strawberry.field(description="ISO 4217.")
    sum: Decimal = resolved(_sum, "All amounts together, exactly.")
    weighted_sum: Decimal | None = resolved(
        _weighted_sum, "Each amount times its probability, together; without a probability it adds nothing."
    )
    avg: Decimal | None = resolved(_avg, "The sum over the count, rounded half to even to 6 decimals at most.")
    min: Decimal | None = resolved(_min, "The smallest amount; null where there is none.")
    max: Decimal | None = resolved(_max, "The largest amount; null where there is none.")
    count: int = strawberry.field(description="Records that have an amount.")


def _converted(root: GroupResult) -> Converted | None:
    """The converted totals.

    Raises:
        Unsupported: a rate is missing.
    """
    if isinstance(root.converted, Exception):
        raise root.converted
    return root.converted


def _amounts(root: GroupResult) -> Sequence[AmountTotals]:
    return root.amounts


@strawberry.type(description="Deals that have the keys alike.")
class DealGroup:
    """Deals that have the keys alike."""

    keys: list[GroupKey] = strawberry.field(description=_KEYS)
    count: int = strawberry.field(description=_COUNT)
    amounts: list[MoneyAggregate] = resolved(_amounts, "Totals of their amounts, one for each currency, never mixed.")
    converted: MoneyAggregate | None = resolved(
        _converted,
        "Totals of all amounts in the currency of `convertTo`, rounded half to even to its minor unit;"
        " null without `convertTo`, and with an error where an exchange rate is missing.",
    )


@strawberry.type(description="Deals in groups, over all sources.")
class DealAggregate:
    """Deals in groups, over all sources."""

    groups: list[DealGroup] = strawberry.field(description=_GROUPS)
    has_more: bool = strawberry.field(name="hasMoreGroups", description=_MORE)
    is_partial: bool = strawberry.field(description=_PARTIAL)
    is_exact: bool = strawberry.field(description=_EXACT)
    outcomes: list[SourceOutcome] = strawberry.field(name="sources", description=_SOURCES)

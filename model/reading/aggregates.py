"""Groups over all sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from model.aggregate import AmountTotals, GroupKey
from model.entities import Entity
from model.errors import GatewayError
from model.query import EVERYTHING, Predicate
from model.reading.outcomes import DEFAULTS, Outcome, ReadOptions

__all__ = [
    "PLATFORM",
    "SOURCE",
    "AggregateRequest",
    "AggregateResult",
    "Converted",
    "GroupResult",
    "GroupValue",
]

SOURCE, PLATFORM = "source", "platform"
"""Keys of groups that no record has: where it lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateRequest:
    r"""One aggregate field.

    Attributes:
        where: ids in it are texts "<source key>\n<remote id>".
        keys: *source* and *platform* may stand among the fields.
        first: groups wanted at most.
        amount: the MONEY field whose totals are wanted; None where counts are enough.
        is_weighted: whether the sum of amount times probability is wanted.
        convert_to: ISO 4217 currency in which one total over all currencies is wanted as well.
        wants_names: whether labels are wanted that have to be read, such as owners' names.
    """

    entity: Entity
    where: Predicate = EVERYTHING
    keys: tuple[GroupKey, ...] = ()
    first: int = 100
    amount: str | None = None
    is_weighted: bool = False
    convert_to: str | None = None
    wants_names: bool = False
    sources: tuple[str, ...] | None = None
    options: ReadOptions = DEFAULTS


@dataclass(frozen=True, slots=True)
class GroupValue:
    """What the records of a group have alike under one key.

    Attributes:
        field: name of the key.
        value: fit for a filter where it is an id; None for a missing value.
        label: as people see it.
    """

    field: str
    value: str | None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """The totals of all currencies in one."""

    currency: str
    count: int
    sum: Decimal
    weighted: Decimal | None
    min: Decimal | None
    max: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResult:
    """One group over all sources.

    Attributes:
        amounts: in the order of their currencies.
        converted: all of them in the currency asked for, or why they cannot be: an exchange rate is missing.
    """

    keys: tuple[GroupValue, ...]
    count: int
    amounts: Sequence[AmountTotals] = ()
    converted: Converted | GatewayError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateResult:
    """The groups in the order of their keys, missing values last; *has_more* where there are more than asked for."""

    groups: Sequence[GroupResult]
    outcomes: Sequence[Outcome]
    has_more: bool = False
    is_partial: bool = False
    is_exact: bool = True

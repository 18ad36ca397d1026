"""What every resolver finds in `info.context`."""

from dataclasses import dataclass, field
from datetime import datetime

from model.aliases import Aliases
from model.query import Selection
from schema.ports import Reads

__all__ = ["Context", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on what one request may say.

    Attributes:
        groups: groups of one aggregate.
        first: rows of one page, and ids of one `nodes`.
        filter_depth: filters inside `and`, `or` and `not` of each other.
        filter_values: operands of one `in` or `notIn`.
        filter_conditions: comparisons in one filter.
        custom_keys: own fields of the CRM asked of one record.
    """

    first: int = 100
    groups: int = 1_000
    filter_depth: int = 12
    filter_values: int = 500
    filter_conditions: int = 200
    custom_keys: int = 50


@dataclass(kw_only=True)
class Context:
    """One request; the host may carry more in a class of its own that extends this one.

    Attributes:
        now: the instant that relative dates are counted from, aware.
        aliases: the operator's names for the CRMs' own fields.
        selections, names: selections already lowered in this request; the schema's own.
    """

    reads: Reads
    now: datetime
    limits: Limits = field(default_factory=Limits)
    aliases: Aliases = field(default_factory=Aliases)
    selections: dict[object, tuple[object, Selection]] = field(default_factory=dict)
    names: dict[object, tuple[object, tuple[str, ...]]] = field(default_factory=dict)

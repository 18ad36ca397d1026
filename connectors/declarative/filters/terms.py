"""How the fields of a file compare: what `connectors.tables` knows of that, and what only a file says."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from connectors.declarative.spec import OperatorName as Word
from connectors.tables import Criterion, Kind

__all__ = ["Term"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Criterion):
    """How a field compares at the API.

    Attributes:
        own: operators of this field alone, with the API's words where it has such; None for those of all fields.
        empty: what rows without a value hold beside null.
        is_numeric: whether operands are written as numbers: ids, and values of closed lists.
        is_whole: of NUMBER, whether the column has whole numbers.
        holds_instants: of DAY, whether the column has instants.
        guards: columns, each with the value without which the field is missing whatever its own column has.
    """

    own: Mapping[Word, str | None] | None = None
    empty: str | None = None
    is_numeric: bool = False
    is_whole: bool = False
    holds_instants: bool = False
    guards: tuple[tuple[str, str | bool], ...] = ()

    @property
    def may_sort(self) -> bool:
        """Whether the API's order by the column is an order by the field; instants of a day are not in order of ids."""
        return self.is_sortable and self.kind in {Kind.NUMBER, Kind.INSTANT, Kind.DAY} and not self.holds_instants

    @classmethod
    def of(cls, criterion: Criterion, **further: Any) -> "Term":
        """*criterion* with what a file says beyond it."""
        return cls(**{item.name: getattr(criterion, item.name) for item in fields(criterion)} | further)

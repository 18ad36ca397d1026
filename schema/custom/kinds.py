"""What an alias of each kind is in the schema, and how it compares."""

from collections.abc import Mapping
from dataclasses import dataclass

from model.fields import FieldKind
from schema.inputs.conditions import (
    BooleanFilter,
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    IntFilter,
    TextFilter,
)
from schema.scalars import Date, DateTime, Decimal
from schema.types.values import Choice

__all__ = ["COMPARED", "KINDS", "AliasKind"]


@dataclass(frozen=True, slots=True)
class AliasKind:
    """How values are shown and filtered.

    Attributes:
        shown: annotation of the field.
        condition: input type of the condition.
        compared: the kind that predicates and orders name it by.
        is_sortable: whether it has one value with one order everywhere.
    """

    shown: object
    condition: type
    compared: FieldKind
    is_sortable: bool = False


_K = FieldKind

KINDS: Mapping[FieldKind, AliasKind] = {
    _K.TEXT: AliasKind(str, TextFilter, _K.TEXT, is_sortable=True),
    _K.INTEGER: AliasKind(int, IntFilter, _K.DECIMAL, is_sortable=True),
    _K.DECIMAL: AliasKind(Decimal, DecimalFilter, _K.DECIMAL, is_sortable=True),
    _K.BOOLEAN: AliasKind(bool, BooleanFilter, _K.BOOLEAN),
    _K.DATE: AliasKind(Date, DateFilter, _K.DATE, is_sortable=True),
    _K.DATETIME: AliasKind(DateTime, DateTimeFilter, _K.DATETIME, is_sortable=True),
    _K.CHOICE: AliasKind(Choice, TextFilter, _K.TEXT),
    _K.MULTI_CHOICE: AliasKind(list[str], TextFilter, _K.TEXT),
    _K.EMAIL: AliasKind(str, TextFilter, _K.TEXT, is_sortable=True),
    _K.PHONE: AliasKind(str, TextFilter, _K.TEXT),
    _K.URL: AliasKind(str, TextFilter, _K.TEXT),
}
"""By the kinds an alias may have; CRMs sort choices by their own order of them, so that these have none here."""

COMPARED: Mapping[str, FieldKind] = {
    "text": _K.TEXT,
    "decimal": _K.DECIMAL,
    "boolean": _K.BOOLEAN,
    "date": _K.DATE,
    "date_time": _K.DATETIME,
}
"""By the attribute of a CustomFieldFilter that holds the condition."""

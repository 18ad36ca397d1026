"""The org's own columns, mapped or not, as fields under their API names."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from connectors.mapping import convert
from connectors.salesforce.objects.facts import Facts
from connectors.salesforce.objects.ids import canonical
from connectors.salesforce.objects.mapped import Mapped, day, flag, instant, text, value
from connectors.salesforce.objects.sobject import ColumnInfo
from connectors.salesforce.soql import CasedText, Choices, Ordered, SortKey, TextId, number_literal
from model.fields import FieldKind

__all__ = ["custom_field", "is_comparable_as"]

_NUMBERS = frozenset({FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY})
_ALONE = frozenset({FieldKind.BOOLEAN, FieldKind.DATE, FieldKind.DATETIME})


def is_comparable_as(kind: FieldKind, column: ColumnInfo) -> bool:
    """Whether the values of *column* compare as those of *kind* do."""
    if kind in _NUMBERS or column.kind in _NUMBERS:
        return kind in _NUMBERS and column.kind in _NUMBERS
    if kind in _ALONE or column.kind in _ALONE:
        return kind is column.kind
    return kind is not FieldKind.REFERENCE or column.kind is FieldKind.REFERENCE


def custom_field(column: ColumnInfo, facts: Facts) -> Mapped | None:
    """*column* as a field called by its API name; None where a cell is no single value."""
    return None if column.is_compound else _field(column, facts).seen_through({column.name: column})


def _field(column: ColumnInfo, facts: Facts) -> Mapped:
    name = column.name
    match column.kind:
        case FieldKind.BOOLEAN:
            return flag(name, name)
        case FieldKind.DATE:
            return day(name, name)
        case FieldKind.DATETIME:
            return instant(name, name)
        case FieldKind.INTEGER:
            return _number(name, _whole_text)
        case FieldKind.DECIMAL:
            return _number(name, convert.decimal)
        case FieldKind.MONEY:
            # Orgs with several currencies order by the corporate one (Salesforce, SOQL reference, "Querying currency
            # fields in multi-currency orgs", read 2026-11).
            return _number(name, convert.decimal, is_ordered=facts.currency_column is None)
        case FieldKind.MULTI_CHOICE:
            return value(name, (name,), lambda row: convert.texts(row[name]), rule=Choices(name, column.spellings))
        case FieldKind.REFERENCE:
            return value(name, (name,), lambda row: convert.text(row[name]), rule=TextId(name, canonical))
        case FieldKind.OTHER:
            return value(name, (name,), lambda row: convert.text(row[name]))
        case _ if name == "Id":
            return value(name, (name,), lambda row: convert.text(row[name]), rule=TextId(name, canonical))
        case _ if column.is_case_sensitive:
            return value(name, (name,), lambda row: convert.text(row[name]), rule=CasedText(name))
        case _:
            return text(name, name)


def _number(name: str, read: Callable[[Any], str | None], *, is_ordered: bool = True) -> Mapped:
    sort = SortKey(name, number_literal) if is_ordered else None
    return value(name, (name,), lambda row: read(row[name]), rule=Ordered(name, number_literal), sort=sort)


def _whole_text(found: Any) -> str | None:
    """A whole number without the point that JSON may give it; a fraction where the API wrote one nevertheless."""
    number = convert.decimal(found)
    if number is None:
        return None
    whole = Decimal(number).to_integral_value()
    return format(whole, "f") if whole == Decimal(number) else number

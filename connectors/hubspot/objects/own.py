"""HubSpot's properties under their own names: what kind each is, how it is read, and how it compares."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.hubspot.objects.columns import one
from connectors.hubspot.objects.portal import Property
from connectors.hubspot.search.criteria import Criterion, Kind
from connectors.mapping import Column, convert
from model.fields import CustomName, FieldKind

__all__ = ["criterion_as", "kind_of", "own_column", "why_unfit"]

_KINDS = {
    "string": FieldKind.TEXT,
    "phone_number": FieldKind.PHONE,
    "enumeration": FieldKind.CHOICE,
    "bool": FieldKind.BOOLEAN,
    "number": FieldKind.DECIMAL,
    "datetime": FieldKind.DATETIME,
    "date": FieldKind.DATE,
}
_MARKED_UP = frozenset({"textarea", "html"})
_TRUTHS = frozenset({"true", "false"})

_READERS: Mapping[FieldKind, Callable[[Any], Any]] = {
    FieldKind.BOOLEAN: convert.flag,
    FieldKind.DECIMAL: convert.decimal,
    FieldKind.DATETIME: convert.instant,
    FieldKind.DATE: convert.date,
    FieldKind.MULTI_CHOICE: convert.texts,
}
_COMPARED: Mapping[FieldKind, Kind] = {
    FieldKind.TEXT: Kind.TEXT,
    FieldKind.LONG_TEXT: Kind.TEXT,
    FieldKind.PHONE: Kind.TEXT,
    FieldKind.CHOICE: Kind.CHOICE,
    FieldKind.MULTI_CHOICE: Kind.SEVERAL,
    FieldKind.BOOLEAN: Kind.FLAG,
    FieldKind.DECIMAL: Kind.NUMBER,
    FieldKind.DATETIME: Kind.INSTANT,
    FieldKind.DATE: Kind.DAY,
}
_AS_TEXT = frozenset(
    {FieldKind.TEXT, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.URL, FieldKind.CHOICE, FieldKind.MULTI_CHOICE}
)
_FITTING: Mapping[FieldKind, frozenset[FieldKind]] = {
    **dict.fromkeys((*_AS_TEXT, FieldKind.LONG_TEXT), _AS_TEXT),
    FieldKind.DECIMAL: frozenset({FieldKind.DECIMAL, FieldKind.INTEGER}),
    **{kind: frozenset({kind}) for kind in (FieldKind.BOOLEAN, FieldKind.DATETIME, FieldKind.DATE)},
}
"""As which kinds the values of a property compare with our meaning."""


def kind_of(found: Property) -> FieldKind:
    """What sort of value property *found* holds; an enumeration is a yes or no, one choice, or several by its form."""
    kind = _KINDS.get(found.kind, FieldKind.OTHER)
    if kind is FieldKind.TEXT and found.form in _MARKED_UP:
        return FieldKind.LONG_TEXT
    if kind is FieldKind.CHOICE and found.form == "checkbox":
        return FieldKind.MULTI_CHOICE
    is_truth = found.form == "booleancheckbox" and {option.value.lower() for option in found.options} <= _TRUTHS
    return FieldKind.BOOLEAN if kind is FieldKind.CHOICE and is_truth else kind


def own_column(found: Property) -> Column:
    """How property *found* is read under its own name."""
    read = _READERS.get(kind_of(found), convert.text)
    return Column(field=found.name, remote=(found.name,), read=one(found.name, read))


def criterion_as(found: Property | None, wanted: FieldKind) -> Criterion | None:
    """How property *found* compares as *wanted*; None where it does not, or cannot at HubSpot."""
    if found is None or wanted not in _FITTING.get(kind_of(found), ()):
        return None
    values: dict[str, tuple[str, ...]] = {}
    for option in found.options:
        values[option.value.casefold()] = (*values.get(option.value.casefold(), ()), option.value)
    return Criterion(name=found.name, kind=_COMPARED[kind_of(found)], values=values)


def why_unfit(name: CustomName, known: Mapping[str, Property], object_: str) -> str | None:
    """Why a condition or an order cannot name *name*, and what to do; None where it can."""
    found = known.get(name.key)
    if found is None:
        return f"{object_} have no property {name.key}; see the account's fields for those it has"
    kind = kind_of(found)
    if name.kind in _FITTING.get(kind, ()):
        return None
    fitting = ", ".join(sorted(_FITTING.get(kind, ())))
    advice = f"compare it as {fitting}" if fitting else "it can be selected, and not compared"
    return f"{object_}.{name.key} is {kind.value} here and cannot be compared as {name.kind.value}; {advice}"

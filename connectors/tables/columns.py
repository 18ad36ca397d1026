"""The columns of a manifest: how its fields are read from a vendor's row, and compared at the vendor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from connectors.mapping import Column, Row, convert
from connectors.tables.criteria import Criterion, Kind
from connectors.tables.fields import FieldSpec
from model.values import Address, Choice, LabelledValue, Money, RecordRef, Ref, decimal_text

__all__ = ["Entry", "Labels", "at", "entry_of"]

Labels = Mapping[str, Mapping[str, str]]
"""By column, how people see each of its values."""

_SIMPLE: Mapping[str, tuple[Kind, Callable[[Any], Any]]] = {
    "text": (Kind.TEXT, convert.text),
    "texts": (Kind.SEVERAL, convert.texts),
    "day": (Kind.DAY, convert.date),
    "instant": (Kind.INSTANT, convert.instant),
    "number": (Kind.NUMBER, convert.decimal),
    "percent": (Kind.NUMBER, convert.percent),
    "whole": (Kind.NUMBER, convert.whole),
    "flag": (Kind.FLAG, convert.flag),
    "host": (Kind.TEXT, lambda value: convert.host(convert.text(value))),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One unified field at one object: how it is read, and how it compares, None where that is done here alone."""

    column: Column
    criterion: Criterion | None = None

    @classmethod
    def of(
        cls,
        field: str,
        remote: Sequence[str],
        read: Callable[[Row], Any],
        criterion: Criterion | None = None,
    ) -> "Entry":
        """*field*, read by *read* from the vendor's columns *remote*."""
        return cls(column=Column(field=field, remote=tuple(dict.fromkeys(remote)), read=read), criterion=criterion)


def at(path: str) -> Callable[[Row], Any]:
    """What a row holds at *path*; None where any step is missing, and a list where a step goes through one."""
    head, *rest = path.split(".")
    if not rest:
        return lambda row: row.get(head)

    def read(row: Row) -> Any:
        value = row.get(head)
        for step in rest:
            value = value.get(step) if isinstance(value, Mapping) else _item(value, step)
        return value

    return read


def _item(value: Any, step: str) -> Any:
    if not isinstance(value, list):
        return None
    if not step.isdecimal():
        return [item.get(step) for item in value if isinstance(item, Mapping)]
    return value[int(step)] if int(step) < len(value) else None


def entry_of(
    field: str,
    spec: FieldSpec,
    *,
    labels: Labels,
    currency: str | None,
    converters: Mapping[str, Callable[[Any], Any]] = MappingProxyType({}),
) -> Entry:
    """The entry of *field*; *currency* is that of amounts which name none.

    Closed lists are told by *labels* of their column; those that are empty leave the comparison to be done here.
    *converters* read forms, such as `day`, in place of the usual ones.
    """
    form = spec.form
    if form in _SIMPLE:
        kind, convert_ = _SIMPLE[form]
        return _simple(field, spec, kind, converters.get(form, convert_))
    return _FORMED[form](field, spec, labels, currency)


def _criterion(spec: FieldSpec, path: str, kind: Kind, **further: Any) -> Criterion | None:
    if not spec.compare or spec.form == "host":
        return None
    column = spec.column or path.partition(".")[0]
    return Criterion(column=column, kind=kind, is_always=spec.always, is_sortable=spec.sort, **further)


def _heads(spec: FieldSpec) -> tuple[str, ...]:
    return tuple(path.partition(".")[0] for path in spec.paths)


def _simple(field: str, spec: FieldSpec, kind: Kind, convert_: Callable[[Any], Any]) -> Entry:
    path = str(getattr(spec, spec.form))
    find = at(path)
    factor = 100 if spec.form == "percent" else 1
    criterion = _criterion(spec, path, kind, factor=factor)
    if not spec.when:
        return Entry.of(field, _heads(spec), lambda row: convert_(find(row)), criterion)
    is_met = _guard(spec)
    return Entry.of(field, _heads(spec), lambda row: convert_(find(row)) if is_met(row) else None, criterion)


def _guard(spec: FieldSpec) -> Callable[[Row], bool]:
    """Whether the other columns of a row have the values without which the field has none."""
    others = [(at(path), value) for path, value in spec.when.items()]
    return lambda row: all(_key(find(row)) == value for find, value in others)


def _word(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    path = str(spec.word)
    find = at(path)

    def read(row: Row) -> str | None:
        value = _key(find(row))
        return None if value is None else spec.words.get(value, spec.unmapped)

    criterion = _criterion(spec, path, Kind.WORD, words=_inverse(spec.words), unmapped=spec.unmapped)
    return Entry.of(field, _heads(spec), read, criterion)


def _label(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del currency
    path = str(spec.label)
    find, known = at(path), labels.get(path, {})

    def read(row: Row) -> str | None:
        value = _key(find(row))
        return None if value is None else known.get(value, value)

    criterion = _criterion(spec, path, Kind.WORD, words=_inverse(known), is_open=True) if known else None
    return Entry.of(field, _heads(spec), read, criterion)


def _choice(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del currency
    path = str(spec.choice)
    find, known = at(path), labels.get(path, {})
    choices = {value: Choice(value, label, spec.words.get(value)) for value, label in known.items()}

    def read(row: Row) -> Choice | None:
        value = _key(find(row))
        return None if value is None else choices.get(value) or Choice(value, None, spec.words.get(value))

    words = _inverse({value: value for value in known})
    criterion = _criterion(spec, path, Kind.WORD, words=words, is_open=True) if known else None
    return Entry.of(field, _heads(spec), read, criterion)


def _money(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels
    path = str(spec.money)
    find, find_currency = at(path), at(spec.currency) if spec.currency else None

    def read(row: Row) -> Money | None:
        amount = convert.decimal(find(row))
        if amount is None:
            return None
        if spec.per != 1:
            amount = decimal_text(Decimal(amount) / spec.per)
        return Money(amount, (convert.text(find_currency(row)) if find_currency else None) or currency)

    criterion = _criterion(spec, path, Kind.MONEY, currency=currency, currency_column=spec.currency, factor=spec.per)
    return Entry.of(field, _heads(spec), read, criterion)


def _link(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    path, target = str(spec.link), str(spec.to)
    find, is_met = at(path), _guard(spec)

    def read(row: Row) -> Ref | None:
        value = _key(find(row))
        return None if value is None or not is_met(row) else Ref(target, value)

    return Entry.of(field, _heads(spec), read, _criterion(spec, path, Kind.LINK))


def _labelled(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    parts = [(at(part.at), part.label, part.primary) for part in spec.labelled or ()]

    def read(row: Row) -> tuple[LabelledValue, ...]:
        found = (
            (convert.text(value), label, is_primary)
            for find, label, is_primary in parts
            for value in _several(find(row))
        )
        return tuple(LabelledValue(value, label, is_primary=is_primary) for value, label, is_primary in found if value)

    return Entry.of(field, _heads(spec), read)


def _addresses(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    each = [
        (parts.get("label"), {name: at(path) for name, path in parts.items() if name != "label"})
        for parts in spec.addresses or ()
    ]

    def read(row: Row) -> tuple[Address, ...]:
        found: list[Address] = []
        for label, parts in each:
            values = {name: convert.text(find(row)) for name, find in parts.items()}
            if any(values.values()):
                found.append(Address(label=label, **values))
        return tuple(found)

    return Entry.of(field, _heads(spec), read)


def _preview(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    path = str(spec.preview)
    find = at(path)
    return Entry.of(field, _heads(spec), lambda row: convert.plain_text(find(row)))


def _constant(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    value = spec.constant_value
    return Entry.of(field, (), lambda _: value)


def _joined(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    finds = [at(path) for path in spec.joined or ()]

    def read(row: Row) -> str | None:
        return " ".join(part for find in finds if (part := convert.text(find(row)))) or None

    return Entry.of(field, _heads(spec), read)


def _about(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    pointers = [(at(one.at), at(one.kind) if one.kind else None, one) for one in spec.about or ()]

    def read(row: Row) -> tuple[RecordRef, ...]:
        found: list[RecordRef] = []
        for find, find_kind, one in pointers:
            kind = one.to if find_kind is None else convert.text(find_kind(row))
            target = one.to or one.kinds.get(kind or "")
            for remote_id in (convert.text(value) for value in _several(find(row))):
                if remote_id is not None:
                    ref = None if target is None else Ref(target, remote_id)
                    found.append(RecordRef(remote_type=kind or "", remote_id=remote_id, ref=ref))
        return tuple(found)

    return Entry.of(field, _heads(spec), read)


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else (value,)


_FORMED: Mapping[str, Callable[[str, FieldSpec, Labels, str | None], Entry]] = {
    "word": _word,
    "label": _label,
    "choice": _choice,
    "money": _money,
    "link": _link,
    "labelled": _labelled,
    "addresses": _addresses,
    "preview": _preview,
    "constant": _constant,
    "joined": _joined,
    "about": _about,
}


def _key(value: Any) -> str | None:
    """A value of a closed list, or an id, as text; truth values as JSON writes them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return convert.text(value)


def _inverse(words: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for value, word in words.items():
        found[word.casefold()] = (*found.get(word.casefold(), ()), value)
    return MappingProxyType(found)

"""The columns of a manifest: how each unified field is read from a vendor's row, and compared at the vendor, as data.

A field is written as the path of its column, or as one form and what belongs to it:

    first_name: firstname                                  # a text
    created_at: {instant: createdon, always: true}
    probability: {percent: closeprobability}
    status: {word: statecode, words: {0: OPEN, 1: WON}, unmapped: UNKNOWN}
    industry: {label: industrycode}                        # the list's own label of the value
    amount: {money: value, currency: currency}             # without `currency`, the account's own
    owner: {link: owner_id, to: user}
    emails: {labelled: [{at: email, primary: true}, {at: email2, label: other}]}
    addresses: {addresses: [{street: street, city: city}]}
    kind: {constant: meeting}

A path goes into nested objects by dots; what is asked of the vendor is its first part.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.mapping import Column, Row, convert
from connectors.tables.criteria import Criterion, Kind
from model.values import Address, Choice, LabelledValue, Money, Ref

__all__ = ["Entry", "FieldSpec", "Labels", "at", "entry_of"]

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
}
_FORMS = (*_SIMPLE, "word", "label", "choice", "money", "link", "labelled", "addresses", "preview", "constant")


class _Part(BaseModel):
    """One of several e-mail addresses or phone numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: str
    label: str | None = None
    primary: bool = False


class FieldSpec(BaseModel):
    """One field of a manifest; exactly one form is given.

    Attributes:
        words: of word and choice, our word by the vendor's value.
        unmapped: of word, what other values are.
        currency: of money, the column that names it.
        to: of link, the type at the other end: an entity, "pipeline" or "stage".
        always: whether every record has a value.
        sort: whether the vendor sorts by the column.
        column: the vendor's name in conditions and orders; the path's first part if left out.
        compare: whether the vendor compares the column at all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    text: str | None = None
    texts: str | None = None
    day: str | None = None
    instant: str | None = None
    number: str | None = None
    percent: str | None = None
    whole: str | None = None
    flag: str | None = None
    word: str | None = None
    label: str | None = None
    choice: str | None = None
    money: str | None = None
    link: str | None = None
    labelled: tuple[_Part, ...] | None = None
    addresses: tuple[Mapping[str, str], ...] | None = None
    preview: str | None = None
    constant: str | bool | None = None
    words: Mapping[str, str] = Field(default_factory=dict)
    unmapped: str | None = None
    currency: str | None = None
    to: str | None = None
    always: bool = False
    sort: bool = False
    column: str | None = None
    compare: bool = True

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, value: Any) -> Any:
        """A path alone is a text."""
        return {"text": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_one_form(self) -> "FieldSpec":
        given = [name for name in _FORMS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a field has one form of {', '.join(_FORMS)}; got {', '.join(given) or 'none'}")
        return self

    @property
    def form(self) -> str:
        """The one form that is given."""
        return next(name for name in _FORMS if getattr(self, name) is not None)


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
    """What a row holds at *path*; None where any step is missing."""
    head, *rest = path.split(".")
    if not rest:
        return lambda row: row.get(head)

    def read(row: Row) -> Any:
        value = row.get(head)
        for step in rest:
            value = value.get(step) if isinstance(value, Mapping) else None
        return value

    return read


def entry_of(field: str, spec: FieldSpec, *, labels: Labels, currency: str | None) -> Entry:
    """The entry of *field*; *currency* is that of amounts which name none.

    Closed lists are told by *labels* of their column; those that are empty leave the comparison to be done here.
    """
    form = spec.form
    if form in _SIMPLE:
        return _simple(field, spec, *_SIMPLE[form])
    return _FORMED[form](field, spec, labels, currency)


def _criterion(spec: FieldSpec, path: str, kind: Kind, **further: Any) -> Criterion | None:
    if not spec.compare:
        return None
    column = spec.column or path.partition(".")[0]
    return Criterion(column=column, kind=kind, is_always=spec.always, is_sortable=spec.sort, **further)


def _heads(*paths: str) -> tuple[str, ...]:
    return tuple(path.partition(".")[0] for path in paths)


def _simple(field: str, spec: FieldSpec, kind: Kind, convert_: Callable[[Any], Any]) -> Entry:
    path = str(getattr(spec, spec.form))
    find = at(path)
    factor = 100 if spec.form == "percent" else 1
    return Entry.of(field, _heads(path), lambda row: convert_(find(row)), _criterion(spec, path, kind, factor=factor))


def _word(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    path = str(spec.word)
    find = at(path)

    def read(row: Row) -> str | None:
        value = _key(find(row))
        return None if value is None else spec.words.get(value, spec.unmapped)

    criterion = _criterion(spec, path, Kind.WORD, words=_inverse(spec.words), unmapped=spec.unmapped)
    return Entry.of(field, _heads(path), read, criterion)


def _label(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del currency
    path = str(spec.label)
    find, known = at(path), labels.get(path, {})

    def read(row: Row) -> str | None:
        value = _key(find(row))
        return None if value is None else known.get(value, value)

    criterion = _criterion(spec, path, Kind.WORD, words=_inverse(known), is_open=True) if known else None
    return Entry.of(field, _heads(path), read, criterion)


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
    return Entry.of(field, _heads(path), read, criterion)


def _money(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels
    path = str(spec.money)
    find, find_currency = at(path), at(spec.currency) if spec.currency else None

    def read(row: Row) -> Money | None:
        amount = convert.decimal(find(row))
        if amount is None:
            return None
        return Money(amount, (convert.text(find_currency(row)) if find_currency else None) or currency)

    criterion = _criterion(spec, path, Kind.MONEY, currency=currency, currency_column=spec.currency)
    return Entry.of(field, _heads(path, *([spec.currency] if spec.currency else [])), read, criterion)


def _link(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    path, target = str(spec.link), str(spec.to)
    find = at(path)

    def read(row: Row) -> Ref | None:
        value = _key(find(row))
        return None if value is None else Ref(target, value)

    return Entry.of(field, _heads(path), read, _criterion(spec, path, Kind.LINK))


def _labelled(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    parts = [(at(part.at), part.label, part.primary) for part in spec.labelled or ()]

    def read(row: Row) -> tuple[LabelledValue, ...]:
        found = ((convert.text(find(row)), label, is_primary) for find, label, is_primary in parts)
        return tuple(LabelledValue(value, label, is_primary=is_primary) for value, label, is_primary in found if value)

    return Entry.of(field, _heads(*(part.at for part in spec.labelled or ())), read)


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

    paths = [path for parts in spec.addresses or () for name, path in parts.items() if name != "label"]
    return Entry.of(field, _heads(*paths), read)


def _preview(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    path = str(spec.preview)
    find = at(path)
    return Entry.of(field, _heads(path), lambda row: convert.plain_text(find(row)))


def _constant(field: str, spec: FieldSpec, labels: Labels, currency: str | None) -> Entry:
    del labels, currency
    return Entry.of(field, (), lambda _: spec.constant)


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

"""How unified fields are read from HubSpot's properties, all of which are texts or null.

A row is the record's properties with the answer's own facts beside them: "@id", "@archived", "@updatedAt", "@url" and
"@now".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.hubspot.objects.portal import Property
from connectors.hubspot.search.criteria import Criterion, Kind
from connectors.mapping import Row, convert
from model.entities import Entity
from model.values import Address, Attendee, Choice, LabelledValue, Money, Ref

__all__ = [
    "Entry",
    "address",
    "attending_owners",
    "choice",
    "criterion_of",
    "day",
    "emails",
    "instant",
    "label",
    "money",
    "number",
    "one",
    "person_name",
    "phones",
    "preview",
    "reference",
    "text",
    "user_reference",
    "word",
]

_KINDS = {
    "string": Kind.TEXT,
    "phone_number": Kind.TEXT,
    "enumeration": Kind.CHOICE,
    "bool": Kind.FLAG,
    "number": Kind.NUMBER,
    "datetime": Kind.INSTANT,
    "date": Kind.DAY,
}
"""What HubSpot's type words compare as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One unified field at one object.

    Attributes:
        names: properties it is read from; none where every answer carries it.
        criterion: how it is compared; None where it is compared here alone.
    """

    field: str
    names: tuple[str, ...]
    read: Callable[[Row], Any]
    criterion: Criterion | None = None


def criterion_of(known: Mapping[str, Property], name: str, *wanted: Kind) -> Criterion | None:
    """How property *name* compares; None where its type is none of *wanted*."""
    found = known.get(name)
    kind = _KINDS.get(found.kind) if found else None
    if found is None or kind is None or kind not in wanted:
        return None
    values: dict[str, tuple[str, ...]] = {}
    for option in found.options:
        values[option.value.casefold()] = (*values.get(option.value.casefold(), ()), option.value)
    return Criterion(name=name, kind=kind, values=values)


def text(field: str, name: str, known: Mapping[str, Property]) -> Entry:
    """A text, or an enumeration by its internal value."""
    return Entry(
        field=field,
        names=(name,),
        read=one(name, convert.text),
        criterion=criterion_of(known, name, Kind.TEXT, Kind.CHOICE),
    )


def instant(field: str, name: str, known: Mapping[str, Property]) -> Entry:
    """A point in time."""
    return Entry(
        field=field, names=(name,), read=one(name, convert.instant), criterion=criterion_of(known, name, Kind.INSTANT)
    )


def day(field: str, name: str, known: Mapping[str, Property]) -> Entry:
    """The UTC day of a point in time, or a date; None for texts that are neither."""

    def read(row: Row) -> str | None:
        try:
            return convert.date(row.get(name))
        except ValueError:  # some date properties, date_of_birth among them, take any text
            return None

    told = criterion_of(known, name, Kind.INSTANT, Kind.DAY)
    return Entry(
        field=field,
        names=(name,),
        read=read,
        criterion=Criterion(name=name, kind=Kind.DAY) if told is not None else None,
    )


def number(field: str, name: str, known: Mapping[str, Property], read: Callable[[Any], Any] = convert.decimal) -> Entry:
    """A number."""
    return Entry(field=field, names=(name,), read=one(name, read), criterion=criterion_of(known, name, Kind.NUMBER))


def money(
    field: str, name: str, known: Mapping[str, Property], *, home: str | None, currency_name: str | None = None
) -> Entry:
    """An amount in the currency that *currency_name* tells, else in *home*."""

    def read(row: Row) -> Money | None:
        amount = convert.decimal(row.get(name))
        if amount is None:
            return None
        return Money(amount, (convert.text(row.get(currency_name)) if currency_name else None) or home)

    told = criterion_of(known, name, Kind.NUMBER)
    has_currency = currency_name is not None and currency_name in known
    criterion = Criterion(
        name=name,
        kind=Kind.MONEY,
        home_currency=home,
        currency_property=currency_name if has_currency else None,
    )
    names = (name, currency_name) if currency_name and has_currency else (name,)
    return Entry(field=field, names=names, read=read, criterion=criterion if told is not None else None)


def word(field: str, name: str, words: Mapping[str, str], *, unmapped: str | None, is_always: bool = False) -> Entry:
    """An enumeration read as one of our words, by HubSpot's value; *unmapped* stands for values not in *words*."""

    def read(row: Row) -> str | None:
        value = convert.text(row.get(name))
        return None if value is None else words.get(value, unmapped)

    values: dict[str, tuple[str, ...]] = {}
    for value, meaning in words.items():
        values[meaning.casefold()] = (*values.get(meaning.casefold(), ()), value)
    criterion = Criterion(name=name, kind=Kind.WORD, values=values, has_blanks=unmapped is None, is_always=is_always)
    return Entry(field=field, names=(name,), read=read, criterion=criterion)


def label(field: str, name: str, labels: Mapping[str, str]) -> Entry:
    """How people see an enumeration's value; the value itself where it has no label."""

    def read(row: Row) -> str | None:
        value = convert.text(row.get(name))
        return None if value is None else labels.get(value, value)

    return Entry(field=field, names=(name,), read=read)


def choice(field: str, name: str, known: Mapping[str, Property], words: Mapping[str, str]) -> Entry:
    """An enumeration with its label and our word for it."""
    found = known.get(name)
    choices = {
        option.value: Choice(option.value, option.label, words.get(option.value))
        for option in (found.options if found else ())
    }

    def read(row: Row) -> Choice | None:
        value = convert.text(row.get(name))
        return None if value is None else choices.get(value) or Choice(value, None, words.get(value))

    return Entry(field=field, names=(name,), read=read, criterion=criterion_of(known, name, Kind.CHOICE, Kind.TEXT))


def reference(field: str, name: str, target: str, known: Iterable[str] = ()) -> Entry:
    """A pointer whose id is the property's value; *known* are the ids that may stand there, where they are told."""

    def read(row: Row) -> Ref | None:
        value = convert.text(row.get(name))
        return None if value is None else Ref(target, value)

    kind = Kind.LINK if target in set(Entity) else Kind.KEY
    values = {remote_id: (remote_id,) for remote_id in known}
    return Entry(field=field, names=(name,), read=read, criterion=Criterion(name=name, kind=kind, values=values))


def user_reference(field: str, name: str, owner_ids: Mapping[str, str]) -> Entry:
    """A pointer to the owner behind a user id; None for users who are no owner."""

    def read(row: Row) -> Ref | None:
        owner_id = owner_ids.get(row.get(name) or "")
        return None if owner_id is None else Ref(Entity.USER, owner_id)

    users: dict[str, tuple[str, ...]] = {}
    for user_id, owner_id in owner_ids.items():
        users[owner_id] = (*users.get(owner_id, ()), user_id)
    criterion = Criterion(name=name, kind=Kind.WORD, values=users, has_blanks=True)
    return Entry(field=field, names=(name,), read=read, criterion=criterion)


def one(name: str, read: Callable[[Any], Any]) -> Callable[[Row], Any]:
    """A reader of a single property."""
    return lambda row: read(row.get(name))


def person_name(first: str, last: str, email: str) -> Callable[[Row], str | None]:
    """A reader of first and last name, else of the e-mail address."""

    def read(row: Row) -> str | None:
        names = [name for name in (row.get(first), row.get(last)) if name]
        return " ".join(names) or convert.text(row.get(email))

    return read


def emails(row: Row) -> tuple[LabelledValue, ...]:
    """Every e-mail address, the primary one first."""
    primary, work = convert.text(row.get("email")), convert.text(row.get("work_email"))
    found = [LabelledValue(primary, is_primary=True)] if primary else []
    found += [LabelledValue(work, "work")] if work else []
    found += [LabelledValue(value) for value in convert.texts(row.get("hs_additional_emails")) or ()]
    return tuple(found)


def phones(row: Row) -> tuple[LabelledValue, ...]:
    """Every phone number, the primary one first."""
    labels = (("phone", None), ("mobilephone", "mobile"), ("fax", "fax"))
    values = ((convert.text(row.get(name)), name, tag) for name, tag in labels)
    return tuple(LabelledValue(value, tag, is_primary=name == "phone") for value, name, tag in values if value)


def address(row: Row) -> tuple[Address, ...]:
    """The one address an object has, if any part of it is filled."""
    found = Address(
        street=convert.text(row.get("address")),
        street2=convert.text(row.get("address2")),
        city=convert.text(row.get("city")),
        region=convert.text(row.get("state")),
        postal_code=convert.text(row.get("zip")),
        country=convert.text(row.get("country")),
    )
    return () if found == Address() else (found,)


def attending_owners(users: Mapping[str, tuple[str | None, str | None]]) -> Callable[[Row], tuple[Attendee, ...]]:
    """A reader of the owners who attend; *users* are (name, e-mail) by owner id."""

    def read(row: Row) -> tuple[Attendee, ...]:
        ids = convert.texts(row.get("hs_attendee_owner_ids")) or ()
        return tuple(
            Attendee(name=name, email=email, user=Ref(Entity.USER, owner_id))
            for owner_id in ids
            for name, email in [users.get(owner_id, (None, None))]
        )

    return read


def preview(name: str) -> Callable[[Row], str | None]:
    """A reader of the beginning of a marked-up text, as plain text."""
    return lambda row: convert.plain_text(row.get(name))

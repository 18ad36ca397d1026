"""Fields that take code to read: what truth columns tell, whom partners and pointers stand for, amounts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from connectors.mapping import Row, convert
from connectors.odoo.domains import Far, Flag, LastDay, Number, Timed, Within
from connectors.tables import Criterion, Entry, Kind
from model.entities import Entity
from model.values import Attendee, Money, RecordRef, Ref

__all__ = ["Currencies", "coded_entries", "is_id"]

_PARTNERS, _LEADS = "res.partner", "crm.lead"
_IS_COMPANY = (("is_company", "=", True),)
_IS_PERSON = (("is_company", "=", False),)
_IS_TIMED = (("allday", "=", False),)


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currency of the user's own company, and whether other companies of theirs have others."""

    own: str | None
    are_several: bool


def is_id(text: object) -> bool:
    """Whether *text* has the form of a record's id: a whole number from 1 on."""
    return isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 10 and text[0] != "0"


def coded_entries(entity: Entity, currencies: Currencies, users: Mapping[str, str]) -> Iterator[Entry]:
    """What takes code to read; *users* are their ids by their partners'."""
    match entity:
        case Entity.CONTACT | Entity.COMPANY:
            yield _word("is_archived", "active", {"true": "false", "false": "true"})
            yield _tags("category_id")
        case Entity.LEAD | Entity.DEAL:
            yield Entry.of("is_archived", ("active", "won_status"), _is_archived)
            yield _tags("tag_ids")
            yield _amount("value" if entity is Entity.LEAD else "amount", currencies)
            yield _far("company", "partner_id.commercial_partner_id", _IS_COMPANY, _company)
        case Entity.APPOINTMENT:
            yield _word("is_archived", "active", {"true": "false", "false": "true"})
            yield from _appointment(users)
        case Entity.TASK:
            yield _word("status", "active", {"true": "OPEN", "false": "DONE"})
            yield Entry.of("about", ("res_model", "res_id"), lambda row: _about(row["res_model"], row["res_id"]))
        case Entity.NOTE:
            yield Entry.of("about", ("model", "res_id"), lambda row: _about(row["model"], row["res_id"]))
            yield _author(users)
    if entity is Entity.COMPANY:
        within = Within(column="website", kind=Kind.TEXT)
        yield Entry.of("domain", ("website",), lambda row: convert.host(row["website"]), within)
    if entity is Entity.LEAD:
        yield _far("contact", "partner_id", _IS_PERSON, _person)
    if entity is Entity.DEAL:
        yield _link("stage", "stage_id")


def _word(field: str, column: str, words: Mapping[str, str]) -> Entry:
    """A field that a truth column decides; as a truth value where its words are those."""
    is_truth = set(words.values()) == {"true", "false"}

    def read(row: Row) -> str | bool:
        word = words["true" if row[column] else "false"]
        return word == "true" if is_truth else word

    values = {word.casefold(): (value,) for value, word in words.items()}
    return Entry.of(field, (column,), read, Flag(column=column, kind=Kind.WORD, words=values, is_always=True))


def _is_archived(row: Row) -> bool:
    """A lost lead or deal is archived in Odoo; here it is lost."""
    return not row["active"] and row["won_status"] != "lost"


def _tags(column: str) -> Entry:
    criterion = Criterion(column=f"{column}.name", kind=Kind.SEVERAL)
    return Entry.of("tags", (column,), lambda row: tuple(str(tag["name"]) for tag in row[column]), criterion)


def _amount(field: str, currencies: Currencies) -> Entry:
    """The expected revenue, in the currency of the record's company, or of the user's where it has none."""

    def read(row: Row) -> Money | None:
        amount = convert.decimal(row["expected_revenue"])
        named = row["company_currency"]
        return None if amount is None else Money(amount, currencies.own if named is None else str(named["name"]))

    criterion = Criterion(
        column="expected_revenue",
        kind=Kind.MONEY,
        is_always=True,
        currency=currencies.own,
        currency_column="company_id.currency_id.name" if currencies.are_several else None,
    )
    return Entry.of(field, ("expected_revenue", "company_currency"), read, criterion)


def _link(field: str, column: str) -> Entry:
    criterion = Criterion(column=column, kind=Kind.LINK, accepts=is_id)
    return Entry.of(field, (column,), lambda row: _ref(field, row[column]), criterion)


def _far(field: str, column: str, where: tuple[Any, ...], read: Callable[[Row], Ref | None]) -> Entry:
    return Entry.of(field, (column.partition(".")[0],), read, Far(column=column, kind=Kind.LINK, where=where))


def _ref(entity: str, remote_id: object) -> Ref | None:
    return None if remote_id is None else Ref(entity, str(remote_id))


def _company(row: Row) -> Ref | None:
    partner = row["partner_id"]
    found = None if partner is None else partner["commercial_partner_id"]
    return _ref(Entity.COMPANY, found["id"]) if found is not None and found["is_company"] else None


def _person(row: Row) -> Ref | None:
    partner = row["partner_id"]
    return None if partner is None or partner["is_company"] else _ref(Entity.CONTACT, partner["id"])


def _about(model: str | None, held: Any) -> tuple[RecordRef, ...]:
    """What an activity or a message is about; nothing where it stands alone, or its record is gone."""
    if model is None or not isinstance(held, Mapping):
        return ()
    remote_id = str(held["id"])
    return (RecordRef(remote_type=model, remote_id=remote_id, ref=_pointed(model, held)),)


def _pointed(model: str, held: Mapping[str, Any]) -> Ref | None:
    """Which of our types a partner or a lead is; None where the user may not see it, so that Odoo does not tell."""
    if "type" not in held:
        return None
    if model == _LEADS:
        return _ref(Entity.LEAD if held["type"] == "lead" else Entity.DEAL, held["id"])
    whole = held["commercial_partner_id"]
    is_company = whole is not None and whole["is_company"] and whole["id"] == held["id"]
    return _ref(Entity.COMPANY if is_company else Entity.CONTACT, held["id"])


def _author(users: Mapping[str, str]) -> Entry:
    """The user whose partner wrote it; others, such as customers who answer, are none."""
    partners: dict[str, tuple[str, ...]] = {}
    for partner, user in users.items():
        partners[user] = (*partners.get(user, ()), partner)
    criterion = Number(column="author_id", kind=Kind.WORD, words=partners)
    return Entry.of(
        "author", ("author_id",), lambda row: _ref(Entity.USER, users.get(str(row["author_id"]))), criterion
    )


def _appointment(users: Mapping[str, str]) -> Iterator[Entry]:
    """All-day ones have days and no instants, the others the reverse."""
    for field, column in (("starts_at", "start"), ("ends_at", "stop")):
        criterion = Timed(column=column, kind=Kind.INSTANT, is_sortable=True, where=_IS_TIMED)
        yield Entry.of(field, (column, "allday"), _instant(column), criterion)
    last = LastDay(column="stop_date", kind=Kind.DAY, is_sortable=True)
    yield Entry.of("ends_on", ("stop_date",), lambda row: _next_day(row["stop_date"]), last)
    yield _word("is_all_day", "allday", {"true": "true", "false": "false"})
    yield Entry.of(
        "attendees", ("attendee_ids",), lambda row: tuple(_attendee(one, users) for one in row["attendee_ids"])
    )
    yield Entry.of("about", ("opportunity_id",), _opportunity)


def _instant(column: str) -> Callable[[Row], str | None]:
    return lambda row: None if row["allday"] else convert.instant(row[column])


def _next_day(value: Any) -> str | None:
    day = convert.date(value)
    return None if day is None else (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _attendee(one: Row, users: Mapping[str, str]) -> Attendee:
    partner = one["partner_id"]
    user = None if partner is None else users.get(str(partner["id"]))
    is_contact = partner is not None and user is None and not partner["is_company"]
    return Attendee(
        name=convert.text(one["common_name"]),
        email=convert.text(one["email"]),
        contact=_ref(Entity.CONTACT, partner["id"]) if is_contact else None,
        user=_ref(Entity.USER, user),
        response=convert.text(one["state"]),
    )


def _opportunity(row: Row) -> tuple[RecordRef, ...]:
    ref = _ref(Entity.DEAL, row["opportunity_id"])
    return () if ref is None else (RecordRef(remote_type=_LEADS, remote_id=ref.remote_id, ref=ref),)

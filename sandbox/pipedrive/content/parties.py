"""Persons, organizations, users and leads of a book, as Pipedrive has them."""

from collections.abc import Iterator
from decimal import Decimal

from sandbox.pipedrive.content.cells import (
    Row,
    address,
    clock_time,
    instant,
    lead_id,
    millis,
    optional_id,
    row_id,
    user_id,
)
from sandbox.pipedrive.content.fields import CONTACT_SYNC, option_id, own_key
from sandbox.seed import Book, Company, Lead, Person

__all__ = ["LEAD_LABELS", "lead_rows", "number", "organization_rows", "person_rows", "user_rows"]

LEAD_LABELS = {
    name: f"f08b42a{place}-4e75-11ea-9643-03698ef1cfd6"
    for place, name in enumerate(("Hot", "Warm", "Cold", "Working", "Qualified"))
}
"""Label of leads → id: the three that every account starts with, and two that this one added."""

_SOURCES = {"Web": "Web forms", "Newsletter": "Web visitors", "Partner": "Import", "Trade show": "Import"}
_VALUES = (None, "EUR", "USD", "EUR", "JPY")


def number(value: Decimal | None) -> int | float | None:
    """*value* as a JSON number."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def person_rows(book: Book, *, contact_sync: bool) -> Iterator[Row]:
    """One row per person."""
    for person in book.people:
        synced: Row = {
            "job_title": person.job_title,
            "birthday": None if person.birth_date is None else person.birth_date.isoformat(),
            "postal_address": address(person),
            "im": [],
            "notes": person.description,
        }
        yield {
            **_base("persons", person),
            "name": " ".join(part for part in (person.first_name, person.last_name) if part),
            "first_name": person.first_name,
            "last_name": person.last_name,
            "org_id": optional_id("organizations", person.company),
            "emails": _labelled((("work", person.email), *(("home", one) for one in person.other_emails))),
            "phones": _labelled((("work", person.phone), ("mobile", person.mobile))),
            "label_ids": _ids(option_id("person", "label_ids", person.lifecycle)),
            "picture_id": None,
            **{code: synced[code] for code in CONTACT_SYNC if contact_sync},
            "custom_fields": _person_fields(person),
        }


def _person_fields(person: Person) -> Row:
    is_vip = None if person.is_vip is None else "Yes" if person.is_vip else "No"
    told = {
        "npsScore": person.nps,
        "customerNumber": person.customer_number,
        "renewalOn": None if person.renewal_on is None else person.renewal_on.isoformat(),
        "isVip": option_id("person", "isVip", is_vip),
        "preferredChannel": option_id("person", "preferredChannel", person.preferred_channel),
        "interests": [option_id("person", "interests", one) for one in person.interests] or None,
    }
    return {own_key("person", name): value for name, value in told.items()}


def organization_rows(book: Book) -> Iterator[Row]:
    """One row per company."""
    for company in book.companies:
        own = {
            "customerNumber": company.customer_number,
            "tier": option_id("organization", "tier", company.tier),
            "billingAddress": address(company) if company.number % 5 == 0 else None,
        }
        yield {
            **_base("organizations", company),
            "name": company.name,
            "address": address(company),
            "label_ids": [],
            "website": None if company.domain is None else f"https://{company.domain}",
            "linkedin": None,
            "industry": option_id("organization", "industry", company.industry),
            "annual_revenue": number(company.annual_revenue),
            "employee_count": company.employees,
            "custom_fields": {own_key("organization", name): value for name, value in own.items()},
        }


def user_rows(book: Book) -> Iterator[Row]:
    """The admin, whose token is used, and one row per user; a queue is a user with a shared mailbox."""
    yield _user(0, "Sandbox Admin", "admin@sandbox.example", "2022-03-01 09:00:00", zone=book.time_zone)
    for user in book.users:
        email = user.email or f"queue{user.number}@crew.example"
        yield _user(
            user.number,
            user.name,
            email,
            clock_time(instant(user.created_at)),
            modified=clock_time(instant(user.updated_at)),
            zone=user.time_zone,
            is_active=user.is_active,
        )


def _user(
    key: int, name: str, email: str, created: str, *, zone: str, modified: str | None = None, is_active: bool = True
) -> Row:
    return {
        "id": user_id(key),
        "name": name,
        "email": email,
        "phone": None,
        "default_currency": "EUR",
        "locale": "en_US",
        "lang": 1,
        "activated": True,
        "active_flag": is_active,
        "last_login": modified or created,
        "created": created,
        "modified": modified or created,
        "role_id": 1,
        "timezone_name": zone,
        "timezone_offset": "+00:00",
        "icon_url": None,
        "is_you": key == 0,
        "is_deleted": False,
        "access": [{"app": "sales", "admin": key == 0, "permission_set_id": "f07d229d-088a-4144-a40f-1fe64295d180"}],
    }


def lead_rows(book: Book) -> Iterator[Row]:
    """One row per lead that is not converted: a conversion deletes it (conversion guide, read 2026-11)."""
    for lead in book.leads:
        if lead.status == "converted":
            continue
        person = None if lead.person is None else book.people[lead.person - 1]
        labels = [lead.rating, lead.status]
        yield {
            "id": lead_id(lead.number),
            "title": lead.title,
            "owner_id": user_id(lead.owner),
            "creator_id": user_id(lead.number % len(book.users)),
            "label_ids": [LEAD_LABELS[one.title()] for one in labels if one and one.title() in LEAD_LABELS],
            "person_id": optional_id("persons", lead.person),
            "organization_id": optional_id("organizations", lead.company or (person.company if person else None)),
            "source_name": _SOURCES.get(lead.lead_source or "", "Manually created"),
            "origin": "ManuallyCreated",
            "origin_id": None,
            "channel": option_id("deal", "channel", lead.lead_source),
            "channel_id": None,
            "source_deal_id": None,
            "is_archived": lead.status == "disqualified",
            "was_seen": lead.status != "new",
            "value": _value(lead),
            "expected_close_date": None,
            "next_activity_id": None,
            "add_time": millis(lead.created_at),
            "update_time": millis(lead.updated_at),
            "visible_to": "3",
            "cc_email": f"sandbox+lead{lead.number}@pipedrivemail.example",
            **(_own(lead) if lead.number % 5 == 0 else {}),
        }


def _own(lead: Lead) -> Row:
    """Values of the deals' own fields, flat, and only where they are set."""
    fee = own_key("deal", "setupFee")
    return {own_key("deal", "contractMonths"): 12, fee: 100 + lead.number, f"{fee}_currency": "EUR"}


def _value(lead: Lead) -> Row | None:
    currency = _VALUES[lead.number % len(_VALUES)]
    return None if currency is None else {"amount": 1_000 + lead.number * 25, "currency": currency}


def _base(kind: str, row: Person | Company) -> Row:
    return {
        "id": row_id(kind, row.number),
        "owner_id": user_id(row.owner),
        "add_time": instant(row.created_at),
        "update_time": instant(row.updated_at),
        "is_deleted": False,
        "visible_to": 3,
    }


def _labelled(told: tuple[tuple[str, str | None], ...]) -> list[Row]:
    """The values that are there, the first of them primary."""
    there = [(label, value) for label, value in told if value is not None]
    return [{"value": value, "primary": place == 0, "label": label} for place, (label, value) in enumerate(there)]


def _ids(*found: int | None) -> list[int]:
    return [one for one in found if one is not None]

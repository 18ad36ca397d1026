"""The associations of a book's rows, in both directions."""

from collections.abc import Iterator
from typing import NamedTuple

from sandbox.hubspot.definitions import HUBSPOT_TYPES, AssociationType, AssociationTypes, record_id
from sandbox.seed import Appointment, Book, Note, Task

__all__ = ["Link", "book_links"]


class Link(NamedTuple):
    """One record is something to another; the other direction is a link of its own."""

    from_type: str
    from_id: int
    to_type: str
    to_id: int
    category: str
    type_id: int


def book_links(book: Book, types: AssociationTypes, *, deal_to_lead: bool) -> Iterator[Link]:
    """Every link of *book*; from deals to leads only if *deal_to_lead*."""
    yield from _contact_links(book)
    yield from _company_links(book)
    yield from _deal_links(book, types)
    yield from _lead_links(book, deal_to_lead=deal_to_lead)
    for kind, rows in (("meetings", book.appointments), ("notes", book.notes), ("tasks", book.tasks)):
        for row in rows:
            yield from _activity_links(kind, row)


def _contact_links(book: Book) -> Iterator[Link]:
    for person in book.people:
        if person.company is not None:
            yield from _both("contacts", person.number, "companies", person.company, "primary")
        for company in person.other_companies:
            if company != person.company:
                yield from _both("contacts", person.number, "companies", company)


def _company_links(book: Book) -> Iterator[Link]:
    for company in book.companies:
        if company.parent is not None:
            yield from _one_way("companies", company.number, "companies", company.parent, "parent")
            yield from _one_way("companies", company.parent, "companies", company.number, "child")


def _deal_links(book: Book, types: AssociationTypes) -> Iterator[Link]:
    for deal in book.deals:
        if deal.company is not None:
            yield from _both("deals", deal.number, "companies", deal.company, "primary")
        for person in dict.fromkeys(one.person for one in deal.roles):
            yield from _both("deals", deal.number, "contacts", person)
        for role in deal.roles:
            if role.role is not None:
                there = types.role("deals", "contacts", role.role)
                back = types.role("contacts", "deals", role.role)
                yield _link("deals", deal.number, "contacts", role.person, there)
                yield _link("contacts", role.person, "deals", deal.number, back)


def _lead_links(book: Book, *, deal_to_lead: bool) -> Iterator[Link]:
    for lead in book.leads:
        if lead.person is not None:
            yield from _both("leads", lead.number, "contacts", lead.person, "primary")
        if lead.company is not None:
            yield from _both("leads", lead.number, "companies", lead.company, "primary")
        if lead.deal is not None:
            yield from _one_way("leads", lead.number, "deals", lead.deal, "primary")
            if deal_to_lead:
                yield from _one_way("deals", lead.deal, "leads", lead.number, "primary")


def _activity_links(kind: str, row: Appointment | Note | Task) -> Iterator[Link]:
    for person in row.people:
        yield from _both(kind, row.number, "contacts", person)
    if row.company is not None:
        yield from _both(kind, row.number, "companies", row.company)
    if row.deal is not None:
        yield from _both(kind, row.number, "deals", row.deal)
    if isinstance(row, Appointment) and row.lead is not None:
        yield from _both(kind, row.number, "leads", row.lead)


def _both(one: str, number: int, other: str, other_number: int, label: str | None = None) -> Iterator[Link]:
    yield from _one_way(one, number, other, other_number, label)
    yield from _one_way(other, other_number, one, number, label)


def _one_way(source: str, number: int, target: str, target_number: int, label: str | None = None) -> Iterator[Link]:
    """The plain association, which every pair has, and the labelled one."""
    types = HUBSPOT_TYPES[source, target]
    yield _link(source, number, target, target_number, types["plain"])
    if label is not None:
        yield _link(source, number, target, target_number, types[label])


def _link(source: str, number: int, target: str, target_number: int, kind: AssociationType) -> Link:
    return Link(
        source, record_id(source, number), target, record_id(target, target_number), kind.category, kind.type_id
    )

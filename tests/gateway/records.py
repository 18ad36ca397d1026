"""Sources in memory for the gateway's tests: a hundred records a type, related to their neighbours."""

import dataclasses
from typing import Any, TypeVar

from connectors.memory import MemoryConnector
from model.entities import Company, Contact, Deal, Entity, Record, User
from model.values import Ref

__all__ = ["memory_source", "record"]

R = TypeVar("R", bound=Record)

_COUNT = 100
_STAMP = "2026-05-01T08:00:00.000Z"


def record(kind: type[R], source: str, number: int, **values: Any) -> R:
    """A whole record; what *values* leave out is missing."""
    names = {item.name for item in dataclasses.fields(kind)} - {"source", "remote_id"}
    return kind(source=source, remote_id=str(number), **{**dict.fromkeys(names), "updated_at": _STAMP, **values})


def memory_source(key: str, *, connect: type[MemoryConnector] = MemoryConnector, related: int = 20) -> MemoryConnector:
    """A source with contacts, companies, deals and users; each is related to the *related* records behind it."""
    numbers = range(1, _COUNT + 1)
    companies = [record(Company, key, n, name=f"Company {n}", domain=f"c{n}.example") for n in numbers]
    users = [record(User, key, n, name=f"User {n}", email=f"u{n}@example.com") for n in numbers]
    deals = [
        record(Deal, key, n, name=f"Deal {n}", status="OPEN", company=Ref(Entity.COMPANY, str(n))) for n in numbers
    ]
    contacts = [
        record(
            Contact,
            key,
            n,
            display_name=f"Contact {n}",
            email=f"p{n}@example.com",
            company=Ref(Entity.COMPANY, str(n)),
            owner=Ref(Entity.USER, str(n)),
        )
        for n in numbers
    ]
    links = {
        (relation, str(n)): [str((n + step) % _COUNT + 1) for step in range(related)]
        for relation in ("deals", "contacts", "companies")
        for n in numbers
    }
    records = {Entity.CONTACT: contacts, Entity.COMPANY: companies, Entity.DEAL: deals, Entity.USER: users}
    return connect(key, records, links=links)

"""Two sources in memory with own fields of the same meaning under other keys, and aliases over them."""

from collections.abc import Iterable, Sequence
from typing import Any

from connectors.memory import MemoryConnector
from gateway.config import Settings
from model.aliases import Alias
from model.capabilities import RemoteField
from model.entities import Company, Contact, Entity, Record
from model.fields import FieldKind
from model.values import Choice, Ref
from tests.gateway.records import record
from tests.gateway.serving import EVERYTHING_ON, settings_with

__all__ = ["ALIASES", "NORTH", "SOUTH", "own", "source", "with_aliases"]

K = FieldKind
CHANNELS = (Choice("mail", "By e-mail"), Choice("tel", "By phone"))


def own(key: str, kind: FieldKind, choices: tuple[Choice, ...] | None = None) -> RemoteField:
    """A field of the account's own."""
    label = key.removesuffix("__c").replace("_", " ").capitalize()
    return RemoteField(remote_field=key, label=label, kind=kind, is_custom=True, choices=choices)


NORTH = {
    Entity.CONTACT: (
        own("NPS__c", K.DECIMAL),
        own("Number__c", K.TEXT),
        own("Renewal__c", K.DATE),
        own("Seen__c", K.DATETIME),
        own("VIP__c", K.BOOLEAN),
        own("Channel__c", K.CHOICE, CHANNELS),
        own("Interests__c", K.MULTI_CHOICE),
        own("Visits__c", K.INTEGER),
        own("Only_North__c", K.TEXT),
    ),
    Entity.COMPANY: (own("Tier__c", K.CHOICE, (Choice("A", "Gold"),)),),
}
SOUTH = {
    Entity.CONTACT: (
        own("nps_score", K.DECIMAL),
        own("customer_number", K.TEXT),
        own("is_vip", K.BOOLEAN),
        own("interests", K.MULTI_CHOICE),
    ),
    Entity.COMPANY: (own("tier", K.CHOICE, (Choice("A", "First"),)),),
}


def alias(entity: Entity, name: str, kind: FieldKind, **keys: str) -> Alias:
    """A name of the operator's."""
    return Alias(entity=entity, name=name, kind=kind, description=f"What {name} says.", keys=keys)


ALIASES = (
    alias(Entity.CONTACT, "npsScore", K.DECIMAL, north="NPS__c", south="nps_score"),
    alias(Entity.CONTACT, "customerNumber", K.TEXT, north="Number__c", south="customer_number"),
    alias(Entity.CONTACT, "renewalOn", K.DATE, north="Renewal__c"),
    alias(Entity.CONTACT, "seenAt", K.DATETIME, north="Seen__c"),
    alias(Entity.CONTACT, "isVip", K.BOOLEAN, north="VIP__c", south="is_vip"),
    alias(Entity.CONTACT, "channel", K.CHOICE, north="Channel__c"),
    alias(Entity.CONTACT, "interests", K.MULTI_CHOICE, north="Interests__c", south="interests"),
    alias(Entity.CONTACT, "visits", K.INTEGER, north="Visits__c"),
    alias(Entity.CONTACT, "gone", K.TEXT, north="Gone__c", south="gone"),
    alias(Entity.COMPANY, "tier", K.CHOICE, north="Tier__c", south="tier"),
)

_NORTH: list[dict[str, Any]] = [
    {
        "NPS__c": "9.5",
        "Number__c": "N-1",
        "Renewal__c": "2026-06-01",
        "Seen__c": "2026-05-01T08:00:00.000Z",
        "VIP__c": True,
        "Channel__c": "mail",
        "Interests__c": ("golf", "wine"),
        "Visits__c": "12",
        "Only_North__c": "x",
    },
    {"NPS__c": "3", "Number__c": "n-2", "Renewal__c": "2026-05-01", "VIP__c": False, "Visits__c": "3000000000"},
    {"Number__c": "N-3", "Interests__c": ("Golf",)},
]
_SOUTH: list[dict[str, Any]] = [
    {"nps_score": "10", "customer_number": "S-1", "is_vip": False, "interests": ("wine",)},
    {"nps_score": "3.00", "customer_number": "S-2", "is_vip": True},
    {},
]


def source(
    key: str, fields: dict[Entity, tuple[RemoteField, ...]], rows: Sequence[dict[str, Any]] = (), **options: Any
) -> MemoryConnector:
    """A source whose contacts hold *rows* of own values, each at a company of tier A."""
    given = rows or (_NORTH if key == "north" else _SOUTH)
    contacts = [_contact(key, n, row, fields[Entity.CONTACT]) for n, row in enumerate(given, start=1)]
    tiers: dict[str, Any] = {item.remote_field: "A" for item in fields[Entity.COMPANY]}
    companies: list[Record] = [record(Company, key, 1, name=f"{key} Inc", custom=tiers)]
    links = {("contacts", "1"): [contact.remote_id for contact in contacts]}
    records = {Entity.CONTACT: contacts, Entity.COMPANY: companies}
    return MemoryConnector(key, records, links=links, own_fields=fields, **options)


def _contact(key: str, number: int, row: dict[str, Any], fields: Iterable[RemoteField]) -> Contact:
    values = {item.remote_field: row.get(item.remote_field) for item in fields}
    company = Ref(Entity.COMPANY, "1")
    name, email = f"{key}{number}", f"p{number}@example.com"
    return record(Contact, key, number, display_name=name, email=email, company=company, custom=values)


def with_aliases(*aliases: Alias, **more: Any) -> Settings:
    """Settings with *aliases*, all of them if none are given."""
    return settings_with(features=EVERYTHING_ON, custom_fields=aliases or ALIASES, **more)

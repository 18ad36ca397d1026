"""Which HubSpot object and properties each unified type is read from, for one account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from connectors.hubspot.manifest import HubSpotOptions, manifest
from connectors.hubspot.objects import columns as c
from connectors.hubspot.objects.fields import BUILDERS, contact_stage_lead
from connectors.hubspot.objects.own import criterion_as, own_column, why_unfit
from connectors.hubspot.objects.portal import Portal, Property
from connectors.hubspot.search.criteria import Criterion, Kind
from connectors.hubspot.search.filters import ALL, ID, Filter, Groups
from connectors.mapping import Column, Row, Table, convert
from model.entities import Entity, User
from model.fields import FIELDS, RELATIONS, custom_of

__all__ = ["OBJECTS", "Mapped", "mapped_types"]

OBJECTS: Mapping[Entity, str] = {
    Entity.CONTACT: "contacts",
    Entity.LEAD: "leads",
    Entity.APPOINTMENT: "meetings",
    Entity.DEAL: "deals",
    Entity.COMPANY: "companies",
    Entity.NOTE: "notes",
    Entity.TASK: "tasks",
}

_ENRICHED: Mapping[Entity, Mapping[str, tuple[str, ...]]] = {
    Entity.APPOINTMENT: {"about": ("contacts", "companies", "deals"), "attendees": ("contacts",)},
    Entity.NOTE: {"about": ("contacts", "companies", "deals")},
    Entity.TASK: {"about": ("contacts", "companies", "deals")},
}
"""Fields that stand on associations: the objects at their far ends."""

_BORROWED: Mapping[str, str] = {
    "first_name": "contacts",
    "last_name": "contacts",
    "display_name": "contacts",
    "job_title": "contacts",
    "email": "contacts",
    "emails": "contacts",
    "phone": "contacts",
    "phones": "contacts",
    "addresses": "contacts",
    "lead_source": "contacts",
    "company_name": "companies",
}
"""Fields of a lead object that stand on its contact or its company, where the lead has no copy of them."""

_ACTIVITIES = {"appointments": "meetings", "notes": "notes", "tasks": "tasks"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One unified type at one account.

    Attributes:
        object: HubSpot's name of the object.
        properties: all properties the object has there, by name.
        criteria: how fields and relations compare at HubSpot; those in neither this nor *constants* are compared here.
        constants: fields that every record has alike, None for fields and relations that HubSpot does not have.
        users: the account's owners, whom relations to users lead to; None where they cannot be read.
        base: what makes a row of the object one of the type, as a search is told.
        member: the same as a property and its values; None where every row is one.
        link: beginning of a record's page, its id to be added; None where the account's id is not known.
        enriched: fields that stand on associations, and the objects at their far ends.
        borrowed: fields that stand on a record to which this one is tied, and the object it is one of.
        links: relations that stand on associations, and the objects at their far ends.
    """

    object: str
    table: Table
    properties: Mapping[str, Property]
    criteria: Mapping[str, Criterion]
    constants: Mapping[str, Any]
    users: tuple[User, ...] | None = None
    base: Groups = ALL
    member: tuple[str, frozenset[str]] | None = None
    link: str | None = None
    enriched: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    borrowed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def is_member(self, row: Row) -> bool:
        """Whether *row*, read with `member`'s property, is one of the type."""
        return self.member is None or row.get(self.member[0]) in self.member[1]

    def criteria_with(self, names: Iterable[str]) -> Mapping[str, Criterion]:
        """*criteria*, and those of the account's own properties among *names*."""
        own = {name: self.criterion(name) for name in names if custom_of(name) is not None}
        return {**self.criteria, **{name: criterion for name, criterion in own.items() if criterion is not None}}

    def constants_with(self, names: Iterable[str]) -> Mapping[str, Any]:
        """*constants*, and None for those properties among *names* that the account does not have, or no longer."""
        own = [(name, custom.key) for name in names if (custom := custom_of(name)) is not None]
        return {**self.constants, **{name: None for name, key in own if key not in self.properties}}

    def criterion(self, name: str) -> Criterion | None:
        """How what *name* stands for compares at HubSpot; None where it is compared here."""
        custom = custom_of(name)
        if custom is None:
            return self.criteria.get(name)
        return criterion_as(self.properties.get(custom.key), custom.kind)

    def why_unfit(self, names: Iterable[str]) -> str | None:
        """Why the account's own properties among *names* cannot be compared as they are named; None where they can."""
        customs = (custom for name in names if (custom := custom_of(name)) is not None)
        return next((why for one in customs if (why := why_unfit(one, self.properties, self.object))), None)


def mapped_types(portal: Portal, options: HubSpotOptions) -> Mapping[Entity, Mapped]:
    """The types that *portal* offers, users apart."""
    found: dict[Entity, Mapped] = {}
    for entity, build in BUILDERS.items():
        name = OBJECTS[entity]
        if name in portal.properties and not (entity is Entity.LEAD and options.leads != "object"):
            found[entity] = _mapped(entity, name, build(portal, options), portal)
    if options.leads == "contact_stage" and Entity.CONTACT in found:
        leads = _mapped(Entity.LEAD, "contacts", contact_stage_lead(portal, options), portal, links=_ACTIVITIES)
        found[Entity.LEAD] = replace(leads, base=_LEADS, member=("lifecyclestage", frozenset(_STAGES)))
        found[Entity.CONTACT] = replace(found[Entity.CONTACT], base=_NOT_LEADS)
    return found


def _mapped(
    entity: Entity,
    object_: str,
    entries: Iterable[c.Entry],
    portal: Portal,
    *,
    links: Mapping[str, str] | None = None,
) -> Mapped:
    """*links* are the relations by association, where they are not those of the type."""
    known = portal.properties[object_]
    usable: list[c.Entry] = []
    for entry in (*_every(object_, portal), *entries):
        names = tuple(name for name in entry.names if name in known)
        if names or not entry.names:
            is_told = entry.criterion is not None and (entry.criterion.name in known or entry.criterion.kind is Kind.ID)
            usable.append(replace(entry, names=names, criterion=entry.criterion if is_told else None))
    columns = [Column(field=entry.field, remote=entry.names, read=entry.read) for entry in usable]
    own = {column.field for column in columns}
    readable = portal.properties.keys()
    lent = _BORROWED if object_ == "leads" else {}
    borrowed = {name: far for name, far in lent.items() if name not in own and far in readable}
    enriched = {
        name: tuple(far for far in targets if far in readable) for name, targets in _ENRICHED.get(entity, {}).items()
    }
    ties = {name: far for name, far in (links or _LINKS.get(entity, {})).items() if far in readable}
    present = own | enriched.keys() | borrowed.keys() | ties.keys()
    named = (*FIELDS[entity], *(relation.name for relation in RELATIONS[entity].values() if not relation.is_many))
    constants: dict[str, Any] = {name: None for name in named if name not in present}
    constants["is_deleted"] = False
    if entity is Entity.APPOINTMENT:
        constants["kind"] = "meeting"
    criteria = {entry.field: entry.criterion for entry in usable if entry.criterion is not None}
    criteria.update(_tied(entity, ties))
    if entity is Entity.LEAD and "is_converted" not in criteria:
        constants["is_converted"] = False
    return Mapped(
        object=object_,
        table=Table.of(entity, object_, columns, map(own_column, known.values())),
        properties=known,
        criteria=criteria,
        constants=constants,
        users=None if "owners" in portal.refused else portal.users,
        link=_link(object_, portal),
        enriched=enriched,
        borrowed=borrowed,
        links=ties,
    )


def _tied(entity: Entity, ties: Mapping[str, str]) -> dict[str, Criterion]:
    """How to-one relations by association compare: only some objects can be named at the far end."""
    singular = manifest().association_filters
    return {
        name: Criterion(name=f"associations.{singular[far]}", kind=Kind.TIED)
        for name, far in ties.items()
        if far in singular and not RELATIONS[entity][name].is_many
    }


def _link(object_: str, portal: Portal) -> str | None:
    if portal.account_id is None:
        return None
    host = portal.ui_host or manifest().ui_host
    return f"https://{host}/contacts/{portal.account_id}/record/{manifest().type_ids[object_]}/"


def _every(object_: str, portal: Portal) -> list[c.Entry]:
    known = portal.properties[object_]
    created = "hs_createdate" if object_ in {"meetings", "notes", "tasks"} else "createdate"
    updated = "lastmodifieddate" if object_ == "contacts" else "hs_lastmodifieddate"
    if created not in known:  # leads answer to both names
        created = "hs_createdate" if "hs_createdate" in known else "createdate"
    link = _link(object_, portal)
    return [
        c.Entry(field="remote_id", names=(), read=lambda row: row["@id"], criterion=_id_criterion()),
        c.Entry(
            field="url",
            names=(),
            read=lambda row: row["@url"] or (link + str(row["@id"]) if link else None),
        ),
        _stamp("created_at", created),
        _stamp("updated_at", updated, is_growing=True),
        c.user_reference("created_by", "hs_created_by_user_id", portal.owner_ids),
        c.user_reference("updated_by", "hs_updated_by_user_id", portal.owner_ids),
        c.Entry(field="version", names=(), read=lambda row: row["@updatedAt"]),
        c.Entry(field="fetched_at", names=(), read=lambda row: row["@now"]),
        c.Entry(field="is_deleted", names=(), read=lambda row: row["@archived"]),
    ]


def _id_criterion() -> Criterion:
    return Criterion(name=ID, kind=Kind.ID, is_always=True)


def _stamp(field: str, name: str, *, is_growing: bool = False) -> c.Entry:
    criterion = Criterion(name=name, kind=Kind.INSTANT, is_always=True, is_growing=is_growing)
    return c.Entry(field=field, names=(name,), read=c.one(name, convert.instant), criterion=criterion)


_LINKS: Mapping[Entity, Mapping[str, str]] = {
    Entity.CONTACT: {"companies": "companies", "deals": "deals", "leads": "leads", **_ACTIVITIES},
    # The link from a lead to its deal is stored there: reading it from the deal can find nothing.
    Entity.LEAD: {"contact": "contacts", "company": "companies", "converted_deal": "deals", **_ACTIVITIES},
    Entity.APPOINTMENT: {"contacts": "contacts", "company": "companies", "deal": "deals", "lead": "leads"},
    Entity.DEAL: {"company": "companies", "contacts": "contacts", **_ACTIVITIES},
    Entity.COMPANY: {"contacts": "contacts", "deals": "deals", **_ACTIVITIES},
}

_STAGES = manifest().lead_lifecycle_stages
_LEADS: Groups = ((Filter("lifecyclestage", "IN", values=_STAGES),),)
_NOT_LEADS: Groups = (
    (Filter("lifecyclestage", "NOT_IN", values=_STAGES),),
    (Filter("lifecyclestage", "NOT_HAS_PROPERTY"),),
)
"""Contacts that are not listed as leads: those at other stages, and those at none."""

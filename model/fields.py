"""What the fields and relations of each unified type are, as data.

Filters, orders, residual checks and the capability tables are all read off this table.
A condition may name more than a field of its own type:

- `company`, a to-one relation, which compares by the remote id at its other end;
- `company.domain`, a field of the record at the other end of a to-one relation; it is missing where there is none;
- `custom.DECIMAL.nps_score`, a field of the CRM itself, by its own key; the kind says how its values compare.
"""

from dataclasses import dataclass
from enum import StrEnum

from model.entities import Entity

__all__ = [
    "CUSTOM",
    "FIELDS",
    "RELATIONS",
    "TO_ONE",
    "CustomName",
    "Field",
    "FieldKind",
    "Relation",
    "custom_of",
    "field_of",
    "is_filterable",
    "path_of",
    "public_name",
]


class FieldKind(StrEnum):
    """What sort of value a field holds."""

    TEXT = "TEXT"
    LONG_TEXT = "LONG_TEXT"
    INTEGER = "INTEGER"
    DECIMAL = "DECIMAL"
    MONEY = "MONEY"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    DATETIME = "DATETIME"
    CHOICE = "CHOICE"
    MULTI_CHOICE = "MULTI_CHOICE"
    REFERENCE = "REFERENCE"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    URL = "URL"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: *name* is the attribute of the record class."""

    name: str
    kind: FieldKind


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation: *is_many* ones are connections or lists, the others a Ref on the record."""

    name: str
    target: Entity
    is_many: bool


_T, _L, _N = FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.DECIMAL
_D, _DT, _B = FieldKind.DATE, FieldKind.DATETIME, FieldKind.BOOLEAN
_C, _M, _O = FieldKind.CHOICE, FieldKind.MONEY, FieldKind.OTHER
_R, _E, _P, _U = FieldKind.REFERENCE, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.URL
_I, _MC = FieldKind.INTEGER, FieldKind.MULTI_CHOICE

_EVERY: dict[str, FieldKind] = {
    "remote_id": _T,
    "url": _U,
    "created_at": _DT,
    "updated_at": _DT,
    "version": _T,
    "fetched_at": _DT,
    "is_deleted": _B,
    "is_archived": _B,
}

_PERSON: dict[str, FieldKind] = {
    "first_name": _T,
    "last_name": _T,
    "display_name": _T,
    "job_title": _T,
    "email": _E,
    "emails": _O,
    "phone": _P,
    "phones": _O,
    "addresses": _O,
    "lead_source": _T,
    "tags": _MC,
    "description": _L,
}

_KINDS: dict[Entity, dict[str, FieldKind]] = {
    Entity.CONTACT: {
        **_PERSON,
        "salutation": _T,
        "department": _T,
        "lifecycle": _C,
        "email_opt_out": _B,
        "do_not_call": _B,
        "birth_date": _D,
        "last_activity_at": _DT,
        "last_activity_on": _D,
    },
    Entity.LEAD: {
        **_PERSON,
        "title": _T,
        "company_name": _T,
        "status": _C,
        "status_label": _T,
        "rating": _T,
        "value": _M,
        "expected_close_on": _D,
        "is_converted": _B,
        "converted_at": _DT,
        "converted_on": _D,
    },
    Entity.APPOINTMENT: {
        "kind": _T,
        "title": _T,
        "starts_at": _DT,
        "ends_at": _DT,
        "starts_on": _D,
        "ends_on": _D,
        "is_all_day": _B,
        "time_zone": _T,
        "location": _T,
        "meeting_url": _U,
        "description": _L,
        "status": _C,
        "status_label": _T,
        "recurrence": _T,
        "attendees": _O,
        "about": _O,
    },
    Entity.DEAL: {
        "name": _T,
        "amount": _M,
        "probability": _N,
        "status": _C,
        "status_label": _T,
        "pipeline": _R,
        "stage": _R,
        "expected_close_on": _D,
        "closed_at": _DT,
        "closed_on": _D,
        "lost_reason": _T,
        "won_reason": _T,
        "deal_type": _T,
        "next_step": _T,
        "lead_source": _T,
        "description": _L,
        "tags": _MC,
        "stage_changed_at": _DT,
    },
    Entity.COMPANY: {
        "name": _T,
        "domain": _T,
        "website": _U,
        "phone": _P,
        "industry": _T,
        "employee_count": _I,
        "annual_revenue": _M,
        "addresses": _O,
        "description": _L,
        "tags": _MC,
    },
    Entity.USER: {"name": _T, "email": _E, "is_active": _B, "time_zone": _T, "kind": _C},
    Entity.NOTE: {"title": _T, "body": _L, "body_preview": _T, "about": _O},
    Entity.TASK: {
        "subject": _T,
        "body": _L,
        "status": _C,
        "status_label": _T,
        "priority": _C,
        "due_on": _D,
        "due_at": _DT,
        "completed_at": _DT,
        "about": _O,
    },
    Entity.PROJECT: {"name": _T, "description": _L, "status": _T, "start_on": _D, "end_on": _D},
    Entity.COMMENT: {"body": _L, "about": _O},
}

FIELDS: dict[Entity, dict[str, Field]] = {
    entity: {name: Field(name, kind) for name, kind in {**_EVERY, **kinds}.items()} for entity, kinds in _KINDS.items()
}

_ACTIVITIES = {"appointments": Entity.APPOINTMENT, "notes": Entity.NOTE, "tasks": Entity.TASK}
_AUDIT = {"created_by": Entity.USER, "updated_by": Entity.USER}

_ONE: dict[Entity, dict[str, Entity]] = {
    Entity.CONTACT: {"company": Entity.COMPANY, "owner": Entity.USER},
    Entity.LEAD: {
        "owner": Entity.USER,
        "contact": Entity.CONTACT,
        "company": Entity.COMPANY,
        "converted_contact": Entity.CONTACT,
        "converted_company": Entity.COMPANY,
        "converted_deal": Entity.DEAL,
    },
    Entity.APPOINTMENT: {
        "owner": Entity.USER,
        "company": Entity.COMPANY,
        "deal": Entity.DEAL,
        "lead": Entity.LEAD,
    },
    Entity.DEAL: {"company": Entity.COMPANY, "owner": Entity.USER},
    Entity.COMPANY: {"parent": Entity.COMPANY, "owner": Entity.USER},
    Entity.USER: {},
    Entity.NOTE: {"author": Entity.USER},
    Entity.TASK: {"owner": Entity.USER, "project": Entity.PROJECT},
    Entity.PROJECT: {"owner": Entity.USER, "company": Entity.COMPANY},
    Entity.COMMENT: {"author": Entity.USER, "project": Entity.PROJECT, "task": Entity.TASK},
}

_MANY: dict[Entity, dict[str, Entity]] = {
    Entity.CONTACT: {"companies": Entity.COMPANY, "deals": Entity.DEAL, "leads": Entity.LEAD, **_ACTIVITIES},
    Entity.LEAD: _ACTIVITIES,
    Entity.APPOINTMENT: {"contacts": Entity.CONTACT},
    Entity.DEAL: {"contacts": Entity.CONTACT, **_ACTIVITIES},
    Entity.COMPANY: {"contacts": Entity.CONTACT, "deals": Entity.DEAL, **_ACTIVITIES},
    Entity.USER: {},
    Entity.NOTE: {},
    Entity.TASK: {"comments": Entity.COMMENT},
    Entity.PROJECT: {"tasks": Entity.TASK, "comments": Entity.COMMENT},
    Entity.COMMENT: {},
}

RELATIONS: dict[Entity, dict[str, Relation]] = {
    entity: {
        **{name: Relation(name, target, is_many=False) for name, target in {**_AUDIT, **_ONE[entity]}.items()},
        **{name: Relation(name, target, is_many=True) for name, target in _MANY[entity].items()},
    }
    for entity in Entity
}

TO_ONE = frozenset(
    relation.name for relations in RELATIONS.values() for relation in relations.values() if not relation.is_many
)
"""Names of to-one relations; none is also the name of a field."""

CUSTOM = "custom"
"""What stands before the kind and the key in the name of a CRM's own field."""

_UNFILTERABLE = frozenset({FieldKind.OTHER, FieldKind.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class CustomName:
    """A field of the CRM itself: its *key* there, and how its values compare here.

    Without a key it stands for a field that the source lacks, so that it is missing on every record.
    """

    kind: FieldKind
    key: str

    def __str__(self) -> str:
        """The name that predicates, orders and selections use."""
        return f"{CUSTOM}.{self.kind.value}.{self.key}"


def custom_of(name: str) -> CustomName | None:
    """The CRM's own field that *name* stands for; None for a name of ours."""
    prefix, _, rest = name.partition(".")
    if prefix != CUSTOM:
        return None
    kind, _, key = rest.partition(".")
    return CustomName(FieldKind(kind), key)


def path_of(name: str) -> tuple[str, str] | None:
    """The relation and the field behind it that *name* stands for, such as company and domain; None for others."""
    relation, dot, field = name.partition(".")
    return (relation, field) if dot and relation != CUSTOM else None


def public_name(name: str) -> str:
    """*name* as clients know it, for messages: `displayName`, `company.id`, `custom field NPS__c`."""
    custom, path = custom_of(name), path_of(name)
    if custom is not None:
        return f"custom field {custom.key}"
    if path is not None:
        return f"{public_name(path[0])}.{public_name(path[1])}"
    head, *tail = ("id" if name == "remote_id" else name).split("_")
    return head + "".join(word.capitalize() for word in tail)


def field_of(entity: Entity, name: str) -> Field:
    """The field that *name* stands for, relations, paths and the CRM's own fields included.

    Raises:
        KeyError: the type has no such field.
    """
    found = FIELDS[entity].get(name)
    if found is not None:
        return found
    custom = custom_of(name)
    if custom is not None:
        return Field(name, custom.kind)
    path = path_of(name)
    relation = RELATIONS[entity][path[0] if path else name]
    if relation.is_many:
        raise KeyError(name)
    return field_of(relation.target, path[1]) if path else Field(name, FieldKind.REFERENCE)


def is_filterable(field: Field) -> bool:
    """Whether a predicate may name *field* at all: values with structure, and the read's own facts, it may not."""
    return field.kind not in _UNFILTERABLE and field.name not in {"url", "version", "fetched_at"}

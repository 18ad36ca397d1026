"""HubSpot's object types."""

from dataclasses import dataclass

__all__ = ["OBJECTS", "ObjectType", "object_type"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectType:
    """One kind of CRM record.

    Attributes:
        name: plural, as paths have it.
        singular: as messages and `associations.…` filters have it.
        type_id: such as 0-1; paths take it too.
        created: name of the property with the creation time.
        modified: name of the property with the modification time.
        defaults: properties returned when none are asked for.
        query_fields: properties that a search's `query` looks at.
        scope: the `crm.objects.<scope>.read` that reading needs.
    """

    name: str
    singular: str
    type_id: str
    created: str
    modified: str
    defaults: tuple[str, ...]
    query_fields: tuple[str, ...]
    scope: str


_ACTIVITY_DEFAULTS = ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")

# Defaults and query fields: CRM search guide, read 2026-11.
OBJECTS: dict[str, ObjectType] = {
    one.name: one
    for one in (
        ObjectType(
            name="contacts",
            singular="contact",
            type_id="0-1",
            created="createdate",
            modified="lastmodifieddate",
            defaults=("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
            query_fields=(
                *("firstname", "lastname", "email", "phone", "hs_additional_emails", "fax", "mobilephone", "company"),
            ),
            scope="contacts",
        ),
        ObjectType(
            name="companies",
            singular="company",
            type_id="0-2",
            created="createdate",
            modified="hs_lastmodifieddate",
            defaults=("name", "domain", "createdate", "hs_lastmodifieddate", "hs_object_id"),
            query_fields=("website", "phone", "name", "domain"),
            scope="companies",
        ),
        ObjectType(
            name="deals",
            singular="deal",
            type_id="0-3",
            created="createdate",
            modified="hs_lastmodifieddate",
            defaults=(
                *("dealname", "amount", "closedate", "pipeline", "dealstage", "createdate", "hs_lastmodifieddate"),
                "hs_object_id",
            ),
            query_fields=("dealname", "pipeline", "dealstage", "description", "dealtype"),
            scope="deals",
        ),
        ObjectType(
            name="leads",
            singular="lead",
            type_id="0-136",
            created="hs_createdate",
            modified="hs_lastmodifieddate",
            defaults=("createdate", "hs_lastmodifieddate", "hs_object_id"),
            query_fields=(
                *("hs_lead_name", "hs_associated_contact_email", "hs_associated_contact_firstname"),
                *("hs_associated_contact_lastname", "hs_associated_company_name", "hs_associated_company_domain"),
            ),
            scope="leads",
        ),
        ObjectType(
            name="meetings",
            singular="meeting",
            type_id="0-47",
            created="hs_createdate",
            modified="hs_lastmodifieddate",
            defaults=_ACTIVITY_DEFAULTS,
            query_fields=("hs_meeting_title", "hs_meeting_body"),
            scope="contacts",
        ),
        ObjectType(
            name="notes",
            singular="note",
            type_id="0-46",
            created="hs_createdate",
            modified="hs_lastmodifieddate",
            defaults=_ACTIVITY_DEFAULTS,
            query_fields=("hs_note_body",),
            scope="contacts",
        ),
        ObjectType(
            name="tasks",
            singular="task",
            type_id="0-27",
            created="hs_createdate",
            modified="hs_lastmodifieddate",
            defaults=_ACTIVITY_DEFAULTS,
            query_fields=("hs_task_body", "hs_task_subject"),
            scope="contacts",
        ),
    )
}

_BY_ANY_NAME = {name: one for one in OBJECTS.values() for name in (one.name, one.singular, one.type_id)}


def object_type(name: str) -> ObjectType | None:
    """The object type called *name*: plural, singular or type id."""
    return _BY_ANY_NAME.get(name.lower())

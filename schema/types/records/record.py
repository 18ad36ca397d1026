"""What every record has, and the pointer to one."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from model.entities import Entity
from schema.fields.custom import own_fields
from schema.fields.relations import Sited, pointed, resolved, source_field, to_one
from schema.scalars import DateTime
from schema.types.custom import CustomField
from schema.types.enums import RecordType
from schema.types.forward import LazyRecord, LazyUser
from schema.types.node import Node

if TYPE_CHECKING:
    from schema.types.source import Source

__all__ = ["Record", "RecordRef"]


@strawberry.interface(description="A record that lives in one CRM.")
class Record(Node):
    """A record that lives in one CRM."""

    remote_id: str = strawberry.field(description="The CRM's own id, in its canonical spelling.")
    source: Annotated["Source", strawberry.lazy("schema.types.source")] = source_field("The source it lives in.")
    url: str | None = strawberry.field(description="Deep link into the CRM's own pages.")
    created_at: DateTime | None = strawberry.field(description="When it was created in the CRM.")
    updated_at: DateTime | None = strawberry.field(description="When it was last changed in the CRM.")
    created_by: LazyUser | None = to_one("Who created it.")
    updated_by: LazyUser | None = to_one("Who changed it last.")
    version: str | None = strawberry.field(
        description="Opaque; changes whenever the record does. Null where the CRM has none."
    )
    fetched_at: DateTime = strawberry.field(description="When it was read from the CRM.")
    is_deleted: bool | None = strawberry.field(description="Whether it lies in the CRM's bin.")
    is_archived: bool | None = strawberry.field(description="Whether it is archived in the CRM.")
    custom_fields: list[CustomField] | None = resolved(
        own_fields, "The CRM's own fields under these keys, in their order; keys that the source lacks are left out."
    )


def _type(root: Sited) -> Entity | None:
    return Entity(root.value.ref.entity) if root.value.ref else None


@strawberry.type(description="A pointer to the record that an activity or a comment is about.")
class RecordRef:
    """A pointer to the record that an activity or a comment is about."""

    type: RecordType | None = resolved(_type, "Its unified type; null for types the gateway does not unify.")
    remote_type: str = strawberry.field(description="Its type in the CRM's own words.")
    remote_id: str = strawberry.field(description="Its id in the CRM.")
    url: str | None = strawberry.field(description="Deep link into the CRM's own pages.")
    ref: LazyRecord | None = pointed("The record itself; null for types the gateway does not unify.", name="record")

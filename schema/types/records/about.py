"""What an activity is about."""

import strawberry

from model.entities import Entity
from schema.fields.relations import Sited, pointed, resolved
from schema.types.enums import RecordType
from schema.types.forward import LazyRecord

__all__ = ["RecordRef"]


def _type(root: Sited) -> Entity | None:
    return Entity(root.value.ref.entity) if root.value.ref else None


@strawberry.type(description="A pointer to the record that an activity is about.")
class RecordRef:
    """A pointer to the record that an activity is about."""

    type: RecordType | None = resolved(_type, "Its unified type; null for types the gateway does not unify.")
    remote_type: str = strawberry.field(description="Its type in the CRM's own words.")
    remote_id: str = strawberry.field(description="Its id in the CRM.")
    url: str | None = strawberry.field(description="Deep link into the CRM's own pages.")
    ref: LazyRecord | None = pointed("The record itself; null for types the gateway does not unify.", name="record")

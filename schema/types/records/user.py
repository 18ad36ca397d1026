"""Users."""

import strawberry

from schema.types.enums import UserKind
from schema.types.records.record import Record

__all__ = ["User"]


@strawberry.type(description="Somebody who works in the CRM, or a team or queue that owns records.")
class User(Record):
    """Somebody who works in the CRM, or a team or queue that owns records."""

    name: str | None = strawberry.field(description="Full name, or the team's or queue's.")
    email: str | None = strawberry.field(description="E-mail address.")
    is_active: bool | None = strawberry.field(description="Whether it can still sign in.")
    time_zone: str | None = strawberry.field(description="IANA time zone.")
    kind: UserKind | None = strawberry.field(description="Whether it is a person, a team or a queue.")

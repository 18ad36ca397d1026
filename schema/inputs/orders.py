"""Orders of the record types; an order field's value is the field of the model it sorts by."""

from enum import Enum
from typing import Any

import strawberry
from strawberry import enum_value as word

from schema.types.enums import Direction

__all__ = [
    "AppointmentOrder",
    "CommentOrder",
    "CompanyOrder",
    "ContactOrder",
    "DealOrder",
    "LeadOrder",
    "NoteOrder",
    "ProjectOrder",
    "TaskOrder",
    "UserOrder",
]


def _field() -> Any:
    return strawberry.field(description="What to sort by.")


def _direction() -> Any:
    return strawberry.field(default=Direction.ASC, description="Which way; missing values come last either way.")


@strawberry.enum(description="What contacts can be sorted by.")
class ContactOrderField(Enum):
    """What contacts can be sorted by."""

    CREATED_AT = word("created_at", description="When it was created.")
    UPDATED_AT = word("updated_at", description="When it was last changed.")
    LAST_NAME = word("last_name", description="Family name.")
    DISPLAY_NAME = word("display_name", description="Full name.")
    EMAIL = word("email", description="Primary e-mail address.")


@strawberry.enum(description="What leads can be sorted by.")
class LeadOrderField(Enum):
    """What leads can be sorted by."""

    CREATED_AT = word("created_at", description="When it was created.")
    UPDATED_AT = word("updated_at", description="When it was last changed.")
    LAST_NAME = word("last_name", description="Family name.")
    DISPLAY_NAME = word("display_name", description="Full name.")
    COMPANY_NAME = word("company_name", description="Name of the company.")
    EMAIL = word("email", description="Primary e-mail address.")
    EXPECTED_CLOSE_ON = word("expected_close_on", description="Day it is expected to be decided.")


@strawberry.enum(description="What appointments can be sorted by.")
class AppointmentOrderField(Enum):
    """What appointments can be sorted by."""

    CREATED_AT = word("created_at", description="When it was created.")
    UPDATED_AT = word("updated_at", description="When it was last changed.")
    STARTS_AT = word("starts_at", description="When it starts; all-day ones have no such instant.")
    ENDS_AT = word("ends_at", description="When it ends; all-day ones have no such instant.")
    STARTS_ON = word("starts_on", description="First day, of all-day ones.")
    TITLE = word("title", description="Headline.")


@strawberry.enum(description="What deals can be sorted by.")
class DealOrderField(Enum):
    """What deals can be sorted by."""

    CREATED_AT = word("created_at", description="When it was created.")
    UPDATED_AT = word("updated_at", description="When it was last changed.")
    EXPECTED_CLOSE_ON = word("expected_close_on", description="Day it is expected to be decided.")
    CLOSED_ON = word("closed_on", description="Day it was won or lost.")
    AMOUNT = word("amount", description="What it is worth; `where.amount.currency` must name one currency.")
    NAME = word("name", description="Name.")


@strawberry.enum(description="What companies can be sorted by.")
class CompanyOrderField(Enum):
    """What companies can be sorted by."""

    CREATED_AT = word("created_at", description="When it was created.")
    UPDATED_AT = word("updated_at", description="When it was last changed.")
    NAME = word("name", description="Name.")
    DOMAIN = word("domain", description="Internet domain.")
    EMPLOYEE_COUNT = word("employee_count", description="Number of employees.")


@strawberry.enum(description="What users can be sorted by.")
class UserOrderField(Enum):
    """What users can be sorted by."""

    CREATED_AT = word("created_at", description="When it was created.")
    UPDATED_AT = word("updated_at", description="When it was last changed.")
    NAME = word("name", description="Name.")
    EMAIL = word("email", description="E-mail address.")


@strawberry.enum(description="What notes can be sorted by.")
class NoteOrderField(Enum):
    """What notes can be sorted by."""

    CREATED_AT = word("created_at", description="When it was created.")
    UPDATED_AT = word("updated_at", description="When it was last changed.")
    TITLE = word("title", description="Headline.")


@strawberry.enum(description="What tasks can be sorted by.")
class TaskOrderField(Enum):
    """What tasks can be sorted by."""

    CREATED_AT = word("created_at", description="When it was created.")
    UPDATED_AT = word("updated_at", description="When it was last changed.")
    DUE_ON = word("due_on", description="Day it is due.")
    DUE_AT = word("due_at", description="When it is due.")
    COMPLETED_AT = word("completed_at", description="When it was done.")
    SUBJECT = word("subject", description="Headline.")


@strawberry.enum(description="What projects can be sorted by.")
class ProjectOrderField(Enum):
    """What projects can be sorted by."""

    CREATED_AT = word("created_at", description="When it was created.")
    UPDATED_AT = word("updated_at", description="When it was last changed.")
    NAME = word("name", description="Name.")
    START_ON = word("start_on", description="First day.")
    END_ON = word("end_on", description="Last day.")


@strawberry.enum(description="What comments can be sorted by.")
class CommentOrderField(Enum):
    """What comments can be sorted by."""

    CREATED_AT = word("created_at", description="When it was created.")
    UPDATED_AT = word("updated_at", description="When it was last changed.")


@strawberry.input(description="One sort key of contacts.")
class ContactOrder:
    """One sort key of contacts."""

    field: ContactOrderField = _field()
    direction: Direction = _direction()


@strawberry.input(description="One sort key of leads.")
class LeadOrder:
    """One sort key of leads."""

    field: LeadOrderField = _field()
    direction: Direction = _direction()


@strawberry.input(description="One sort key of appointments.")
class AppointmentOrder:
    """One sort key of appointments."""

    field: AppointmentOrderField = _field()
    direction: Direction = _direction()


@strawberry.input(description="One sort key of deals.")
class DealOrder:
    """One sort key of deals."""

    field: DealOrderField = _field()
    direction: Direction = _direction()


@strawberry.input(description="One sort key of companies.")
class CompanyOrder:
    """One sort key of companies."""

    field: CompanyOrderField = _field()
    direction: Direction = _direction()


@strawberry.input(description="One sort key of users.")
class UserOrder:
    """One sort key of users."""

    field: UserOrderField = _field()
    direction: Direction = _direction()


@strawberry.input(description="One sort key of notes.")
class NoteOrder:
    """One sort key of notes."""

    field: NoteOrderField = _field()
    direction: Direction = _direction()


@strawberry.input(description="One sort key of tasks.")
class TaskOrder:
    """One sort key of tasks."""

    field: TaskOrderField = _field()
    direction: Direction = _direction()


@strawberry.input(description="One sort key of projects.")
class ProjectOrder:
    """One sort key of projects."""

    field: ProjectOrderField = _field()
    direction: Direction = _direction()


@strawberry.input(description="One sort key of comments.")
class CommentOrder:
    """One sort key of comments."""

    field: CommentOrderField = _field()
    direction: Direction = _direction()

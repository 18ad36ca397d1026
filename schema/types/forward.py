"""Types named before they are declared: record types point at each other, so each names the others lazily.

`LazyCompany` is the type, `Companies` the connection to it.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from schema.types.connection import Connection

if TYPE_CHECKING:
    from schema.types.records.appointment import Appointment
    from schema.types.records.comment import Comment
    from schema.types.records.company import Company
    from schema.types.records.contact import Contact
    from schema.types.records.deal import Deal
    from schema.types.records.lead import Lead
    from schema.types.records.note import Note
    from schema.types.records.project import Project
    from schema.types.records.record import Record
    from schema.types.records.task import Task
    from schema.types.records.user import User

__all__ = [
    "Appointments",
    "Comments",
    "Companies",
    "Contacts",
    "Deals",
    "LazyCompany",
    "LazyContact",
    "LazyDeal",
    "LazyLead",
    "LazyProject",
    "LazyRecord",
    "LazyTask",
    "LazyUser",
    "Leads",
    "Notes",
    "Tasks",
]

LazyCompany: TypeAlias = Annotated["Company", strawberry.lazy("schema.types.records.company")]
LazyContact: TypeAlias = Annotated["Contact", strawberry.lazy("schema.types.records.contact")]
LazyDeal: TypeAlias = Annotated["Deal", strawberry.lazy("schema.types.records.deal")]
LazyLead: TypeAlias = Annotated["Lead", strawberry.lazy("schema.types.records.lead")]
LazyProject: TypeAlias = Annotated["Project", strawberry.lazy("schema.types.records.project")]
LazyRecord: TypeAlias = Annotated["Record", strawberry.lazy("schema.types.records.record")]
LazyTask: TypeAlias = Annotated["Task", strawberry.lazy("schema.types.records.task")]
LazyUser: TypeAlias = Annotated["User", strawberry.lazy("schema.types.records.user")]

Appointments: TypeAlias = Connection[Annotated["Appointment", strawberry.lazy("schema.types.records.appointment")]]
Comments: TypeAlias = Connection[Annotated["Comment", strawberry.lazy("schema.types.records.comment")]]
Companies: TypeAlias = Connection[LazyCompany]
Contacts: TypeAlias = Connection[LazyContact]
Deals: TypeAlias = Connection[LazyDeal]
Leads: TypeAlias = Connection[LazyLead]
Notes: TypeAlias = Connection[Annotated["Note", strawberry.lazy("schema.types.records.note")]]
Tasks: TypeAlias = Connection[LazyTask]

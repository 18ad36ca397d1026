"""Leads."""

import strawberry

from schema.fields.relations import connection, to_one
from schema.scalars import Date, DateTime
from schema.types.enums import LeadStatus
from schema.types.forward import Appointments, LazyCompany, LazyContact, LazyDeal, LazyUser, Notes, Tasks
from schema.types.records.record import Record
from schema.types.values import Address, LabelledValue, Money

__all__ = ["Lead"]


@strawberry.type(description="Somebody, or an opening, not yet qualified.")
class Lead(Record):
    """Somebody, or an opening, not yet qualified."""

    title: str | None = strawberry.field(description="Headline of the lead, where the CRM has one.")
    first_name: str | None = strawberry.field(description="Given name.")
    last_name: str | None = strawberry.field(description="Family name.")
    display_name: str | None = strawberry.field(description="Full name as the CRM shows it.")
    company_name: str | None = strawberry.field(description="Name of the company, as text.")
    job_title: str | None = strawberry.field(description="Position at the company.")
    email: str | None = strawberry.field(description="Primary e-mail address.")
    emails: list[LabelledValue] | None = strawberry.field(description="All e-mail addresses.")
    phone: str | None = strawberry.field(description="Primary phone number, as the CRM has it.")
    phones: list[LabelledValue] | None = strawberry.field(description="All phone numbers.")
    addresses: list[Address] | None = strawberry.field(description="Postal addresses.")
    status: LeadStatus | None = strawberry.field(description="Where it stands, in words shared by all sources.")
    status_label: str | None = strawberry.field(description="Where it stands, in the CRM's own words.")
    rating: str | None = strawberry.field(description="How promising it is, in the CRM's own words.")
    lead_source: str | None = strawberry.field(description="Where the lead came from.")
    value: Money | None = strawberry.field(description="What it may be worth.")
    expected_close_on: Date | None = strawberry.field(description="Day it is expected to be decided.")
    tags: list[str] | None = strawberry.field(description="Tags, as texts.")
    description: str | None = strawberry.field(description="Free text.")
    is_converted: bool | None = strawberry.field(description="Whether it became a contact, company or deal.")
    converted_at: DateTime | None = strawberry.field(description="When it was converted.")
    converted_on: Date | None = strawberry.field(description="Day it was converted, where the CRM keeps no time.")
    converted_contact: LazyContact | None = to_one("The contact it became.")
    converted_company: LazyCompany | None = to_one("The company it became.")
    converted_deal: LazyDeal | None = to_one("The deal it became.")
    owner: LazyUser | None = to_one("Who looks after it.")
    contact: LazyContact | None = to_one("The contact it is about.")
    company: LazyCompany | None = to_one("The company it is about.")
    appointments: Appointments | None = connection("Meetings, calls and the like about the lead.")
    notes: Notes | None = connection("Notes about the lead.")
    tasks: Tasks | None = connection("Tasks about the lead.")

"""Contacts."""

import strawberry

from schema.fields.identity import matches_field
from schema.fields.relations import connection, to_one
from schema.scalars import Date, DateTime
from schema.types.forward import Appointments, Companies, Deals, LazyCompany, LazyUser, Leads, Notes, Tasks
from schema.types.identity.match import MatchResult
from schema.types.records.record import Record
from schema.types.values import Address, Choice, LabelledValue

__all__ = ["Contact"]


@strawberry.type(description="A person the company knows.")
class Contact(Record):
    """A person the company knows."""

    first_name: str | None = strawberry.field(description="Given name.")
    last_name: str | None = strawberry.field(description="Family name.")
    display_name: str | None = strawberry.field(description="Full name as the CRM shows it.")
    salutation: str | None = strawberry.field(description='Form of address, such as "Dr.".')
    job_title: str | None = strawberry.field(description="Position at the company.")
    department: str | None = strawberry.field(description="Department at the company.")
    email: str | None = strawberry.field(description="Primary e-mail address.")
    emails: list[LabelledValue] | None = strawberry.field(description="All e-mail addresses.")
    phone: str | None = strawberry.field(description="Primary phone number, as the CRM has it.")
    phones: list[LabelledValue] | None = strawberry.field(description="All phone numbers.")
    addresses: list[Address] | None = strawberry.field(description="Postal addresses.")
    lifecycle: Choice | None = strawberry.field(description="Stage in the relation to the company.")
    lead_source: str | None = strawberry.field(description="Where the contact came from.")
    email_opt_out: bool | None = strawberry.field(description="Whether e-mail is unwanted.")
    do_not_call: bool | None = strawberry.field(description="Whether calls are unwanted.")
    tags: list[str] | None = strawberry.field(description="Tags, as texts.")
    birth_date: Date | None = strawberry.field(description="Date of birth.")
    description: str | None = strawberry.field(description="Free text.")
    last_activity_at: DateTime | None = strawberry.field(description="When somebody last dealt with the contact.")
    last_activity_on: Date | None = strawberry.field(
        description="Day somebody last dealt with the contact, where the CRM keeps no time."
    )
    company: LazyCompany | None = to_one("The main company.")
    owner: LazyUser | None = to_one("Who looks after it.")
    companies: Companies | None = connection("All companies, the main one included.")
    deals: Deals | None = connection("Deals the contact takes part in.")
    leads: Leads | None = connection("Leads about the contact.")
    appointments: Appointments | None = connection("Meetings, calls and the like with the contact.")
    notes: Notes | None = connection("Notes about the contact.")
    tasks: Tasks | None = connection("Tasks about the contact.")
    matches: MatchResult | None = matches_field("The same person in other sources, with the evidence.")

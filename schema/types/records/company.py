"""Companies."""

import strawberry

from schema.fields.identity import matches_field
from schema.fields.relations import connection, to_one
from schema.types.forward import Appointments, Contacts, Deals, LazyCompany, LazyUser, Notes, Tasks
from schema.types.identity.match import MatchResult
from schema.types.records.record import Record
from schema.types.values import Address, Money

__all__ = ["Company"]


@strawberry.type(description="An organisation.")
class Company(Record):
    """An organisation."""

    name: str | None = strawberry.field(description="Name.")
    domain: str | None = strawberry.field(description='Internet domain, such as "acme.example".')
    website: str | None = strawberry.field(description="Web address.")
    phone: str | None = strawberry.field(description="Main phone number, as the CRM has it.")
    industry: str | None = strawberry.field(description="Industry, in the CRM's own words.")
    employee_count: int | None = strawberry.field(description="Number of employees.")
    annual_revenue: Money | None = strawberry.field(description="Revenue of a year.")
    addresses: list[Address] | None = strawberry.field(description="Postal addresses.")
    description: str | None = strawberry.field(description="Free text.")
    tags: list[str] | None = strawberry.field(description="Tags, as texts.")
    parent: LazyCompany | None = to_one("The company it belongs to.")
    owner: LazyUser | None = to_one("Who looks after it.")
    contacts: Contacts | None = connection("People there.")
    deals: Deals | None = connection("Deals with it.")
    appointments: Appointments | None = connection("Meetings, calls and the like about it.")
    notes: Notes | None = connection("Notes about it.")
    tasks: Tasks | None = connection("Tasks about it.")
    matches: MatchResult | None = matches_field("The same company in other sources, with the evidence.")

"""Appointments and who takes part in them."""

import strawberry

from schema.fields.relations import listed, pointed, sited, to_one
from schema.scalars import Date, DateTime
from schema.types.enums import AppointmentStatus
from schema.types.forward import LazyCompany, LazyContact, LazyDeal, LazyLead, LazyUser
from schema.types.records.record import Record, RecordRef

__all__ = ["Appointment", "Attendee"]


@strawberry.type(description="Somebody invited to an appointment; at most one of contact, lead and user is set.")
class Attendee:
    """Somebody invited to an appointment."""

    name: str | None = strawberry.field(description="Name, as the invitation has it.")
    email: str | None = strawberry.field(description="E-mail address, as the invitation has it.")
    contact: LazyContact | None = pointed("The contact it is.")
    lead: LazyLead | None = pointed("The lead it is.")
    user: LazyUser | None = pointed("The user it is.")
    response: str | None = strawberry.field(description="The answer to the invitation, in the CRM's own words.")
    is_required: bool | None = strawberry.field(description="Whether attendance is required.")


@strawberry.type(description="A meeting, call or the like.")
class Appointment(Record):
    """A meeting, call or the like."""

    kind: str | None = strawberry.field(description='What sort it is, such as "meeting" or "call".')
    title: str | None = strawberry.field(description="Headline.")
    starts_at: DateTime | None = strawberry.field(description="When it starts; null for all-day ones.")
    ends_at: DateTime | None = strawberry.field(description="When it ends; null for all-day ones.")
    starts_on: Date | None = strawberry.field(description="First day, for all-day ones.")
    ends_on: Date | None = strawberry.field(description="Day after the last, for all-day ones.")
    is_all_day: bool | None = strawberry.field(description="Whether it takes whole days.")
    time_zone: str | None = strawberry.field(description="IANA time zone it was planned in.")
    location: str | None = strawberry.field(description="Place, as text.")
    meeting_url: str | None = strawberry.field(description="Link to join it online.")
    description: str | None = strawberry.field(description="Free text.")
    status: AppointmentStatus | None = strawberry.field(description="Where it stands, in words shared by all sources.")
    status_label: str | None = strawberry.field(description="Where it stands, in the CRM's own words.")
    recurrence: str | None = strawberry.field(description="How it repeats, as an RFC 5545 rule where known.")
    owner: LazyUser | None = to_one("Who holds it.")
    attendees: list[Attendee] | None = sited("Everybody invited.")
    contacts: list[LazyContact] | None = listed("Contacts who take part, at most 100.")
    company: LazyCompany | None = to_one("The company it is about.")
    deal: LazyDeal | None = to_one("The deal it is about.")
    lead: LazyLead | None = to_one("The lead it is about.")
    about: list[RecordRef] | None = sited("Every record it is about.")

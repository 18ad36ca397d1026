"""Deals and who takes part in them."""

import strawberry

from model import entities
from model.values import Ref
from schema.fields.info import Info
from schema.fields.reading import read_attribute
from schema.fields.relations import connection, linked, resolved, to_one
from schema.scalars import Date, DateTime
from schema.types.enums import DealStatus
from schema.types.forward import Appointments, LazyCompany, LazyContact, LazyUser, Notes, Tasks
from schema.types.records.pipeline import Pipeline, Stage
from schema.types.records.record import Record
from schema.types.values import Money

__all__ = ["Deal", "DealContact"]


@strawberry.type(description="A contact's part in a deal.")
class DealContact:
    """A contact's part in a deal."""

    record: LazyContact | None = strawberry.field(name="contact", description="The contact.")
    role: str | None = strawberry.field(description="The part it plays, in the CRM's own words.")
    is_primary: bool | None = strawberry.field(description="Whether it is the deal's main contact.")


async def _pipeline(root: entities.Deal, info: Info) -> entities.Pipeline | None:
    ref = read_attribute(root, "pipeline")
    return await info.context.reads.pipeline(root.source, ref.remote_id) if isinstance(ref, Ref) else None


async def _stage(root: entities.Deal, info: Info) -> entities.Stage | None:
    ref = read_attribute(root, "stage")
    return await info.context.reads.stage(root.source, ref.remote_id) if isinstance(ref, Ref) else None


@strawberry.type(description="An opening with an amount.")
class Deal(Record):
    """An opening with an amount."""

    name: str | None = strawberry.field(description="Name.")
    amount: Money | None = strawberry.field(description="What it is worth.")
    probability: float | None = strawberry.field(description="Chance to be won, from 0 to 1.")
    status: DealStatus | None = strawberry.field(description="Where it stands, in words shared by all sources.")
    status_label: str | None = strawberry.field(description="Where it stands, in the CRM's own words.")
    pipeline: Pipeline | None = resolved(_pipeline, "The pipeline it is in.")
    stage: Stage | None = resolved(_stage, "The stage it is in.")
    expected_close_on: Date | None = strawberry.field(description="Day it is expected to be decided.")
    closed_at: DateTime | None = strawberry.field(description="When it was won or lost.")
    closed_on: Date | None = strawberry.field(description="Day it was won or lost, where the CRM keeps no time.")
    lost_reason: str | None = strawberry.field(description="Why it was lost.")
    won_reason: str | None = strawberry.field(description="Why it was won.")
    deal_type: str | None = strawberry.field(description='What sort it is, such as "New Business".')
    next_step: str | None = strawberry.field(description="What is to be done next.")
    lead_source: str | None = strawberry.field(description="Where the deal came from.")
    description: str | None = strawberry.field(description="Free text.")
    tags: list[str] | None = strawberry.field(description="Tags, as texts.")
    stage_changed_at: DateTime | None = strawberry.field(description="When it came into its stage.")
    company: LazyCompany | None = to_one("The company it is with.")
    owner: LazyUser | None = to_one("Who looks after it.")
    contacts: list[DealContact] | None = linked("Contacts who take part, with their roles, at most 100.")
    appointments: Appointments | None = connection("Meetings, calls and the like about the deal.")
    notes: Notes | None = connection("Notes about the deal.")
    tasks: Tasks | None = connection("Tasks about the deal.")

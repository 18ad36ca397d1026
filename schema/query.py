"""The root fields that read."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import UNSET

from model.entities import Entity
from model.errors import BadRequest
from model.reading import PlanResult, PlatformInfo, SourceInfo
from schema.fields.aggregates import aggregate_field, deal_aggregate_field
from schema.fields.identity import people_field
from schema.fields.info import Info
from schema.fields.lists import list_field
from schema.fields.nodes import node_field, nodes_field, record_by_id, record_field
from schema.fields.relations import resolved
from schema.fields.searches import search_field
from schema.inputs import filters, groups, orders
from schema.scalars import JSON
from schema.types.aggregates import Aggregate, DealAggregate
from schema.types.connection import Connection
from schema.types.identity.person import PersonConnection
from schema.types.node import Node
from schema.types.plan import Plan
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
from schema.types.search import SearchConnection
from schema.types.source import Platform, Source

__all__ = ["Query"]


def _sources(info: Info) -> Sequence[SourceInfo]:
    return info.context.reads.sources()


def _source(
    info: Info, key: Annotated[str, strawberry.argument(description="Its key in the configuration.")]
) -> SourceInfo | None:
    return info.context.reads.source(key)


def _platforms(info: Info) -> Sequence[PlatformInfo]:
    return info.context.reads.platforms()


async def _explain(
    info: Info,
    document: Annotated[str, strawberry.argument(name="query", description="A GraphQL document with one query.")],
    variables: Annotated[JSON | None, strawberry.argument(description="Its variables, as an object.")] = UNSET,
) -> PlanResult:
    if variables is UNSET or variables is None:
        return await info.context.reads.explain(document, {})
    if not isinstance(variables, dict):
        raise BadRequest("`variables` must be an object")
    return await info.context.reads.explain(document, variables)


@strawberry.type(description="Everything that can be read.")
class Query:
    """Everything that can be read."""

    node: Node | None = node_field("Anything by its global id; null where there is no such thing.")
    nodes: list[Node | None] = nodes_field("Several things by their global ids, in the order of the ids.")
    record: Record | None = record_field("A record by the CRM's own id; null where there is none.")

    contact: Contact | None = record_by_id(Entity.CONTACT, "A contact by its global id; null where there is none.")
    lead: Lead | None = record_by_id(Entity.LEAD, "A lead by its global id; null where there is none.")
    appointment: Appointment | None = record_by_id(
        Entity.APPOINTMENT, "An appointment by its global id; null where there is none."
    )
    deal: Deal | None = record_by_id(Entity.DEAL, "A deal by its global id; null where there is none.")
    company: Company | None = record_by_id(Entity.COMPANY, "A company by its global id; null where there is none.")
    user: User | None = record_by_id(Entity.USER, "A user by its global id; null where there is none.")
    note: Note | None = record_by_id(Entity.NOTE, "A note by its global id; null where there is none.")
    task: Task | None = record_by_id(Entity.TASK, "A task by its global id; null where there is none.")
    project: Project | None = record_by_id(Entity.PROJECT, "A project by its global id; null where there is none.")
    comment: Comment | None = record_by_id(Entity.COMMENT, "A comment by its global id; null where there is none.")

    contacts: Connection[Contact] | None = list_field(
        Entity.CONTACT,
        where=filters.ContactFilter,
        order=orders.ContactOrder,
        description="Contacts over all sources.",
    )
    leads: Connection[Lead] | None = list_field(
        Entity.LEAD,
        where=filters.LeadFilter,
        order=orders.LeadOrder,
        description="Leads over all sources; converted ones only when `where` speaks of conversion or status.",
    )
    appointments: Connection[Appointment] | None = list_field(
        Entity.APPOINTMENT,
        where=filters.AppointmentFilter,
        order=orders.AppointmentOrder,
        description="Meetings, calls and the like over all sources.",
    )
    deals: Connection[Deal] | None = list_field(
        Entity.DEAL, where=filters.DealFilter, order=orders.DealOrder, description="Deals over all sources."
    )
    companies: Connection[Company] | None = list_field(
        Entity.COMPANY,
        where=filters.CompanyFilter,
        order=orders.CompanyOrder,
        description="Companies over all sources.",
    )
    users: Connection[User] | None = list_field(
        Entity.USER, where=filters.UserFilter, order=orders.UserOrder, description="Users over all sources."
    )
    notes: Connection[Note] | None = list_field(
        Entity.NOTE, where=filters.NoteFilter, order=orders.NoteOrder, description="Notes over all sources."
    )
    tasks: Connection[Task] | None = list_field(
        Entity.TASK, where=filters.TaskFilter, order=orders.TaskOrder, description="Tasks over all sources."
    )
    projects: Connection[Project] | None = list_field(
        Entity.PROJECT,
        where=filters.ProjectFilter,
        order=orders.ProjectOrder,
        description="Projects over all sources.",
    )
    comments: Connection[Comment] | None = list_field(
        Entity.COMMENT,
        where=filters.CommentFilter,
        order=orders.CommentOrder,
        description="Comments over all sources.",
    )

    search: SearchConnection | None = search_field(
        "Records that each CRM's own search finds for a text, the best of every type and source first."
    )
    contact_aggregate: Aggregate | None = aggregate_field(
        Entity.CONTACT,
        where=filters.ContactFilter,
        group_by=groups.ContactGroupBy,
        description="Contacts counted in groups.",
    )
    lead_aggregate: Aggregate | None = aggregate_field(
        Entity.LEAD,
        where=filters.LeadFilter,
        group_by=groups.LeadGroupBy,
        description="Leads counted in groups; converted ones only when `where` speaks of conversion or status.",
    )
    appointment_aggregate: Aggregate | None = aggregate_field(
        Entity.APPOINTMENT,
        where=filters.AppointmentFilter,
        group_by=groups.AppointmentGroupBy,
        description="Meetings, calls and the like counted in groups.",
    )
    deal_aggregate: DealAggregate | None = deal_aggregate_field(
        where=filters.DealFilter,
        group_by=groups.DealGroupBy,
        description="Deals counted in groups, and their amounts summed for each currency.",
    )

    people: PersonConnection | None = people_field(
        "People: the contacts of one source, each joined with what is certainly the same person in the others."
    )

    sources: list[Source] = resolved(_sources, "The connected CRM accounts.")
    source: Source | None = resolved(_source, "One connected CRM account; null where there is none.")
    platforms: list[Platform] = resolved(_platforms, "The CRM products that the gateway speaks to.")
    explain: Plan = resolved(_explain, "What a query would do and cost, without doing it.")

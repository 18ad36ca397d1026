"""The unified records.

A record is built once by its connector and not changed after.
It is slotted and not frozen: a frozen dataclass of thirty fields takes three times as long to build.
Every field is UNSET until asked for.
To-one relations hold a Ref; to-many relations are no fields (see `model.page.Link`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from model.values import (
    UNSET,
    Address,
    Attendee,
    Choice,
    DateText,
    DecimalText,
    InstantText,
    LabelledValue,
    Money,
    RecordRef,
    Ref,
    Unset,
)

__all__ = [
    "Appointment",
    "Comment",
    "Company",
    "Contact",
    "CustomValue",
    "Deal",
    "Entity",
    "Lead",
    "Note",
    "Pipeline",
    "Project",
    "Record",
    "Stage",
    "Task",
    "User",
    "record_type",
]

Text: TypeAlias = str | Unset | None
Flag: TypeAlias = bool | Unset | None
Whole: TypeAlias = int | Unset | None
Instant: TypeAlias = InstantText | Unset | None
Day: TypeAlias = DateText | Unset | None
Number: TypeAlias = DecimalText | Unset | None
Amount: TypeAlias = Money | Unset | None
Picked: TypeAlias = Choice | Unset | None
One: TypeAlias = Ref | Unset | None
Labelled: TypeAlias = tuple[LabelledValue, ...] | Unset | None
Texts: TypeAlias = tuple[str, ...] | Unset | None
Addresses: TypeAlias = tuple[Address, ...] | Unset | None
About: TypeAlias = tuple[RecordRef, ...] | Unset | None
CustomValue: TypeAlias = str | bool | tuple[str, ...] | None
CustomValues: TypeAlias = Mapping[str, CustomValue] | Unset


class Entity(StrEnum):
    """The unified types that are records."""

    CONTACT = "contact"
    LEAD = "lead"
    APPOINTMENT = "appointment"
    DEAL = "deal"
    COMPANY = "company"
    USER = "user"
    NOTE = "note"
    TASK = "task"
    PROJECT = "project"
    COMMENT = "comment"


@dataclass(slots=True, kw_only=True)
class Record:
    """What every record has.

    Attributes:
        source: key of the source it was read from.
        remote_id: the CRM's own id in its canonical spelling.
        url: deep link into the CRM's own pages.
        version: opaque; changes when the record does.
        fetched_at: when the CRM gave it.
        custom: the CRM's own fields that were asked for, by their keys there, in wire form: numbers and amounts as
            decimal text, several choices as a tuple, references as remote ids; None where there is no value.
    """

    source: str
    remote_id: str
    url: Text = UNSET
    created_at: Instant = UNSET
    updated_at: Instant = UNSET
    created_by: One = UNSET
    updated_by: One = UNSET
    version: Text = UNSET
    fetched_at: Instant = UNSET
    is_deleted: Flag = UNSET
    is_archived: Flag = UNSET
    custom: CustomValues = UNSET


@dataclass(slots=True, kw_only=True)
class Contact(Record):
    """A person the company knows."""

    first_name: Text = UNSET
    last_name: Text = UNSET
    display_name: Text = UNSET
    salutation: Text = UNSET
    job_title: Text = UNSET
    department: Text = UNSET
    email: Text = UNSET
    emails: Labelled = UNSET
    phone: Text = UNSET
    phones: Labelled = UNSET
    addresses: Addresses = UNSET
    lifecycle: Picked = UNSET
    lead_source: Text = UNSET
    email_opt_out: Flag = UNSET
    do_not_call: Flag = UNSET
    tags: Texts = UNSET
    birth_date: Day = UNSET
    description: Text = UNSET
    last_activity_at: Instant = UNSET
    last_activity_on: Day = UNSET
    company: One = UNSET
    owner: One = UNSET


@dataclass(slots=True, kw_only=True)
class Lead(Record):
    """Somebody, or an opening, not yet qualified; *status* is a LeadStatus word."""

    title: Text = UNSET
    first_name: Text = UNSET
    last_name: Text = UNSET
    display_name: Text = UNSET
    company_name: Text = UNSET
    job_title: Text = UNSET
    email: Text = UNSET
    emails: Labelled = UNSET
    phone: Text = UNSET
    phones: Labelled = UNSET
    addresses: Addresses = UNSET
    status: Text = UNSET
    status_label: Text = UNSET
    rating: Text = UNSET
    lead_source: Text = UNSET
    value: Amount = UNSET
    expected_close_on: Day = UNSET
    tags: Texts = UNSET
    description: Text = UNSET
    is_converted: Flag = UNSET
    converted_at: Instant = UNSET
    converted_on: Day = UNSET
    converted_contact: One = UNSET
    converted_company: One = UNSET
    converted_deal: One = UNSET
    owner: One = UNSET
    contact: One = UNSET
    company: One = UNSET


@dataclass(slots=True, kw_only=True)
class Appointment(Record):
    """A meeting, call or the like; the Date pair is for all-day ones, end exclusive, never shifted by a zone."""

    kind: Text = UNSET
    title: Text = UNSET
    starts_at: Instant = UNSET
    ends_at: Instant = UNSET
    starts_on: Day = UNSET
    ends_on: Day = UNSET
    is_all_day: Flag = UNSET
    time_zone: Text = UNSET
    location: Text = UNSET
    meeting_url: Text = UNSET
    description: Text = UNSET
    status: Text = UNSET
    status_label: Text = UNSET
    recurrence: Text = UNSET
    attendees: tuple[Attendee, ...] | Unset | None = UNSET
    about: About = UNSET
    owner: One = UNSET
    company: One = UNSET
    deal: One = UNSET
    lead: One = UNSET


@dataclass(slots=True, kw_only=True)
class Deal(Record):
    """An opening with an amount; *probability* is 0 to 1 as decimal text, *status* a DealStatus word."""

    name: Text = UNSET
    amount: Amount = UNSET
    probability: Number = UNSET
    status: Text = UNSET
    status_label: Text = UNSET
    pipeline: One = UNSET
    stage: One = UNSET
    expected_close_on: Day = UNSET
    closed_at: Instant = UNSET
    closed_on: Day = UNSET
    lost_reason: Text = UNSET
    won_reason: Text = UNSET
    deal_type: Text = UNSET
    next_step: Text = UNSET
    lead_source: Text = UNSET
    description: Text = UNSET
    tags: Texts = UNSET
    stage_changed_at: Instant = UNSET
    company: One = UNSET
    owner: One = UNSET


@dataclass(slots=True, kw_only=True)
class Company(Record):
    """An organisation."""

    name: Text = UNSET
    domain: Text = UNSET
    website: Text = UNSET
    phone: Text = UNSET
    industry: Text = UNSET
    employee_count: Whole = UNSET
    annual_revenue: Amount = UNSET
    addresses: Addresses = UNSET
    description: Text = UNSET
    tags: Texts = UNSET
    parent: One = UNSET
    owner: One = UNSET


@dataclass(slots=True, kw_only=True)
class User(Record):
    """Somebody who works in the CRM, or a team or queue that owns records; *kind* is a UserKind word."""

    name: Text = UNSET
    email: Text = UNSET
    is_active: Flag = UNSET
    time_zone: Text = UNSET
    kind: Text = UNSET


@dataclass(slots=True, kw_only=True)
class Note(Record):
    """A written remark; *body* as the CRM has it (often HTML), *body_preview* plain text of at most 255 characters."""

    title: Text = UNSET
    body: Text = UNSET
    body_preview: Text = UNSET
    author: One = UNSET
    about: About = UNSET


@dataclass(slots=True, kw_only=True)
class Task(Record):
    """Something to do; *status* is a TaskStatus word, *priority* a TaskPriority word."""

    subject: Text = UNSET
    body: Text = UNSET
    status: Text = UNSET
    status_label: Text = UNSET
    priority: Text = UNSET
    due_on: Day = UNSET
    due_at: Instant = UNSET
    completed_at: Instant = UNSET
    owner: One = UNSET
    project: One = UNSET
    about: About = UNSET


@dataclass(slots=True, kw_only=True)
class Project(Record):
    """Work with a beginning and an end; *status* in the CRM's own words, *end_on* its last day."""

    name: Text = UNSET
    description: Text = UNSET
    status: Text = UNSET
    start_on: Day = UNSET
    end_on: Day = UNSET
    owner: One = UNSET
    company: One = UNSET


@dataclass(slots=True, kw_only=True)
class Comment(Record):
    """What somebody said of a project, a task or another record; *body* as the CRM has it (often HTML)."""

    body: Text = UNSET
    author: One = UNSET
    project: One = UNSET
    task: One = UNSET
    about: About = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A step of a pipeline; *outcome* is a DealStatus word, *probability* 0 to 1."""

    source: str
    remote_id: str
    pipeline_id: str
    name: str
    position: int
    probability: DecimalText | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """An ordered list of stages."""

    source: str
    remote_id: str
    name: str
    stages: tuple[Stage, ...]


_TYPES: dict[Entity, type[Record]] = {
    Entity.CONTACT: Contact,
    Entity.LEAD: Lead,
    Entity.APPOINTMENT: Appointment,
    Entity.DEAL: Deal,
    Entity.COMPANY: Company,
    Entity.USER: User,
    Entity.NOTE: Note,
    Entity.TASK: Task,
    Entity.PROJECT: Project,
    Entity.COMMENT: Comment,
}


def record_type(entity: Entity) -> type[Record]:
    """The class of *entity*'s records."""
    return _TYPES[entity]

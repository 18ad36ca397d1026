"""Filters of the record types: every scalar field has a condition, to-one relations have a filter, and filters nest.

An attribute is named after the field or relation of the model it is a condition on; `id` stands for the remote id.
`custom` is shown only where the configuration has aliases, with a type made of them (`schema.custom`).
"""

from typing import Any, Optional

import strawberry
from strawberry import UNSET

from schema.inputs.conditions import (
    AppointmentStatusFilter,
    BooleanFilter,
    CustomFieldFilter,
    DateFilter,
    DateTimeFilter,
    DealStatusFilter,
    DecimalFilter,
    IdFilter,
    IntFilter,
    LeadStatusFilter,
    MoneyFilter,
    TaskPriorityFilter,
    TaskStatusFilter,
    TextFilter,
    UserKindFilter,
)
from schema.scalars import JSON

__all__ = [
    "AppointmentFilter",
    "CommentFilter",
    "CompanyFilter",
    "ContactFilter",
    "DealFilter",
    "LeadFilter",
    "NoteFilter",
    "ProjectFilter",
    "TaskFilter",
    "UserFilter",
]


def _on(what: str) -> Any:
    return strawberry.field(default=UNSET, description=f"Condition on {what}.")


def _behind(what: str) -> Any:
    text = f"Conditions on {what}: a missing record has no values. No further relation may be filtered inside."
    return strawberry.field(default=UNSET, description=text)


def _all() -> Any:
    return strawberry.field(default=UNSET, name="and", description="All of these hold; true of an empty list.")


def _any() -> Any:
    return strawberry.field(default=UNSET, name="or", description="Any of these holds; false of an empty list.")


def _not() -> Any:
    return strawberry.field(default=UNSET, name="not", description="This does not hold.")


@strawberry.input
class _RecordFilter:
    id: IdFilter | None = _on("the global id")
    created_at: DateTimeFilter | None = _on("when it was created")
    updated_at: DateTimeFilter | None = _on("when it was last changed")
    custom_field: CustomFieldFilter | None = _on("one of the CRM's own fields; for several, use `and`")
    custom: JSON | None = _on("fields that the configuration names")


@strawberry.input(description="Conditions on contacts; all given ones hold.")
class ContactFilter(_RecordFilter):
    """Conditions on contacts."""

    and_: list["ContactFilter"] | None = _all()
    or_: list["ContactFilter"] | None = _any()
    not_: Optional["ContactFilter"] = _not()
    first_name: TextFilter | None = _on("the given name")
    last_name: TextFilter | None = _on("the family name")
    display_name: TextFilter | None = _on("the full name")
    salutation: TextFilter | None = _on("the form of address")
    job_title: TextFilter | None = _on("the position")
    department: TextFilter | None = _on("the department")
    email: TextFilter | None = _on("the primary e-mail address")
    phone: TextFilter | None = _on("the primary phone number, as the CRM has it")
    lifecycle: TextFilter | None = _on("the lifecycle stage, by its value in the CRM")
    lead_source: TextFilter | None = _on("where it came from")
    email_opt_out: BooleanFilter | None = _on("whether e-mail is unwanted")
    do_not_call: BooleanFilter | None = _on("whether calls are unwanted")
    tags: TextFilter | None = _on("the tags; a match of any tag counts")
    birth_date: DateFilter | None = _on("the date of birth")
    last_activity_at: DateTimeFilter | None = _on("when somebody last dealt with it")
    last_activity_on: DateFilter | None = _on("the day somebody last dealt with it")
    company: Optional["CompanyFilter"] = _behind("the company it belongs to")
    owner: Optional["UserFilter"] = _behind("who is responsible for it")


@strawberry.input(description="Conditions on leads; all given ones hold. Converted leads show only when asked for.")
class LeadFilter(_RecordFilter):
    """Conditions on leads."""

    and_: list["LeadFilter"] | None = _all()
    or_: list["LeadFilter"] | None = _any()
    not_: Optional["LeadFilter"] = _not()
    title: TextFilter | None = _on("the headline")
    first_name: TextFilter | None = _on("the given name")
    last_name: TextFilter | None = _on("the family name")
    display_name: TextFilter | None = _on("the full name")
    company_name: TextFilter | None = _on("the name of the company")
    job_title: TextFilter | None = _on("the position")
    email: TextFilter | None = _on("the primary e-mail address")
    phone: TextFilter | None = _on("the primary phone number, as the CRM has it")
    status: LeadStatusFilter | None = _on("the status")
    status_label: TextFilter | None = _on("the status in the CRM's own words")
    rating: TextFilter | None = _on("the rating")
    lead_source: TextFilter | None = _on("where it came from")
    value: MoneyFilter | None = _on("what it may be worth")
    expected_close_on: DateFilter | None = _on("the day it is expected to be decided")
    tags: TextFilter | None = _on("the tags; a match of any tag counts")
    is_converted: BooleanFilter | None = _on("whether it was converted")
    converted_at: DateTimeFilter | None = _on("when it was converted")
    converted_on: DateFilter | None = _on("the day it was converted")
    owner: Optional["UserFilter"] = _behind("who is responsible for it")
    contact: Optional["ContactFilter"] = _behind("the contact it is of")
    company: Optional["CompanyFilter"] = _behind("the company it is of")


@strawberry.input(description="Conditions on appointments; all given ones hold.")
class AppointmentFilter(_RecordFilter):
    """Conditions on appointments."""

    and_: list["AppointmentFilter"] | None = _all()
    or_: list["AppointmentFilter"] | None = _any()
    not_: Optional["AppointmentFilter"] = _not()
    kind: TextFilter | None = _on("what sort it is")
    title: TextFilter | None = _on("the headline")
    starts_at: DateTimeFilter | None = _on("when it starts")
    ends_at: DateTimeFilter | None = _on("when it ends")
    starts_on: DateFilter | None = _on("the first day, of all-day ones")
    ends_on: DateFilter | None = _on("the day after the last, of all-day ones")
    is_all_day: BooleanFilter | None = _on("whether it takes whole days")
    time_zone: TextFilter | None = _on("the time zone it was planned in")
    location: TextFilter | None = _on("the place")
    meeting_url: TextFilter | None = _on("the link to join it")
    status: AppointmentStatusFilter | None = _on("the status")
    status_label: TextFilter | None = _on("the status in the CRM's own words")
    recurrence: TextFilter | None = _on("how it repeats")
    owner: Optional["UserFilter"] = _behind("who is responsible for it")
    company: Optional["CompanyFilter"] = _behind("the company it is about")
    deal: Optional["DealFilter"] = _behind("the deal it is about")


@strawberry.input(description="Conditions on deals; all given ones hold.")
class DealFilter(_RecordFilter):
    """Conditions on deals."""

    and_: list["DealFilter"] | None = _all()
    or_: list["DealFilter"] | None = _any()
    not_: Optional["DealFilter"] = _not()
    name: TextFilter | None = _on("the name")
    amount: MoneyFilter | None = _on("what it is worth")
    probability: DecimalFilter | None = _on("the chance to be won, from 0 to 1")
    status: DealStatusFilter | None = _on("the status")
    status_label: TextFilter | None = _on("the status in the CRM's own words")
    pipeline: IdFilter | None = _on("the pipeline")
    stage: IdFilter | None = _on("the stage")
    expected_close_on: DateFilter | None = _on("the day it is expected to be decided")
    closed_at: DateTimeFilter | None = _on("when it was won or lost")
    closed_on: DateFilter | None = _on("the day it was won or lost")
    lost_reason: TextFilter | None = _on("why it was lost")
    won_reason: TextFilter | None = _on("why it was won")
    deal_type: TextFilter | None = _on("what sort it is")
    next_step: TextFilter | None = _on("what is to be done next")
    lead_source: TextFilter | None = _on("where it came from")
    tags: TextFilter | None = _on("the tags; a match of any tag counts")
    stage_changed_at: DateTimeFilter | None = _on("when it came into its stage")
    company: Optional["CompanyFilter"] = _behind("the company it is with")
    owner: Optional["UserFilter"] = _behind("who is responsible for it")


@strawberry.input(description="Conditions on companies; all given ones hold.")
class CompanyFilter(_RecordFilter):
    """Conditions on companies."""

    and_: list["CompanyFilter"] | None = _all()
    or_: list["CompanyFilter"] | None = _any()
    not_: Optional["CompanyFilter"] = _not()
    name: TextFilter | None = _on("the name")
    domain: TextFilter | None = _on("the internet domain")
    website: TextFilter | None = _on("the web address")
    phone: TextFilter | None = _on("the main phone number, as the CRM has it")
    industry: TextFilter | None = _on("the industry")
    employee_count: IntFilter | None = _on("the number of employees")
    annual_revenue: MoneyFilter | None = _on("the revenue of a year")
    tags: TextFilter | None = _on("the tags; a match of any tag counts")
    parent: Optional["CompanyFilter"] = _behind("the company above it")
    owner: Optional["UserFilter"] = _behind("who is responsible for it")


@strawberry.input(description="Conditions on users; all given ones hold.")
class UserFilter(_RecordFilter):
    """Conditions on users."""

    and_: list["UserFilter"] | None = _all()
    or_: list["UserFilter"] | None = _any()
    not_: Optional["UserFilter"] = _not()
    name: TextFilter | None = _on("the name")
    email: TextFilter | None = _on("the e-mail address")
    is_active: BooleanFilter | None = _on("whether it can still sign in")
    time_zone: TextFilter | None = _on("the time zone")
    kind: UserKindFilter | None = _on("whether it is a person, a team or a queue")


@strawberry.input(description="Conditions on notes; all given ones hold.")
class NoteFilter(_RecordFilter):
    """Conditions on notes."""

    and_: list["NoteFilter"] | None = _all()
    or_: list["NoteFilter"] | None = _any()
    not_: Optional["NoteFilter"] = _not()
    title: TextFilter | None = _on("the headline")
    body_preview: TextFilter | None = _on("the beginning of the text")
    author: Optional["UserFilter"] = _behind("who wrote it")


@strawberry.input(description="Conditions on tasks; all given ones hold.")
class TaskFilter(_RecordFilter):
    """Conditions on tasks."""

    and_: list["TaskFilter"] | None = _all()
    or_: list["TaskFilter"] | None = _any()
    not_: Optional["TaskFilter"] = _not()
    subject: TextFilter | None = _on("the headline")
    status: TaskStatusFilter | None = _on("the status")
    status_label: TextFilter | None = _on("the status in the CRM's own words")
    priority: TaskPriorityFilter | None = _on("the priority")
    due_on: DateFilter | None = _on("the day it is due")
    due_at: DateTimeFilter | None = _on("when it is due")
    completed_at: DateTimeFilter | None = _on("when it was done")
    owner: Optional["UserFilter"] = _behind("who is to do it")
    project: Optional["ProjectFilter"] = _behind("the project it belongs to")


@strawberry.input(description="Conditions on projects; all given ones hold.")
class ProjectFilter(_RecordFilter):
    """Conditions on projects."""

    and_: list["ProjectFilter"] | None = _all()
    or_: list["ProjectFilter"] | None = _any()
    not_: Optional["ProjectFilter"] = _not()
    name: TextFilter | None = _on("the name")
    status: TextFilter | None = _on("the status in the CRM's own words")
    start_on: DateFilter | None = _on("the first day")
    end_on: DateFilter | None = _on("the last day")
    owner: Optional["UserFilter"] = _behind("who is responsible for it")
    company: Optional["CompanyFilter"] = _behind("the company it is for")


@strawberry.input(description="Conditions on comments; all given ones hold.")
class CommentFilter(_RecordFilter):
    """Conditions on comments."""

    and_: list["CommentFilter"] | None = _all()
    or_: list["CommentFilter"] | None = _any()
    not_: Optional["CommentFilter"] = _not()
    author: Optional["UserFilter"] = _behind("who wrote it")
    project: Optional["ProjectFilter"] = _behind("the project it is about")
    task: Optional["TaskFilter"] = _behind("the task it is about")

"""What one emulated account holds, told without any vendor's words.

A *book* is the input of an emulator's tables.
All books are drawn from one fictional world, so the same people and companies stand in several books, told differently.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

__all__ = [
    "Appointment",
    "Book",
    "Company",
    "Deal",
    "DealRole",
    "Lead",
    "Note",
    "Person",
    "Pipeline",
    "Row",
    "Stage",
    "Task",
    "User",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row has.

    Attributes:
        number: 1-based position in its list, stable for a book; emulators derive vendor ids from it.
        truth: key of the fictional person, company, … behind the row, equal across books; None for a row of this book
            alone.
        created_at: UTC, whole milliseconds.
        updated_at: UTC, never before created_at; many rows share one.
    """

    number: int
    truth: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Row):
    """Somebody, or a queue, that owns records."""

    name: str
    email: str | None
    kind: Literal["user", "queue"]
    is_active: bool
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company(Row):
    """A company; *owner* and *parent* are numbers in this book.

    *customer_number* and *tier* stand in fields that the account added; a truth has one number in all books.
    """

    name: str
    domain: str | None
    phone: str | None
    industry: str | None
    employees: int | None
    annual_revenue: Decimal | None
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    description: str | None
    owner: int | None
    parent: int | None
    customer_number: str | None
    tier: Literal["gold", "silver", "bronze"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Row):
    """A contact; *company* and *owner* are numbers in this book, *other_companies* too.

    From *customer_number* on, the values stand in fields that the account added.

    Attributes:
        customer_number: such as K-004711; a truth has one in all books.
        nps: how likely they recommend us, 0 to 10.
        renewal_on: when their contract ends.
        is_vip: None where nobody said.
        preferred_channel: how they like to be reached.
        interests: none to three of `INTERESTS`, in that order.
    """

    first_name: str | None
    last_name: str
    salutation: str | None
    email: str | None
    other_emails: tuple[str, ...]
    phone: str | None
    mobile: str | None
    job_title: str | None
    department: str | None
    lead_source: str | None
    lifecycle: str | None
    birth_date: date | None
    email_opt_out: bool
    do_not_call: bool
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    description: str | None
    company: int | None
    other_companies: tuple[int, ...]
    owner: int | None
    customer_number: str | None
    nps: int | None
    renewal_on: date | None
    is_vip: bool | None
    preferred_channel: Literal["email", "phone", "visit"] | None
    interests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead(Row):
    """Somebody not yet a contact; *person* is the contact behind it where the vendor's leads need one."""

    title: str
    first_name: str | None
    last_name: str
    company_name: str
    job_title: str | None
    email: str | None
    phone: str | None
    status: Literal["new", "working", "qualified", "disqualified", "converted"]
    rating: Literal["hot", "warm", "cold"] | None
    lead_source: str | None
    city: str | None
    country: str | None
    description: str | None
    owner: int | None
    person: int | None
    company: int | None
    deal: int | None
    converted_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A step of a pipeline; *probability* is 0 to 1."""

    key: str
    label: str
    probability: Decimal
    outcome: Literal["open", "won", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """An ordered way for deals (*kind* "deal") or leads ("lead")."""

    key: str
    label: str
    kind: Literal["deal", "lead"]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRole:
    """A person's part in a deal."""

    person: int
    role: str | None
    is_primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal(Row):
    """A deal; *pipeline* and *stage* are keys, *currency* is ISO 4217.

    *contract_months* and *competitor* stand in fields that the account added.
    """

    name: str
    amount: Decimal | None
    currency: str
    pipeline: str
    stage: str
    close_on: date
    closed_at: datetime | None
    deal_type: str | None
    next_step: str | None
    lost_reason: str | None
    lead_source: str | None
    description: str | None
    company: int | None
    owner: int | None
    roles: tuple[DealRole, ...]
    contract_months: int | None
    competitor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment(Row):
    """A meeting; all-day ones have *starts_on* and the exclusive *ends_on* instead of instants."""

    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    starts_on: date | None
    ends_on: date | None
    location: str | None
    meeting_url: str | None
    description: str | None
    outcome: Literal["scheduled", "completed", "canceled", "no_show"]
    owner: int | None
    people: tuple[int, ...]
    company: int | None
    deal: int | None
    lead: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Row):
    """A note; *body* is plain text with line breaks."""

    title: str | None
    body: str
    owner: int | None
    people: tuple[int, ...]
    company: int | None
    deal: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Row):
    """A task."""

    subject: str
    body: str | None
    status: Literal["open", "in_progress", "done", "canceled"]
    priority: Literal["low", "normal", "high"]
    due_on: date | None
    completed_at: datetime | None
    owner: int | None
    people: tuple[int, ...]
    company: int | None
    deal: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One account's whole content; every list is in *number* order, without gaps."""

    home_currency: str
    currencies: tuple[str, ...]
    time_zone: str
    users: tuple[User, ...]
    companies: tuple[Company, ...]
    people: tuple[Person, ...]
    leads: tuple[Lead, ...]
    pipelines: tuple[Pipeline, ...]
    deals: tuple[Deal, ...]
    appointments: tuple[Appointment, ...]
    notes: tuple[Note, ...]
    tasks: tuple[Task, ...]

"""Small books, row by row, for tests that need to know every value."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.seed import (
    Appointment,
    Book,
    Company,
    Deal,
    Lead,
    Note,
    Person,
    Pipeline,
    Stage,
    Task,
    User,
)

__all__ = ["NOON", "appointment", "book", "company", "deal", "lead", "note", "person", "task", "user"]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""Row n is created n hours after this and changed n days after it, unless told otherwise."""

Told = Any

_PIPELINES = (
    Pipeline(
        key="sales",
        label="Sales",
        kind="deal",
        stages=(
            Stage(key="first", label="First talk", probability=Decimal("0.2"), outcome="open"),
            Stage(key="won", label="Won", probability=Decimal(1), outcome="won"),
            Stage(key="lost", label="Lost", probability=Decimal(0), outcome="lost"),
        ),
    ),
    Pipeline(
        key="renewals",
        label="Renewals",
        kind="deal",
        stages=(Stage(key="due", label="Due", probability=Decimal("0.65"), outcome="open"),),
    ),
)


def _row(make: Callable[..., Told], defaults: dict[str, Told], number: int, told: dict[str, Told]) -> Told:
    row = {
        "number": number,
        "truth": None,
        "created_at": NOON + timedelta(hours=number),
        "updated_at": NOON + timedelta(days=number),
        **defaults,
    }
    return make(**{**row, **told})


def _empty(names: str) -> dict[str, Told]:
    return dict.fromkeys(names.split())


def user(number: int, **told: Told) -> User:
    """An active user."""
    defaults = {
        "name": f"User {number}",
        "email": f"user{number}@crew.example",
        "kind": "user",
        "is_active": True,
        "time_zone": "UTC",
    }
    return _row(User, defaults, number, told)


def company(number: int, **told: Told) -> Company:
    """A company with a name alone."""
    defaults = _empty(
        "domain phone industry employees annual_revenue street city region postal_code country description owner parent"
        " customer_number tier"
    )
    return _row(Company, {"name": f"Company {number}", **defaults}, number, told)


def person(number: int, **told: Told) -> Person:
    """A person with a last name alone."""
    defaults = _empty(
        "first_name salutation email phone mobile job_title department lead_source lifecycle birth_date street city"
        " region postal_code country description company owner customer_number nps renewal_on is_vip preferred_channel"
    )
    lists = {"other_emails": (), "other_companies": (), "interests": (), "email_opt_out": False, "do_not_call": False}
    return _row(Person, {"last_name": f"Person {number}", **defaults, **lists}, number, told)


def lead(number: int, **told: Told) -> Lead:
    """A new lead without a contact."""
    defaults = _empty(
        "first_name job_title email phone rating lead_source city country description owner person company deal"
        " converted_on"
    )
    given = {"title": f"Lead {number}", "last_name": f"Lead {number}", "company_name": "Somewhere", "status": "new"}
    return _row(Lead, {**defaults, **given}, number, told)


def deal(number: int, **told: Told) -> Deal:
    """An open deal of the first pipeline."""
    defaults = _empty(
        "amount closed_at deal_type next_step lost_reason lead_source description company owner contract_months"
        " competitor"
    )
    given = {
        "name": f"Deal {number}",
        "currency": "USD",
        "pipeline": "sales",
        "stage": "first",
        "close_on": date(2026, 6, 1),
        "roles": (),
    }
    return _row(Deal, {**defaults, **given}, number, told)


def appointment(number: int, **told: Told) -> Appointment:
    """A scheduled hour."""
    defaults = _empty("starts_on ends_on location meeting_url description owner company deal lead")
    given = {
        "title": f"Meeting {number}",
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=1),
        "outcome": "scheduled",
        "people": (),
    }
    return _row(Appointment, {**defaults, **given}, number, told)


def note(number: int, **told: Told) -> Note:
    """A one-line note."""
    defaults = {**_empty("title owner company deal"), "body": f"Note {number}", "people": ()}
    return _row(Note, defaults, number, told)


def task(number: int, **told: Told) -> Task:
    """An open task without a due day."""
    defaults = _empty("body due_on completed_at owner company deal")
    given = {"subject": f"Task {number}", "status": "open", "priority": "normal", "people": ()}
    return _row(Task, {**defaults, **given}, number, told)


def book(**rows: Told) -> Book:
    """A book of *rows*, empty where none are told."""
    kinds = ("users", "companies", "people", "leads", "deals", "appointments", "notes", "tasks")
    return Book(
        home_currency="USD",
        currencies=("USD", "EUR"),
        time_zone="America/New_York",
        pipelines=_PIPELINES,
        **{kind: tuple(rows.get(kind, ())) for kind in kinds},
    )

"""The appointments, notes and tasks of a book."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Literal

from sandbox.seed.book import Appointment, Deal, Lead, Note, Task
from sandbox.seed.parties import Parties, Plan, remark
from sandbox.seed.stamps import Stamp
from sandbox.seed.telling import happens, optional
from sandbox.seed.words import AWKWARD_TEXTS, MEETING_TITLES, SENTENCES, TASK_SUBJECTS

__all__ = ["ALL_DAY_SHARE", "tell_appointments", "tell_notes", "tell_tasks"]

ALL_DAY_SHARE = 0.06
"""Share of the appointments that last whole days."""

_Outcome = Literal["scheduled", "completed", "canceled", "no_show"]
_ROOMS = ("Room 4.12", "Café Müller, Bahnhofstr. 2", "Their office", "Fair, hall 7 / stand B12", "Online")
_PRIORITIES: tuple[Literal["low", "normal", "high"], ...] = ("low", "normal", "high")


def tell_appointments(
    plan: Plan, parties: Parties, deals: tuple[Deal, ...], leads: tuple[Lead, ...]
) -> tuple[Appointment, ...]:
    """The appointments: half of them past, a tenth around today, the others ahead."""
    return tuple(
        _appointment(number, stamp, plan, parties, deals=deals, leads=leads)
        for number, stamp in enumerate(plan.stamps("appointment", plan.count("appointments", 400)), start=1)
    )


def _appointment(
    number: int, stamp: Stamp, plan: Plan, parties: Parties, *, deals: tuple[Deal, ...], leads: tuple[Lead, ...]
) -> Appointment:
    dice = plan.dice("appointment", number)
    people, company, deal = _about(dice, parties, deals, most=4)
    starts_on = plan.today + timedelta(days=_days_from_today(dice))
    is_all_day = happens(dice, ALL_DAY_SHARE)
    starts_at = datetime.combine(starts_on, time(dice.randrange(7, 18), dice.choice((0, 15, 30, 45))), UTC)
    return Appointment(
        number=number,
        truth=None,
        created_at=stamp.created_at,
        updated_at=stamp.updated_at,
        title=dice.choice(MEETING_TITLES),
        starts_at=None if is_all_day else starts_at,
        ends_at=None if is_all_day else starts_at + timedelta(minutes=dice.choice((15, 30, 45, 60, 90, 120))),
        starts_on=starts_on if is_all_day else None,
        ends_on=starts_on + timedelta(days=dice.randint(1, 3)) if is_all_day else None,
        location=optional(dice, dice.choice(_ROOMS)),
        meeting_url=f"https://meet.example/{dice.randrange(10**9):09d}" if happens(dice, 0.4) else None,
        description=optional(dice, remark(dice)),
        outcome=_outcome(dice, starts_on, plan.today),
        owner=parties.owner(dice),
        people=people,
        company=company,
        deal=deal,
        lead=dice.randrange(len(leads)) + 1 if happens(dice, 0.1) else None,
    )


def _days_from_today(dice: Random) -> int:
    when = dice.random()
    if when < 0.5:
        return -dice.randrange(4, 400)
    return dice.randrange(-3, 4) if when < 0.6 else dice.randrange(4, 120)


def _outcome(dice: Random, starts_on: date, today: date) -> _Outcome:
    if starts_on >= today:
        return "canceled" if happens(dice, 0.08) else "scheduled"
    past: tuple[_Outcome, ...] = ("completed", "canceled", "no_show")
    return dice.choices(past, cum_weights=(80, 91, 100))[0]


def tell_notes(plan: Plan, parties: Parties, deals: tuple[Deal, ...]) -> tuple[Note, ...]:
    """The notes, with line breaks, some with text that is hard to escape."""
    return tuple(
        _note(number, stamp, plan, parties, deals=deals)
        for number, stamp in enumerate(plan.stamps("note", plan.count("notes", 250)), start=1)
    )


def _note(number: int, stamp: Stamp, plan: Plan, parties: Parties, *, deals: tuple[Deal, ...]) -> Note:
    dice = plan.dice("note", number)
    people, company, deal = _about(dice, parties, deals, most=2)
    return Note(
        number=number,
        truth=None,
        created_at=stamp.created_at,
        updated_at=stamp.updated_at,
        title=optional(dice, f"Note on {dice.choice(MEETING_TITLES).lower()}"),
        body=_body(dice),
        owner=parties.owner(dice),
        people=people,
        company=company,
        deal=deal,
    )


def _body(dice: Random) -> str:
    """Two to five lines, some of them empty."""
    lines = dice.sample(SENTENCES, dice.randint(1, 4))
    if happens(dice, 0.3):
        lines.insert(dice.randrange(len(lines) + 1), dice.choice(AWKWARD_TEXTS))
    lines.insert(1, "" if happens(dice, 0.4) else '- <next> & "open" points:')
    return "\n".join(lines)


def tell_tasks(plan: Plan, parties: Parties, deals: tuple[Deal, ...]) -> tuple[Task, ...]:
    """The tasks; a done one carries when it was done."""
    return tuple(
        _task(number, stamp, plan, parties, deals=deals)
        for number, stamp in enumerate(plan.stamps("task", plan.count("tasks", 250)), start=1)
    )


def _task(number: int, stamp: Stamp, plan: Plan, parties: Parties, *, deals: tuple[Deal, ...]) -> Task:
    dice = plan.dice("task", number)
    people, company, deal = _about(dice, parties, deals, most=1)
    statuses: tuple[Literal["open", "in_progress", "done", "canceled"], ...] = (
        "open",
        "in_progress",
        "done",
        "canceled",
    )
    status = dice.choices(statuses, cum_weights=(40, 52, 93, 100))[0]
    return Task(
        number=number,
        truth=None,
        created_at=stamp.created_at,
        updated_at=stamp.updated_at,
        subject=dice.choice(TASK_SUBJECTS),
        body=optional(dice, remark(dice)),
        status=status,
        priority=dice.choices(_PRIORITIES, cum_weights=(20, 80, 100))[0],
        due_on=optional(dice, plan.today + timedelta(days=dice.randrange(-45, 60))),
        completed_at=stamp.updated_at if status == "done" else None,
        owner=parties.owner(dice, may_be_queue=True),
        people=people,
        company=company,
        deal=deal,
    )


def _about(
    dice: Random, parties: Parties, deals: tuple[Deal, ...], *, most: int
) -> tuple[tuple[int, ...], int | None, int | None]:
    """People (none to *most*), company and deal of an activity: those of one deal, or people and their company."""
    if happens(dice, 0.35):
        deal = dice.choice(deals)
        return tuple(role.person for role in deal.roles)[:most], deal.company, deal.number
    wanted = min(dice.randint(0, most) if most > 1 else int(happens(dice, 0.85)), len(parties.people))
    people = tuple(dice.sample(range(1, len(parties.people) + 1), wanted))
    company = parties.people[people[0] - 1].company if people else dice.randrange(len(parties.companies)) + 1
    return people, company, None

"""Tasks, appointments with their attendees, and notes of a book, as Freshsales' tables hold them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from sandbox.freshsales.tables.cells import Row, absent, instant_cell
from sandbox.freshsales.tables.ids import record_id, user_id
from sandbox.freshsales.tables.party_rows import contact_of_lead, crew
from sandbox.freshsales.tables.selectors import Selectors, people_of
from sandbox.seed import Appointment, Book, Note, Task

__all__ = ["appointment_rows", "attendee_rows", "note_rows", "task_rows"]

_OUTCOMES = {"scheduled": None, "completed": "Completed", "canceled": "Canceled", "no_show": "No show"}
_ERASED = 9_000_000
"""Numbers of contacts from here on are of people who were erased for good, while their seats at meetings stay."""


def task_rows(book: Book, selectors: Selectors) -> Iterator[Row]:
    """One row per task, open (0) or completed (1); a canceled one is completed, without the day on which."""
    for task in book.tasks:
        yield {
            "id": record_id("tasks", task.number),
            "status": 0 if task.status in {"open", "in_progress"} else 1,
            "title": task.subject,
            "description": task.body,
            **crew(task, book, task.owner),
            "due_date": _midnight(task.due_on),
            "completed_date": instant_cell(task.completed_at),
            "outcome_id": None,
            "task_type_id": selectors.id_of("sales_activity_types", "Task"),
            "user_ids": [],
            "targetables": _targets(task, book),
        }


def appointment_rows(book: Book, selectors: Selectors) -> Iterator[Row]:
    """One row per appointment; whole days go from midnight to midnight UTC, the last one past its end."""
    for told in book.appointments:
        number = told.number
        made = {**crew(told, book, None), "creater_id": user_id(told.owner) if told.owner else None}
        del made["owner_id"], made["updater_id"]
        yield {
            "id": record_id("appointments", number),
            "time_zone": "UTC",
            "title": told.title,
            "description": told.description,
            "location": told.location,
            "is_allday": told.starts_on is not None,
            "outcome_id": selectors.id_of("sales_activity_outcomes", _OUTCOMES[told.outcome]),
            "from_date": _midnight(told.starts_on) or instant_cell(told.starts_at),
            "end_date": _midnight(told.ends_on) or instant_cell(told.ends_at),
            "provider": "freshsales",
            **made,
            **absent("latitude longitude checkedin_at conference_id"),
            "can_checkin": True,
            "appointment_attendee_ids": [one["id"] for one in attendee_rows(told, book)],
            "targetables": _targets(told, book),
        }


def attendee_rows(told: Appointment, book: Book) -> list[Row]:
    """Who attends: the holder, every third time a colleague, the people, the lead, every eleventh time nobody known."""
    people = people_of(book)
    colleague = [people[told.number % len(people)]] if told.number % 3 == 0 else []
    users = dict.fromkeys((*([told.owner] if told.owner in people else []), *colleague))
    contacts = dict.fromkeys((*map(_contact, told.people), *_lead(told, book)))
    if told.number % 11 == 0:
        contacts[_contact(_ERASED + told.number)] = None
    seats = [("FdMultitenant::User", user_id(one)) for one in users] + [("Contact", one) for one in contacts]
    return [
        {"id": record_id("appointment_attendees", told.number * 10 + place), "attendee": {"type": kind, "id": attendee}}
        for place, (kind, attendee) in enumerate(seats, start=1)
    ]


def note_rows(book: Book) -> Iterator[Row]:
    """One row per note; Freshsales' notes have no title, so it is the first line."""
    for note in book.notes:
        made = crew(note, book, None)
        yield {
            "id": record_id("notes", note.number),
            "description": f"{note.title}\n{note.body}" if note.title else note.body,
            "creater_id": user_id(note.owner) if note.owner else None,
            "created_at": made["created_at"],
            "updated_at": made["updated_at"],
            "targetables": _targets(note, book),
        }


def _targets(told: Appointment | Note | Task, book: Book) -> list[Row]:
    """What it is about: the deal, the account, the people and the lead."""
    lead = _lead(told, book) if isinstance(told, Appointment) else []
    found = [("Deal", record_id("deals", told.deal))] if told.deal else []
    found += [("SalesAccount", record_id("sales_accounts", told.company))] if told.company else []
    found += [("Contact", one) for one in dict.fromkeys((*map(_contact, told.people), *lead))]
    return [{"id": one, "type": model} for model, one in found]


def _contact(number: int) -> int:
    return record_id("contacts", number)


def _lead(told: Appointment, book: Book) -> list[int]:
    return [contact_of_lead(book.leads[told.lead - 1])] if told.lead else []


def _midnight(day: date | None) -> str | None:
    return None if day is None else instant_cell(datetime.combine(day, time(), UTC))

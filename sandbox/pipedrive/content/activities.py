"""Activities and notes of a book, as Pipedrive has them."""

from collections.abc import Iterator

from sandbox.pipedrive.content.cells import Row, clock_time, html, instant, lead_id, optional_id, row_id, user_id
from sandbox.pipedrive.content.fields import option_id
from sandbox.seed import Appointment, Book, Note, Task

__all__ = ["ACTIVITY_TYPES", "activity_rows", "note_rows"]

ACTIVITY_TYPES = ("call", "meeting", "task", "deadline", "email", "lunch")
"""The `key_string`s that every account starts with."""


def activity_rows(book: Book) -> Iterator[Row]:
    """Appointments and tasks in one table, ids in turns.

    An appointment is a call in four cases of twelve, a lunch in one of twelve, else a meeting;
    a task is an email in one case of five, a deadline in one of seven, else a task.
    """
    for meeting in book.appointments:
        yield _appointment(meeting, book)
    for task in book.tasks:
        yield _task(task, book)


def _appointment(meeting: Appointment, book: Book) -> Row:
    """An all-day one has neither time nor duration, so that its last day is not told."""
    kind = {0: "lunch", 3: "call", 5: "call", 7: "call", 9: "call"}.get(meeting.number % 12, "meeting")
    lead = None if meeting.lead is None else book.leads[meeting.lead - 1]
    starts_at, ends_at = meeting.starts_at, meeting.ends_at
    starts_on = meeting.starts_on or (starts_at.date() if starts_at else None)
    minutes = int((ends_at - starts_at).total_seconds() // 60) if starts_at and ends_at else None
    outcome = None if meeting.outcome == "scheduled" else option_id("activity", "outcome", meeting.outcome)
    return {
        **_base(meeting, 2 * meeting.number, book),
        "subject": meeting.title,
        "type": kind,
        # One of the two: a lead's activities move to its deal.
        "lead_id": lead_id(lead.number) if lead and lead.status != "converted" and meeting.deal is None else None,
        "due_date": None if starts_on is None else starts_on.isoformat(),
        "due_time": starts_at.strftime("%H:%M:%S") if starts_at else None,
        "duration": None if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}:00",
        "busy": True,
        "done": meeting.outcome != "scheduled",
        "marked_as_done_time": None if meeting.outcome == "scheduled" else instant(meeting.updated_at),
        "location": None if meeting.location is None else {"value": meeting.location},
        "conference_meeting_client": "google_meet" if meeting.meeting_url else None,
        "conference_meeting_url": meeting.meeting_url,
        "public_description": meeting.description,
        "priority": None,
        "outcome": outcome,
        "note": None,
        "attendees": _attendees(meeting, book),
    }


def _task(task: Task, book: Book) -> Row:
    """A cancelled task is done as well: there is no other way to be rid of one but to delete it."""
    kind = "email" if task.number % 5 == 0 else "deadline" if task.number % 7 == 0 else "task"
    is_done = task.status in {"done", "canceled"}
    return {
        **_base(task, 2 * task.number + 1, book),
        "subject": task.subject,
        "type": kind,
        "lead_id": None,
        "due_date": None if task.due_on is None else task.due_on.isoformat(),
        "due_time": None,
        "duration": None,
        "busy": False,
        "done": is_done,
        "marked_as_done_time": instant(task.completed_at or task.updated_at) if is_done else None,
        "location": None,
        "conference_meeting_client": None,
        "conference_meeting_url": None,
        "public_description": None,
        "priority": option_id("activity", "priority", task.priority),
        "outcome": None,
        "note": None if task.body is None else html(task.body),
        "attendees": [],
    }


def _base(row: Appointment | Task, place: int, book: Book) -> Row:
    people = [row_id("persons", one) for one in row.people]
    return {
        "id": row_id("activities", place),
        "owner_id": user_id(row.owner),
        "creator_user_id": user_id(row.number % (len(book.users) + 1)),
        "is_deleted": False,
        "add_time": instant(row.created_at),
        "update_time": instant(row.updated_at),
        "deal_id": optional_id("deals", row.deal),
        "person_id": people[0] if people else None,
        "org_id": optional_id("organizations", row.company),
        "project_id": None,
        "conference_meeting_id": None,
        "participants": [{"person_id": one, "primary": place == 0} for place, one in enumerate(people)],
    }


def _attendees(meeting: Appointment, book: Book) -> list[Row]:
    """The owner, the people with an address, and somebody whom nobody knows in every third meeting."""
    owner = None if meeting.owner is None else book.users[meeting.owner - 1]
    told: list[Row] = []
    if owner is not None and owner.email:
        told.append(_attendee(owner.name, owner.email, "accepted", user=user_id(owner.number)))
    for one in meeting.people:
        person = book.people[one - 1]
        if person.email:
            told.append(_attendee(person.last_name, person.email, "noreply", person=row_id("persons", one)))
    if meeting.number % 3 == 0:
        told.append(_attendee(None, f"guest{meeting.number}@visitor.example", "tentative"))
    return told


def _attendee(name: str | None, email: str, status: str, *, person: int | None = None, user: int | None = None) -> Row:
    return {
        "email": email,
        "name": name,
        "status": status,
        "is_organizer": user is not None,
        "person_id": person,
        "user_id": user,
    }


def note_rows(book: Book) -> Iterator[Row]:
    """One row per note, about one person at most; every tenth is pinned to its deal."""
    for note in book.notes:
        yield {
            "id": row_id("notes", note.number),
            "active_flag": True,
            "content": html(note.body),
            **_about(note, book),
            "lead_id": None,
            "lead": None,
            "project_id": None,
            "task_id": None,
            "user_id": user_id(note.owner),
            "last_update_user_id": None,
            "add_time": clock_time(instant(note.created_at)),
            "update_time": clock_time(instant(note.updated_at)),
            **dict.fromkeys((f"pinned_to_{one}_flag" for one in _PINS), False),
            "pinned_to_deal_flag": note.deal is not None and note.number % 10 == 0,
        }


_PINS = ("person", "organization", "lead", "project", "task")


def _about(note: Note, book: Book) -> Row:
    person = book.people[note.people[0] - 1] if note.people else None
    owner = None if note.owner is None else book.users[note.owner - 1]
    name = " ".join(part for part in (person.first_name, person.last_name) if part) if person else None
    return {
        "deal_id": optional_id("deals", note.deal),
        "person_id": optional_id("persons", person.number if person else None),
        "org_id": optional_id("organizations", note.company),
        "deal": None if note.deal is None else {"title": book.deals[note.deal - 1].name},
        "person": None if name is None else {"name": name},
        "organization": None if note.company is None else {"name": book.companies[note.company - 1].name},
        "user": {
            "email": owner.email if owner else "admin@sandbox.example",
            "icon_url": None,
            "is_you": owner is None,
            "name": owner.name if owner else "Sandbox Admin",
        },
    }

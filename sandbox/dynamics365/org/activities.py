"""The rows of the book's appointments, tasks and notes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from sandbox.dynamics365.org.cells import Ref, Row, guid, instant
from sandbox.dynamics365.org.crew import Crew
from sandbox.dynamics365.org.records import Names
from sandbox.seed import Appointment, Book, Note, Task

__all__ = ["activity_rows"]

_REQUIRED, _OPTIONAL, _ORGANIZER, _REGARDING, _OWNER = 5, 6, 7, 8, 9
_PLANNED = ((3, 5), (0, 1), (3, 5), (0, 2))
_ENDED = {"completed": (1, 3), "canceled": (2, 4), "no_show": (2, 4)}
_TASK_STATES = {"open": (0, 2), "in_progress": (0, 3), "done": (1, 5), "canceled": (2, 6)}
_PRIORITIES = {"low": 0, "normal": 1, "high": 2}
_STRANGER_EVERY = 9


def activity_rows(book: Book, crew: Crew) -> Iterator[tuple[str, Row]]:
    """(table, row) of activities, of those who take part in them, and of notes.

    An activity regards one record: its deal, else its lead, else (a task) its person, else its company.
    """
    names = Names(book)
    for appointment in book.appointments:
        row = _appointment(appointment, crew, names)
        yield "appointment", row
        yield from _parties(appointment, row, book, crew, names)
    for task in book.tasks:
        yield "task", _task(task, crew, names)
    for note in book.notes:
        yield "annotation", _annotation(note, crew, names)


def _activity(row: Appointment | Task, kind: str, crew: Crew) -> Row:
    return {
        **crew.stamped(row.created_at, row.updated_at, row.owner),
        **crew.owned(row.owner),
        "activityid": guid(kind, row.number),
        "activitytypecode": kind,
    }


def _appointment(appointment: Appointment, crew: Crew, names: Names) -> Row:
    """All-day ones begin and end at midnight UTC, whatever the time zone; the end is exclusive."""
    starts = instant(appointment.starts_at) or _midnight(appointment.starts_on)
    ends = instant(appointment.ends_at) or _midnight(appointment.ends_on)
    state, status = _ENDED.get(appointment.outcome, _PLANNED[appointment.number % len(_PLANNED)])
    return {
        **_activity(appointment, "appointment", crew),
        "subject": appointment.title,
        "description": appointment.description,
        "scheduledstart": starts,
        "scheduledend": ends,
        "scheduleddurationminutes": _minutes(starts, ends),
        "actualstart": starts if state == 1 else None,
        "actualend": ends if state == 1 else None,
        "isalldayevent": appointment.starts_on is not None,
        "location": appointment.location,
        "isonlinemeeting": appointment.meeting_url is not None,
        "onlinemeetingjoinurl": appointment.meeting_url,
        "prioritycode": 1,
        "instancetypecode": 0,
        "statecode": state,
        "statuscode": status,
        "regardingobjectid": names.deal(appointment.deal)
        or names.lead(appointment.lead)
        or names.company(appointment.company),
    }


def _midnight(day: date | None) -> str:
    return f"{day}T00:00:00Z"


def _minutes(starts: str, ends: str) -> int:
    return int((datetime.fromisoformat(ends) - datetime.fromisoformat(starts)).total_seconds() // 60)


def _task(task: Task, crew: Crew, names: Names) -> Row:
    """Due at noon UTC of its day: a due date is an instant here."""
    state, status = _TASK_STATES[task.status]
    due = datetime.combine(task.due_on, time(12), UTC) if task.due_on else None
    return {
        **_activity(task, "task", crew),
        "subject": task.subject,
        "description": task.body,
        "scheduledend": instant(due),
        "actualend": instant(task.completed_at),
        "prioritycode": _PRIORITIES[task.priority],
        "percentcomplete": 100 if task.status == "done" else 0,
        "statecode": state,
        "statuscode": status,
        "regardingobjectid": _about(task, names),
    }


def _annotation(note: Note, crew: Crew, names: Names) -> Row:
    about = _about(note, names)
    return {
        **crew.stamped(note.created_at, note.updated_at, note.owner),
        **crew.owned(note.owner),
        "annotationid": guid("annotation", note.number),
        "subject": note.title,
        "notetext": note.body,
        "isdocument": False,
        "objectid": about,
        "objecttypecode": about.table if about else None,
    }


def _about(row: Task | Note, names: Names) -> Ref | None:
    person = names.person(row.people[0]) if row.people else None
    return names.deal(row.deal) or person or names.company(row.company)


def _parties(appointment: Appointment, row: Row, book: Book, crew: Crew, names: Names) -> Iterator[tuple[str, Row]]:
    """The organizer and owner, whom the appointment regards, who is asked to come, and here and there a stranger.

    The third and later people need not come; a stranger has an address alone.
    """
    parties: list[tuple[int, Ref | None, str | None]] = []
    for position, number in enumerate(appointment.people):
        kind = _REQUIRED if position < 2 else _OPTIONAL
        parties.append((kind, names.person(number), book.people[number - 1].email))
    if appointment.number % _STRANGER_EVERY == 0:
        parties.append((_OPTIONAL, None, f"guest{appointment.number}@visitors.example"))
    owner, regarding = crew.owner(appointment.owner), row["regardingobjectid"]
    parties += [(_ORGANIZER, owner, None), (_OWNER, owner, None)]
    if isinstance(regarding, Ref) and regarding.table != "opportunity":
        parties.append((_REGARDING, regarding, None))
    activity = Ref("appointment", str(row["activityid"]), appointment.title)
    for position, (kind, party, address) in enumerate(parties):
        yield (
            "activityparty",
            {
                "activitypartyid": guid("activityparty", f"{appointment.number}/{position}"),
                "activityid": activity,
                "partyid": party,
                "participationtypemask": kind,
                "addressused": address,
                "unresolvedpartyname": address if party is None else None,
                "ispartydeleted": False,
            },
        )

"""Notes, tasks and calendar events of a book, what they are about, and who takes part."""

from collections.abc import Iterator

from sandbox.generic_graphql.tables.cells import Row, instant, link, made, member_id, midnight, row_id
from sandbox.generic_graphql.tables.party_rows import members_of
from sandbox.seed import Appointment, Book, Note, Task

__all__ = ["event_rows", "note_rows", "note_target_rows", "participant_rows", "task_rows", "task_target_rows"]

_STATUSES = {"open": "TODO", "in_progress": "IN_PROGRESS", "done": "DONE", "canceled": "DONE"}
_RESPONSES = ("ACCEPTED", "NEEDS_ACTION", "TENTATIVE", "ACCEPTED", "DECLINED")


def note_rows(book: Book) -> Iterator[Row]:
    """One row per note."""
    members = members_of(book)
    for note in book.notes:
        yield {
            **made(note, "Note"),
            "title": note.title,
            "bodyV2": {"markdown": note.body},
            "createdById": member_id(note.owner, members),
        }


def task_rows(book: Book) -> Iterator[Row]:
    """One row per task; there is no status for a canceled one, so somebody called it done."""
    members = members_of(book)
    for task in book.tasks:
        yield {
            **made(task, "Task"),
            "title": task.subject,
            "bodyV2": {"markdown": task.body or ""},
            "dueAt": midnight(task.due_on),
            "status": _STATUSES[task.status],
            "assigneeId": member_id(task.owner, members),
        }


def note_target_rows(book: Book) -> Iterator[Row]:
    """One row for each record that a note is about."""
    for note in book.notes:
        yield from _target_rows(note, "NoteTarget", {"noteId": row_id("Note", note.number)})


def task_target_rows(book: Book) -> Iterator[Row]:
    """One row for each record that a task is about."""
    for task in book.tasks:
        yield from _target_rows(task, "TaskTarget", {"taskId": row_id("Task", task.number)})


def event_rows(book: Book) -> Iterator[Row]:
    """One row per appointment; whole days go from midnight to midnight UTC, past their end."""
    for told in book.appointments:
        yield {
            **made(told, "CalendarEvent"),
            "title": told.title,
            "startsAt": midnight(told.starts_on) or instant(told.starts_at),
            "endsAt": midnight(told.ends_on) or instant(told.ends_at),
            "isFullDay": told.starts_on is not None,
            "isCanceled": told.outcome == "canceled",
            "location": told.location,
            "conferenceLink": link(told.meeting_url),
            "description": told.description,
        }


def participant_rows(book: Book) -> Iterator[Row]:
    """The owner, who organizes; then the people, and a lead, who is nobody known here."""
    members = members_of(book)
    for told in book.appointments:
        for place, seat in enumerate(_seats(told, book, members), start=1):
            yield {
                **made(told, "CalendarEventParticipant", place),
                "calendarEventId": row_id("CalendarEvent", told.number),
                "isOrganizer": False,
                "responseStatus": _RESPONSES[(told.number + place) % len(_RESPONSES)],
                "personId": None,
                "workspaceMemberId": None,
                **seat,
            }


def _seats(told: Appointment, book: Book, members: frozenset[int]) -> Iterator[Row]:
    if told.owner is not None and told.owner in members:
        owner = book.users[told.owner - 1]
        yield {
            "handle": owner.email,
            "displayName": owner.name,
            "isOrganizer": True,
            "responseStatus": "ACCEPTED",
            "workspaceMemberId": row_id("WorkspaceMember", owner.number),
        }
    for number in told.people:
        person = book.people[number - 1]
        yield {
            "handle": person.email,
            "displayName": _called(person.first_name, person.last_name),
            "personId": row_id("Person", number),
        }
    if told.lead is not None:
        lead = book.leads[told.lead - 1]
        yield {"handle": lead.email, "displayName": _called(lead.first_name, lead.last_name)}


def _target_rows(told: Note | Task, type_name: str, about: Row) -> Iterator[Row]:
    ends = [("personId", row_id("Person", number)) for number in told.people]
    ends += [("companyId", row_id("Company", told.company)), ("opportunityId", row_id("Opportunity", told.deal))]
    there = [(key, end) for key, end in ends if end is not None]
    for place, (key, end) in enumerate(there, start=1):
        none = {"personId": None, "companyId": None, "opportunityId": None}
        yield {**made(told, type_name, place), **about, **none, key: end}


def _called(first: str | None, last: str) -> str:
    return f"{first} {last}" if first else last

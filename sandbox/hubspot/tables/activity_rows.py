"""Meetings, notes and tasks of a book, as HubSpot's tables hold them."""

from collections.abc import Iterator
from html import escape

from sandbox.hubspot.definitions import owner_id, record_id
from sandbox.hubspot.tables.cells import Row, date_ms, instant_ms
from sandbox.hubspot.tables.crew import attending_owners, people_of
from sandbox.seed import Appointment, Book, Note, Task

__all__ = ["meeting_rows", "note_rows", "task_rows"]

_OUTCOMES = {"scheduled": "SCHEDULED", "completed": "COMPLETED", "canceled": "CANCELED", "no_show": "NO_SHOW"}
_STATUSES = {"open": "NOT_STARTED", "in_progress": "IN_PROGRESS", "done": "COMPLETED", "canceled": "DEFERRED"}
_PRIORITIES = {"low": "LOW", "normal": "MEDIUM", "high": "HIGH"}


def meeting_rows(book: Book) -> Iterator[Row]:
    """One row per appointment; HubSpot has no all-day flag, so whole days go from midnight to midnight UTC."""
    people = people_of(book)
    for meeting in book.appointments:
        starts_ms, ends_ms = _span_ms(meeting)
        yield {
            **_keys(meeting, "meetings"),
            "hs_timestamp": starts_ms,
            "hs_meeting_title": meeting.title,
            "hs_meeting_body": meeting.description,
            "hs_meeting_location": meeting.location,
            "hs_meeting_external_url": meeting.meeting_url,
            "hs_meeting_start_time": starts_ms,
            "hs_meeting_end_time": ends_ms,
            "hs_meeting_outcome": _OUTCOMES[meeting.outcome],
            "hs_attendee_owner_ids": attending_owners(meeting, people),
        }


def note_rows(book: Book) -> Iterator[Row]:
    """One row per note; HubSpot's notes have no title, so it is the first paragraph of the body."""
    for note in book.notes:
        title = f"<p><strong>{escape(note.title)}</strong></p>" if note.title else ""
        body = "<br>".join(escape(line) for line in note.body.splitlines())
        yield {
            **_keys(note, "notes"),
            "hs_timestamp": instant_ms(note.created_at),
            "hs_note_body": f"<div>{title}<p>{body}</p></div>",
        }


def task_rows(book: Book) -> Iterator[Row]:
    """One row per task; HubSpot requires a due time, which is the creation time where the book tells none."""
    for task in book.tasks:
        yield {
            **_keys(task, "tasks"),
            "hs_timestamp": instant_ms(task.created_at) if task.due_on is None else date_ms(task.due_on),
            "hs_task_subject": task.subject,
            "hs_task_body": task.body,
            "hs_task_status": _STATUSES[task.status],
            "hs_task_priority": _PRIORITIES[task.priority],
            "hs_task_type": "TODO",
            "hs_task_completion_date": None if task.completed_at is None else instant_ms(task.completed_at),
        }


def _keys(row: Appointment | Note | Task, kind: str) -> Row:
    return {
        "id": record_id(kind, row.number),
        "hs_createdate": instant_ms(row.created_at),
        "hs_lastmodifieddate": instant_ms(row.updated_at),
        "hubspot_owner_id": None if row.owner is None else str(owner_id(row.owner)),
    }


def _span_ms(meeting: Appointment) -> tuple[int | None, int | None]:
    if meeting.starts_on is not None and meeting.ends_on is not None:
        return date_ms(meeting.starts_on), date_ms(meeting.ends_on)
    starts = None if meeting.starts_at is None else instant_ms(meeting.starts_at)
    return starts, None if meeting.ends_at is None else instant_ms(meeting.ends_at)

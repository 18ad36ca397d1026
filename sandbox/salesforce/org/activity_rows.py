"""A book's appointments, tasks and notes as Salesforce records."""

import html
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from sandbox.salesforce.org.ids import id_of
from sandbox.salesforce.org.keys import Keys, Record
from sandbox.seed import Appointment, Note, Task

__all__ = ["activity_rows"]

_OUTCOMES = {"scheduled": None, "completed": "Held", "canceled": "Canceled", "no_show": "No Show"}
_TASK_STATUS = {"open": "Not Started", "in_progress": "In Progress", "done": "Completed", "canceled": "Canceled"}
_CLOSED = frozenset({"done", "canceled"})
_MINUTES_PER_DAY = 1_440
_INVITED_USER_EVERY = 10
_PREVIEW_LENGTH = 255


def activity_rows(
    keys: Keys, *, archive_after_days: int, shared_activities: bool
) -> Iterator[tuple[str, list[Record]]]:
    """Records by object, in the order of their ids.

    Args:
        keys: the org's conventions.
        archive_after_days: what ended longer ago is archived; 0 for nothing.
        shared_activities: a contact's part in an event is a relation too, not only WhoId.
    """
    archived_before = keys.now - timedelta(days=archive_after_days) if archive_after_days else None
    invited = _invited_users(keys)
    events = [_event(keys, one, archived_before, invited.get(one.number)) for one in keys.book.appointments]
    yield "Event", [*events, *_invitee_copies(events, invited)]
    yield "EventRelation", list(_relations(keys, invited, shared_activities=shared_activities))
    yield "Task", [_task(keys, one, archived_before) for one in keys.book.tasks]
    notes = [_note(keys, one) for one in keys.book.notes]
    yield "ContentDocument", notes
    yield "ContentNote", notes
    yield "ContentDocumentLink", list(_links(keys))


def _who(keys: Keys, appointment: Appointment) -> list[str]:
    """Contacts, then the lead: the first is WhoId, the others are invited."""
    people = [id_of("003", number) for number in appointment.people]
    return people + ([id_of("00Q", appointment.lead)] if appointment.lead else [])


def _what(keys: Keys, row: Appointment | Task) -> tuple[str | None, str | None]:
    """WhatId and the account that follows from it."""
    if row.deal is not None:
        return keys.reference("Opportunity", row.deal), keys.reference("Account", keys.book.deals[row.deal - 1].company)
    account = keys.reference("Account", row.company)
    return account, account


def _event(keys: Keys, appointment: Appointment, archived_before: datetime | None, invited: str | None) -> Record:
    who = _who(keys, appointment)
    # A lead in WhoId leaves no room for WhatId.
    what, account = (None, None) if who and who[0].startswith("00Q") else _what(keys, appointment)
    times = _times(appointment)
    ends_at = times["EndDateTime"]
    is_group = len(who) > 1 or invited is not None
    contacts = [one for one in who if one.startswith("003")]
    return (
        keys.audit(appointment)
        | times
        | {
            "Id": id_of("00U", appointment.number),
            "WhoId": who[0] if who else None,
            "WhatId": what,
            "AccountId": account,
            "WhoCount": len(contacts) or len(who[:1]),
            "WhatCount": int(what is not None),
            "EventWhoIds": contacts or who[:1],
            "Subject": appointment.title,
            "Location": appointment.location,
            "Description": appointment.description,
            "OwnerId": keys.owner(appointment.owner),
            "CurrencyIsoCode": keys.book.home_currency,
            "ShowAs": "Busy",
            "IsGroupEvent": is_group,
            "GroupEventType": "1" if is_group else "0",
            "IsArchived": archived_before is not None and isinstance(ends_at, datetime) and ends_at < archived_before,
            "EventSubtype": "Event",
            "Outcome__c": _OUTCOMES[appointment.outcome],
            "Meeting_Url__c": appointment.meeting_url,
        }
    )


def _times(appointment: Appointment) -> Record:
    """An all-day event ends at the first instant of its last day, while its minutes count that day whole."""
    if appointment.starts_on is not None and appointment.ends_on is not None:
        last_day = appointment.ends_on - timedelta(days=1)
        return {
            "IsAllDayEvent": True,
            "ActivityDate": appointment.starts_on,
            "StartDateTime": datetime.combine(appointment.starts_on, time(), UTC),
            "EndDateTime": datetime.combine(last_day, time(), UTC),
            "EndDate": last_day,
            "DurationInMinutes": (appointment.ends_on - appointment.starts_on).days * _MINUTES_PER_DAY,
        }
    if appointment.starts_at is None or appointment.ends_at is None:
        raise ValueError(f"appointment {appointment.number} has neither days nor instants")
    return {
        "IsAllDayEvent": False,
        "ActivityDateTime": appointment.starts_at,
        "ActivityDate": appointment.starts_at.date(),
        "StartDateTime": appointment.starts_at,
        "EndDateTime": appointment.ends_at,
        "EndDate": appointment.ends_at.date(),
        "DurationInMinutes": (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1),
    }


def _invited_users(keys: Keys) -> dict[int, str]:
    """A colleague of the owner, invited to every tenth event, by the event's number."""
    invited = {}
    for one in keys.book.appointments[_INVITED_USER_EVERY - 1 :: _INVITED_USER_EVERY]:
        users = [user.number for user in keys.book.users if user.kind == "user" and user.number != one.owner]
        if users:
            invited[one.number] = id_of("005", users[one.number % len(users)])
    return invited


def _invitee_copies(events: list[Record], invited: dict[int, str]) -> Iterator[Record]:
    """An invited user has a copy of the event in the own calendar, marked as a child."""
    for place, (number, user) in enumerate(invited.items(), 1):
        yield events[number - 1] | {"Id": id_of("00U", len(events) + place), "OwnerId": user, "IsChild": True}


def _relations(keys: Keys, invited: dict[int, str], *, shared_activities: bool) -> Iterator[Record]:
    number = 0
    for appointment in keys.book.appointments:
        who = _who(keys, appointment)
        user = invited.get(appointment.number)
        parts = [(one, False) for one in who[:1] if shared_activities]
        parts += [(one, True) for one in [*who[1:], *([user] if user else [])]]
        for place, (relation, is_invitee) in enumerate(parts):
            number += 1
            yield keys.audit(appointment) | {
                "Id": id_of("0RE", number),
                "EventId": id_of("00U", appointment.number),
                "RelationId": relation,
                "Status": ("New", "Accepted", "Declined")[(appointment.number + place) % 3] if is_invitee else None,
                "IsInvitee": is_invitee,
                "IsParent": not is_invitee or (shared_activities and relation.startswith("003")),
            }


def _task(keys: Keys, task: Task, archived_before: datetime | None) -> Record:
    who = keys.reference("Contact", task.people[0] if task.people else None)
    what, account = _what(keys, task)
    is_closed = task.status in _CLOSED
    due = datetime.combine(task.due_on, time(), UTC) if task.due_on else task.created_at
    return keys.audit(task) | {
        "Id": id_of("00T", task.number),
        "WhoId": who,
        "WhatId": what,
        "AccountId": account,
        "WhoCount": len(task.people),
        "WhatCount": int(what is not None),
        "TaskWhoIds": [id_of("003", number) for number in task.people],
        "Subject": task.subject,
        "ActivityDate": task.due_on,
        "Status": _TASK_STATUS[task.status],
        "Priority": task.priority.title(),
        "IsHighPriority": task.priority == "high",
        "OwnerId": keys.owner(task.owner, may_be_queue=True),
        "CurrencyIsoCode": keys.book.home_currency,
        "Description": task.body,
        "IsClosed": is_closed,
        "IsArchived": archived_before is not None and is_closed and due < archived_before,
        "TaskSubtype": "Task",
        "CompletedDateTime": task.completed_at.replace(microsecond=0) if task.completed_at and is_closed else None,
    }


def _note(keys: Keys, note: Note) -> Record:
    """Of the document and of the note, which share their id; the body is HTML, a paragraph a line."""
    content = "".join(f"<p>{html.escape(line, quote=False) or '<br>'}</p>" for line in note.body.split("\n"))
    return keys.audit(note) | {
        "Id": id_of("069", note.number),
        "Title": note.title or "Untitled Note",
        "Content": content,
        "ContentSize": len(content.encode()),
        "TextPreview": note.body[:_PREVIEW_LENGTH],
        "FileType": "SNOTE",
        "FileExtension": "snote",
        "PublishStatus": "P",
        "SharingPrivacy": "N",
        "OwnerId": keys.owner(note.owner),
        "LatestPublishedVersionId": id_of("068", note.number),
    }


def _links(keys: Keys) -> Iterator[Record]:
    """To the owner first, with the owner's own access, then to every record that the note is about."""
    number = 0
    for note in keys.book.notes:
        linked = [keys.owner(note.owner), *(id_of("003", one) for one in note.people)]
        linked += [
            one for one in (keys.reference("Account", note.company), keys.reference("Opportunity", note.deal)) if one
        ]
        for place, entity in enumerate(linked):
            number += 1
            yield {
                "Id": id_of("06A", number),
                "LinkedEntityId": entity,
                "ContentDocumentId": id_of("069", note.number),
                "ShareType": "V" if place else "I",
                "Visibility": "AllUsers",
                "SystemModstamp": keys.audit(note)["SystemModstamp"],
            }

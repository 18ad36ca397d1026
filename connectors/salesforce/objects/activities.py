"""Appointments (Event), tasks (Task) and notes (ContentNote, or Note in orgs without it) in Salesforce columns."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from connectors.mapping import Row, convert
from connectors.salesforce.objects.facts import Facts
from connectors.salesforce.objects.mapped import Mapped, day, flag, instant, long_text, text, value
from connectors.salesforce.objects.people import case_blind, literals_of, word_of
from connectors.salesforce.soql import (
    Condition,
    Ordered,
    SortKey,
    Words,
    all_of,
    any_of,
    date_literal,
    instant_literal,
    is_in,
    is_not_in,
)
from model.values import RecordRef

__all__ = ["appointment_fields", "classic_note_fields", "note_fields", "task_fields"]

_ALL_DAY = "IsAllDayEvent = true"
_TIMED = "IsAllDayEvent = false"
_DAY_MINUTES = 24 * 60


def appointment_fields(facts: Facts) -> Iterable[Mapped]:
    """Fields of an Event: an all-day one has days and no instants, the others the reverse.

    Salesforce keeps the days of an all-day event as midnights UTC, and its length in DurationInMinutes (object
    reference, "Event", read 2026-11).
    """
    return (
        text("title", "Subject"),
        _timed("starts_at", "StartDateTime"),
        _timed("ends_at", "EndDateTime"),
        value(
            "starts_on",
            ("ActivityDate", "IsAllDayEvent"),
            lambda row: convert.date(row["ActivityDate"]) if row["IsAllDayEvent"] else None,
            rule=Ordered("ActivityDate", date_literal, present=_ALL_DAY, absent=_TIMED),
            sort=SortKey("ActivityDate", date_literal, present=_ALL_DAY, absent=_TIMED),
        ),
        value("ends_on", ("ActivityDate", "DurationInMinutes", "IsAllDayEvent"), _ends_on),
        flag("is_all_day", "IsAllDayEvent"),
        text("location", "Location"),
        long_text("description", "Description"),
        text("kind", "Type"),
        text("recurrence", "Recurrence2PatternText"),
        _about(facts, ("WhoId", "WhatId")),
        value("attendees", (), lambda _: ()),
        flag("is_archived", "IsArchived"),
    )


def _timed(field: str, remote: str) -> Mapped:
    return value(
        field,
        (remote, "IsAllDayEvent"),
        lambda row: None if row["IsAllDayEvent"] else convert.instant(row[remote]),
        rule=Ordered(remote, instant_literal, present=_TIMED, absent=_ALL_DAY),
        sort=SortKey(remote, instant_literal, present=_TIMED, absent=_ALL_DAY),
    )


def _ends_on(row: Row) -> str | None:
    start = convert.date(row["ActivityDate"])
    if not row["IsAllDayEvent"] or start is None:
        return None
    days = max(1, -(-(row["DurationInMinutes"] or _DAY_MINUTES) // _DAY_MINUTES))
    return (date.fromisoformat(start) + timedelta(days=days)).isoformat()


def _about(facts: Facts, remotes: tuple[str, ...]) -> Mapped:
    def read(row: Row) -> tuple[RecordRef, ...]:
        return tuple(facts.record_ref(row[name]) for name in remotes if row.get(name))

    return value("about", remotes, read, needs_all=False)


def task_fields(facts: Facts) -> Iterable[Mapped]:
    """Fields of a Task; its due date has no time of day."""
    return (
        text("subject", "Subject"),
        long_text("body", "Description"),
        _task_status(facts.task_words),
        text("status_label", "Status"),
        _priority(facts.priority_words),
        day("due_on", "ActivityDate"),
        instant("completed_at", "CompletedDateTime"),
        _about(facts, ("WhoId", "WhatId")),
        flag("is_archived", "IsArchived"),
    )


def _task_status(words: Mapping[str, str]) -> Mapped:
    """The map by API value; a value outside of it is open or done as IsClosed says."""
    folded = case_blind(words)

    def read(row: Row) -> str | None:
        flagged = "DONE" if row["IsClosed"] else "OPEN"
        return word_of(row["Status"], folded, otherwise=flagged) or flagged

    unmapped = is_not_in("Status", literals_of(words))
    rule: dict[str, Condition] = {
        word: is_in("Status", literals_of(words, word)) for word in ("IN_PROGRESS", "CANCELED", "UNKNOWN")
    }
    for word, flagged in (("OPEN", "IsClosed = false"), ("DONE", "IsClosed = true")):
        rule[word] = any_of(is_in("Status", literals_of(words, word)), all_of(flagged, unmapped))
    return value("status", ("Status", "IsClosed"), read, rule=Words(rule))


def _priority(words: Mapping[str, str]) -> Mapped:
    folded = case_blind(words)
    rule = {word: is_in("Priority", literals_of(words, word)) for word in ("LOW", "NORMAL", "HIGH")}
    return value(
        "priority",
        ("Priority",),
        lambda row: word_of(row["Priority"], folded, otherwise=None),
        rule=Words(rule, is_not_in("Priority", literals_of(words))),
    )


def note_fields() -> Iterable[Mapped]:
    """Fields of a ContentNote; its body and what it is about are read apart from the row."""
    return (
        text("title", "Title"),
        value("body", ("Content",), lambda row: row["Content"]),
        value("body_preview", ("TextPreview",), lambda row: convert.plain_text(row["TextPreview"])),
        value("about", (), lambda _: ()),
    )


def classic_note_fields(facts: Facts) -> Iterable[Mapped]:
    """Fields of a Note, which has one parent and plain text."""
    return (
        text("title", "Title"),
        long_text("body", "Body"),
        value("body_preview", ("Body",), lambda row: convert.plain_text(row["Body"])),
        _about(facts, ("ParentId",)),
    )

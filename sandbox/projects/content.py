"""What one account holds, made from a book; the package's docstring has the rules."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sandbox.seed import Book, Company, Deal, Note, Task, User
from sandbox.seed import Row as Told

__all__ = ["Account", "Record", "Row", "record_id"]

Row = dict[str, Any]

_TASK_STATUSES = {"open": "todo", "in_progress": "doing", "done": "done", "canceled": "cancelled"}
_PRIORITIES = {"low": 1, "normal": 2, "high": 3}
_OUTCOMES = {"won": "done", "lost": "cancelled"}
_OPEN = ("planned", "active", "on_hold")
_WEB = "https://projects.example"


def record_id(number: int) -> int:
    """The id of row *number* (from 1) of any resource; its order as text differs from its order as a number."""
    return 90 + number * 7


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    Attributes:
        row: what answers tell.
        beside: what only filters know, by their parameters.
    """

    row: Row
    beside: Row = field(default_factory=dict)

    def value(self, name: str) -> Any:
        """What *row* or *beside* have under *name*; None where neither has it."""
        return self.row.get(name, self.beside.get(name))


class Account:
    """The records of one account, by resource and by their ids as text, in the order of the ids."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._outcomes = {(one.key, step.key): step.outcome for one in book.pipelines for step in one.stages}
        self._deals = {deal.number // 3: deal for deal in book.deals if deal.number % 3 == 0}
        self._first_of: dict[int, int] = {}
        for number, deal in self._deals.items():
            if deal.company is not None:
                self._first_of.setdefault(deal.company, number)
        told: dict[str, Iterable[Record]] = {
            "users": map(_user, book.users),
            "clients": map(_client, book.companies),
            "projects": itertools.starmap(self._project, self._deals.items()),
            "tasks": map(self._task, book.tasks),
            "comments": map(self._comment, book.notes),
        }
        self.records = {name: {str(one.row["id"]): one for one in records} for name, records in told.items()}

    def _project(self, number: int, deal: Deal) -> Record:
        outcome = self._outcomes[deal.pipeline, deal.stage]
        status = _OUTCOMES.get(outcome, _OPEN[number % 3])
        row = {
            "id": record_id(number),
            "name": deal.name,
            "description": deal.description,
            "status": status,
            "startsOn": None if status == "planned" else _day(deal.created_at.date()),
            "dueOn": None if status == "on_hold" else _day(deal.close_on),
            "managerId": _reference(deal.owner),
            "clientId": _reference(deal.company),
            "url": f"{_WEB}/projects/{record_id(number)}",
        }
        return Record({**row, **_stamps(deal)})

    def _task(self, task: Task) -> Record:
        project = self._project_of(task)
        row = {
            "id": record_id(task.number),
            "name": task.subject,
            "description": task.body,
            "status": _TASK_STATUSES[task.status],
            "priority": _PRIORITIES[task.priority],
            "dueOn": _day(task.due_on),
            "doneAt": _instant(task.completed_at),
            "projectId": _reference(project),
            "assigneeId": _reference(task.owner),
        }
        client = None if project is None else self._deals[project].company
        return Record({**row, **_stamps(task)}, {"clientId": _reference(client)})

    def _comment(self, note: Note) -> Record:
        project = self._project_of(note)
        if project is not None:
            subject = {"type": "project", "id": record_id(project)}
        else:
            subject = {"type": "task", "id": record_id(1 + (note.number - 1) % len(self._book.tasks))}
        row = {
            "id": record_id(note.number),
            "body": f"{note.title}\n{note.body}" if note.title else note.body,
            "authorId": _reference(note.owner),
            "subject": subject,
        }
        beside = {"subjectType": subject["type"], "subjectId": subject["id"], f"{subject['type']}Id": subject["id"]}
        return Record({**row, **_stamps(note)}, beside)

    def _project_of(self, told: Task | Note) -> int | None:
        if told.deal is not None and told.deal % 3 == 0:
            return told.deal // 3
        return None if told.company is None else self._first_of.get(told.company)


def _user(user: User) -> Record:
    row = {
        "id": record_id(user.number),
        "name": user.name,
        "email": user.email,
        "active": user.is_active,
        "role": "team" if user.kind == "queue" else "member",
    }
    return Record({**row, **_stamps(user)})


def _client(company: Company) -> Record:
    row = {
        "id": record_id(company.number),
        "name": company.name,
        "website": None if company.domain is None else f"https://{company.domain}",
        "phone": company.phone,
        "city": company.city,
        "country": company.country,
        "managerId": _reference(company.owner),
    }
    return Record({**row, **_stamps(company)})


def _stamps(told: Told) -> Row:
    return {"createdAt": _instant(told.created_at), "updatedAt": _instant(told.updated_at)}


def _reference(number: int | None) -> int | None:
    return None if number is None else record_id(number)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

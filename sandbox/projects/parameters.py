"""The parameters that keep some of a list's rows, and the values they take."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

__all__ = ["RESOURCES", "Filter", "Resource"]

Keeps = Callable[[Any], bool]
Read = Callable[[str], Keeps]
"""From a parameter's text to a test of values; ValueError says what the parameter takes."""

_ID = re.compile(r"[1-9][0-9]{0,17}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Filter(NamedTuple):
    """One parameter: whose value it tests, and how its text is read."""

    column: str
    read: Read


@dataclass(frozen=True, slots=True)
class Resource:
    """What lists of a resource take: sort keys, and filters by parameter."""

    sorts: tuple[str, ...]
    filters: Mapping[str, Filter]


def _among(*known: str) -> Callable[[str], str]:
    def one(text: str) -> str:
        if text not in known:
            raise ValueError(" or ".join(known))
        return text

    return one


def _id(text: str) -> int:
    if not _ID.fullmatch(text):
        raise ValueError("ids, whole numbers above 0")
    return int(text)


def _flag(text: str) -> bool:
    return _among("true", "false")(text) == "true"


def _some(one: Callable[[str], object], *, most: int | None = None) -> Read:
    """Values that *one* reads, with commas between them."""

    def read(text: str) -> Keeps:
        parts = text.split(",")
        if most and len(parts) > most:
            raise ValueError(f"at most {most}, got {len(parts)}")
        return {one(part) for part in parts}.__contains__

    return read


def _part(text: str) -> Keeps:
    folded = text.casefold()
    return lambda value: folded in value.casefold()


def _instant(text: str) -> datetime:
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("an instant such as 2026-01-31T08:00:00Z")


def _since(text: str) -> Keeps:
    bound = _instant(text)
    return lambda value: datetime.fromisoformat(value) >= bound


def _until(text: str) -> Keeps:
    bound = _instant(text)
    return lambda value: datetime.fromisoformat(value) <= bound


_SHARED = {
    "ids": Filter("id", _some(_id, most=50)),
    "updatedFrom": Filter("updatedAt", _since),
    "updatedTo": Filter("updatedAt", _until),
}
_PROJECT_STATUSES = _among("planned", "active", "on_hold", "done", "cancelled")
_TASK_STATUSES = _among("todo", "doing", "done", "cancelled")


def _resource(sorts: str, **filters: Read) -> Resource:
    """A resource with what all have, the further *sorts*, and *filters*, called after their columns but for `q`."""
    own = {name: Filter("name" if name == "q" else name, read) for name, read in filters.items()}
    return Resource(("id", "createdAt", "updatedAt", *sorts.split()), {**_SHARED, **own})


RESOURCES: Mapping[str, Resource] = {
    "users": _resource("name", active=_some(_flag, most=1)),
    "clients": _resource("name", q=_part),
    "projects": _resource(
        "name dueOn startsOn", status=_some(_PROJECT_STATUSES), clientId=_some(_id), managerId=_some(_id, most=1)
    ),
    "tasks": _resource(
        "name dueOn",
        projectId=_some(_id),
        assigneeId=_some(_id, most=1),
        status=_some(_TASK_STATUSES),
        clientId=_some(_id),
    ),
    "comments": _resource(
        "",
        subjectType=_some(_among("project", "task"), most=1),
        subjectId=_some(_id),
        projectId=_some(_id),
        taskId=_some(_id),
        authorId=_some(_id, most=1),
    ),
}
"""Every resource, by the name that its path has."""

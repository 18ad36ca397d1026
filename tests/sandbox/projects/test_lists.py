"""Pages, order and filters of lists, and what they refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.projects.desk import Desk


@pytest.mark.parametrize(
    ("resource", "column"), [("projects", "startsOn"), ("tasks", "dueOn"), ("tasks", "updatedAt"), ("clients", "name")]
)
def test_equal_rows_keep_the_order_of_their_ids(desk: Desk, resource: str, column: str) -> None:
    """In both directions, gaplessly over pages; missing values are the smallest."""

    def key(row: Any) -> tuple[bool, str]:
        return row[column] is not None, (row[column] or "").casefold()

    by_id = desk.all(resource)
    up, down = desk.all(resource, f"sort={column}"), desk.all(resource, f"sort=-{column}")

    assert [row["id"] for row in by_id] == sorted(row["id"] for row in by_id)
    assert up == sorted(by_id, key=key)
    assert down == sorted(by_id, key=key, reverse=True)
    assert any(row[column] is None for row in up) == column.endswith("On")


def test_a_page_tells_of_the_whole(desk: Desk) -> None:
    """25 rows unless asked otherwise, none beyond the last page."""
    total = len(desk.all("tasks"))
    page = desk.page("/tasks")

    assert {**page, "items": len(page["items"])} == {
        "items": 25,
        "page": 1,
        "perPage": 25,
        "total": total,
        "pages": -(-total // 25),
    }
    assert desk.page("/tasks?page=99")["items"] == []
    assert desk.page("/tasks?ids=1")["pages"] == 0


@pytest.mark.parametrize(
    ("resource", "query", "holds"),
    [
        ("tasks", "status=todo,doing", lambda row: row["status"] in {"todo", "doing"}),
        ("tasks", "ids=97,104,111&status=done", lambda row: row["id"] <= 111 and row["status"] == "done"),
        ("projects", "status=done&managerId=111", lambda row: row["status"] == "done" and row["managerId"] == 111),
        ("users", "active=false", lambda row: not row["active"]),
        ("clients", "q=TOOLS", lambda row: "tools" in row["name"].lower()),
        ("comments", "subjectType=task&subjectId=97,104,111,118", lambda row: _on(row, "task")),
        ("comments", "taskId=97,104,111,118", lambda row: _on(row, "task")),
        ("comments", "projectId=97,104,111,118", lambda row: _on(row, "project")),
    ],
)
def test_filters_keep_exactly_what_they_say(
    desk: Desk, resource: str, query: str, holds: Callable[[Any], bool]
) -> None:
    """All together, each by its own column."""
    assert desk.all(resource, query) == [row for row in desk.all(resource) if holds(row)] != []


def _on(row: Any, kind: str) -> bool:
    return row["subject"]["type"] == kind and row["subject"]["id"] <= 118


def test_tasks_are_found_by_the_clients_of_their_projects(desk: Desk) -> None:
    """As by the projects themselves; a task without a project has no client."""
    projects = [row for row in desk.all("projects") if row["clientId"]]
    clients = ",".join({str(row["clientId"]) for row in projects})
    ids = ",".join(str(row["id"]) for row in projects)

    assert desk.all("tasks", f"clientId={clients}") == desk.all("tasks", f"projectId={ids}") != []


def test_bounds_of_updates_are_inclusive(desk: Desk) -> None:
    """In any zone, to the second."""
    rows = desk.all("tasks", "sort=updatedAt")
    middle = rows[len(rows) // 2]["updatedAt"]
    before, after = desk.all("tasks", f"updatedTo={middle}"), desk.all("tasks", f"updatedFrom={middle}")
    both = desk.all("tasks", f"updatedFrom={middle}&updatedTo={middle}")

    assert [row for row in before if row in after] == both != []
    assert len(before) + len(after) - len(both) == len(rows)
    assert desk.all("tasks", f"updatedFrom={middle[:-1]}.5Z") == [row for row in after if row not in both]
    assert desk.all("tasks", f"updatedFrom={middle[:-1]}%2B00:00") == after


@pytest.mark.parametrize(
    "asked",
    [
        "tasks?perPage=0",
        "tasks?perPage=101",
        "tasks?page=0",
        "tasks?page=x",
        "tasks?order=id",
        "tasks?sort=startsOn",
        "tasks?sort=id,name",
        "comments?sort=name",
        "tasks?status=open",
        "tasks?status=",
        "tasks?status=todo&status=done",
        "tasks?assigneeId=97,104",
        "tasks?projectId=null",
        "tasks?managerId=97",
        "users?active=1",
        "users?q=an",
        "comments?subjectType=task",
        "comments?subjectId=97",
        "comments?subjectType=note&subjectId=97",
        "clients?updatedFrom=2026-01-01",
        "clients?updatedFrom=2026-13-01T00:00:00Z",
        "projects/97?fields=id",
        f"tasks?ids={','.join(map(str, range(1, 52)))}",
    ],
)
def test_what_is_unknown_or_too_much_is_refused(desk: Desk, asked: str) -> None:
    """With 400 and the reason; fifty ids are not too many."""
    answer = desk.get(f"/{asked}")

    assert (answer.status_code, answer.json()["status"], answer.json()["error"]) == (400, 400, "bad_parameter")
    assert answer.json()["detail"]
    assert desk.get(f"/tasks?perPage=100&ids={','.join(map(str, range(1, 51)))}").status_code == 200


@pytest.mark.parametrize("path", ["/deals", "/tasks/1", "/tasks/x", "/tasks/97/comments", "/tasks/"])
def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    """Records and paths alike, and methods other than GET."""
    assert desk.get(path).json()["error"] == desk.http.post("/tasks").json()["error"] == "not_found"
    assert desk.get(path).status_code == 404

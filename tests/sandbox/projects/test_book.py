"""What the account tells is the book."""

from collections import Counter

import pytest

from sandbox.projects.content import record_id
from tests.sandbox.projects.desk import BOOK, Desk

COLUMNS = {
    "users": "id name email active role",
    "clients": "id name website phone city country managerId",
    "projects": "id name description status startsOn dueOn managerId clientId url",
    "tasks": "id name description status priority dueOn doneAt projectId assigneeId",
    "comments": "id body authorId subject",
}


@pytest.mark.parametrize("resource", COLUMNS)
def test_records_have_their_columns(desk: Desk, resource: str) -> None:
    """In lists and alone; ids are whole numbers, instants whole seconds."""
    row = desk.page(f"/{resource}")["items"][0]

    assert list(row) == [*COLUMNS[resource].split(), "createdAt", "updatedAt"]
    assert type(row["id"]) is int
    assert (len(row["updatedAt"]), row["updatedAt"][10], row["updatedAt"][-1]) == (20, "T", "Z")
    assert desk.page(f"/{resource}/{row['id']}") == row


def test_users_and_clients_are_those_of_the_book(desk: Desk) -> None:
    """Queues are users too; an inactive user is told as one, and nothing missing is an empty text."""
    users, clients = desk.all("users"), desk.all("clients")

    assert Counter((row["name"], row["email"], row["active"]) for row in users) == Counter(
        (user.name, user.email, user.is_active) for user in BOOK.users
    )
    assert Counter(row["role"] for row in users)["team"] == sum(user.kind == "queue" for user in BOOK.users) > 0
    assert {row["active"] for row in users} == {True, False}
    told = {(row["id"], row["name"], row["phone"], row["managerId"]) for row in clients}
    assert told == {
        (record_id(one.number), one.name, one.phone, one.owner and record_id(one.owner)) for one in BOOK.companies
    }
    assert "" not in {value for row in clients for value in row.values()}


def test_every_third_deal_is_a_project(desk: Desk) -> None:
    """Its outcome is the project's status; what is planned has no start, what is on hold no end."""
    outcomes = {(one.key, step.key): step.outcome for one in BOOK.pipelines for step in one.stages}
    deals = [deal for deal in BOOK.deals if deal.number % 3 == 0]
    rows = desk.all("projects")

    assert [row["name"] for row in rows] == [deal.name for deal in deals]
    assert [row["clientId"] for row in rows] == [deal.company and record_id(deal.company) for deal in deals]
    told = Counter(outcomes[deal.pipeline, deal.stage] for deal in deals)
    found = Counter(row["status"] for row in rows)
    assert (found["done"], found["cancelled"]) == (told["won"], told["lost"])
    assert found["planned"] + found["active"] + found["on_hold"] == told["open"]
    assert {row["status"] for row in rows if row["startsOn"] is None} == {"planned"}
    assert {row["status"] for row in rows if row["dueOn"] is None} == {"on_hold"}


def test_tasks_and_comments_are_on_projects(desk: Desk) -> None:
    """On that of their deal, or of their company; a comment that has none is on a task."""
    projects = {row["id"]: row for row in desk.all("projects")}
    tasks, comments = desk.all("tasks"), desk.all("comments")

    known = {"open": "todo", "in_progress": "doing", "done": "done", "canceled": "cancelled"}
    assert Counter(row["status"] for row in tasks) == Counter(known[task.status] for task in BOOK.tasks)
    assert sum(row["doneAt"] is not None for row in tasks) == sum(task.status == "done" for task in BOOK.tasks)
    by_deal = {record_id(one.deal // 3) for one in BOOK.tasks if one.deal and one.deal % 3 == 0}
    assert by_deal <= {row["projectId"] for row in tasks if row["projectId"]} < set(projects)
    for task, row in zip(BOOK.tasks, tasks, strict=True):
        if task.company and row["projectId"]:
            assert projects[row["projectId"]]["clientId"] == record_id(task.company)
    subjects = {"project": set(projects), "task": {row["id"] for row in tasks}}
    assert {row["subject"]["type"] for row in comments} == set(subjects)
    assert all(row["subject"]["id"] in subjects[row["subject"]["type"]] for row in comments)
    told = Counter("\n".join(filter(None, (note.title, note.body))) for note in BOOK.notes)
    assert Counter(row["body"] for row in comments) == told

"""Projects and comments through the served gateway: a source that has them beside one that does not."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.memory import MemoryConnector
from model.entities import Comment, Company, Entity, Project, Task, User
from model.ids import GlobalId
from model.values import RecordRef, Ref
from tests.docs.pages import fenced, page
from tests.gateway.records import memory_source, record
from tests.gateway.serving import EVERYTHING_ON, Served, gateway_over, serving, settings_with

KEY = "planner"
(QUERY,) = (query for query in fenced(page("docs/queries.md"), "graphql") if query.startswith("query Projects"))
OUTCOME = "source { key } status upstreamCalls error { code }"
ABSENT = {"source": {"key": "crm"}, "status": "SKIPPED", "upstreamCalls": 0, "error": {"code": "UNSUPPORTED"}}


def planner() -> MemoryConnector:
    """Two projects of one company; the first has a task and a comment, its task another comment."""
    user, company = Ref(Entity.USER, "1"), Ref(Entity.COMPANY, "1")
    first, task = Ref(Entity.PROJECT, "1"), Ref(Entity.TASK, "7")
    told = {"fetched_at": "2026-05-01T08:00:00.000Z"}
    of_first = RecordRef(remote_type="project", remote_id="1", ref=first)
    of_task = RecordRef(remote_type="task", remote_id="7", ref=task)
    links = {("tasks", "1"): ["7"], ("comments", "1"): ["1"], ("comments", "7"): ["2"]}
    rows = {
        Entity.USER: [record(User, KEY, 1, name="Ada", **told)],
        Entity.COMPANY: [record(Company, KEY, 1, name="Acme", domain="acme.example", **told)],
        Entity.PROJECT: [
            record(Project, KEY, 1, name="Move", status="On hold", owner=user, company=company, **told),
            record(Project, KEY, 2, name="Paint", start_on="2026-05-01", end_on="2026-06-30", **told),
        ],
        Entity.TASK: [record(Task, KEY, 7, subject="Pack", project=first, owner=user, **told)],
        Entity.COMMENT: [
            record(Comment, KEY, 1, body="Boxes?", author=user, project=first, about=(of_first,), **told),
            record(Comment, KEY, 2, body="Bought", author=user, task=task, about=(of_task,), **told),
        ],
    }
    return MemoryConnector(KEY, rows, links=links)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A gateway over both."""
    gateway = gateway_over([planner(), memory_source("crm")], settings_with(features=EVERYTHING_ON))
    with serving(gateway) as found:
        yield found


def data_of(served: Served, document: str) -> dict[str, Any]:
    """The data of an answer without errors."""
    answer = served.post(document)
    assert "errors" not in answer, answer["errors"]
    data: dict[str, Any] = answer["data"]
    return data


def test_query_of_the_page_finds_projects(served: Served) -> None:
    """It runs as it stands, and shows what belongs to each project."""
    move, paint = data_of(served, QUERY)["projects"]["nodes"]

    assert (move["name"], move["status"], move["owner"], move["company"]) == (
        "Move",
        "On hold",
        {"name": "Ada"},
        {"name": "Acme"},
    )
    assert [task["subject"] for task in move["tasks"]["nodes"]] == ["Pack"]
    assert move["comments"]["nodes"] == [{"body": "Boxes?", "author": {"name": "Ada"}}]
    assert (paint["startOn"], paint["endOn"], paint["tasks"]["nodes"]) == ("2026-05-01", "2026-06-30", [])


@pytest.mark.parametrize("field", ["projects", "comments"])
def test_source_without_the_type_is_skipped_without_a_call(served: Served, field: str) -> None:
    """It says so in its outcome, `explain` declares nothing of it, and the others' rows are there."""
    document = f"{{ {field} {{ nodes {{ id }} sources {{ {OUTCOME} }} }} }}"
    found = data_of(served, document)[field]
    asked = "query ($q: String!) { explain(query: $q) { notes steps { source { key } } } }"
    plan = served.post(asked, {"q": document})["data"]["explain"]

    assert (len(found["nodes"]), ABSENT in found["sources"]) == (2, True)
    assert {step["source"]["key"] for step in plan["steps"]} == {KEY}
    assert any("crm" in note for note in plan["notes"])
    assert served.code(f'{{ {field}(sources: ["crm"]) {{ nodes {{ id }} }} }}') == "UNSUPPORTED"


def test_filters_look_behind_relations(served: Served) -> None:
    """Projects by their company, tasks by their project, comments by their task."""
    found = data_of(
        served,
        """{
          projects(where: { company: { domain: { eq: "acme.example" } } }) { nodes { name } }
          tasks(where: { project: { name: { eq: "move" } } }) {
            nodes { subject project { name } comments { nodes { body } } }
          }
          comments(where: { task: { subject: { eq: "pack" } } }) { nodes { body task { subject } project { name } } }
        }""",
    )

    assert found == {
        "projects": {"nodes": [{"name": "Move"}]},
        "tasks": {
            "nodes": [{"subject": "Pack", "project": {"name": "Move"}, "comments": {"nodes": [{"body": "Bought"}]}}]
        },
        "comments": {"nodes": [{"body": "Bought", "task": {"subject": "Pack"}, "project": None}]},
    }


def test_single_records_lead_to_each_other(served: Served) -> None:
    """A comment names what it is about, by its global id and in fragments."""
    node_id = GlobalId("comment", KEY, "2").encode()
    found = data_of(
        served,
        f"""{{
          comment(id: "{node_id}") {{ about {{ type record {{ id ... on Task {{ subject }} }} }} }}
          record(source: "{KEY}", type: PROJECT, remoteId: "2") {{ ... on Project {{ name }} }}
          node(id: "{GlobalId("project", KEY, "2").encode()}") {{ __typename }}
        }}""",
    )

    assert found["comment"]["about"] == [
        {"type": "TASK", "record": {"id": GlobalId("task", KEY, "7").encode(), "subject": "Pack"}}
    ]
    assert (found["record"], found["node"]) == ({"name": "Paint"}, {"__typename": "Project"})


def test_search_finds_them_where_a_source_searches_them(served: Served) -> None:
    """Named types are searched at the source that has them alone."""
    found = data_of(
        served,
        """{ search(text: "boxes", types: [PROJECT, COMMENT]) {
          nodes { matchedOn record { ... on Comment { body } } } sources { source { key } status }
        } }""",
    )["search"]

    assert found["nodes"] == [{"matchedOn": ["body"], "record": {"body": "Boxes?"}}]
    assert {one["source"]["key"]: one["status"] for one in found["sources"]} == {KEY: "OK", "crm": "SKIPPED"}

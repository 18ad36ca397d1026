"""What a document may not ask, and how it is told."""

from pathlib import Path
from typing import Any

import pytest
from graphql import build_client_schema, build_schema, get_introspection_query, print_schema

from sandbox import generic_graphql
from tests.sandbox.generic_graphql.workspace import Workspace

DEEP = "people { edges { node { company { people(first: 1) { edges { node { company %s } } } } } } }"


LEAF = "{ totalCount } } } } } } }"


@pytest.mark.parametrize(
    "arguments",
    [
        "first: 201",
        "last: 201",
        "first: -1",
        "last: -1",
        "first: 1, last: 1",
        'after: "x", before: "x"',
        'first: 1, before: "x"',
        'last: 1, after: "x"',
        "orderBy: [{ city: AscNullsLast, jobTitle: AscNullsLast }]",
        "orderBy: [{}]",
        "orderBy: [{ name: { firstName: AscNullsLast, lastName: AscNullsLast } }]",
        "orderBy: [{ city: null }]",
        "filter: { id: { in: [] } }",
        "filter: { city: null }",
        'filter: { city: { like: "x\\\\" } }',
    ],
)
def test_a_bad_argument_fails_its_field(workspace: Workspace, arguments: str) -> None:
    """The list cannot be null, so nothing is left of the data."""
    body = workspace.ask(f"{{ people({arguments}) {{ totalCount }} }}")

    (error,) = body["errors"]
    assert body["data"] is None
    assert (error["path"], error["extensions"]) == (["people"], {"code": "BAD_USER_INPUT"})
    assert ("201" not in arguments) or error["message"] == "Maximum is 200"


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{", {}),
        ("{ leads { totalCount } }", {}),
        ("{ people { totalCount } } mutation { x }", {}),
        ("mutation { createPerson { id } }", {}),
        ("{ people { edges { node { salary } } } }", {}),
        ("{ people(search: 1) { totalCount } }", {}),
        ("{ people(orderBy: [{ company: AscNullsLast }]) { totalCount } }", {}),
        ("{ people(orderBy: [{ city: Ascending }]) { totalCount } }", {}),
        ('{ people(filter: { city: { contains: "x" } }) { totalCount } }', {}),
        ('{ people(filter: { city: { lt: "x" } }) { totalCount } }', {}),
        ('{ people(filter: { id: { eq: "x" } }) { totalCount } }', {}),
        ('{ people(filter: { createdAt: { gt: "2026-11-02" } }) { totalCount } }', {}),
        ('{ people(filter: { createdAt: { gt: "2026-13-02T00:00:00Z" } }) { totalCount } }', {}),
        ('{ companies(filter: { employees: { gt: "5" } }) { totalCount } }', {}),
        ('{ opportunities(filter: { stage: { eq: "NEW" } }) { totalCount } }', {}),
        ("{ person { id } }", {}),
        ("query ($id: UUID) { people(filter: { id: { eq: $id } }) { totalCount } }", {"id": 5}),
        ("query ($f: PersonFilterInput) { people(filter: $f) { totalCount } }", {"f": {"age": {"eq": 5}}}),
        ("query ($n: Int!) { people(first: $n) { totalCount } }", {}),
        ("{ " + " ".join(f"p{n}: people {{ totalCount }}" for n in range(11)) + " }", {}),
        ("query { ...F } fragment F on Query { " + "a: __typename " * 11 + "}", {}),
        ("{ " + DEEP % "{ people(first: 1) { edges { cursor } } }" + " }", {}),
        ("{ companies(first: 51) { edges { node { people(first: 10) { totalCount } } } } }", {}),
        ("{ companies(first: null) { edges { node { people(first: null) { totalCount } } } } }", {}),
        ("{ companies { edges { node { people(last: 9) { totalCount } } } } }", {}),
        ("{ company(filter: {}) { people(first: 200) { edges { node { company { people(first: 2) " + LEAF, {}),
    ],
)
def test_a_document_that_cannot_run_has_no_data(
    workspace: Workspace, document: str, variables: dict[str, object]
) -> None:
    """What is no document of this schema, or asks for too much of it."""
    body = workspace.ask(document, **variables)

    assert set(body) == {"errors"}
    assert {error["extensions"]["code"] for error in body["errors"]} == {"BAD_USER_INPUT"}


@pytest.mark.parametrize(
    "document",
    [
        "{ " + " ".join(f"p{n}: people {{ totalCount }}" for n in range(10)) + " }",
        "{ " + DEEP % "{ people(first: 1) { totalCount } }" + " }",
        "{ companies(first: 50) { edges { node { people(first: 10) { edges { node { id company { id } } } } } } } }",
        "{ company(filter: {}) { people(first: 200) { totalCount } opportunities(first: 200) { totalCount } } }",
        '{ people(filter: { createdAt: { gt: "2026-01-02T03:04:05.678+01:00" } }) { totalCount } }',
        "query A { people { totalCount } }",
    ],
)
def test_what_just_fits_is_answered(workspace: Workspace, document: str) -> None:
    """The bounds themselves are allowed."""
    assert workspace.data(document.replace("people { edges", "people(first: 50) { edges"))


def test_one_missing_record_leaves_the_others(workspace: Workspace) -> None:
    """It is null, with an error at its path."""
    body = workspace.ask(
        '{ members: workspaceMembers(first: 1) { totalCount } note(filter: { title: { eq: "none" } }) { id } }'
    )

    assert body["data"]["members"]["totalCount"] > 0
    assert body["data"]["note"] is None
    assert [(error["path"], error["extensions"]["code"]) for error in body["errors"]] == [(["note"], "NOT_FOUND")]


@pytest.mark.parametrize(
    "request_",
    [
        {"content": b"{"},
        {"content": b'{"query": "{ __typename }"}'},
        {"json": [{"query": "{ __typename }"}]},
        {"json": {}},
        {"json": {"query": ""}},
        {"json": {"query": 1}},
        {"json": {"query": "{ __typename }", "variables": []}},
        {"json": {"query": "{ __typename }", "operationName": 1}},
    ],
)
def test_a_body_that_asks_nothing_is_a_bad_request(workspace: Workspace, request_: dict[str, Any]) -> None:
    """The one error with a status of its own."""
    answer = workspace.http.post("/graphql", **request_)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


def test_only_one_path_and_method_are_there(workspace: Workspace) -> None:
    """Answers come in the media type that is asked for."""
    told = {"query": "{ __typename }", "variables": None, "operationName": None}
    media = "application/graphql-response+json"
    answers = [
        workspace.http.post("/graphql", json=told, headers={"Accept": one}).headers["content-type"]
        for one in (f"{media}, application/json", "application/json", "*/*")
    ]

    assert answers == [media, "application/json", "application/json"]
    assert workspace.http.get("/graphql").status_code == 405
    assert workspace.http.post("/graphql/", json=told).status_code == 404
    assert workspace.http.post("/metadata", json=told).status_code == 404


def test_the_schema_tells_itself(workspace: Workspace) -> None:
    """Introspection is deeper than a document may be, and free."""
    told = build_client_schema(workspace.data(get_introspection_query()))

    text = (Path(generic_graphql.__file__).parent / "schema.graphql").read_text(encoding="utf-8")
    assert print_schema(told) == print_schema(build_schema(text))

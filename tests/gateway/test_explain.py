"""Explaining a document: the very calls that running it makes, told without making them."""

import json
from typing import Any

import pytest

from model.ids import GlobalId
from tests.gateway.serving import Served

EXPLAIN = """
query ($query: String!, $variables: JSON) {
  explain(query: $query, variables: $variables) {
    isAllowed estimatedCalls notes
    steps { source { key } operation type vendorQuery fields pushed residual estimatedCalls }
  }
}
"""
CONTACTS = [GlobalId("contact", "alpha", str(number)).encode() for number in (1, 2, 3)]


def explained(served: Served, query: str, **variables: object) -> dict[str, Any]:
    """The plan of a document."""
    answer = served.post(EXPLAIN, {"query": query, "variables": variables})
    assert "errors" not in answer, answer["errors"]
    plan: dict[str, Any] = answer["data"]["explain"]
    return plan


@pytest.mark.parametrize(
    "query",
    [
        "{ sources { key platform { key } } platforms { key } }",
        "{ contacts(first: 20) { nodes { displayName } } }",
        "{ contacts(first: 20) { nodes { displayName company { name } owner { name } } } }",
        "{ contacts(first: 20) { nodes { deals(first: 3) { nodes { name } } } } deals(first: 5) { nodes { name } } }",
        '{ contacts(first: 20, sources: ["beta"]) { nodes { displayName } } }',
        "{ dealAggregate(groupBy: [{field: STATUS}]) { groups { count amounts { sum } } } }",
        '{ contactAggregate(groupBy: [{field: OWNER}], sources: ["beta"]) { groups { keys { label } count } } }',
        "{ contacts(first: 20, orderBy: [{field: UPDATED_AT, direction: DESC}]) { nodes { displayName } } }",
        '{ search(text: "1", first: 9) { nodes { record { id ... on Contact { email } } } } }',
        """{ search(text: "1", types: [CONTACT], first: 9) { nodes { record { ... on Contact {
            company { name } owner { name } deals(first: 2) { nodes { name } } } } } } }""",
        f'{{ contact(id: "{CONTACTS[0]}") {{ displayName company {{ name }} }} }}',
        f"{{ nodes(ids: {json.dumps(CONTACTS)}) {{ ... on Contact {{ displayName }} }} }}",
        '{ record(source: "beta", type: DEAL, remoteId: "7") { ... on Deal { name } } }',
        '{ record(source: "beta", type: DEAL, remoteId: "") { ... on Deal { name } } }',
    ],
)
def test_estimated_calls_are_the_calls_made(opened: Served, query: str) -> None:
    """On a warm gateway a document takes as many data calls as its plan says, and the plan takes none."""
    planned = opened.client.post(
        "/graphql", json={"query": EXPLAIN, "variables": {"query": query}, "extensions": {"explain": True}}
    ).json()
    run = opened.client.post("/graphql", json={"query": query, "extensions": {"explain": True}}).json()

    plan = planned["data"]["explain"]
    assert plan["isAllowed"]
    assert plan["estimatedCalls"] == sum(step["estimatedCalls"] for step in plan["steps"])
    assert plan["estimatedCalls"] == len([call for call in run["extensions"]["calls"] if call["kind"] == "data"])
    assert planned["extensions"]["calls"] == []


def test_step_says_what_is_pushed(opened: Served) -> None:
    """A list's step has the source, the type, the query text, the fields and the conditions."""
    plan = explained(
        opened,
        'query ($where: ContactFilter) { contacts(first: 2, where: $where, sources: ["alpha"]) { nodes { email } } }',
        where={"lastName": {"startsWith": "O'"}},
    )

    (step,) = plan["steps"]
    assert step["source"] == {"key": "alpha"}
    assert (step["operation"], step["type"], step["vendorQuery"]) == ("scan", "CONTACT", "scan contact")
    assert step["fields"] == ["email"]
    assert step["pushed"] == ['last_name startsWith "O\'"']
    assert step["residual"] == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (
            "{ contacts(first: 100) { nodes { deals(first: 100) { nodes { contacts { role } } } } } }",
            "QUERY_TOO_COMPLEX",
        ),
        ("{ nope }", "BAD_REQUEST"),
        ("{", "BAD_REQUEST"),
        ("{ contacts(first: 0) { isPartial } }", "BAD_REQUEST"),
        ('{ contacts(sources: ["nope"]) { isPartial } }', "BAD_REQUEST"),
        ("{ tasks { isPartial } a: node(id: 1) { id } }", "BAD_REQUEST"),
        ('{ dealAggregate(convertTo: "nope") { isPartial } }', "BAD_REQUEST"),
        ('{ people(drivenBy: "alpha", sources: ["beta"]) { isPartial } }', "BAD_REQUEST"),
        ("query A { __typename } query B { __typename }", "BAD_REQUEST"),
        ("query ($x: Int!) { contacts(first: $x) { isPartial } }", "BAD_REQUEST"),
    ],
)
def test_refusal_is_part_of_the_plan(opened: Served, query: str, says: str) -> None:
    """What would not run is no error of the explanation: the plan says why."""
    plan = explained(opened, query)

    assert not plan["isAllowed"]
    assert any(note.startswith(f"{says}: ") for note in plan["notes"])


def test_step_of_groups_says_what_is_counted_here(opened: Served) -> None:
    """A fold reads every matching row, and how many that is nobody knows yet; a source left out is a note."""
    plan = explained(
        opened,
        '{ dealAggregate(sources: ["alpha"], groupBy: [{field: CLOSED_ON, bucket: MONTH}]) '
        "{ groups { amounts { sum } } } leadAggregate { isExact } }",
    )

    (step,) = plan["steps"]
    assert step["residual"] == [
        "group by CLOSED_ON by MONTH",
        "totals of amount",
        "every matching row is read and counted here",
    ]
    assert step["fields"] == ["amount", "closed_on"]
    assert "alpha is left out: alpha offers no list of lead records" in plan["notes"]


def test_explanation_inside_an_explanation_is_empty(opened: Served) -> None:
    """Nesting does not multiply work."""
    inner = json.dumps('{ explain(query: "{ contacts { isPartial } }") { isAllowed } }')

    plan = explained(opened, f"{{ explain(query: {inner}) {{ steps {{ operation }} }} }}")

    assert plan == {"isAllowed": True, "estimatedCalls": 0, "notes": [], "steps": []}

"""Matches and decisions through the served gateway."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.memory import MemoryConnector
from gateway.config import Limits, Store
from model.ids import GlobalId
from tests.gateway.serving import EVERYTHING_ON, Served, gateway_over, serving, settings_with
from tests.resolvers.identity.accounts import contacts_of

A, B = GlobalId("contact", "a", "1").encode(), GlobalId("contact", "b", "1").encode()
CONFIRM = f'mutation {{ confirmMatch(a: "{A}", b: "{B}") {{ items {{ state }} }} }}'
MATCHES = "{ contacts { nodes { matches { isExhaustive items { state } sources { notes } } } } }"


def served_with(**settings: Any) -> Any:
    """A server over two sources that know one person."""
    anna = {"first_name": "Anna", "last_name": "Schmidt", "email": "anna@acme.example", "fetched_at": "x"}
    connectors = [MemoryConnector(key, contacts_of(key, anna)) for key in "ab"]
    return serving(gateway_over(connectors, settings_with(features=EVERYTHING_ON, **settings)))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A gateway that keeps decisions in a file."""
    with served_with(store=Store(path=tmp_path / "state.db")) as found:
        yield found


def test_decision_outlives_the_gateway(tmp_path: Path) -> None:
    """What one process was told, the next one knows."""
    store = Store(path=tmp_path / "state.db")
    with served_with(store=store) as first:
        assert first.post(CONFIRM)["data"]["confirmMatch"]["items"] == [{"state": "CONFIRMED"}]

    with served_with(store=store) as second:
        answer = second.post(MATCHES)

    states = [node["matches"]["items"] for node in answer["data"]["contacts"]["nodes"]]
    assert states == [[{"state": "CONFIRMED"}]] * 2


def test_decision_by_get_is_refused(served: Served) -> None:
    """A link must not decide anything."""
    response = served.client.get("/graphql", params={"query": CONFIRM})

    assert response.status_code == 405
    items = served.post(MATCHES)["data"]["contacts"]["nodes"][0]["matches"]["items"]
    assert items == [{"state": "CERTAIN"}]


def test_decision_by_form_is_refused(served: Served) -> None:
    """Another site's page cannot decide anything either."""
    response = served.client.post("/graphql", data={"query": CONFIRM})

    assert response.status_code == 415


def test_explaining_a_decision_decides_nothing(served: Served) -> None:
    """A mutation is not run to be planned."""
    query = "query ($q: String!) { explain(query: $q) { isAllowed estimatedCalls notes } }"

    plan = served.post(query, {"q": CONFIRM})["data"]["explain"]

    assert (plan["isAllowed"], plan["estimatedCalls"]) == (False, 0)
    assert "only a query" in plan["notes"][0]
    assert served.post(MATCHES)["data"]["contacts"]["nodes"][0]["matches"]["items"] == [{"state": "CERTAIN"}]


def test_store_that_is_out_stops_decisions_alone() -> None:
    """Matches are answered and say what is not known; a mutation fails with its own code."""
    with served_with(store=Store(path=Path("/nowhere/state.db"))) as served:
        found = served.post(MATCHES)["data"]["contacts"]["nodes"][0]["matches"]
        code = served.code(CONFIRM)

    assert (found["items"], found["isExhaustive"]) == ([{"state": "CERTAIN"}], False)
    assert "store" in found["sources"][0]["notes"][0]
    assert code == "STORE_UNAVAILABLE"


@pytest.mark.parametrize(
    ("a", "b", "code"),
    [
        (A, A, "BAD_REQUEST"),
        (A, "nonsense", "BAD_REQUEST"),
        (A, GlobalId("company", "b", "1").encode(), "BAD_REQUEST"),
        (GlobalId("deal", "a", "1").encode(), GlobalId("deal", "b", "1").encode(), "BAD_REQUEST"),
        (A, GlobalId("contact", "b", "9").encode(), "NOT_FOUND"),
    ],
)
def test_senseless_decision_is_refused(served: Served, a: str, b: str, code: str) -> None:
    """Both ids are of one type that is matched, of different records that exist."""
    query = "mutation ($a: ID!, $b: ID!) { rejectMatch(a: $a, b: $b) { isExhaustive } }"

    assert served.code(query, {"a": a, "b": b}) == code


def test_matches_in_matches_are_priced() -> None:
    """Whoever asks for the matches of matches of many pays for the calls before one is made."""
    inner = "matches { items { record { ... on Contact { matches { items { score } } } } } }"

    with served_with(limits=Limits(upstream_calls=30)) as served:
        code = served.code(f"{{ contacts(first: 25) {{ nodes {{ {inner} }} }} }}")

    assert code == "QUERY_TOO_COMPLEX"


@pytest.mark.parametrize("query", [MATCHES, '{ people(drivenBy: "a") { nodes { key } } }'])
def test_plan_says_what_its_figures_are_of(served: Served, query: str) -> None:
    """How much there is to look for, and who is found, nobody knows before: a plan that may be exceeded says so."""
    answer = served.post("query ($query: String!) { explain(query: $query) { notes } }", {"query": query})

    told = [note for note in answer["data"]["explain"]["notes"] if note.startswith("b: matches are priced for ")]
    assert len(told) == 1
    assert "what is read behind those found is not priced" in told[0]

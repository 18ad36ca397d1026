"""A key of a custom field is a name only where the source describes it; all else that a client sends is a value."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from gateway.config import load_settings
from gateway.wiring import Gateway
from sandbox import Sandbox
from tests.gateway.serving import Served, serving
from tests.gateway.test_injection import HARMLESS, STRINGS, soql

HOSTILE = [
    text for each in STRINGS if len(each) < 200 for text in (each, f"NPS__c{each}", f"{each}nps_score", f"a.{each}")
]
PLAIN = "query ($keys: [String!]!) { contacts(first: 2) { nodes { customFields(keys: $keys) { key value } } } }"
FILTERED = """query ($where: ContactFilter) { contacts(first: 2, where: $where, options: {allowScan: true}) {
  nodes { displayName } sources { source { key } status error { code message } } } }"""


@pytest.fixture(scope="module")
def sandboxed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway over both emulators, that tells its upstream calls."""
    with Sandbox(["salesforce", "hubspot"], scale=0.05, time_scale=1_000) as sandbox:
        path = tmp_path_factory.mktemp("hostile") / "gateway.yaml"
        config = {
            "allow_loopback": True,
            "cursor_key": "env:CURSOR_KEY",
            "time_scale": 1_000,
            "features": {"explain": True},
            "sources": [sandbox.connect(platform) for platform in sandbox.running],
        }
        path.write_text(yaml.safe_dump(config))
        settings = load_settings(path, environ={**sandbox.secrets, "CURSOR_KEY": "k" * 40})
        with serving(Gateway(settings), log_level="warning") as served:
            yield served


def ask(served: Served, document: str, **variables: Any) -> dict[str, Any]:
    """The answer with the calls it made, without an error of ours in it."""
    answer = served.post(document, variables, extensions={"explain": True})
    assert not any(error["extensions"]["code"] == "INTERNAL" for error in answer.get("errors", ())), answer
    return answer


def texts(answer: dict[str, Any]) -> dict[str, list[str]]:
    """What each source was asked for data, as it was asked."""
    found: dict[str, list[str]] = {}
    for call in answer["extensions"]["calls"]:
        if call["kind"] == "data":
            found.setdefault(call["source"], []).append(call["query"])
    return found


def test_there_are_enough_of_them() -> None:
    """A hundred at least, each another."""
    assert len(set(HOSTILE)) >= 100


def test_keys_that_nobody_describes_reach_no_query(sandboxed: Served) -> None:
    """Whatever keys are asked, each CRM is asked as without them, and no value comes back for them."""
    harmless = texts(ask(sandboxed, PLAIN, keys=["Nothing__c"]))
    assert harmless.keys() == {"salesforce", "hubspot"}

    for start in range(0, len(HOSTILE), 40):
        answer = ask(sandboxed, PLAIN, keys=HOSTILE[start : start + 40])

        assert texts(answer) == harmless
        assert all(node["customFields"] == [] for node in answer["data"]["contacts"]["nodes"])


def test_described_keys_do_reach_the_query(sandboxed: Served) -> None:
    """The control: a key that is described stands in the query of its CRM, and in no other's."""
    found = texts(ask(sandboxed, PLAIN, keys=["NPS__c", "nps_score"]))
    (salesforce,), (hubspot,) = found["salesforce"], found["hubspot"]

    assert "NPS__c" in salesforce
    assert "nps_score" in hubspot
    assert "nps_score" not in salesforce
    assert "NPS__c" not in hubspot


@pytest.mark.parametrize("key", HOSTILE, ids=range(len(HOSTILE)))
def test_condition_on_a_key_that_nobody_describes_is_refused(sandboxed: Served, key: str) -> None:
    """Nobody is asked for rows, and the refusal names the key as text, on one line."""
    answer = ask(sandboxed, FILTERED, where={"customField": {"key": key, "text": {"eq": "x"}}})

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert error["message"].isprintable()
    assert not [call for call in answer["extensions"].get("calls", ()) if call["kind"] == "data"]


def test_values_of_own_fields_stay_one_literal(sandboxed: Served) -> None:
    """Each query has a form that harmless values give it, with the whole value in one literal, or without it."""

    def forms(value: str) -> list[tuple[str, list[str]]]:
        where = {"customField": {"key": "Customer_Number__c", "text": {"eq": value}}}
        return [soql(text) for text in texts(ask(sandboxed, FILTERED, where=where)).get("salesforce", ())]

    harmless = {form for value in (*HARMLESS, "\nlead", "trail ") for form, _ in forms(value)}
    harmless.add("SELECT Id, Customer_Number__c, Name FROM Contact ORDER BY Id ASC ")
    reached = 0

    for value in HOSTILE:
        for form, literals in forms(value):
            assert form in harmless, value
            assert len(literals) <= 1, value
            reached += any(value in literal for literal in literals)
    assert reached > 100, "most values should have reached SOQL: the test would prove little"

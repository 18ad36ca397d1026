"""A key of a custom field is a name only where the source describes it; all else that a client sends is a value."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from gateway.config import load_settings
from gateway.wiring import Gateway
from sandbox import Sandbox
from tests.gateway.serving import Served, serving
from tests.gateway.test_injection import STRINGS, queries

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


def test_there_are_enough_of_them() -> None:
    """A hundred at least, each another."""
    assert len(set(HOSTILE)) >= 100


def test_keys_that_nobody_describes_reach_no_query(sandboxed: Served) -> None:
    """Whatever keys are asked, each CRM is asked as without them, and no value comes back for them."""
    harmless = {source: form for source, (form, _) in queries(ask(sandboxed, PLAIN, keys=["Nothing__c"])).items()}
    assert harmless.keys() == {"salesforce", "hubspot"}

    for start in range(0, len(HOSTILE), 40):
        answer = ask(sandboxed, PLAIN, keys=HOSTILE[start : start + 40])

        assert {source: form for source, (form, _) in queries(answer).items()} == harmless
        assert all(node["customFields"] == [] for node in answer["data"]["contacts"]["nodes"])


def test_described_keys_do_reach_the_query(sandboxed: Served) -> None:
    """The control: a key that is described stands in the query of its CRM, and in no other's."""
    found = queries(ask(sandboxed, PLAIN, keys=["Title", "jobtitle"]))

    assert "Title" in found["salesforce"][0]
    assert "jobtitle" in found["hubspot"][0]
    assert "jobtitle" not in found["salesforce"][0]


@pytest.mark.parametrize("key", HOSTILE, ids=range(len(HOSTILE)))
def test_condition_on_a_key_that_nobody_describes_is_refused(sandboxed: Served, key: str) -> None:
    """Nobody is asked for rows, and the refusal names the key as text, on one line."""
    answer = ask(sandboxed, FILTERED, where={"customField": {"key": key, "text": {"eq": "x"}}})

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert error["message"].isprintable()
    assert not [call for call in answer["extensions"].get("calls", ()) if call["kind"] == "data"]


def test_values_of_own_fields_stay_one_literal(sandboxed: Served) -> None:
    """A value is compared as it is, whatever it looks like."""
    key = {"key": "Department", "text": {"eq": "benign"}}
    (plain, _) = queries(ask(sandboxed, FILTERED, where={"customField": key}))["salesforce"]
    reached = 0

    for value in HOSTILE:
        asked = ask(sandboxed, FILTERED, where={"customField": {**key, "text": {"eq": value}}})
        found = queries(asked).get("salesforce")
        if found is not None and found[1]:
            reached += 1
            assert found[0] == plain, value
            assert len(found[1]) == 1, value
    assert reached > 100, "most values should have reached SOQL: the test would prove little"

"""Fields that come and go at the CRM, while the gateway runs."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from gateway.config import load_settings
from gateway.wiring import Gateway
from sandbox import Sandbox
from tests.gateway.serving import Served, serving

_TTL_S = 0.5
FIELDS = '{ source(key: "salesforce") { fields(type: CONTACT) { remoteField field isCustom kind } } }'
READ = """{ contacts(first: 2) { nodes { custom { npsScore isVip } customFields(keys: ["NPS__c", "VIP__c"]) { key } }
  sources { status } } }"""
FILTERED = """{ contacts(first: 2, where: { custom: { npsScore: { gte: "5" } } }) { nodes { id }
  sources { status error { code } } } }"""


@pytest.fixture
def crm() -> Iterator[Sandbox]:
    """One emulated CRM."""
    with Sandbox(["salesforce"], scale=0.05, time_scale=1_000) as sandbox:
        yield sandbox


@pytest.fixture
def served(crm: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway over it, that describes it again after half a second."""
    path = tmp_path_factory.mktemp("drift") / "gateway.yaml"
    names = {"npsScore": ("DECIMAL", "NPS__c"), "isVip": ("BOOLEAN", "VIP__c")}
    config = {
        "allow_loopback": True,
        "cursor_key": "env:CURSOR_KEY",
        "time_scale": 1_000,
        "sources": [{**crm.connect("salesforce"), "metadata_ttl_s": _TTL_S}],
        "custom_fields": {
            "contact": {
                name: {"kind": kind, "description": name, "keys": {"salesforce": key}}
                for name, (kind, key) in names.items()
            }
        },
    }
    path.write_text(yaml.safe_dump(config))
    settings = load_settings(path, environ={**crm.secrets, "CURSOR_KEY": "k" * 40})
    with serving(Gateway(settings), log_level="warning") as found:
        yield found


def described(served: Served) -> dict[str, Any]:
    """The contact fields of the source, by key."""
    fields = served.post(FIELDS)["data"]["source"]["fields"]
    return {item["remoteField"]: item for item in fields}


def test_field_that_is_added_appears_after_the_ttl(crm: Sandbox, served: Served) -> None:
    """It is described, with its alias, once the description is older than its TTL, and can be read and filtered."""
    crm.faults("salesforce").set("hidden_field", value="Contact.NPS__c")
    time.sleep(_TTL_S)
    assert "NPS__c" not in described(served)
    assert served.code(FILTERED) == "UNSUPPORTED"

    crm.faults("salesforce").clear()
    time.sleep(_TTL_S)

    assert described(served)["NPS__c"] == {
        "remoteField": "NPS__c",
        "field": "custom.npsScore",
        "isCustom": True,
        "kind": "INTEGER",
    }
    assert served.post(FILTERED)["data"]["contacts"]["sources"] == [{"status": "OK", "error": None}]


def test_field_that_is_removed_takes_no_other_along(crm: Sandbox, served: Served) -> None:
    """The rows come without it, in the very request that met its absence; then it is no longer described."""
    assert served.post(READ)["data"]["contacts"]["nodes"][0]["customFields"] == [{"key": "NPS__c"}, {"key": "VIP__c"}]

    crm.faults("salesforce").set("hidden_field", value="Contact.NPS__c")
    answer = served.post(READ)

    assert "errors" not in answer
    assert answer["data"]["contacts"]["sources"] == [{"status": "OK"}]
    assert [node["custom"]["npsScore"] for node in answer["data"]["contacts"]["nodes"]] == [None, None]
    assert all(node["custom"]["isVip"] is not None for node in answer["data"]["contacts"]["nodes"])
    assert [node["customFields"] for node in served.post(READ)["data"]["contacts"]["nodes"]] == [
        [{"key": "VIP__c"}]
    ] * 2


def test_condition_on_a_field_that_is_removed_is_no_empty_list(crm: Sandbox, served: Served) -> None:
    """First the change is told, then that the source lacks the field: never rows that were not compared."""
    assert served.post(FILTERED)["data"]["contacts"]["sources"] == [{"status": "OK", "error": None}]

    crm.faults("salesforce").set("hidden_field", value="Contact.NPS__c")

    assert served.code(FILTERED) == "SCHEMA_DRIFT"
    assert served.code(FILTERED) == "UNSUPPORTED"

"""`customFields(keys:)` and `custom` give a record's own values, whatever way the record was read."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway.custom.world import NORTH, SOUTH, source, with_aliases
from tests.gateway.serving import Served, gateway_over, serving


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Both sources, with aliases."""
    with serving(gateway_over([source("north", NORTH), source("south", SOUTH)], with_aliases())) as found:
        yield found


def nodes(served: Served, selected: str, **variables: Any) -> list[dict[str, Any]]:
    """The contacts, north's before south's, with *selected*."""
    declared = f"({', '.join(f'${name}: {kind}' for name, kind in _KINDS.items() if name in variables)})"
    answer = served.post(
        f'query {declared if variables else ""} {{ north: contacts(sources: ["north"]) {{ nodes {{ {selected} }} }}'
        f' south: contacts(sources: ["south"]) {{ nodes {{ {selected} }} }} }}',
        variables,
    )
    assert "errors" not in answer, answer["errors"]
    found: list[dict[str, Any]] = answer["data"]["north"]["nodes"] + answer["data"]["south"]["nodes"]
    return found


_KINDS = {"keys": "[String!]!", "key": "String!"}


def test_values_come_with_label_and_kind_in_the_order_of_the_keys(served: Served) -> None:
    """A key that the record's source lacks is left out; a field without a value is null."""
    found = nodes(
        served, "customFields(keys: $keys) { key label kind value }", keys=["Visits__c", "nps_score", "NPS__c"]
    )

    assert found[0]["customFields"] == [
        {"key": "Visits__c", "label": "Visits", "kind": "INTEGER", "value": 12},
        {"key": "NPS__c", "label": "Nps", "kind": "DECIMAL", "value": "9.5"},
    ]
    assert [item["value"] for item in found[2]["customFields"]] == [None, None]
    assert found[3]["customFields"] == [{"key": "nps_score", "label": "Nps score", "kind": "DECIMAL", "value": "10"}]


def test_values_are_plain_json_with_nothing_lost(served: Served) -> None:
    """Booleans, whole numbers and lists are themselves; all else is text."""
    keys = [item.remote_field for item in NORTH[next(iter(NORTH))]]

    (first, second, *_) = nodes(served, "customFields(keys: $keys) { key value }", keys=keys)

    assert {item["key"]: item["value"] for item in first["customFields"]} == {
        "NPS__c": "9.5",
        "Number__c": "N-1",
        "Renewal__c": "2026-06-01",
        "Seen__c": "2026-05-01T08:00:00.000Z",
        "VIP__c": True,
        "Channel__c": "mail",
        "Interests__c": ["golf", "wine"],
        "Visits__c": 12,
        "Only_North__c": "x",
    }
    assert {"key": "Visits__c", "value": 3_000_000_000} in second["customFields"]


def test_aliases_are_keys_everywhere(served: Served) -> None:
    """An alias finds each source's own field, and the answer names it as it was asked."""
    found = nodes(served, 'customFields(keys: ["npsScore", "renewalOn"]) { key value }')

    assert found[0]["customFields"] == [
        {"key": "npsScore", "value": "9.5"},
        {"key": "renewalOn", "value": "2026-06-01"},
    ]
    assert found[3]["customFields"] == [{"key": "npsScore", "value": "10"}]


def test_each_name_in_the_document_gets_its_own_keys(served: Served) -> None:
    """Several fields with other keys share one read, and each gives what it asked for."""
    answer = served.post(
        """query ($key: String!) { contacts(sources: ["north"], first: 1) { nodes {
          one: customFields(keys: [$key]) { value }
          ... on Record { two: customFields(keys: "Number__c") { value } }
          ...More
        } } }
        fragment More on Contact {
          three: customFields(keys: ["NPS__c", "VIP__c"]) { value }
          custom { channel { value label } }
        }""",
        {"key": "NPS__c"},
        extensions={"explain": True},
    )

    (found,) = answer["data"]["contacts"]["nodes"]
    assert found == {
        "one": [{"value": "9.5"}],
        "two": [{"value": "N-1"}],
        "three": [{"value": "9.5"}, {"value": True}],
        "custom": {"channel": {"value": "mail", "label": "By e-mail"}},
    }
    assert len(answer["extensions"]["calls"]) == 1


def test_aliases_are_typed_fields(served: Served) -> None:
    """Each is of its kind; null where the source has no such field or the record no value."""
    selected = """custom { npsScore customerNumber renewalOn seenAt isVip channel { value label } interests gone
      nps: npsScore }"""

    found = [item["custom"] for item in nodes(served, selected)]

    assert found[0] == {
        "npsScore": "9.5",
        "customerNumber": "N-1",
        "renewalOn": "2026-06-01",
        "seenAt": "2026-05-01T08:00:00.000Z",
        "isVip": True,
        "channel": {"value": "mail", "label": "By e-mail"},
        "interests": ["golf", "wine"],
        "gone": None,
        "nps": "9.5",
    }
    assert found[3] == {
        "npsScore": "10",
        "customerNumber": "S-1",
        "renewalOn": None,
        "seenAt": None,
        "isVip": False,
        "channel": None,
        "interests": ["wine"],
        "gone": None,
        "nps": "10",
    }
    assert set(found[5].values()) == {None}


def test_whole_number_that_is_no_int_is_refused_for_its_field_alone(served: Served) -> None:
    """GraphQL's Int has 32 bits: what is larger is told with its remedy, and the other rows have theirs."""
    answer = served.post('{ contacts(sources: ["north"]) { nodes { custom { visits } } } }')

    assert [item["custom"]["visits"] for item in answer["data"]["contacts"]["nodes"]] == [12, None, None]
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "UNSUPPORTED"
    assert "DECIMAL" in error["message"]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("{ contacts(first: 1) { nodes { company { %s } } } }", "contacts.nodes.0.company"),
        (
            '{ companies(first: 1, sources: ["north"]) { nodes { contacts(first: 1) { nodes { company { %s } } } } } }',
            "companies.nodes.0.contacts.nodes.0.company",
        ),
        ('{ record(source: "north", type: COMPANY, remoteId: "1") { ... on Company { %s } } }', "record"),
        (
            '{ search(text: "north", types: [COMPANY]) { nodes { record { ... on Company { %s } } } } }',
            "search.nodes.0.record",
        ),
    ],
)
def test_own_fields_are_read_on_every_way_to_a_record(served: Served, document: str, path: str) -> None:
    """Lists, relations of both sorts, single records and searches carry them."""
    found: Any = served.post(
        document % 'customFields(keys: ["Tier__c", "tier"]) { key value } custom { tier { value label } }'
    )
    assert "errors" not in found, found["errors"]
    found = found["data"]
    for step in path.split("."):
        found = found[int(step) if step.isdecimal() else step]

    assert found == {
        "customFields": [{"key": "Tier__c", "value": "A"}, {"key": "tier", "value": "A"}],
        "custom": {"tier": {"value": "A", "label": "Gold"}},
    }


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ([f"k{n}" for n in range(51)], "51 keys"),
        ([""], "1 to 255"),
        (["x" * 256], "1 to 255"),
    ],
)
def test_keys_are_bounded_before_anybody_is_asked(served: Served, keys: list[str], word: str) -> None:
    """Too many keys, and keys that no CRM can have, are the caller's mistake."""
    answer = served.post(
        "query ($keys: [String!]!) { contacts { nodes { customFields(keys: $keys) { value } } } }",
        {"keys": keys},
        extensions={"explain": True},
    )

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert word in error["message"]
    assert "calls" not in answer.get("extensions", {}) or answer["extensions"]["calls"] == []


def test_own_fields_are_read_of_matches(served: Served) -> None:
    """A match in another source has them under that source's keys."""
    answer = served.post(
        """{ contacts(first: 1, sources: ["north"]) { nodes { matches { items { record { source { key }
          customFields(keys: ["customer_number"]) { value } ... on Contact { custom { npsScore } } } } } } } }"""
    )
    assert "errors" not in answer, answer["errors"]

    (found,) = answer["data"]["contacts"]["nodes"][0]["matches"]["items"]
    assert found["record"] == {
        "source": {"key": "south"},
        "customFields": [{"value": "S-1"}],
        "custom": {"npsScore": "10"},
    }


def test_own_fields_are_read_of_people(served: Served) -> None:
    """Each record of a person has its own source's."""
    answer = served.post(
        """{ people(drivenBy: "north", first: 1) { nodes { records { source { key } custom { npsScore }
          customFields(keys: ["customerNumber"]) { value } } } } }"""
    )
    assert "errors" not in answer, answer["errors"]

    (person,) = answer["data"]["people"]["nodes"]
    assert {record["source"]["key"]: record["custom"]["npsScore"] for record in person["records"]} == {
        "north": "9.5",
        "south": "10",
    }
    assert {record["customFields"][0]["value"] for record in person["records"]} == {"N-1", "S-1"}

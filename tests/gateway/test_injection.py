"""What a caller sends as a value stays one value in the query of each CRM."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from gateway.config import load_settings
from gateway.wiring import Gateway
from sandbox import Sandbox
from tests.connectors.salesforce.lexer import tokens
from tests.gateway.serving import Served, serving

HARMLESS = ["benign", "two words", "half-way", "50%", "two\nlines", "?"]
STRINGS = [
    "O'Brien",
    "'",
    "''",
    "\\",
    "\\'",
    "\\\\'",
    "' OR Name != '",
    "') OR (Name != '",
    "x' LIMIT 1 --",
    "x'; DELETE FROM Contact",
    "' AND Id IN (SELECT ContactId FROM Case) AND Name != '",
    "{x RETURNING Contact(Id)}",
    "' or 1 eq 1 or '",
    "$filter=1 eq 1",
    "%27 OR %271%27=%271",
    "&filterGroups=[]",
    '"}]}],"limit":200,"x":[{"y":[{"z":"',
    '\\"',
    "}}}}",
    "{{x}}",
    "${x}",
    "%",
    "_",
    "100%_",
    "*",
    "a*b?",
    "\r\nHost: evil.example",
    "a\nb\tc",
    "\u2019 OR \u2018",
    "\uff07 OR \uff07",
    "\u02bc",
    "\x00",
    "\x1b[2J",
    "\u2028",
    "😀'",
    "=cmd|' /C calc'!A0",
    "<script>alert('x')</script>",
    "../../etc",
    "null",
    "true",
    " ",
    "x" * 3_000,
]
OPERATORS = ["eq", "ne", "contains", "startsWith", "in"]


@pytest.fixture(scope="module")
def sandboxed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway over both emulators, that tells its upstream calls."""
    with Sandbox(["salesforce", "hubspot"], scale=0.05, time_scale=1_000) as sandbox:
        path = tmp_path_factory.mktemp("sandboxed") / "gateway.yaml"
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


def ask(served: Served, operator: str, value: str | None) -> dict[str, Any]:
    """Contacts whose last name compares to *value*; all of them for None."""
    where = {} if value is None else {"lastName": {operator: [value] if operator == "in" else value}}
    answer = served.post(
        "query ($where: ContactFilter) { contacts(first: 5, where: $where, options: {allowScan: true})"
        " { nodes { lastName } sources { source { key } status error { code message } } } }",
        {"where": where},
        extensions={"explain": True},
    )
    assert not any(error["extensions"]["code"] == "INTERNAL" for error in answer.get("errors", ())), answer
    return answer


def soql(query: str) -> tuple[str, list[str]]:
    """What stands around the literals, and the literals."""
    found = tokens(query)
    return (
        re.sub(r"LIMIT [0-9]+$", "", "?".join(token.value for token in found if not token.is_literal)),
        [token.value for token in found if token.is_literal],
    )


def search(query: str) -> tuple[str, list[str]]:
    """The search without its values, and the values."""
    body = json.loads(query)
    del body["limit"]
    values = []
    for group in body.get("filterGroups", ()):
        for item in group["filters"]:
            values += [item.pop("value", None), *(item.pop("values", ()))]
    return json.dumps(body), [value for value in values if value is not None]


LANGUAGES = {"salesforce": soql, "hubspot": search}


def queries(answer: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    """The first page's query of each source, taken apart by its language."""
    found: dict[str, tuple[str, list[str]]] = {}
    for call in answer["extensions"]["calls"]:
        if call["kind"] == "data" and call["query"] and call["query"][0] in "S{":
            found.setdefault(call["source"], LANGUAGES[call["source"]](call["query"]))
    return found


@pytest.fixture(scope="module")
def forms(sandboxed: Served) -> set[tuple[str, str]]:
    """Every form that a query has with harmless values, by source."""
    return {
        (source, form)
        for operator in OPERATORS
        for value in (*HARMLESS, None)
        for source, (form, _) in queries(ask(sandboxed, operator, value)).items()
    }


@pytest.mark.parametrize("operator", OPERATORS)
def test_value_stays_one_literal(sandboxed: Served, forms: set[tuple[str, str]], operator: str) -> None:
    """Each query has a form that harmless values give it, with the whole value in one literal, or without it."""
    kept = dict.fromkeys(LANGUAGES, 0)

    for value in STRINGS:
        for source, (form, values) in queries(ask(sandboxed, operator, value)).items():
            assert (source, form) in forms, value
            assert len(values) <= 1, value
            kept[source] += any(value in literal for literal in values)
    assert kept["salesforce"] > 30, "most values should have reached SOQL: the test would prove little"
    assert kept["hubspot"] > 1, "some values should have reached a search"


@pytest.mark.parametrize("value", STRINGS, ids=range(len(STRINGS)))
def test_names_come_from_the_schema_alone(sandboxed: Served, value: str) -> None:
    """A string in the place of a field, a sort key, a direction or a source is refused before anybody is asked."""
    order = "query ($order: [ContactOrder!]) { contacts(orderBy: $order) { isPartial } }"

    refusals = [
        sandboxed.code(order, {"order": [{"field": value, "direction": "ASC"}]}),
        sandboxed.code(order, {"order": [{"field": "UPDATED_AT", "direction": value}]}),
        sandboxed.code("query ($s: [String!]) { contacts(sources: $s) { isPartial } }", {"s": [value]}),
        sandboxed.code("query ($z: String) { contacts(options: {timeZone: $z}) { isPartial } }", {"z": value}),
    ]

    assert refusals == ["BAD_REQUEST"] * 4

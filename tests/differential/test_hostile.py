"""A text stays one value on its whole way, whatever its signs mean in the language of a CRM, or is refused in words."""

from collections.abc import Mapping
from typing import Any

import pytest

from connectors.conformance.hostile import HOSTILE
from model.entities import Entity
from model.ids import GlobalId
from tests.differential.lists import ListCase, Tally, differences
from tests.differential.queries import Asked, asked_of
from tests.differential.world import World

HARMLESS = (
    "benign",
    "two words",
    "half-way",
    "50%",
    "under_score",
    "two\nlines",
    "ümlaut",
    "ab*",
    "?",
    "ß",
    "İ",
    " a",
    "",
)
LONG = tuple(sign * length for sign in ("x", "'", "\\", "%", "ß ", "😀") for length in (1_000, 10_000, 100_000))
TEXTS = (*HOSTILE, *LONG)
OPERATORS = ("eq", "ne", "in", "notIn", "contains", "startsWith")
REFUSALS = {"BAD_REQUEST", "UNSUPPORTED", "QUERY_TOO_COMPLEX", "BAD_CURSOR", "NOT_FOUND"}

LIST = """query ($where: ContactFilter) { contacts(first: 3, where: $where, options: {allowScan: true})
    { nodes { lastName } sources { source { key } status error { code message } } } }"""
SEARCH = """query ($text: String!) { search(text: $text, first: 3)
    { nodes { record { id } } sources { source { key } status error { code message } } } }"""


def answered(world: World, query: str, **variables: Any) -> dict[str, Any]:
    """The answer's body; every error of it, of a source's too, is a refusal that has a code."""
    sent = {"query": query, "variables": variables, "extensions": {"explain": True}}
    response = world.stage.client.post(world.stage.url, json=sent)
    assert response.status_code in {200, 400, 413}, (variables, response.status_code, response.text[:500])
    body: dict[str, Any] = response.json()
    codes = {error["extensions"]["code"] for error in body.get("errors", ())}
    for found in (body.get("data") or {}).values():
        outcomes = found.get("sources") if isinstance(found, Mapping) else None
        codes |= {item["error"]["code"] for item in outcomes or () if item["error"]}
    assert codes <= REFUSALS, (variables, body.get("errors"), body.get("data"))
    return body


def asked(body: Mapping[str, Any]) -> dict[str, list[Asked]]:
    """What each source was asked."""
    found: dict[str, list[Asked]] = {}
    for source, item in asked_of(body.get("extensions", {}).get("calls", ())):
        found.setdefault(source, []).append(item)
    return found


def condition(operator: str, text: str) -> dict[str, Any]:
    """Contacts whose last name compares to *text*."""
    return {"lastName": {operator: [text] if operator in {"in", "notIn"} else text}}


@pytest.fixture(scope="module")
def forms(world: World) -> set[tuple[str, str]]:
    """Every form that a query has with harmless values, or with none."""
    bodies = [answered(world, LIST, where=condition(item, text)) for item in OPERATORS for text in HARMLESS]
    bodies += [answered(world, LIST, where={}), *(answered(world, SEARCH, text=text) for text in HARMLESS if text)]
    return {(source, item.form) for body in bodies for source, items in asked(body).items() for item in items}


def test_there_are_enough_of_them() -> None:
    """At least a hundred of each: operators take all, and so do searches, keys and ids."""
    assert len(set(TEXTS)) >= 150


def holds(item: Asked, text: str) -> bool:
    """Whether the values are *text* in some case; of what only narrows the rows, parts of it."""
    if "CONTAINS_TOKEN" in item.form or " LIKE " in item.form:
        return all(value.strip("*").casefold() in text.casefold() for value in item.values)
    return all(value.casefold() == text.casefold() for value in item.values)


@pytest.mark.parametrize(
    "operator", [one if one in {"eq", "contains"} else pytest.param(one, marks=pytest.mark.slow) for one in OPERATORS]
)
def test_an_operand_stays_one_value(world: World, forms: set[tuple[str, str]], operator: str) -> None:
    """A query has a form that harmless values give it, and holds the text whole, or not at all."""
    kept = {"salesforce": 0, "hubspot": 0}

    for text in TEXTS:
        for source, items in asked(answered(world, LIST, where=condition(operator, text))).items():
            for item in items:
                assert (source, item.form) in forms, text[:80]
                assert holds(item, text), (text[:80], item.values)
                kept[source] += bool(item.values)

    assert kept["salesforce"] > 100, "most should have reached SOQL: the test would prove little"
    assert operator not in {"eq", "in"} or kept["hubspot"] > 20


@pytest.mark.parametrize("operator", ["eq", *(pytest.param(one, marks=pytest.mark.slow) for one in OPERATORS[1:])])
def test_an_operand_selects_what_the_oracle_does(world: World, operator: str) -> None:
    """Its signs have no meaning for the rows that come either."""
    for text in HOSTILE:
        case = ListCase(
            entity=Entity.CONTACT, where=condition(operator, text), order=(), first=200, sources=None, zone="UTC"
        )

        assert differences(case, world, Tally()) is None, text[:80]


def test_a_search_stays_a_text(world: World, forms: set[tuple[str, str]]) -> None:
    """A search has the form that harmless texts give it; its words stand in the text."""
    kept = {"salesforce": 0, "hubspot": 0}

    for text in TEXTS:
        body = answered(world, SEARCH, text=text)
        for source, items in asked(body).items():
            for item in items:
                assert (source, item.form) in forms, text[:80]
                words = [word for value in item.values for word in value.casefold().split()]
                assert all(word in text.casefold() for word in words), (text[:80], item.values)
                kept[source] += bool(item.values)

    assert {source for source, count in kept.items() if count > 60} >= {"salesforce"}


FILTERED = """query ($key: String!) { contacts(first: 2, where: {customField: {key: $key, text: {eq: "x"}}})
    { nodes { id } sources { error { code message } } } }"""
SELECTED = """query ($key: String!) { contacts(first: 2) { nodes { customFields(keys: [$key]) { key } }
    sources { error { code message } } } }"""


def test_a_key_is_looked_up_and_never_spelt_out(world: World) -> None:
    """A key that no account describes changes no query, in filters and in selections."""
    for query in (FILTERED, SELECTED):
        usual = queries_of(answered(world, query, key="no_such_field"))

        for text in TEXTS:
            assert queries_of(answered(world, query, key=text)) in (usual, []), text[:80]


def queries_of(body: Mapping[str, Any]) -> list[str]:
    """What was asked, as the vendors' languages say it."""
    return sorted(call["query"] or "" for call in body.get("extensions", {}).get("calls", ()))


IDS = """query ($id: ID!, $own: ID!, $other: ID!, $remote: String!) {
    node(id: $id) { id } a: node(id: $own) { id } b: node(id: $other) { id }
    c: record(source: "salesforce", type: CONTACT, remoteId: $remote) { id }
    d: record(source: "hubspot", type: DEAL, remoteId: $remote) { id }
    e: contacts(first: 2, where: {id: {in: [$own, $other]}}) { nodes { id } sources { error { code message } } } }"""


def test_an_id_that_nobody_gave_out_finds_nothing(world: World) -> None:
    """As it stands, or inside a global id: no record, no error of a CRM."""
    for text in TEXTS:
        own, other = (GlobalId("contact", source, text).encode() for source in ("salesforce", "hubspot"))

        body = answered(world, IDS, id=text, own=own, other=other, remote=text)

        data = body.get("data") or {}
        assert not any(data.get(name) for name in ("node", "a", "b")), text[:80]
        assert not (data.get("e") or {}).get("nodes"), text[:80]


def test_a_cursor_that_nobody_gave_out_is_refused(world: World) -> None:
    """By lists and by searches."""
    query = """query ($after: String) { contacts(first: 2, after: $after) { isPartial }
        search(text: "a", first: 2, after: $after) { isPartial } }"""
    for text in TEXTS:
        body = answered(world, query, after=text)

        codes = {error["extensions"]["code"] for error in body["errors"]}
        assert codes <= {"BAD_CURSOR", "QUERY_TOO_COMPLEX", "BAD_REQUEST"}, text[:80]


@pytest.mark.parametrize("half", ["d800", "dfff", "d800\\ud800", "dc00\\ud800", "d800x"])
def test_half_a_character_is_refused_or_finds_nothing(world: World, half: str) -> None:
    """JSON can spell it, UTF-8 cannot: every argument that takes a text takes or refuses it in words."""
    bodies = [
        f'{{"query": "query ($t: String!) {{ {field} }}", "variables": {{"t": "a\\u{half}"}}}}'
        for field in (
            *(f"contacts(where: {{lastName: {{{item}: $t}}}}) {{ isPartial }}" for item in ("eq", "contains")),
            "search(text: $t) { isPartial }",
            "contacts(where: {customField: {key: $t, text: {eq: $t}}}) { isPartial }",
            'record(source: $t, type: CONTACT, remoteId: "1") { id }',
            'record(source: \\"salesforce\\", type: CONTACT, remoteId: $t) { id }'.replace('remoteId: "1"', ""),
            "contacts(after: $t) { isPartial }",
        )
    ]

    for body in bodies:
        response = world.stage.client.post(
            world.stage.url, content=body.encode(), headers={"content-type": "application/json"}
        )
        assert response.status_code in {200, 400}, (body, response.text[:300])
        codes = {error["extensions"]["code"] for error in response.json().get("errors", ())}
        assert codes <= REFUSALS, (body, response.text[:300])

"""One thing by its id: records, pipelines, stages, sources, platforms."""

import pytest

from schema import Limits
from tests.schema.conftest import Ask, gid
from tests.schema.shelf import Shelf


@pytest.mark.parametrize(
    ("kind", "source", "remote_id", "type_name"),
    [
        ("contact", "north", "c1", "Contact"),
        ("company", "north", "k1", "Company"),
        ("deal", "north", "d1", "Deal"),
        ("appointment", "north", "a1", "Appointment"),
        ("user", "north", "u1", "User"),
        ("note", "north", "n1", "Note"),
        ("pipeline", "north", "p1", "Pipeline"),
        ("stage", "north", "s1", "Stage"),
        ("source", "south", "south", "Source"),
        ("platform", "", "hubspot", "Platform"),
    ],
)
async def test_node_gives_back_its_own_id(ask: Ask, kind: str, source: str, remote_id: str, type_name: str) -> None:
    """Whatever has an id is found by it, and shows the same id."""
    text = gid(kind, source, remote_id)

    answer = await ask("query ($id: ID!) { node(id: $id) { __typename id } }", id=text)

    assert answer == {"data": {"node": {"__typename": type_name, "id": text}}, "errors": []}


async def test_node_reads_what_its_type_is_asked_for(ask: Ask, shelf: Shelf) -> None:
    """Of the fragments on an interface only those that cover the node's type count."""
    query = """query ($id: ID!) { node(id: $id) {
        ... on Record { url } ... on Contact { firstName company { name } } ... on Deal { name amount { amount } }
        ... on Node { id } } }"""

    answer = await ask(query, id=gid("contact", "north", "c1"))

    assert answer["errors"] == []
    assert answer["data"]["node"]["company"] == {"name": "Acme"}
    selection = shelf.selection_of("record", "north/contact/c1")
    assert selection.fields == {"url", "first_name"}
    assert selection.relations["company"].selection.fields == {"name"}


@pytest.mark.parametrize(
    ("kind", "source", "remote_id"),
    [
        ("contact", "north", "c99"),
        ("contact", "elsewhere", "c1"),
        ("pipeline", "elsewhere", "p1"),
        ("stage", "north", "s99"),
        ("source", "elsewhere", "elsewhere"),
        ("platform", "", "paper"),
        ("invoice", "north", "1"),
    ],
)
async def test_missing_node_is_null(ask: Ask, kind: str, source: str, remote_id: str) -> None:
    """What is not there is null without an error, whether the record or its source is missing."""
    answer = await ask("query ($id: ID!) { node(id: $id) { id } }", id=gid(kind, source, remote_id))

    assert answer == {"data": {"node": None}, "errors": []}


@pytest.mark.parametrize("text", ["", "garbage", "Y29udGFjdApub3J0aApjMQ==", "é", "Y29udGFjdA"])
async def test_id_not_made_here_is_refused(ask: Ask, shelf: Shelf, text: str) -> None:
    """A text that is no id of ours is BAD_REQUEST, and nobody is asked."""
    answer = await ask("query ($id: ID!) { node(id: $id) { id } contact(id: $id) { id } }", id=text)

    assert answer["data"] == {"node": None, "contact": None}
    assert [error["extensions"] for error in answer["errors"]] == [{"code": "BAD_REQUEST"}] * 2
    assert shelf.asked == []


async def test_nodes_keep_order_and_fail_one_by_one(ask: Ask) -> None:
    """Each id has its place; a bad one is null with its own error and spares the others."""
    ids = [gid("deal", "north", "d1"), "garbage", gid("deal", "north", "d99"), gid("user", "north", "u1")]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Deal { name } ... on User { email } } }"

    answer = await ask(query, ids=ids)

    assert answer["data"]["nodes"] == [{"name": "Big one"}, None, None, {"email": "uma@north.example"}]
    assert [error["path"] for error in answer["errors"]] == [["nodes", 1]]


async def test_nodes_are_bounded(ask: Ask) -> None:
    """More ids than a page holds are refused."""
    answer = await ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["a", "b", "c"], limits=Limits(first=2))

    assert answer["data"] is None
    assert answer["errors"][0]["message"] == "`ids` has 3 ids; at most 2 are taken"


async def test_record_is_found_by_remote_id(ask: Ask, shelf: Shelf) -> None:
    """A record is found by the CRM's own id, with what its type is asked for."""
    query = """{ record(source: "south", type: CONTACT, remoteId: "c3") {
        __typename id remoteId ... on Contact { email } ... on Lead { title } } }"""

    answer = await ask(query)

    assert answer["errors"] == []
    assert answer["data"]["record"] == {
        "__typename": "Contact",
        "id": gid("contact", "south", "c3"),
        "remoteId": "c3",
        "email": "3@south.example",
    }
    assert shelf.selection_of("record", "south/contact/c3").fields == {"email"}


@pytest.mark.parametrize("field", ["contact", "lead", "appointment", "deal", "company", "user", "note", "task"])
async def test_typed_field_takes_ids_of_its_type_only(ask: Ask, field: str) -> None:
    """An id of another type is BAD_REQUEST and names that type; a missing record is null."""
    other = "deal" if field == "contact" else "contact"
    query = f"query ($own: ID!, $other: ID!) {{ own: {field}(id: $own) {{ id }} other: {field}(id: $other) {{ id }} }}"

    answer = await ask(query, own=gid(field, "north", "zz"), other=gid(other, "north", "zz"))

    assert answer["data"] == {"own": None, "other": None}
    (error,) = answer["errors"]
    assert error["path"] == ["other"]
    assert error["message"] == f"this id names a {other}; ask `node`, or the field of its type"

"""The root search: hits of several types, what is selected of each, and arguments."""

from typing import Any

import pytest

from model.entities import Entity
from model.errors import UnsupportedBySource
from model.query import RelationSelection, Selection
from model.reading import ReadOptions
from tests.schema.conftest import Ask
from tests.schema.shelf import Shelf


async def test_hits_show_the_fields_of_their_type(ask: Ask, shelf: Shelf) -> None:
    """Interface fields are read of every type, a fragment's of its own; `matchedOn` has this schema's names."""
    query = """{ search(text: "a") { nodes { matchedOn record { __typename remoteId
        ... on Contact { lastName company { name } } ... on Company { domain: name } } } } }"""

    answer = await ask(query)

    assert answer["errors"] == []
    hits = answer["data"]["search"]["nodes"]
    assert [(hit["record"]["__typename"], hit["matchedOn"]) for hit in hits] == [
        ("Contact", ["lastName"]),
        ("Contact", ["lastName"]),
        ("Contact", ["lastName"]),
        ("Deal", ["name"]),
        ("User", ["name"]),
    ]
    assert hits[0]["record"] == {
        "__typename": "Contact",
        "remoteId": "c1",
        "lastName": "Last1",
        "company": {"name": "Acme"},
    }
    (request,) = shelf.searches
    assert tuple(request.selections) == tuple(Entity)
    assert request.is_any_type
    assert request.selections[Entity.COMPANY] == Selection(frozenset({"name"}))
    assert request.selections[Entity.CONTACT] == Selection(
        frozenset({"last_name"}), {"company": RelationSelection(Selection(frozenset({"name"})))}
    )
    assert request.selections[Entity.NOTE] == Selection()


async def test_nodes_and_edges_show_the_same_hits(ask: Ask, shelf: Shelf) -> None:
    """What both forms select is read together."""
    query = """{ search(text: "Acme") {
        nodes { record { ...Name } } edges { cursor node { matchedOn record { createdBy { name } } } }
        pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }
        fragment Name on Company { name }"""
    shelf.records = [row for row in shelf.records if row.remote_id != "k1"]

    answer = await ask(query)

    assert answer["errors"] == []
    assert answer["data"]["search"] == {
        "nodes": [],
        "edges": [],
        "pageInfo": {"startCursor": None, "endCursor": None, "hasNextPage": False, "hasPreviousPage": False},
    }
    user = RelationSelection(Selection(frozenset({"name"})))
    assert shelf.searches[0].selections[Entity.COMPANY] == Selection(frozenset({"name"}), {"created_by": user})
    assert shelf.searches[0].selections[Entity.DEAL] == Selection(frozenset(), {"created_by": user})


async def test_pages_are_walked_by_cursor(ask: Ask) -> None:
    """`endCursor` given to `after` reads on where the page ended."""
    query = """query ($after: String) { search(text: "Last", first: 2, after: $after) {
        edges { cursor node { record { remoteId } } } pageInfo { hasNextPage endCursor } } }"""

    first = (await ask(query))["data"]["search"]
    second = (await ask(query, after=first["pageInfo"]["endCursor"]))["data"]["search"]

    assert [edge["cursor"] for edge in first["edges"]] == ["1", "2"]
    assert first["pageInfo"] == {"hasNextPage": True, "endCursor": "2"}
    assert [edge["node"]["record"]["remoteId"] for edge in second["edges"]] == ["c3"]


async def test_arguments_reach_the_reads(ask: Ask, shelf: Shelf) -> None:
    """Types in the order that was written, sources, options and page size."""
    await ask(
        """{ search(text: " O'Hara ", types: [DEAL, CONTACT], first: 7, sources: ["north"],
        options: {maxCalls: 3, onUnsupported: FAIL}) { isPartial } }"""
    )

    (request,) = shelf.searches
    assert request.text == " O'Hara "
    assert (tuple(request.selections), request.is_any_type) == ((Entity.DEAL, Entity.CONTACT), False)
    assert (request.first, request.sources, request.after) == (7, ("north",), None)
    assert request.options == ReadOptions(max_calls=3, fail_on_unsupported=True)


async def test_nulls_are_taken_as_left_out(ask: Ask, shelf: Shelf) -> None:
    """As for lists."""
    await ask(
        """{ search(text: "x", types: null, first: null, after: null, sources: null, options: null)
        { sources { status } } }"""
    )

    (request,) = shelf.searches
    assert request.is_any_type
    assert (request.first, request.after, request.sources, request.options) == (25, None, None, ReadOptions())


@pytest.mark.parametrize(
    "arguments",
    [
        'text: "x", first: 0',
        'text: "x", first: 51',
        'text: "x", types: [DEAL, DEAL]',
        'text: "x", types: [PROJECTS]',
        'text: "x", types: [null]',
        "text: null",
        "first: 1",
        'text: "x", options: {maxCalls: 0}',
    ],
)
async def test_wrong_arguments_are_refused(ask: Ask, shelf: Shelf, arguments: str) -> None:
    """Before anybody is asked."""
    answer = await ask(f"{{ search({arguments}) {{ isPartial }} }}")

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_REQUEST"]
    assert shelf.searches == []


async def test_failing_search_nulls_only_itself(ask: Ask, shelf: Shelf) -> None:
    """Its neighbours keep their values."""
    shelf.failing = UnsupportedBySource("north has no search", source="north")

    answer: dict[str, Any] = await ask('{ search(text: "x") { isPartial } sources { key } }')

    assert answer["data"] == {"search": None, "sources": [{"key": "north"}, {"key": "south"}]}
    assert answer["errors"][0]["extensions"]["code"] == "UNSUPPORTED"

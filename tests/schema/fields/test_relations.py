"""Relations, values that point to records, and metadata of deals."""

import pytest

from tests.schema.conftest import Ask, gid
from tests.schema.shelf import Shelf


async def test_one_list_shows_nested_relations(ask: Ask) -> None:
    """Relations follow each other, to-one and to-many, in either connection form."""
    query = """{ contacts(first: 1) { nodes { firstName company { name owner { name kind }
        contacts { edges { cursor node { remoteId owner { name } } } pageInfo { hasNextPage endCursor } } } } } }"""

    answer = await ask(query)

    assert answer["errors"] == []
    company = answer["data"]["contacts"]["nodes"][0]["company"]
    assert (company["name"], company["owner"]) == ("Acme", {"name": "Uma", "kind": "TEAM"})
    assert company["contacts"]["edges"] == [
        {"cursor": "1", "node": {"remoteId": "c1", "owner": {"name": "Uma"}}},
        {"cursor": "2", "node": {"remoteId": "c2", "owner": None}},
    ]
    assert company["contacts"]["pageInfo"] == {"hasNextPage": False, "endCursor": "2"}


async def test_nested_connection_has_no_outcomes_and_no_total(ask: Ask) -> None:
    """A batch serves many parents, so a relation shows neither sources nor a total."""
    query = "{ companies { nodes { contacts(first: 1) { totalCount isPartial sources { rows } nodes { id } } } } }"

    answer = await ask(query)

    assert answer["errors"] == []
    assert answer["data"]["companies"]["nodes"][0]["contacts"] == {
        "totalCount": None,
        "isPartial": False,
        "sources": None,
        "nodes": [{"id": gid("contact", "north", "c1")}],
    }


async def test_cursor_reads_on_under_one_record(ask: Ask) -> None:
    """Under one record, and to-one steps from it, a relation is walked by cursor."""
    query = """query ($id: ID!, $after: String) { contact(id: $id) { company {
        contacts(first: 1, after: $after) { nodes { remoteId } pageInfo { hasPreviousPage endCursor } } } } }"""
    contact_id = gid("contact", "north", "c1")

    first = (await ask(query, id=contact_id))["data"]["contact"]["company"]["contacts"]
    second = (await ask(query, id=contact_id, after=first["pageInfo"]["endCursor"]))["data"]["contact"]["company"]

    assert first["nodes"] == [{"remoteId": "c1"}]
    assert second["contacts"]["nodes"] == [{"remoteId": "c2"}]
    assert second["contacts"]["pageInfo"]["hasPreviousPage"] is True


@pytest.mark.parametrize(
    "query",
    [
        '{ contacts { nodes { deals(after: "1") { nodes { id } } } } }',
        '{ contacts { edges { node { company { contacts(after: "1") { isPartial } } } } } }',
        '{ root: contact(id: "%s") { deals { nodes { notes(after: "1") { nodes { id } } } } } }',
        '{ root: nodes(ids: ["%s"]) { ... on Contact { deals(after: "1") { nodes { id } } } } }',
    ],
)
async def test_cursor_under_list_is_refused_before_anything_is_read(ask: Ask, shelf: Shelf, query: str) -> None:
    """A cursor belongs to one parent: under a list it is BAD_REQUEST, and no CRM is asked."""
    answer = await ask(query.replace("%s", gid("contact", "north", "c1")))

    (error,) = answer["errors"]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert error["message"].startswith("`after` on a relation is allowed only under a single record")
    assert (shelf.asked, shelf.requests) == ([], [])


async def test_cursor_under_list_behind_value_is_refused(ask: Ask, shelf: Shelf) -> None:
    """A value's record is read by itself, and the law holds there too: no CRM is asked."""
    query = '{ appointments { nodes { attendees { contact { deals(after: "1") { nodes { id } } } } } } }'

    answer = await ask(query)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_REQUEST"]
    assert answer["data"] == {"appointments": None}
    assert shelf.requests == []


@pytest.mark.parametrize("first", ["0", "-5", "51", "1000000"])
async def test_nested_page_size_out_of_bounds_is_refused_before_anything_is_read(
    ask: Ask, shelf: Shelf, first: str
) -> None:
    """The bounds of `first` hold at every depth, and are checked before the list is read."""
    answer = await ask(f"{{ contacts {{ nodes {{ company {{ deals(first: {first}) {{ nodes {{ id }} }} }} }} }} }}")

    assert answer["data"] == {"contacts": None}
    assert answer["errors"][0]["message"] == f"`first` is {first}; it must be from 1 to 50"
    assert shelf.requests == []


async def test_page_size_of_relation_has_default_and_takes_variables(ask: Ask, shelf: Shelf) -> None:
    """Nothing and null are 20; a variable counts as its value, or its default."""
    query = """query ($id: ID!, $one: Int, $two: Int = 7) { contact(id: $id) {
        a: deals { isPartial } b: deals(first: null) { isPartial } c: deals(first: $one) { isPartial }
        d: notes(first: $two) { isPartial } } }"""

    await ask(query, id=gid("contact", "north", "c1"), one=30)

    sizes = [what.split(" after")[0] for method, what, _ in shelf.asked if method == "related_many"]
    assert sizes == ["c1.deals first=20", "c1.deals first=20", "c1.deals first=30", "c1.notes first=7"]
    relations = shelf.selection_of("record", "north/contact/c1").relations
    assert {name: item.first for name, item in relations.items()} == {"deals": 30, "notes": 7}


async def test_deal_shows_stage_pipeline_money_and_contacts(ask: Ask) -> None:
    """A deal's money stays text, its stage and pipeline come from metadata, its contacts carry roles."""
    query = """{ deals { nodes { name status probability amount { amount currency }
        stage { id name position probability outcome pipeline { name stages { remoteId } } source { key } }
        pipeline { id name } contacts { role isPrimary contact { remoteId email } } } } }"""

    big, small = (await ask(query))["data"]["deals"]["nodes"]

    assert big["amount"] == {"amount": "1234.50", "currency": "EUR"}
    assert (big["status"], big["probability"]) == ("WON", 0.75)
    assert big["stage"] == {
        "id": gid("stage", "north", "s1"),
        "name": "Won",
        "position": 2,
        "probability": 0.75,
        "outcome": "WON",
        "pipeline": {"name": "Sales", "stages": [{"remoteId": "s1"}]},
        "source": {"key": "north"},
    }
    assert big["pipeline"] == {"id": gid("pipeline", "north", "p1"), "name": "Sales"}
    assert big["contacts"] == [
        {"role": "Buyer", "isPrimary": True, "contact": {"remoteId": "c1", "email": "1@north.example"}}
    ]
    assert (small["amount"], small["stage"], small["pipeline"], small["contacts"]) == (None, None, None, [])


async def test_appointment_shows_who_and_what_it_is_about(ask: Ask, shelf: Shelf) -> None:
    """Attendees and subjects lead to their records; what is not unified stays a pointer."""
    query = """{ appointments { nodes { contacts { remoteId lastName }
        attendees { name email isRequired contact { firstName } lead { id } user { id } }
        about { type remoteType remoteId url record { __typename id ... on Deal { name } ... on Contact { email } } }
        } } }"""

    answer = await ask(query)

    assert answer["errors"] == []
    (appointment,) = answer["data"]["appointments"]["nodes"]
    assert appointment["contacts"] == [{"remoteId": "c2", "lastName": "Last2"}]
    assert appointment["attendees"][0] == {
        "name": "First1",
        "email": None,
        "isRequired": True,
        "contact": {"firstName": "First1"},
        "lead": None,
        "user": None,
    }
    assert appointment["attendees"][1]["contact"] is None
    deal, case = appointment["about"]
    assert deal["record"] == {"__typename": "Deal", "id": gid("deal", "north", "d1"), "name": "Big one"}
    assert (deal["type"], deal["remoteType"]) == ("DEAL", "Opportunity")
    assert case == {"type": None, "remoteType": "Case", "remoteId": "x9", "url": None, "record": None}
    assert shelf.requests[0].selection.fields == {"attendees", "about"}
    assert shelf.selection_of("referred", "north/deal/d1").fields == {"name"}


async def test_missing_list_of_values_is_null(ask: Ask) -> None:
    """A CRM that keeps no subjects gives null, not an empty list."""
    assert (await ask("{ notes { nodes { about { remoteId } } } }"))["data"]["notes"]["nodes"] == [{"about": None}]


async def test_every_record_names_its_source(ask: Ask) -> None:
    """A list over sources says of each record where it lives."""
    contacts = (await ask("{ contacts { nodes { source { key name status } } } }"))["data"]["contacts"]["nodes"]

    assert [contact["source"] for contact in contacts] == [
        {"key": "north", "name": "North", "status": "READY"},
        {"key": "north", "name": "North", "status": "READY"},
        {"key": "south", "name": "South", "status": "DEGRADED"},
    ]

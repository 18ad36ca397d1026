"""Searches by HubSpot's own index of texts, over a socket."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from connectors.base import Searches
from model.entities import Contact, Deal, Entity, Record
from model.errors import UnsupportedBySource
from model.page import Searched
from model.query import EVERYTHING, RelationSelection, SearchQuery, Selection
from model.values import UNSET, Ref
from sandbox.run import Sandbox
from tests.connectors.hubspot.accounts import TYPES, Account, account, data_calls
from tests.connectors.hubspot.hostile import HOSTILE

NAMED = Selection(frozenset({"display_name", "email"}))


async def _found(hubspot: Account, query: SearchQuery, **after: int) -> Mapping[Entity, Searched]:
    results = await hubspot.connector.search(query, {Entity(name): count for name, count in after.items()})
    assert list(query.selections) == list(results)
    found: dict[Entity, Searched] = {}
    for entity, result in results.items():
        assert isinstance(result, Searched), result
        found[entity] = result
    return found


def _bodies(hubspot: Account) -> list[Any]:
    return [orjson.loads(call.query) for call in hubspot.scope.calls if call.operation == "search" and call.query]


async def test_a_type_is_one_search(hubspot: Account) -> None:
    """The text goes as it was typed, with the selected properties and those that it is looked for in."""
    (first, *_) = [row for row in await hubspot.read(Entity.CONTACT, EVERYTHING, "last_name") if _last_name(row)]
    query = SearchQuery(text=f"  {_last_name(first)} ", selections={Entity.CONTACT: NAMED}, limit=5)

    split = hubspot.connector.plan_search(query)
    found = (await _found(hubspot, query))[Entity.CONTACT]

    (*_, body) = _bodies(hubspot)
    assert {
        "limit": 5,
        "query": _last_name(first),
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "properties": ["firstname", "lastname", "email", "phone"],
    } == {**body, "properties": sorted(body["properties"], key=["firstname", "lastname", "email", "phone"].index)}
    assert split.vendor_query == orjson.dumps(body).decode()
    assert (split.entities, split.calls, split.unsupported) == ((Entity.CONTACT,), 1, None)
    assert "lags" in split.notes[0]
    assert found.hits
    assert all(isinstance(hit.record, Contact) and hit.record.display_name is not UNSET for hit in found.hits)


def _last_name(record: Record) -> str | None:
    return record.last_name if isinstance(record, Contact) and isinstance(record.last_name, str) else None


async def test_hits_tell_where_the_words_stand_and_carry_no_more_than_asked(hubspot: Account) -> None:
    """A field is named when any word stands in it, whatever its case; it need not have been selected."""
    deals = [row for row in await hubspot.read(Entity.DEAL, EVERYTHING, "name") if isinstance(row, Deal)]
    name = next(str(deal.name) for deal in deals if len(str(deal.name).split()[0]) > 4)
    query = SearchQuery(text=name.split()[0].upper(), selections={Entity.DEAL: Selection(frozenset({"created_at"}))})

    found = (await _found(hubspot, query))[Entity.DEAL]

    assert any("name" in hit.matched_on for hit in found.hits)
    assert {UNSET} == {hit.record.name for hit in found.hits if isinstance(hit.record, Deal)}
    assert all(isinstance(hit.record.created_at, str) for hit in found.hits)


async def test_types_are_searched_side_by_side(hubspot: Account) -> None:
    """Every type is one search; owners are known, and cost none."""
    selections = {entity: Selection() for entity in TYPES}
    query = SearchQuery(text="a", selections=selections, limit=3)

    split = hubspot.connector.plan_search(query)
    found = await _found(hubspot, query)

    assert split.entities == TYPES
    assert len(TYPES) - 1 == split.calls == len(data_calls(hubspot.scope))
    assert all(len(result.hits) <= 3 for result in found.values())
    described = (await hubspot.connector.describe()).types
    assert all(described[entity].can_search for entity in TYPES)
    assert isinstance(hubspot.connector, Searches)


async def test_owners_are_found_by_name_and_address(hubspot: Account) -> None:
    """Every word must stand in the name or the address."""
    (user, *_) = await hubspot.read(Entity.USER, EVERYTHING, "name", "email")
    word = str(user.email).split("@")[0].upper()
    query = SearchQuery(text=word, selections={Entity.USER: Selection(frozenset({"email"}))}, limit=1)

    found = (await _found(hubspot, query))[Entity.USER]
    further = (await _found(hubspot, query, user=1))[Entity.USER]

    assert [user.remote_id] == [hit.record.remote_id for hit in found.hits]
    assert "email" in found.hits[0].matched_on
    assert UNSET is found.hits[0].record.name
    assert user.remote_id not in [hit.record.remote_id for hit in further.hits]
    assert not data_calls(hubspot.scope)


async def test_pages_of_hits_meet(hubspot: Account) -> None:
    """Behind so many hits the next ones come, and at the end no more."""
    whole = (await _found(hubspot, SearchQuery(text="inc", selections={Entity.COMPANY: Selection()}, limit=200)))[
        Entity.COMPANY
    ]
    assert len(whole.hits) > 10
    query = SearchQuery(text="inc", selections={Entity.COMPANY: Selection()}, limit=7)

    pages: list[Searched] = []
    while not pages or pages[-1].has_more:
        taken = sum(len(page.hits) for page in pages)
        pages.append((await _found(hubspot, query, company=taken))[Entity.COMPANY])

    assert [hit.record.remote_id for hit in whole.hits] == [hit.record.remote_id for page in pages for hit in page.hits]
    assert not whole.has_more


async def test_hits_carry_what_stands_on_associations(hubspot: Account) -> None:
    """Selected fields that take further calls are there, the calls are declared, and keyed relations are set."""
    selection = Selection(
        frozenset({"title", "about", "attendees"}), {"owner": RelationSelection(Selection(frozenset({"name"})))}
    )
    query = SearchQuery(text="meeting", selections={Entity.APPOINTMENT: selection}, limit=20)

    split = hubspot.connector.plan_search(query)
    found = (await _found(hubspot, query))[Entity.APPOINTMENT]

    assert split.calls >= len(data_calls(hubspot.scope))
    assert all(isinstance(hit.record.about, tuple) for hit in found.hits)
    assert all(isinstance(hit.record.owner, Ref | None) for hit in found.hits)


@pytest.mark.parametrize("text", ["", "  ", "*", " ** * ", "\ud800", "a \udfff"])
async def test_what_is_no_text_is_refused_before_any_call(hubspot: Account, text: str) -> None:
    """The plan says what to do, and so does the search."""
    query = SearchQuery(text=text, selections={Entity.CONTACT: Selection(), Entity.DEAL: Selection()})

    split = hubspot.connector.plan_search(query)
    results = await hubspot.connector.search(query)

    assert split.unsupported is not None
    assert "; " in split.unsupported
    assert {UnsupportedBySource} == {type(result) for result in results.values()}
    assert not data_calls(hubspot.scope)


async def test_a_text_longer_than_a_search_is_refused(hubspot: Account) -> None:
    """HubSpot takes bodies of 3,000 characters: signs that JSON escapes count as often as they are written."""
    for text, is_taken in (("x" * 2800, True), ("x" * 3000, False), ("\x00" * 500, False)):
        query = SearchQuery(text=text, selections={Entity.NOTE: Selection()})

        assert is_taken is (hubspot.connector.plan_search(query).unsupported is None)
        (result,) = (await hubspot.connector.search(query)).values()
        assert is_taken is isinstance(result, Searched)


async def test_hits_behind_the_last_that_hubspot_shows_are_refused(hubspot: Account) -> None:
    """The 10,001st hit cannot be read; the page that reaches the limit is cut."""
    query = SearchQuery(text="inc", selections={Entity.COMPANY: Selection()}, limit=200)

    results = await hubspot.connector.search(query, {Entity.COMPANY: 10_000})
    await hubspot.connector.search(query, {Entity.COMPANY: 9_950})

    (refused,) = results.values()
    assert isinstance(refused, UnsupportedBySource)
    assert "first 10000 hits" in refused.message
    assert [(body["limit"], body["after"]) for body in _bodies(hubspot)] == [(50, "9950")]


async def test_hostile_texts_are_searched_as_texts(hubspot: Account) -> None:
    """Whatever somebody types, the search answers hits or says why it cannot; it never widens to everything."""
    rows = len(await hubspot.read(Entity.CONTACT))

    async def check(text: str) -> None:
        query = SearchQuery(text=text, selections={Entity.CONTACT: Selection()}, limit=200)
        split = hubspot.connector.plan_search(query)
        (result,) = (await hubspot.connector.search(query)).values()
        assert isinstance(result, UnsupportedBySource if split.unsupported else Searched), (text, result)
        if isinstance(result, Searched):
            assert len(result.hits) < rows, text

    assert len(HOSTILE) >= 100
    await asyncio.gather(*map(check, HOSTILE))


async def test_one_type_that_fails_leaves_the_others(sandbox: Sandbox) -> None:
    """A type that the account does not offer is its own error, and the plan leaves it out."""
    async with account(sandbox, leads="none") as hubspot:
        query = SearchQuery(text="a", selections={Entity.LEAD: Selection(), Entity.CONTACT: Selection()}, limit=2)

        split = hubspot.connector.plan_search(query)
        results = await hubspot.connector.search(query)

    assert split.entities == (Entity.CONTACT,)
    assert isinstance(results[Entity.LEAD], UnsupportedBySource)
    assert isinstance(results[Entity.CONTACT], Searched)


async def test_leads_that_are_contacts_are_found_as_leads(sandbox: Sandbox) -> None:
    """The type's own condition goes with the text, so that nobody is found as both."""
    async with account(sandbox, leads="contact_stage") as hubspot:
        query = SearchQuery(
            text="example", selections={Entity.LEAD: Selection(), Entity.CONTACT: Selection()}, limit=200
        )

        found = await _found(hubspot, query)

    ids = [{hit.record.remote_id for hit in found[entity].hits} for entity in (Entity.LEAD, Entity.CONTACT)]
    assert all(ids)
    assert not ids[0] & ids[1]

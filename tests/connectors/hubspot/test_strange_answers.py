"""Answers that the emulator does not give: merged ids, vanished properties, errors without details."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest

from connectors.base import Aggregates, Connector
from connectors.credentials import Bearer
from connectors.http import AddressPolicy, Wire
from connectors.hubspot import PLATFORM
from connectors.hubspot.manifest import HubSpotOptions
from connectors.registry import SourceConfig
from connectors.scope import Deadline, Scope, entered
from model.aggregate import AggregateQuery, GroupKey
from model.entities import Contact, Entity
from model.errors import QuotaExhausted, SchemaDrift, UnsupportedBySource
from model.query import EVERYTHING, Compare, Operator, Query, Selection
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

STAMP = "2026-05-01T12:00:00.000Z"


class Portal:
    """A HubSpot account of contacts alone, told by a test.

    Attributes:
        properties: names of the contact's properties.
        shows_owners: whether the app may read owners.
        left_today: searches until the day's calls are used up; None for no end.
        merged: survivors by the ids that were merged into them.
        searched: bodies of searches.
        read: ids of batch reads.
    """

    def __init__(self, *known: str, merged: dict[str, str] | None = None, keeps_errors: bool = True) -> None:
        self.properties = ["hs_object_id", "email", "jobtitle", "createdate", "lastmodifieddate"]
        self.known = known
        self.merged = merged or {}
        self.keeps_errors = keeps_errors
        self.shows_owners = True
        self.left_today: int | None = None
        self.searched: list[dict[str, Any]] = []
        self.read: list[list[str]] = []

    async def answer(self, asked: Asked) -> Answer:
        """What HubSpot would say."""
        path, _, _ = asked.target.partition("?")
        if path == "/crm/v3/properties/contacts":
            return as_json({"results": [self._property(name) for name in self.properties]})
        if path.startswith("/crm/v3/owners") and not self.shows_owners:
            return as_json({"status": "error", "category": "MISSING_SCOPES", "message": "no scope"}, 403)
        if path.startswith(("/crm/v3/owners", "/crm/v3/pipelines")):
            return as_json({"results": []})
        if path == "/crm/v3/objects/contacts/search":
            return self._search(orjson.loads(asked.body))
        if path == "/crm/v3/objects/contacts/batch/read":
            return self._batch([one["id"] for one in orjson.loads(asked.body)["inputs"]])
        return as_json({"status": "error", "category": "OBJECT_NOT_FOUND", "message": "resource not found"}, 404)

    def _property(self, name: str) -> dict[str, Any]:
        kinds = {
            "hs_object_id": "number",
            "createdate": "datetime",
            "lastmodifieddate": "datetime",
            "lifecyclestage": "enumeration",
        }
        kind = kinds.get(name, "string")
        options = [{"value": value, "label": value} for value in ("lead", "customer")] if kind == "enumeration" else []
        return {"name": name, "label": name, "type": kind, "options": options}

    def _row(self, remote_id: str) -> dict[str, Any]:
        properties = {"email": f"{remote_id}@x.io", "lastmodifieddate": STAMP}
        return {"id": remote_id, "properties": properties, "createdAt": STAMP, "updatedAt": STAMP, "archived": False}

    def _search(self, body: dict[str, Any]) -> Answer:
        self.searched.append(body)
        if self.left_today is not None and len(self.searched) > self.left_today:
            return as_json({"status": "error", "policyName": "DAILY", "message": "used up"}, 429)
        named = [part["propertyName"] for group in body.get("filterGroups", ()) for part in group["filters"]]
        if {*body.get("properties", ()), *named} - set(self.properties):
            return as_json({"status": "error", "category": "VALIDATION_ERROR", "message": "There was a problem"}, 400)
        rows = [self._row(remote_id) for remote_id in self.known]
        return as_json({"total": len(rows), "results": rows})

    def _batch(self, ids: list[str]) -> Answer:
        self.read.append(ids)
        assert len(ids) == len(set(ids)) <= 100
        found = dict.fromkeys(self.merged.get(one, one) for one in ids if one in self.known or one in self.merged)
        lost = [one for one in ids if one not in self.known and one not in self.merged]
        answer: dict[str, Any] = {"status": "COMPLETE", "results": [self._row(one) for one in found]}
        if lost and self.keeps_errors:
            answer |= {"numErrors": 1, "errors": [{"status": "error", "context": {"ids": lost}}]}
        return as_json(answer, 207 if lost else 200)


@asynccontextmanager
async def _connected(portal: Portal) -> AsyncIterator[Connector]:
    async with Origin().listening() as origin:
        origin.handler = portal.answer
        config = SourceConfig(
            key="hs",
            name="HubSpot",
            platform="hubspot",
            base_url=origin.url,
            auth=Bearer.model_validate({"kind": "bearer", "token": "pat-na1-0000"}),
            options=HubSpotOptions(),
        )
        connector = PLATFORM.connect(config, Wire(addresses=AddressPolicy(allow_loopback=True)))
        try:
            with entered(Scope(deadline=Deadline.after(10), max_calls=100)):
                await connector.describe()
                yield connector
        finally:
            await connector.aclose()
        async with asyncio.timeout(2):
            await origin.idle.wait()


async def _told(portal: Portal, *ids: str) -> list[str | None]:
    """The id of the record that answers each of *ids*, None where one is missing."""
    async with _connected(portal) as connector:
        found = await connector.by_ids(Entity.CONTACT, ids, Selection(frozenset({"email"})))
    return [one.remote_id if isinstance(one, Contact) else None for one in found]


async def test_a_merged_id_gives_the_record_that_remains() -> None:
    """HubSpot answers a merged id with the survivor: it is returned under its own id, in the place asked."""
    portal = Portal("1", "5", merged={"2": "5"})

    assert await _told(portal, "1", "2", "9") == ["1", "5", None]


async def test_several_merged_ids_are_told_apart() -> None:
    """Which survivor answers which id is never guessed: such ids are read again, one by one."""
    portal = Portal("1", "5", "6", merged={"2": "5", "3": "6"})

    assert await _told(portal, "3", "1", "2", "5") == ["6", "1", "5", "5"]
    assert portal.read == [["3", "1", "2", "5"], ["3"], ["2"]]


async def test_missing_ids_cost_no_further_call() -> None:
    """Ids that HubSpot names as not found are missing, and not looked for again."""
    portal = Portal("1")

    assert await _told(portal, "1", "8", "9") == ["1", None, None]
    assert len(portal.read) == 1


async def test_ids_that_are_not_accounted_for_are_looked_at_alone() -> None:
    """Where errors name no ids, each id that was not answered is asked alone before it is called missing."""
    portal = Portal("1", keeps_errors=False)

    assert await _told(portal, "1", "8") == ["1", None]
    assert portal.read == [["1", "8"], ["8"]]


async def test_a_property_that_vanished_is_left_out() -> None:
    """A refused search makes the metadata be read again; without the vanished property the page is there."""
    portal = Portal("1", "2")
    query = Query(
        entity=Entity.CONTACT,
        selection=Selection(frozenset({"email", "job_title"})),
        where=Compare("created_at", Operator.GT, STAMP),
    )
    async with _connected(portal) as connector:
        portal.properties.remove("jobtitle")

        page = await connector.page(query)

    assert [(row.email, row.job_title) for row in page.records if isinstance(row, Contact)] == [
        ("1@x.io", None),
        ("2@x.io", None),
    ]
    assert len(portal.searched) == 2


async def test_a_vanished_property_in_a_predicate_is_missing_everywhere() -> None:
    """What was pushed on it is decided anew: nothing equals a property that does not exist."""
    portal = Portal("1")
    query = Query(entity=Entity.CONTACT, selection=Selection(), where=Compare("job_title", Operator.EQ, "Director"))
    async with _connected(portal) as connector:
        portal.properties.remove("jobtitle")

        page = await connector.page(query)

    assert (list(page.records), page.has_more) == ([], False)


async def test_an_own_property_that_vanished_is_missing_too() -> None:
    """Selected it reads as None, and nothing equals it, whatever name it is asked under."""
    portal = Portal("1", "2")
    name = "custom.TEXT.jobtitle"
    selected = Query(
        entity=Entity.CONTACT,
        selection=Selection(frozenset({name})),
        where=Compare("created_at", Operator.GT, STAMP),
    )
    compared = Query(entity=Entity.CONTACT, selection=Selection(), where=Compare(name, Operator.EQ, "Director"))
    async with _connected(portal) as connector:
        portal.properties.remove("jobtitle")

        page, none = await connector.page(selected), await connector.page(compared)

        told = connector.plan(compared).unsupported
    assert [row.custom for row in page.records] == [{"jobtitle": None}] * 2
    assert not none.records
    assert told is not None
    assert "jobtitle" in told


async def test_drift_that_cannot_be_mended_names_what_is_gone() -> None:
    """Where the account refuses to go on without the vanished property, the error says which one it was."""
    portal = Portal("1")
    query = Query(entity=Entity.CONTACT, selection=Selection(), where=Compare("email", Operator.NE, "x@x.io"))
    async with _connected(portal) as connector:
        portal.properties.remove("email")

        # Without the property every contact matches, and this account has no list of them.
        with pytest.raises(SchemaDrift, match=r"contacts\.email"):
            await connector.page(query)


async def test_owners_who_cannot_be_read_are_not_taken_for_none() -> None:
    """Without the scope nobody knows which owner has an address: the condition stays here, and ids still go."""
    portal = Portal("1")
    portal.properties.append("hubspot_owner_id")
    portal.shows_owners = False
    address = Compare("owner.email", Operator.EQ, "a@x.io")
    by_id = Compare("owner", Operator.EQ, "51")
    async with _connected(portal) as connector:
        plans = [
            connector.plan(Query(entity=Entity.CONTACT, selection=Selection(), where=where))
            for where in (address, by_id)
        ]

    assert [address, EVERYTHING] == [plan.residual for plan in plans]
    assert by_id == plans[1].pushed


async def test_groups_that_do_not_add_up_are_not_given() -> None:
    """A source that finds the same records under every value is not believed: the records are to be read."""
    portal = Portal("1", "2")
    portal.properties.append("lifecyclestage")
    query = AggregateQuery(entity=Entity.CONTACT, keys=(GroupKey("lifecycle"),))
    async with _connected(portal) as connector:
        assert isinstance(connector, Aggregates)
        assert connector.plan_aggregate(query).unsupported is None

        with pytest.raises(UnsupportedBySource, match="differ by -4: read the records"):
            await connector.aggregate(query)


async def test_a_day_that_ends_among_counts_is_said() -> None:
    """Counts that were answered do not stand for those that were not."""
    portal = Portal("1", "2")
    portal.properties.append("lifecyclestage")
    async with _connected(portal) as connector:
        portal.left_today = 2
        assert isinstance(connector, Aggregates)

        with pytest.raises(QuotaExhausted):
            await connector.aggregate(AggregateQuery(entity=Entity.CONTACT, keys=(GroupKey("lifecycle"),)))


async def test_unknown_properties_of_the_account_break_nothing() -> None:
    """Properties that nobody maps, of types that nobody knows, stand in the description."""
    portal = Portal("1")
    portal.properties.append("favourite_colour")
    async with _connected(portal) as connector:
        description = await connector.describe()

    fields = description.remote_fields[Entity.CONTACT]
    assert "favourite_colour" in {one.remote_field for one in fields}
    assert Entity.DEAL not in description.types
    assert any("no deals" in note for note in description.notes)

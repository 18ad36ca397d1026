"""Lists behind positions by page numbers; contacts and leads apart; an hour that is used up."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from math import ceil

import pytest

from connectors.freshsales.connector import FreshsalesConnector
from connectors.freshsales.lists import Listing, listed_call
from connectors.scope import Deadline, Scope, entered
from model.capabilities import RelationMode
from model.entities import Entity
from model.errors import QuotaExhausted, Rejected
from model.evaluate import sort_keys
from model.page import Position
from model.query import Compare, Direction, Operator, Order, Query, Selection
from sandbox.run import Sandbox
from tests.contract.sources import connecting

UNLIMITED = {"freshsales": {"hourly": 10**9}}
CONTACTS = Query(entity=Entity.CONTACT, selection=Selection(frozenset({"display_name", "updated_at"})), limit=25)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """An account of some pages."""
    with Sandbox(["freshsales"], scale=0.4, time_scale=100, options=UNLIMITED) as running:
        yield running


async def connected(sandbox: Sandbox) -> FreshsalesConnector:
    """A connector that has read the metadata, and no list."""
    made = connecting(sandbox, "freshsales")()
    assert isinstance(made, FreshsalesConnector)
    with entered(scope()):
        await made.describe()
    return made


@pytest.fixture
async def connector(sandbox: Sandbox) -> AsyncIterator[FreshsalesConnector]:
    """The same, closed after the test."""
    made = await connected(sandbox)
    yield made
    await made.aclose()


def scope(max_calls: int = 1_000) -> Scope:
    """A scope of its own for each step."""
    return Scope(deadline=Deadline.after(30), max_calls=max_calls)


async def walked(connector: FreshsalesConnector, query: Query, after: Position | None = None) -> tuple[list[str], int]:
    """The ids of every page behind *after*, and the calls that they took."""
    found: list[str] = []
    with entered(scope()) as spent:
        while True:
            page = await connector.page(query, after)
            found += [record.remote_id for record in page.records]
            if not page.has_more:
                return found, spent.data_calls

            after = page.resume


@pytest.mark.parametrize("order", [(), (Order("updated_at", Direction.DESC),)], ids=["by id", "by change"])
async def test_a_walk_takes_a_call_a_page(
    connector: FreshsalesConnector, sandbox: Sandbox, order: tuple[Order, ...]
) -> None:
    """Each page holds the row where the one before ended; whoever knows nothing finds the place by halving."""
    query = replace(CONTACTS, order=order)
    ids, calls = await walked(connector, query)
    with entered(scope()):
        first = await connector.page(query)
    last = first.records[-1]
    stranger = await connected(sandbox)
    rest, _ = await walked(stranger, query, Position(sort_keys(last, order), last.remote_id))
    await stranger.aclose()

    assert len(ids) == len(set(ids)) == 400
    assert calls <= ceil(len(ids) / query.limit) * 1.3
    assert rest == ids[len(first.records) :]


async def test_a_shifted_list_is_searched_anew(connector: FreshsalesConnector) -> None:
    """Rows before the place went or came: what stands there is not the row that was passed."""
    with entered(scope()):
        first = await connector.page(CONTACTS)
        after = first.resume or Position((), first.records[-1].remote_id)
        expected = await connector.page(CONTACTS, after)
        hints = connector._lists._hints
        for key, (index, remote_id) in hints.items():
            hints[key] = (index + 30, remote_id)
        again = await connector.page(CONTACTS, after)

    found = [row.remote_id for row in again.records]
    assert found
    assert found == [row.remote_id for row in expected.records][: len(found)]


async def test_a_contact_is_a_lead_or_not(connector: FreshsalesConnector) -> None:
    """Contacts in a stage of type Lead are leads: no row is both, and none is neither."""
    contacts, _ = await walked(connector, CONTACTS)
    leads, _ = await walked(connector, replace(CONTACTS, entity=Entity.LEAD))
    with entered(scope()):
        by_id = await connector.by_ids(Entity.CONTACT, [leads[0]], Selection())

    assert leads
    assert not set(contacts) & set(leads)
    assert type(by_id[0]).__name__ == "Missing"


async def test_what_costs_a_call_a_record_says_so(connector: FreshsalesConnector) -> None:
    """Plans and capabilities tell it, so that `explain` prices it."""
    ids = ("403000000007", "403000000014", "403000000021")
    with entered(scope()):
        description = await connector.describe()
    plan = connector.plan(replace(CONTACTS, where=Compare("remote_id", Operator.IN, ids)))

    assert plan.calls == 3
    assert description.types[Entity.CONTACT].batch_read_size is None
    assert {one.mode for one in description.types[Entity.COMPANY].relations.values() if one.is_many} == {
        RelationMode.PER_PARENT
    }


async def test_the_hour_is_never_waited_for() -> None:
    """A refusal for the hour's calls fails at once, with the time of its end."""
    with Sandbox(["freshsales"], scale=0.02) as sandbox:
        connector = await connected(sandbox)
        sandbox.faults("freshsales").set("quota_exhausted")
        with entered(scope()) as spent, pytest.raises(QuotaExhausted) as caught:
            await connector.page(CONTACTS)
        await connector.aclose()

    assert spent.data_calls == 1
    assert caught.value.retry_after_s is not None


async def test_the_vendor_refuses_unknown_attributes(connector: FreshsalesConnector) -> None:
    """A rule or an order that the account does not know is an error, and no empty list."""
    listing = Listing("contacts", Entity.CONTACT, "/filtered_search/contact", rules=(("cf_none", ("1",)),))

    with entered(scope()), pytest.raises(Rejected, match="cf_none"):
        await connector._client.send(listed_call(listing, ("id", False), 0, 10))

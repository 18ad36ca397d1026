"""Lists behind positions: with hints, without them, and with hints that the vendor refuses."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from math import ceil

import pytest

from connectors.base import Connector
from connectors.http import Call
from connectors.pipedrive.connector import PipedriveConnector
from connectors.scope import Deadline, Scope, entered
from model.entities import Appointment, Entity, Record
from model.errors import BudgetExceeded, QuotaExhausted, RateLimited, Rejected
from model.evaluate import sorted_records
from model.page import Position
from model.query import Compare, Direction, Operator, Order, Query, Selection
from sandbox.run import Sandbox
from tests.contract.sources import connecting

UNLIMITED = {"pipedrive": {"daily": 10**9, "burst": 10**6, "search_rate": 10**6}}
CONTACTS = Query(entity=Entity.CONTACT, selection=Selection(frozenset({"display_name", "updated_at"})), limit=30)
LEADS = replace(CONTACTS, entity=Entity.LEAD, limit=7)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A small account."""
    with Sandbox(["pipedrive"], scale=0.1, time_scale=100, options=UNLIMITED) as running:
        yield running


@pytest.fixture
async def connector(sandbox: Sandbox) -> AsyncIterator[PipedriveConnector]:
    """A connector that has read the metadata."""
    made = connecting(sandbox, "pipedrive")()
    assert isinstance(made, PipedriveConnector)
    with entered(scope()):
        await made.describe()
    yield made
    await made.aclose()


def scope(max_calls: int = 1_000) -> Scope:
    """A scope of its own for each step."""
    return Scope(deadline=Deadline.after(30), max_calls=max_calls)


async def walked(connector: PipedriveConnector, query: Query, after: Position | None = None) -> tuple[list[str], int]:
    """The ids of every page behind *after*, and the calls that they took."""
    found: list[str] = []
    with entered(scope()) as spent:
        while True:
            page = await connector.page(query, after)
            found += [record.remote_id for record in page.records]
            if not page.has_more:
                return found, spent.data_calls
            after = page.resume or Position((), page.records[-1].remote_id)


@pytest.mark.parametrize("query", [CONTACTS, LEADS], ids=["by cursor", "by offset"])
async def test_a_walk_takes_a_call_a_page(connector: PipedriveConnector, sandbox: Sandbox, query: Query) -> None:
    """Where the page before left a locator; whoever has none walks from the start, to the same rows."""
    ids, calls = await walked(connector, query)
    stranger = connecting(sandbox, "pipedrive")()
    assert isinstance(stranger, PipedriveConnector)
    rest, _ = await walked(stranger, query, Position((), ids[query.limit - 1]))
    await stranger.aclose()

    assert calls == ceil(len(ids) / query.limit) > 2
    assert len(set(ids)) == len(ids)
    assert rest == ids[query.limit :]


@pytest.mark.parametrize("lead", ["12", "é" * 36, "z" * 36])
async def test_what_can_be_no_lead_is_not_asked_for(connector: PipedriveConnector, lead: str) -> None:
    """Leads have UUIDs, and Pipedrive refuses the whole list where a condition has anything else."""
    of_lead = replace(CONTACTS, entity=Entity.APPOINTMENT, where=Compare("lead", Operator.EQ, lead))

    with entered(scope()):
        split = connector.plan(of_lead)
        page = await connector.page(replace(of_lead, where=split.pushed))

    assert (list(page.records), page.has_more) == ([], False)


async def test_a_refused_cursor_is_forgotten(connector: PipedriveConnector) -> None:
    """The vendor may end a cursor at any time: the page is found from the start then."""
    with entered(scope()):
        first = await connector.page(CONTACTS)
        after = Position((), first.records[-1].remote_id)
        expected = await connector.page(CONTACTS, after)
        hints = connector._lists._hints
        for key in hints:
            hints[key] = "bm9uZSBvZiB0aGVpcnM"
        again = await connector.page(CONTACTS, after)

    assert [row.remote_id for row in again.records] == [row.remote_id for row in expected.records]


async def test_a_walk_from_the_start_is_bounded(sandbox: Sandbox) -> None:
    """A place deep in a list costs calls, and never more than the request has."""
    stranger = connecting(sandbox, "pipedrive")()
    with entered(scope(0)):
        await stranger.describe()
        with pytest.raises(BudgetExceeded):
            await stranger.page(CONTACTS, Position((), "1"))
    await stranger.aclose()


async def test_an_order_by_change_needs_no_hint(connector: PipedriveConnector, sandbox: Sandbox) -> None:
    """A bound of the last change leads back, in both directions, in one call a page."""
    for direction in Direction:
        query = replace(CONTACTS, order=(Order("updated_at", direction),))
        with entered(scope()) as spent:
            first = await connector.page(query)
            last = first.records[-1]
            second = await connector.page(query, Position((str(last.updated_at),), last.remote_id))
        assert spent.data_calls == 2
        assert not {row.remote_id for row in first.records} & {row.remote_id for row in second.records}


async def test_parameters_are_what_is_pushed(connector: PipedriveConnector) -> None:
    """One status, one owner, bounds of the last change; the rest is checked here."""
    where = Compare("status", Operator.IN, ("OPEN", "WON"))
    split = connector.plan(replace(CONTACTS, entity=Entity.DEAL, where=where))
    text = connector.plan(replace(CONTACTS, where=Compare("display_name", Operator.EQ, "Ada")))

    assert split.vendor_query == "GET /api/v2/deals?status=open,won"
    assert split.is_exact
    assert text.residual == Compare("display_name", Operator.EQ, "Ada")


@pytest.mark.parametrize(
    ("fault", "error"), [("quota_exhausted", QuotaExhausted), ("rate_limited", RateLimited)], ids=str
)
async def test_a_day_that_is_used_up_is_no_short_wait(fault: str, error: type[Exception]) -> None:
    """The daily budget is never waited for; a burst is, as long as the deadline allows."""
    with Sandbox(["pipedrive"], scale=0.02, time_scale=1, options=UNLIMITED) as sandbox:
        connector = connecting(sandbox, "pipedrive")()
        with entered(scope()):
            await connector.describe()
        sandbox.faults("pipedrive").set(fault)
        with entered(Scope(deadline=Deadline.after(1), max_calls=9)), pytest.raises(error):
            await connector.page(CONTACTS)
        await connector.aclose()


async def test_the_vendor_refuses_what_the_manifest_forbids(connector: PipedriveConnector) -> None:
    """Its own limits are those that the connector keeps: 500 rows, 100 ids, no fractions of seconds."""
    for params in (
        (("limit", "501"),),
        (("ids", ",".join(str(one) for one in range(1, 102))),),
        (("updated_since", "2026-01-01T00:00:00.123Z"),),
    ):
        call = Call(operation="list", method="GET", path="/api/v2/persons", params=params, parse=len)
        with entered(scope()), pytest.raises(Rejected):
            await connector._client.send(call)


@pytest.mark.parametrize("task_types", [("task",), ("task", "meeting")])
async def test_an_activity_is_a_task_by_its_type_alone(sandbox: Sandbox, task_types: tuple[str, ...]) -> None:
    """Each activity is of one of both types, and an option says of which."""
    connector = connecting(sandbox, "pipedrive", task_types=task_types)()
    wanted = Selection(frozenset({"kind"}))
    with entered(scope()):
        tasks = await connector.page(Query(entity=Entity.TASK, selection=Selection(), limit=200))
        appointments = await connector.page(Query(entity=Entity.APPOINTMENT, selection=wanted, limit=200))
    await connector.aclose()
    kinds = {record.kind for record in appointments.records if isinstance(record, Appointment)}

    assert tasks.records
    assert not tasks.has_more
    assert not kinds & {*task_types}
    assert ("meeting" in kinds) is ("meeting" not in task_types)
    assert "deadline" in kinds


CHANGES = [(Order("updated_at", direction),) for direction in Direction]


@pytest.mark.parametrize(("entity", "order"), [(Entity.LEAD, ()), *((Entity.DEAL, order) for order in ((), *CHANGES))])
async def test_archived_records_stand_among_the_others(
    connector: PipedriveConnector, sandbox: Sandbox, entity: Entity, order: tuple[Order, ...]
) -> None:
    """Two lists are read as one, a call of each for a page, and a stranger goes on at any place."""
    plain = Query(entity=entity, selection=Selection(frozenset({"is_archived", "updated_at"})), limit=7, order=order)
    query = replace(plain, include_archived=True)
    stranger = connecting(sandbox, "pipedrive")()
    with entered(scope()):
        known = await everything(connector, plain)
        split = connector.plan(query)
    found: list[Record] = []
    after: Position | None = None
    has_more = True
    while has_more:
        with entered(scope()) as spent:
            page = await connector.page(query, after)
        with entered(scope()):
            again = await stranger.page(query, after)
        found += page.records
        assert spent.data_calls <= split.calls == 2
        assert again.records == page.records
        after, has_more = page.resume, page.has_more
    await stranger.aclose()

    assert split.is_exact
    assert [row for row in found if not row.is_archived] == known
    assert len(found) > len(known)
    assert found == sorted_records(found, entity=entity, order=order, id_key=connector.id_key)


async def everything(connector: Connector, query: Query) -> list[Record]:
    """The records of every page."""
    found: list[Record] = []
    page = await connector.page(query)
    found += page.records
    while page.has_more:
        page = await connector.page(query, page.resume)
        found += page.records
    return found


async def test_deleted_deals_are_listed_by_their_status(connector: PipedriveConnector) -> None:
    """Of the last 30 days; a condition on the status is checked here then. Nothing else that is deleted is listed."""
    where = Compare("status", Operator.EQ, "OPEN")
    deals = connector.plan(replace(CONTACTS, entity=Entity.DEAL, where=where, include_deleted=True))

    assert deals.vendor_query == "GET /api/v2/deals?status=open,won,lost,deleted"
    assert deals.residual == where
    assert deals.is_exact
    assert not connector.plan(replace(CONTACTS, include_deleted=True)).is_exact

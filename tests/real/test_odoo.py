"""The Odoo connector over a real Odoo: its own demo data, and the book's."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from connectors.base import Connector
from connectors.conformance import run_laws
from connectors.credentials import Bearer
from connectors.http import AddressPolicy, Pace, Wire
from connectors.odoo import PLATFORM
from connectors.odoo.connector import OdooConnector
from connectors.registry import SourceConfig
from connectors.scope import Deadline, Scope, entered
from gateway.cli.capabilities import tables_of
from model.aggregate import AggregateQuery, Fold
from model.entities import Entity, Record
from model.evaluate import evaluate, sort_keys, sorted_records
from model.page import Position
from model.query import EVERYTHING, And, Compare, Direction, Operator, Order, Predicate, Query, Selection
from tests.architecture.tree import ROOT
from tests.docs.capability_pages import path_of
from tests.real.addresses import OdooAddress
from tests.real.relay import relayed

pytestmark = pytest.mark.real

# Odoo's own deals have other names; the book's are "Deal 007 Name of a company".
BOOKED = Compare("name", Operator.STARTS_WITH, "Deal ")
NOT_LOST = And((BOOKED, Compare("status", Operator.IN, ("OPEN", "WON"))))
AMOUNTS = Selection(frozenset({"name", "amount", "status", "updated_at"}))


def connecting(odoo: OdooAddress) -> Callable[[], OdooConnector]:
    """Makes connectors to the account."""
    config = SourceConfig(
        key="odoo",
        name="Odoo",
        platform="odoo",
        base_url=odoo.url,
        auth=Bearer.model_validate({"kind": "bearer", "token": odoo.key}),
        options=PLATFORM.options.model_validate({"database": odoo.database}),
    )
    return lambda: OdooConnector(config, Wire(pace=Pace(), addresses=AddressPolicy(allow_loopback=True)))


@pytest.fixture
async def connector(odoo: OdooAddress) -> AsyncIterator[OdooConnector]:
    """A described connector, inside a scope."""
    made = connecting(odoo)()
    with entered(Scope(deadline=Deadline.after(60), max_calls=10_000)):
        await made.describe()
        yield made
    await made.aclose()


async def walked(connector: Connector, query: Query) -> list[Record]:
    """The rows of all pages of *query*."""
    rows: list[Record] = []
    after: Position | None = None
    while True:
        page = await connector.page(query, after)
        rows += page.records
        if not page.has_more:
            return rows
        after = Position(sort_keys(rows[-1], query.order), rows[-1].remote_id)


async def test_every_law_is_kept(odoo: OdooAddress) -> None:
    """Drawn queries find no case that breaks a law, whatever becomes of Odoo's answers on their way."""
    async with relayed(odoo.url) as (url, relay):
        connect = connecting(replace(odoo, url=url))
        connector = connect()
        try:
            report = await run_laws(
                connector,
                seed=1,
                rounds=8,
                again=connect,
                secrets=(odoo.key,),
                troubles=relay.troubles,
                tie_calls=1,  # by an instant, the end of a page may cut a second
            )
        finally:
            await connector.aclose()
    report.require_none_broken()


async def test_amounts_are_summed_by_odoo(connector: OdooConnector) -> None:
    """The book's deals that are not lost are counted and summed in one call."""
    query = AggregateQuery(entity=Entity.DEAL, where=NOT_LOST, amount="amount")

    [row] = await connector.aggregate(query)

    assert connector.plan_aggregate(query).unsupported is None
    assert (row.count, row.amounts["USD"].sum) == (96, Decimal("4303922.08"))


async def test_its_page_of_capabilities_is_what_the_connector_says(connector: OdooConnector) -> None:
    """Below the page's first lines stands what `crm-gateway capabilities` prints of an Odoo without own fields."""
    page = (ROOT / path_of("odoo")).read_text(encoding="utf-8")

    assert page.partition("\n\nA lead ")[2] == (tables_of(await connector.describe()) + "\n").removeprefix("A lead ")


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("limit", [7, 50])
async def test_a_walk_by_time_loses_and_repeats_nothing(
    direction: Direction, limit: int, connector: OdooConnector
) -> None:
    """Deals by the time of their change, of which dozens share a second, come once each, and add up."""
    order = (Order("updated_at", direction),)
    query = Query(entity=Entity.DEAL, selection=AMOUNTS, where=NOT_LOST, order=order, limit=limit)

    rows = await walked(connector, query)

    assert rows == sorted_records(rows, entity=Entity.DEAL, order=order, id_key=int)
    assert len({row.remote_id for row in rows}) == len(rows) == 96
    fold = Fold(AggregateQuery(entity=Entity.DEAL, amount="amount"))
    fold.add(rows)
    assert fold.rows()[0].amounts["USD"].sum == Decimal("4303922.08")


async def test_a_shown_second_is_found_whatever_its_fraction(connector: OdooConnector) -> None:
    """Each bound at an instant that a record shows selects what it would of the shown instants."""
    every = await walked(connector, Query(entity=Entity.DEAL, selection=AMOUNTS, limit=1000))
    assert len({row.updated_at for row in every}) > 1

    for shown in sorted({str(row.updated_at) for row in every}):
        for operator in (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE):
            where: Predicate = Compare("updated_at", operator, shown)
            split = connector.plan(Query(entity=Entity.DEAL, selection=AMOUNTS, where=where))
            found = await connector.count(Entity.DEAL, where)

            assert split.residual == EVERYTHING
            assert found == sum(evaluate(where, row, entity=Entity.DEAL) for row in every)

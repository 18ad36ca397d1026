"""What only this connector does, over a socket."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from connectors.dynamics365.connector import DynamicsConnector
from connectors.http import together
from connectors.scope import Deadline, Scope, entered
from model.entities import Deal, Entity
from model.errors import RateLimited, SourceForbidden
from model.query import (
    And,
    Compare,
    Direction,
    MoneyBound,
    Operator,
    Order,
    Predicate,
    Query,
    RelationSelection,
    Selection,
)
from model.values import Money
from sandbox.run import Sandbox
from tests.contract.sources import connecting


@asynccontextmanager
async def organisation(sandbox: Sandbox, **options: object) -> AsyncIterator[tuple[DynamicsConnector, Scope]]:
    """A described connector, and the scope of its calls."""
    connector = connecting(sandbox, "dynamics365", **options)()
    assert isinstance(connector, DynamicsConnector)
    try:
        with entered(Scope(deadline=Deadline.after(20), max_calls=1000)) as scope:
            await connector.describe()
            yield connector, scope
    finally:
        await connector.aclose()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A small organisation."""
    with Sandbox(["dynamics365"], scale=0.1, time_scale=100) as running:
        yield running


async def test_a_page_carries_what_it_is_asked_for(sandbox: Sandbox) -> None:
    """Contacts with company, owner, deals and tasks are one call."""
    wanted = {
        "company": RelationSelection(Selection(frozenset({"name"}))),
        "owner": RelationSelection(Selection(frozenset({"name"}))),
        "deals": RelationSelection(Selection(), 5),
        "tasks": RelationSelection(Selection(frozenset({"subject"})), 5),
    }
    query = Query(entity=Entity.CONTACT, selection=Selection(frozenset({"email"}), wanted), limit=100)
    async with organisation(sandbox) as (connector, scope):
        page = await connector.page(query)

        assert scope.data_calls == connector.plan(query).calls == 1
        assert len(page.records) == 100
        assert any(links.links for (name, _), links in page.related.items() if name == "deals")
        assert {type(record).__name__ for record in page.primed} == {"Company"}


@pytest.mark.parametrize(("status", "calls"), [(None, 2), ("OPEN", 1), ("WON", 1)], ids=["any state", "open", "won"])
async def test_amounts_are_ordered_over_two_columns(status: str | None, calls: int, sandbox: Sandbox) -> None:
    """Open deals have an estimated value and closed ones an actual one; a filter by state spares a call."""
    parts: list[Predicate] = [Compare("amount", Operator.GT, MoneyBound("EUR", "0"))]
    parts += [Compare("status", Operator.EQ, status)] if status else []
    order = (Order("amount", Direction.DESC),)
    query = Query(
        entity=Entity.DEAL, selection=Selection(frozenset({"amount", "status"})), where=And(tuple(parts)), order=order
    )
    async with organisation(sandbox) as (connector, scope):
        split = connector.plan(query)
        page = await connector.page(query)

        amounts = [
            float(row.amount.amount) for row in page.records if isinstance(row, Deal) and isinstance(row.amount, Money)
        ]
        assert (split.is_order_pushed, split.calls, scope.data_calls) == (True, calls, calls)
        assert len(amounts) > 5
        assert amounts == sorted(amounts, reverse=True)


async def test_a_client_that_ignores_the_limit_is_refused() -> None:
    """A vendor that counts fewer calls than we do says how long to wait, and the error says so."""
    with Sandbox(["dynamics365"], scale=0.02, options={"dynamics365": {"burst": 40}}) as sandbox:
        async with organisation(sandbox) as (connector, _):
            queries = [Query(entity=Entity.TASK, selection=Selection(), limit=limit) for limit in range(1, 60)]
            with pytest.raises(RateLimited) as caught:
                await together(*map(connector.page, queries))

    assert caught.value.source == "dynamics365"
    assert caught.value.retry_after_s is None or caught.value.retry_after_s > 0


async def test_a_missing_privilege_is_told(sandbox: Sandbox) -> None:
    """The error names what to do, and whose it is."""
    async with organisation(sandbox) as (connector, _):
        sandbox.faults("dynamics365").set("forbidden")
        try:
            with pytest.raises(SourceForbidden, match="privilege"):
                await connector.page(Query(entity=Entity.TASK, selection=Selection()))
        finally:
            sandbox.faults("dynamics365").clear()


async def test_an_account_without_flows_is_read(sandbox: Sandbox) -> None:
    """A user who may not read processes has deals without named stages, and the description says why."""
    sandbox.faults("dynamics365").set("forbidden", path="/workflows")
    try:
        async with organisation(sandbox) as (connector, _):
            description = await connector.describe()
    finally:
        sandbox.faults("dynamics365").clear()

    assert description.pipelines == ()
    assert Entity.DEAL in description.types
    assert any("workflows" in note for note in description.notes)

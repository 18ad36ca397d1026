"""The HubSpot connector keeps every law over its emulator."""

from collections.abc import Iterator
from random import Random

import pytest

from connectors.conformance.bench import Bench
from connectors.conformance.laws.conduct import a_page_costs_what_is_declared
from model.entities import Appointment, Entity
from model.query import Compare, Operator, Query, Selection
from sandbox.run import Sandbox
from tests.contract.sources import connecting, require_laws

# Limits have tests of their own: drawn queries would only wait for them.
UNLIMITED = {"hubspot": {"burst_private": 1_000_000, "search_rate": 1_000_000, "daily": 100_000_000}}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A small account whose index does not lag."""
    with Sandbox(["hubspot"], scale=0.1, time_scale=100, options=UNLIMITED) as running:
        yield running


async def test_hubspot_keeps_every_law(sandbox: Sandbox) -> None:
    """Drawn queries find no case that breaks the law; a page end inside a group of ties takes a search more."""
    await require_laws(sandbox, "hubspot", seed=1, rounds=8, tie_calls=1)


async def test_hubspot_reads_as_many_batches_as_contacts_attend() -> None:
    """What attendees cost is declared as one batch of contacts; it takes none for nobody, and more for a crowd."""
    with Sandbox(["hubspot"], scale=0.5, time_scale=100, options=UNLIMITED) as sandbox:
        connector = connecting(sandbox, "hubspot")()
        try:
            bench = Bench(connector)
            await bench.open()
            rows = [row for row in await bench.rows(Entity.APPOINTMENT) if isinstance(row, Appointment)]
            by_guests = [(row.remote_id, [one.contact for one in row.attendees or () if one.contact]) for row in rows]
            lonely = [remote_id for remote_id, guests in by_guests if not guests][:3]
            crowd = [remote_id for remote_id, guests in by_guests if len(guests) > 1][:150]
            assert len({guest for remote_id, guests in by_guests if remote_id in crowd for guest in guests}) > 200
            for ids in (lonely, crowd):
                where = Compare("remote_id", Operator.IN, tuple(ids))
                selection = Selection(frozenset({"attendees"}))
                query = Query(entity=Entity.APPOINTMENT, selection=selection, where=where, limit=len(ids))
                await a_page_costs_what_is_declared(bench, query, Random())  # noqa: S311 - it draws nothing
        finally:
            await connector.aclose()


@pytest.mark.slow
@pytest.mark.parametrize("leads", ["object", "contact_stage"])
@pytest.mark.parametrize("seed", [101, 102])
async def test_hubspot_keeps_the_laws_with_every_sort_of_lead(leads: str, seed: int) -> None:
    """Leads that are objects and leads that are contacts are read by the same laws, with many more queries."""
    with Sandbox(["hubspot"], scale=0.2, time_scale=100, options=UNLIMITED) as sandbox:
        await require_laws(sandbox, "hubspot", seed=seed, rounds=32, tie_calls=1, leads=leads)

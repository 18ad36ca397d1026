"""The HubSpot connector keeps every law over its emulator."""

from collections.abc import Iterator

import pytest

from connectors.conformance import LAWS, Law, name_of
from sandbox.run import Sandbox
from tests.contract.sources import require_laws

# Limits have tests of their own: drawn queries would only wait for them.
UNLIMITED = {"hubspot": {"burst_private": 1_000_000, "search_rate": 1_000_000, "daily": 100_000_000}}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A small account whose index does not lag."""
    with Sandbox(["hubspot"], scale=0.1, time_scale=100, options=UNLIMITED) as running:
        yield running


@pytest.mark.parametrize("law", LAWS, ids=name_of)
async def test_hubspot_keeps(law: Law, sandbox: Sandbox) -> None:
    """Drawn queries find no case that breaks the law; a page end inside a group of ties takes a search more."""
    await require_laws(sandbox, "hubspot", law, seed=1, rounds=24, tie_calls=1)


@pytest.mark.slow
@pytest.mark.parametrize("leads", ["object", "contact_stage"])
@pytest.mark.parametrize("seed", [101, 102])
async def test_hubspot_keeps_the_laws_with_every_sort_of_lead(leads: str, seed: int) -> None:
    """Leads that are objects and leads that are contacts are read by the same laws, with many more queries."""
    with Sandbox(["hubspot"], scale=0.2, time_scale=100, options=UNLIMITED) as sandbox:
        await require_laws(sandbox, "hubspot", seed=seed, rounds=40, tie_calls=1, leads=leads)

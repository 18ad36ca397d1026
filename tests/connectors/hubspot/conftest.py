"""The emulated account that most tests read: one for all, for nothing writes to it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from sandbox.run import Sandbox
from tests.connectors.hubspot.accounts import UNLIMITED, Account, account


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """An account with every type, a third of the demo's size, whose limits are out of the way."""
    with Sandbox(["hubspot"], scale=0.3, time_scale=100, options={"hubspot": UNLIMITED}) as running:
        yield running


@pytest.fixture
async def hubspot(sandbox: Sandbox) -> AsyncIterator[Account]:
    """A described connector to it."""
    async with account(sandbox) as connected:
        yield connected

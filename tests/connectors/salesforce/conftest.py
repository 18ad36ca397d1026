"""The org most tests read."""

from collections.abc import AsyncIterator, Iterator

import pytest

from sandbox.run import Sandbox
from tests.connectors.salesforce.org import Org, connected

__all__ = ["org", "sandbox"]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A small org as its vendor ships it; tests that misuse it start their own."""
    with Sandbox(["salesforce"], scale=0.15) as running:
        yield running


@pytest.fixture
async def org(sandbox: Sandbox) -> AsyncIterator[Org]:
    """That org, described."""
    async with connected(sandbox) as found:
        yield found

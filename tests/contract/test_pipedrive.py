"""The Pipedrive connector keeps every law over its emulator."""

from collections.abc import Iterator

import pytest

from sandbox.run import Sandbox
from tests.contract.sources import require_laws

# Limits have tests of their own: drawn queries would only wait for them.
UNLIMITED = {"pipedrive": {"daily": 10**9, "burst": 10**6, "search_rate": 10**6}}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A small account."""
    with Sandbox(["pipedrive"], scale=0.06, time_scale=100, options=UNLIMITED) as running:
        yield running


async def test_pipedrive_keeps_every_law(sandbox: Sandbox) -> None:
    """Drawn queries find no case that breaks the law."""
    await require_laws(sandbox, "pipedrive", seed=1, rounds=6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102])
async def test_pipedrive_keeps_the_laws_with_more_queries(seed: int) -> None:
    """Many more queries over a larger account find none either."""
    with Sandbox(["pipedrive"], scale=0.2, time_scale=100, options=UNLIMITED) as sandbox:
        await require_laws(sandbox, "pipedrive", seed=seed, rounds=32)

"""The Dynamics 365 connector keeps every law over its emulator."""

import pytest

from sandbox.run import Sandbox
from tests.contract.sources import require_laws

# Limits have tests of their own: drawn queries would only wait for them.
UNLIMITED = {"dynamics365": {"burst": 1_000_000, "execution_s": 1_000_000, "concurrent": 1_000}}


@pytest.mark.parametrize("seed", [1])
async def test_dynamics365_keeps_the_laws(seed: int) -> None:
    """Drawn queries find no case that breaks a law."""
    with Sandbox(["dynamics365"], scale=0.1, time_scale=100, options=UNLIMITED) as sandbox:
        await require_laws(sandbox, "dynamics365", seed=seed, rounds=6, requests=1_000_000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102, 103])
async def test_dynamics365_keeps_the_laws_with_many_queries(seed: int) -> None:
    """More rows, and more queries of other seeds."""
    with Sandbox(["dynamics365"], scale=0.2, time_scale=100, options=UNLIMITED) as sandbox:
        await require_laws(sandbox, "dynamics365", seed=seed, rounds=32, requests=1_000_000)

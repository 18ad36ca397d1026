"""Connectors told by files keep every law over the emulators of their APIs."""

import pytest

from sandbox.run import Sandbox
from tests.contract.sources import require_laws

# Limits have tests of their own: drawn queries would only wait for them.
UNLIMITED: dict[str, dict[str, str | int | float | bool]] = {
    "generic_rest": {"burst": 100_000_000, "daily": 100_000_000, "concurrency": 1_000},
    "generic_graphql": {"minute": 100_000_000, "daily": 100_000_000},
    "projects": {"minute": 100_000_000},
}


@pytest.mark.parametrize("platform", UNLIMITED)
async def test_a_file_keeps_every_law(platform: str) -> None:
    """Drawn queries find no case that breaks the law."""
    with Sandbox([platform], scale=0.04, time_scale=100, options={platform: UNLIMITED[platform]}) as sandbox:
        await require_laws(sandbox, platform, seed=1, rounds=3)


@pytest.mark.slow
@pytest.mark.parametrize("platform", UNLIMITED)
async def test_a_file_keeps_the_laws_with_more_queries(platform: str) -> None:
    """Many more queries over a larger account find none either."""
    with Sandbox([platform], scale=0.1, time_scale=100, options={platform: UNLIMITED[platform]}) as sandbox:
        await require_laws(sandbox, platform, seed=102, rounds=12)

"""The Salesforce connector keeps every law over its emulator."""

from collections.abc import Iterator

import pytest

from sandbox.run import Option, Sandbox
from tests.contract.sources import require_laws


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A small org."""
    with Sandbox(["salesforce"], scale=0.1, time_scale=100) as running:
        yield running


async def test_salesforce_keeps_every_law(sandbox: Sandbox) -> None:
    """Drawn queries find no case that breaks the law."""
    await require_laws(sandbox, "salesforce", seed=1, rounds=8)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"multi_currency": True, "shared_activities": True},
        {"contacts_to_multiple_accounts": False},
        {"not_in_keeps_null": False, "archive_after_days": 0},
    ],
    ids=lambda options: " ".join(options) or "plain",
)
@pytest.mark.parametrize("seed", [101, 102])
async def test_salesforce_keeps_the_laws_in_every_sort_of_org(options: dict[str, Option], seed: int) -> None:
    """Orgs that are set up differently are read by the same laws, with many more queries."""
    with Sandbox(["salesforce"], scale=0.2, time_scale=100, options={"salesforce": options}) as sandbox:
        await require_laws(sandbox, "salesforce", seed=seed, rounds=32)

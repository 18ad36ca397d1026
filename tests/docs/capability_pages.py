"""The pages of `docs/connectors/capabilities/`, made from what each connector says of its emulated account.

`uv run python -m tests.docs.capability_pages` writes them.
"""

import asyncio
from pathlib import Path

from connectors.registry import platforms
from connectors.scope import Deadline, Scope, entered
from gateway.cli.capabilities import tables_of
from gateway.telemetry import configure_logs
from sandbox.run import Sandbox
from sandbox.run import platforms as emulated
from tests.architecture.tree import ROOT
from tests.contract.sources import connecting

__all__ = ["PLATFORMS", "path_of", "written"]

PLATFORMS = [emulator.platform for emulator in emulated() if emulator.platform in platforms()]
"""Every platform that has an emulator, in the order of their ports."""


def path_of(platform: str) -> Path:
    """Where the page of *platform* is, from the repository."""
    return Path("docs/connectors/capabilities") / f"{platform}.md"


def written(platform: str) -> str:
    """The page of *platform*, as its connector describes the emulated account."""
    name = platforms()[platform].name
    with Sandbox([platform], scale=0.02, time_scale=100) as sandbox:
        tables = asyncio.run(_tables(sandbox, platform))
    return (
        f"# What {name} can do here\n\n"
        f"Made from what the connector says of the emulated account; `crm-gateway capabilities` prints the same of"
        f" yours.\nHow it reads, and where its meaning differs, is in [its page](../{platform}.md).\n\n{tables}\n"
    )


async def _tables(sandbox: Sandbox, platform: str) -> str:
    connector = connecting(sandbox, platform)()
    try:
        with entered(Scope(deadline=Deadline.after(30), max_calls=0)):
            return tables_of(await connector.describe())
    finally:
        await connector.aclose()


if __name__ == "__main__":
    configure_logs("warning")
    for one in PLATFORMS:
        (ROOT / path_of(one)).write_text(written(one), encoding="utf-8")

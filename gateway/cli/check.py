"""`check`: is the config right, and can every source be read?"""

import asyncio
from pathlib import Path
from time import perf_counter

from rich.console import Console

from connectors.scope import Deadline, Scope, entered
from gateway.cli.aliases import alias_findings
from gateway.cli.terminal import say
from gateway.config import Settings, load_settings
from gateway.telemetry import configure_logs
from model.errors import GatewayError
from resolvers.sources import Source

__all__ = ["check"]

_DEADLINE_S = 30.0


def check(config: Path, *, offline: bool) -> int:
    """0 when everything is in order, else 1, with a line for each source and each custom field it does not have.

    Raises:
        ConfigError: with every mistake of the file.
    """
    settings = load_settings(config)
    configure_logs("warning")
    say(f"{config}: {len(settings.sources)} sources, no mistakes")
    if offline:
        return 0
    with Console(stderr=True).status("Signing in to the sources …"):
        lines = asyncio.run(_read_all(settings))
    for _, told in lines:
        for line in told:
            say(line)
    return 0 if all(is_fine for is_fine, _ in lines) else 1


async def _read_all(settings: Settings) -> list[tuple[bool, list[str]]]:
    # Only who calls the sources needs what takes seconds to import.
    from gateway.wiring import Gateway

    gateway = Gateway(settings)
    try:
        return list(await asyncio.gather(*(_read(source) for source in gateway.sources)))
    finally:
        await gateway.aclose()


async def _read(source: Source) -> tuple[bool, list[str]]:
    started = perf_counter()
    with entered(Scope(deadline=Deadline.after(_DEADLINE_S), max_calls=0)) as scope:
        try:
            description = await source.connector.describe()
        except GatewayError as error:
            return False, [f"{source.key}: {error.code}: {error.message}"]
    took_ms = (perf_counter() - started) * 1000
    types = ", ".join(entity.value for entity in description.types)
    calls = len(scope.calls)
    findings = alias_findings(source.aliases, source.key, description)
    line = f"{source.key}: {source.platform.name}, reads {types} ({calls} calls, {took_ms:.0f} ms)"
    return not findings, [line, *findings]

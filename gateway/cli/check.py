"""`check`: is a config or a connector file right, can every account be read, and does it keep the laws?"""

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

from rich.console import Console

from connectors.registry import platform_of
from connectors.scope import Deadline, Scope, entered
from gateway.cli.aliases import alias_findings
from gateway.cli.terminal import say
from gateway.config import Settings, is_connector, load_settings, load_trial
from gateway.telemetry import configure_logs
from model.errors import GatewayError
from resolvers.sources import Source

__all__ = ["Laws", "check"]

_DEADLINE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Laws:
    """How the laws are tried: so many cases each, drawn from *seed*."""

    rounds: int
    seed: int


def check(file: Path, *, offline: bool, laws: Laws | None, time_scale: float | None) -> int:
    """0 when everything is in order, else 1, with a line for each source and each custom field it does not have.

    Args:
        file: a config, or a connector file with a `trial:` section.
        offline: whether to read the file alone.
        laws: to try over each source as well.
        time_scale: in place of the config's own.

    Raises:
        ConfigError: with every mistake of the file.
    """
    configure_logs("warning")
    settings = None if is_connector(file) else load_settings(file)
    told = f"{len(settings.sources)} sources" if settings is not None else platform_of(str(file)).name
    say(f"{file}: {told}, no mistakes")
    if offline:
        return 0
    settings = settings or load_trial(file)
    if time_scale is not None:
        settings = settings.model_copy(update={"time_scale": time_scale})
    is_fine = _can_be_read(settings)
    return 0 if is_fine and (laws is None or asyncio.run(_keep(settings, laws))) else 1


def _can_be_read(settings: Settings) -> bool:
    with Console(stderr=True).status("Signing in to the sources …"):
        lines = asyncio.run(_read_all(settings))
    for _, told in lines:
        for line in told:
            say(line)
    return all(is_fine for is_fine, _ in lines)


async def _keep(settings: Settings, laws: Laws) -> bool:
    from gateway.cli.authoring import keeps_laws
    from gateway.wiring import wire_of

    wire, kept = wire_of(settings), []
    for config in settings.sources:
        connect = partial(platform_of(config.platform).connect, config, wire)
        kept.append(
            await keeps_laws(connect, source=config.key, rounds=laws.rounds, seed=laws.seed, secrets=settings.secrets())
        )
    return all(kept)


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

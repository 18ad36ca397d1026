"""Running the emulators alone, for a person or for the demo beside them."""

import os
import secrets
import signal
import sys
import threading
from typing import Any

import orjson
import yaml
from rich.console import Console

from connectors import registry
from gateway.cli.demo_fields import demo_fields
from model.errors import ConfigError
from sandbox import Sandbox

__all__ = ["run"]


def run(
    platforms: list[str] | None,
    *,
    base_port: int,
    scale: float,
    deals: int | None,
    latency_ms: int,
    time_scale: float,
    announce: bool,
) -> None:
    """Run until told to stop.

    Raises:
        ConfigError: a platform is unknown, or a port cannot be had.
    """
    try:
        found = Sandbox(
            platforms or None,
            base_port=base_port,
            scale=scale,
            time_scale=time_scale,
            latency_s=latency_ms / 1000,
            today=None,
            counts={} if deals is None else {"deals": deals},
        )
        if announce:
            threading.Thread(target=_end_with_standard_input, daemon=True).start()
        found.run_forever(on_ready=lambda: _announce(found) if announce else _tell(found))
    except (OSError, ValueError) as error:
        raise ConfigError(f"the emulators cannot start: {error}") from None


def _end_with_standard_input() -> None:
    # Not through sys.stdin: its lock, held by a thread at the interpreter's end, is a fatal error.
    while os.read(sys.stdin.fileno(), 4096):
        continue
    os.kill(os.getpid(), signal.SIGTERM)


def _announce(found: Sandbox) -> None:
    told: dict[str, Any] = {
        "sources": _sources(found),
        "secrets": dict(found.secrets),
        "own_fields": _own_fields(found),
    }
    sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
    sys.stdout.buffer.flush()


def _sources(found: Sandbox) -> list[dict[str, object]]:
    return [found.connect(platform) for platform in _connectable(found)]


def _own_fields(found: Sandbox) -> dict[str, Any]:
    return {str(found.connect(platform)["key"]): found.own_fields(platform) for platform in _connectable(found)}


def _connectable(found: Sandbox) -> list[str]:
    """The running platforms that this gateway has a connector for."""
    known = registry.platforms()
    return [platform for platform in found.running if platform in known]


def _tell(found: Sandbox) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for platform in found.running:
        console.print(f"{platform}: {found.url(platform)}")
    console.print("\nTheir secrets, for a shell:")
    for name, value in {**found.secrets, "CURSOR_KEY": secrets.token_urlsafe(32)}.items():
        console.print(f"export {name}='{value}'")
    console.print("\nA config for `crm-gateway serve`:")
    config = {
        "allow_loopback": True,
        "cursor_key": "env:CURSOR_KEY",
        "features": {"graphiql": True, "introspection": True, "explain": True},
        "sources": _sources(found),
        "custom_fields": demo_fields(_own_fields(found)),
    }
    console.print(yaml.safe_dump(config, sort_keys=False))

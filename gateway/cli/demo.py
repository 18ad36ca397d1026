"""The demo: emulators in a child process, a gateway over them in this one, all on loopback."""

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson
import yaml
from rich.console import Console
from rich.table import Table

from gateway.cli.demo_fields import demo_fields
from gateway.config import Settings, load_settings
from gateway.server import listening, run
from gateway.telemetry import configure_logs
from gateway.wiring import Gateway
from model.errors import ConfigError

__all__ = ["Demo"]

_QUERY = """{ contacts(first: 3) { nodes { displayName source { key } } sources { source { name } status } } }"""

# As invented as the accounts' data; from before the first of it, so that whatever day it is has a table.
_RATES = [{"date": "2020-01-01", "base": "EUR", "rates": {"USD": "1.10", "GBP": "0.85", "JPY": "165"}}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """One run of the demo."""

    port: int
    scale: float
    deals: int | None
    latency_ms: int
    time_scale: float
    data: Path

    def run(self) -> None:
        """Run until SIGINT or SIGTERM; the emulators end with this process.

        Raises:
            ConfigError: a port is taken, or the emulators did not start.
        """
        console = Console(stderr=True, highlight=False)
        with listening("127.0.0.1", self.port) as bound:
            child = self._emulators()
            try:
                with console.status("Starting the emulated CRMs …"):
                    told = self._announced(child)
                settings = self._settings(told)
                configure_logs(settings.log_level, secrets=settings.secrets())
                self._tell(console, settings)
                run(Gateway(settings), bound)
            finally:
                _end(child)

    def _emulators(self) -> "subprocess.Popen[bytes]":
        options = {
            "base-port": self.port,
            "scale": self.scale,
            "latency": self.latency_ms,
            "time-scale": self.time_scale,
            **({} if self.deals is None else {"deals": self.deals}),
        }
        flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        command = [sys.executable, "-m", "gateway.cli", "sandbox", "--announce", *flags]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own words

    def _announced(self, child: "subprocess.Popen[bytes]") -> dict[str, Any]:
        line = _stream(child.stdout).readline()
        if not line:
            raise ConfigError("the emulators did not start; what they said stands above")
        told: dict[str, Any] = orjson.loads(line)
        return told

    def _settings(self, told: dict[str, Any]) -> Settings:
        self.data.mkdir(parents=True, exist_ok=True)
        key = self.data / "cursor.key"
        if not key.exists():
            key.touch(mode=0o600)
            key.write_text(secrets.token_urlsafe(48))
        os.environ.update(told["secrets"])
        config = {
            "server": {"host": "127.0.0.1", "port": self.port},
            "features": {"graphiql": True, "introspection": True, "explain": True},
            "cursor_key": "file:cursor.key",
            "allow_loopback": True,
            "time_scale": self.time_scale,
            "log_level": "warning",
            "sources": told["sources"],
            "exchange_rates": _RATES,
            "custom_fields": demo_fields(told["own_fields"]),
        }
        path = self.data / "demo.yaml"
        path.write_text(yaml.safe_dump(config, sort_keys=False))
        return load_settings(path)

    def _tell(self, console: Console, settings: Settings) -> None:
        table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
        url = f"http://127.0.0.1:{self.port}"
        table.add_row("GraphiQL", f"{url}/graphql")
        for source in settings.sources:
            table.add_row(source.name, f"{source.base_url} (emulated)")
        table.add_row("config", str(self.data / "demo.yaml"))
        console.print(table)
        body = orjson.dumps({"query": _QUERY}).decode()
        console.print(f"\nTry: curl -s {url}/graphql -H 'content-type: application/json' -d '{body}'", soft_wrap=True)
        console.print("\nPress Ctrl-C to end.")


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ConfigError("the emulators were started without a pipe")
    return stream


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End the emulators; closing their standard input asks them to."""
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            stream.close()
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()

"""A gateway over sources in memory, behind a real server on a free loopback port."""

import io
import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog
import uvicorn

from connectors.base import Connector
from gateway.config import Features, Limits, Settings
from gateway.server import listening, server_of
from gateway.telemetry import configure_logs
from gateway.wiring import Gateway
from model.aliases import Aliases
from model.reading import PlatformInfo
from resolvers.sources import Source, Sources

__all__ = ["EVERYTHING_ON", "Log", "Served", "gateway_over", "logging_to", "serving", "serving_by", "settings_with"]

MEMORY = PlatformInfo(key="memory", name="Memory", auth_kinds=())
EVERYTHING_ON = Features(graphiql=True, introspection=True, explain=True)


def settings_with(*, features: Features | None = None, limits: Limits | None = None, **more: Any) -> Settings:
    """Settings without sources of their own."""
    return Settings(
        cursor_key="a key for tests, 32 characters and more",
        sources=(),
        features=features or Features(),
        limits=limits or Limits(),
        **more,
    )


def gateway_over(connectors: Sequence[Connector], settings: Settings | None = None) -> Gateway:
    """A gateway whose sources are *connectors*."""
    told = settings or settings_with()
    aliases = Aliases(told.custom_fields)
    sources = Sources(
        Source(key=item.source, name=item.source.title(), platform=MEMORY, connector=item, aliases=aliases)
        for item in connectors
    )
    return Gateway(told, sources)


@dataclass
class Log:
    """What was logged, as it was written and as events; logs are the process's, so the server started last has them."""

    stream: io.StringIO = field(default_factory=io.StringIO)

    @property
    def text(self) -> str:
        """Everything written."""
        return self.stream.getvalue()

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Every line as an event, or those called *name*; a line that is no JSON object fails the test."""
        found = [json.loads(line) for line in self.text.splitlines()]
        return [event for event in found if name is None or event["event"] == name]

    def clear(self) -> None:
        """Forget what was logged so far."""
        self.stream.seek(0)
        self.stream.truncate()


@contextmanager
def logging_to(log: Log, level: str, secrets: Sequence[str]) -> Iterator[None]:
    """Send the logs of this process to *log* inside the block."""
    root = logging.getLogger()
    before, threshold, configured = list(root.handlers), root.level, structlog.get_config()
    configure_logs(level, secrets=secrets, stream=log.stream)
    try:
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(threshold)
        structlog.configure(**configured)


@dataclass(frozen=True)
class Served:
    """A server that answers; *client* knows its address."""

    port: int
    gateway: Gateway
    client: httpx.Client
    log: Log
    server: uvicorn.Server

    def stop(self) -> None:
        """Tell the server to end, as a signal does."""
        self.server.should_exit = True

    def post(self, document: str, variables: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """The answer to one query, which must have status 200."""
        response = self.client.post("/graphql", json={"query": document, "variables": variables, **more})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def code(self, document: str, variables: dict[str, Any] | None = None, **more: Any) -> str:
        """The code of the only error of a query that gave no data."""
        answer = self.post(document, variables, **more)
        assert not any((answer.get("data") or {}).values()), answer
        (error,) = answer["errors"]
        found: str = error["extensions"]["code"]
        return found


@contextmanager
def serving(gateway: Gateway, *, log_level: str = "info", secrets: Sequence[str] = ()) -> Iterator[Served]:
    """Serve *gateway* as `serve` does; the server has ended when the block is left."""
    server = server_of(gateway)
    with serving_by(server, log_level=log_level, secrets=secrets) as (port, client, log):
        host = {"host": (gateway.settings.server.names or ("localhost",))[0]}
        while client.get("/health/ready", headers=host).status_code == 503:
            pass
        yield Served(port, gateway, client, log, server)


@contextmanager
def serving_by(
    server: uvicorn.Server, *, log_level: str = "info", secrets: Sequence[str] = ()
) -> Iterator[tuple[int, httpx.Client, Log]]:
    """Run *server* in a thread, on a free port."""
    log = Log()
    with logging_to(log, log_level, secrets), listening("127.0.0.1", 0) as socket:
        port = socket.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), log.text
                thread.join(0.01)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
                yield port, client, log
        finally:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive(), "the server did not end"

"""A source to call, and clients that are closed when the test is over."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import connectors.http
from connectors.credentials import Auth, Bearer
from connectors.http import (
    Accepted,
    AddressPolicy,
    Call,
    Failed,
    HttpClient,
    LimitClass,
    Limits,
    Observed,
    Pace,
    Refresh,
    Reply,
    Retry,
    Verdict,
    Window,
    Wire,
)
from connectors.scope import Deadline, Scope, entered
from model.errors import RateLimited, ReauthRequired, Rejected, SourceUnavailable
from tests.connectors.http.origin import Origin

TOKEN = "token-of-the-test-8c1f0a6d2b"
ROOMY = Limits((LimitClass("default", (Window(1000, 10, "burst"),)),), concurrency=50)

Connect = Callable[..., HttpClient]


class PlainDialect:
    """Judges by status alone; ``x-left`` and ``x-resets`` tell of the window that ``x-window`` names."""

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        if reply.status < 400:
            return Accepted()
        if reply.status == 401:
            return Refresh(ReauthRequired("acme no longer takes the token", source="acme"))
        if reply.status == 429:
            return Retry(RateLimited("acme is busy", source="acme"), pauses=reply.headers.get("x-pauses"))
        if reply.status >= 500:
            return Retry(SourceUnavailable("acme is down", source="acme"))
        return Failed(Rejected("acme said no", source="acme"))

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        if "x-window" not in reply.headers:
            return ()
        resets = reply.headers.get("x-resets")
        return (
            Observed(
                name=reply.headers["x-window"],
                remaining=int(reply.headers["x-left"]),
                resets_in_s=None if resets is None else float(resets),
            ),
        )


def a_call(operation: str = "read", path: str = "/things", **changes: Any) -> Call[Any]:
    """A shareable GET that hands its JSON on."""
    return Call(operation=operation, path=path, **{"method": "GET", "parse": lambda value: value, **changes})


@contextmanager
def in_scope(seconds: float = 5.0, calls: int = 100) -> Iterator[Scope]:
    """A request with so much time and so many calls."""
    with entered(Scope(deadline=Deadline.after(seconds), max_calls=calls)) as scope:
        yield scope


def client_tasks() -> list[asyncio.Task[Any]]:
    """The tasks that run code of the client or of its transport now."""
    ours = (str(Path(connectors.http.__file__).parent), str(Path(aiohttp.__file__).parent))
    return [task for task in asyncio.all_tasks() if task.get_coro().cr_code.co_filename.startswith(ours)]


@pytest.fixture
async def origin() -> AsyncIterator[Origin]:
    """A source; it must have nobody connected when the clients are closed."""
    async with Origin().listening() as origin:
        yield origin


@pytest.fixture
async def connect(origin: Origin) -> AsyncIterator[Connect]:
    """Builds clients of *origin*; closes them, and sees that neither a task nor a connection is left."""
    clients: list[HttpClient] = []

    def build(*, auth: Auth | None = None, time_scale: float = 1.0, **changes: Any) -> HttpClient:
        settings: dict[str, Any] = {
            "source": "acme",
            "base_url": origin.url,
            "auth": auth or Bearer(kind="bearer", token=TOKEN),
            "token_url": f"{origin.url}/token",
            "dialect": PlainDialect(),
            "limits": ROOMY,
            "wire": Wire(pace=Pace(time_scale), addresses=AddressPolicy(allow_loopback=True)),
        }
        clients.append(HttpClient(**{**settings, **changes}))
        return clients[-1]

    yield build
    for client in clients:
        await client.aclose()
    async with asyncio.timeout(2):
        await origin.idle.wait()
    assert client_tasks() == []

"""CPU microseconds of one upstream call, by HTTP client.

Run it with ``uv run python -m benchmarks.http_transport``. A server in a process of its own answers with a small body
and with one of 38 KB; the clients run in this process, pinned to another core, in random order within each round.
Candidates whose package is not installed are left out, so
``uv run --with pyreqwest --with pyqwest python -m benchmarks.http_transport`` measures more of them.
"""

import argparse
import asyncio
import contextlib
import importlib
import itertools
import logging
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import httpx
import structlog
import uvicorn
import uvloop
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr
from starlette import types as asgi
from yarl import URL

from connectors.credentials import Bearer
from connectors.http import (
    Accepted,
    AddressPolicy,
    Call,
    HttpClient,
    LimitClass,
    Limits,
    Observed,
    Reply,
    Verdict,
    Window,
    Wire,
)
from connectors.http.transport import Upstream
from connectors.scope import Deadline, Scope, entered

__all__ = ["main"]

Get = Callable[[str], Awaitable[bytes]]
Candidate = Callable[[str], AbstractAsyncContextManager[Get]]

HEADERS = {"authorization": "Bearer " + "t" * 60, "accept": "application/json", "accept-encoding": "gzip"}
BODIES = {"/small": b'{"id":"1","name":"Ada"}', "/page": b'{"rows":[' + b",".join([b'{"id":"12345"}'] * 2700) + b"]}"}


async def _answer(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    body = BODIES[scope["path"]]
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def _httpx(base: str) -> AsyncIterator[Get]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield lambda path: _through_client(client, base + path)


@asynccontextmanager
async def _httpx_aiohttp(base: str) -> AsyncIterator[Get]:
    transport = AiohttpTransport(trust_env=False, client=_session())
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        yield lambda path: _through_client(client, base + path)


@asynccontextmanager
async def _httpx_aiohttp_bare(base: str) -> AsyncIterator[Get]:
    async with AiohttpTransport(trust_env=False, client=_session()) as transport:
        yield lambda path: _through_transport(transport, base + path)


@asynccontextmanager
async def _pyreqwest(base: str) -> AsyncIterator[Get]:
    module = importlib.import_module("pyreqwest.compatibility.httpx")
    async with httpx.AsyncClient(transport=module.HttpxTransport(), trust_env=False) as client:
        yield lambda path: _through_client(client, base + path)


@asynccontextmanager
async def _pyqwest(base: str) -> AsyncIterator[Get]:
    module, core = importlib.import_module("pyqwest.httpx"), importlib.import_module("pyqwest")
    async with (
        core.HTTPTransport() as inner,
        httpx.AsyncClient(transport=module.AsyncPyqwestTransport(inner), trust_env=False) as client,
    ):
        yield lambda path: _through_client(client, base + path)


@asynccontextmanager
async def _aiohttp(base: str) -> AsyncIterator[Get]:
    async with _session() as session:

        async def get(path: str) -> bytes:
            url = URL(base + path, encoded=True)
            async with session.get(url, headers=HEADERS, allow_redirects=False, auto_decompress=False) as response:
                return await response.read()

        yield get


@asynccontextmanager
async def _exchange(base: str) -> AsyncIterator[Get]:
    upstream = Upstream(Wire())

    async def get(path: str) -> bytes:
        reply = await upstream.exchange("GET", URL(base + path, encoded=True), headers=HEADERS, content=None)
        return reply.content

    yield get
    await upstream.aclose()


class _Dialect:
    """Takes every reply for an answer."""

    def verdict(self, call: Call[bytes], reply: Reply) -> Verdict:
        return Accepted()

    def observed(self, call: Call[bytes], reply: Reply) -> tuple[Observed, ...]:
        return ()


@asynccontextmanager
async def _send(base: str) -> AsyncIterator[Get]:
    """The whole client: limits, deadline, JSON and event included; every call differs, so none is shared."""
    limits = Limits((LimitClass("default", (Window(100_000, 0.1, "burst"), Window(10**9, 86_400.0, "daily"))),), 100)
    client = HttpClient(
        source="benchmark",
        base_url=base,
        auth=Bearer(kind="bearer", token=SecretStr("t" * 60)),
        token_url=None,
        dialect=_Dialect(),
        limits=limits,
        wire=Wire(addresses=AddressPolicy(allow_loopback=True)),
    )
    numbers = itertools.count()

    async def get(path: str) -> bytes:
        params = (("after", str(next(numbers))),)
        call = Call(operation="list", method="GET", path=path, params=params, query=path, parse=lambda _: BODIES[path])
        with entered(Scope(deadline=Deadline.after(10), max_calls=1)):
            return await client.send(call)

    yield get
    await client.aclose()


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=None))


async def _through_client(client: httpx.AsyncClient, url: str) -> bytes:
    response = await client.get(url, headers=HEADERS)
    return response.content


async def _through_transport(transport: httpx.AsyncBaseTransport, url: str) -> bytes:
    response = await transport.handle_async_request(httpx.Request("GET", url, headers=HEADERS))
    try:
        return await response.aread()
    finally:
        await response.aclose()


CANDIDATES: dict[str, Candidate] = {
    "httpx": _httpx,
    "httpx + pyqwest": _pyqwest,
    "httpx + pyreqwest": _pyreqwest,
    "httpx + httpx-aiohttp": _httpx_aiohttp,
    "httpx-aiohttp without AsyncClient": _httpx_aiohttp_bare,
    "aiohttp": _aiohttp,
    "Upstream.exchange": _exchange,
    "HttpClient.send": _send,
}


async def _cpu_us(get: Get, path: str, *, concurrency: int, calls: int) -> float:
    """CPU microseconds a call, threads of the client included."""

    async def work(count: int) -> None:
        for _ in range(count):
            assert await get(path) == BODIES[path]

    await asyncio.gather(*(work(3) for _ in range(concurrency)))
    started = time.process_time()
    await asyncio.gather(*(work(calls // concurrency) for _ in range(concurrency)))
    return (time.process_time() - started) / (calls // concurrency * concurrency) * 1e6


async def _round(base: str, names: list[str], calls: int) -> dict[tuple[str, str, int], float]:
    figures = {}
    for name in random.sample(names, len(names)):
        async with CANDIDATES[name](base) as get:
            for path in BODIES:
                for concurrency in (1, 16, 64):
                    figure = await _cpu_us(get, path, concurrency=concurrency, calls=calls)
                    figures[name, path, concurrency] = figure
    return figures


def _installed() -> list[str]:
    missing = set()
    for package in ("pyqwest", "pyreqwest"):
        with contextlib.suppress(ImportError):
            importlib.import_module(package)
            continue
        missing.add(f"httpx + {package}")
    return [name for name in CANDIDATES if name not in missing]


def _pin(core: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core % (os.cpu_count() or 1)})


@contextlib.contextmanager
def _server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.http_transport", "--serve", str(port)])
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Print a table: one line per client, one column per body and concurrency."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _pin(0)
        uvicorn.run(_answer, port=options.serve, http="httptools", loop="uvloop", log_level="error")
        return
    _pin(1)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    names = _installed()
    with _server() as base:
        rounds = [uvloop.run(_round(base, names, options.calls)) for _ in range(options.rounds)]
    columns = [(path, concurrency) for path in BODIES for concurrency in (1, 16, 64)]
    print("| CPU µs a call |", " | ".join(f"{path[1:]} c={concurrency}" for path, concurrency in columns), "|")
    for name in names:
        medians = [statistics.median(figures[name, *column] for figures in rounds) for column in columns]
        print(f"| {name} |", " | ".join(f"{figure:.0f}" for figure in medians), "|")


if __name__ == "__main__":
    main()

"""Serves several apps over HTTP/1.1 from one background thread."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.peer import EXTENSION, Peer

__all__ = ["ServerThread", "Site", "listen"]

_START_LIMIT_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An app and the listening socket that it is served on, over TLS where *tls* is given."""

    app: ASGIApp
    listener: socket.socket
    tls: ssl.SSLContext | None = None


def listen(port: int) -> socket.socket:
    """A socket that listens on 127.0.0.1; *port* 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    # asyncio turns Nagle's delay off only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"cannot listen on 127.0.0.1:{port}: {error.strerror}") from error
    return listener


class ServerThread:
    """Runs one server per site, all in one event loop of one thread; it owns the sites' listeners."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self._sites = sites
        self._servers = [_server(site) for site in sites]
        self._thread = threading.Thread(target=self._run, name="crm-sandbox", daemon=True)

    def start(self) -> None:
        """Start the thread and come back when every site is served.

        Raises:
            Exception: whatever kept a server from starting.
        """
        self._thread.start()
        for server in self._servers:
            server.is_up.result(_START_LIMIT_S)

    def stop(self) -> None:
        """Drop all connections, close the listeners, and come back when the thread has ended."""
        for server in self._servers:
            server.should_exit = True
        self._thread.join()

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
                runner.run(self._serve())
        except Exception as error:  # noqa: BLE001 (the thread's edge: `start` raises it in the caller's thread)
            for server in self._servers:
                if not server.is_up.done():
                    server.is_up.set_exception(error)

    async def _serve(self) -> None:
        # A store's SQLite connection calls functions written in Python: used by two threads, each can wait for the
        # other for ever, one with the connection's lock and one with the interpreter's. One thread does all such work.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1, thread_name_prefix="crm-sandbox-store"))
        async with asyncio.TaskGroup() as group:
            for server, site in zip(self._servers, self._sites, strict=True):
                group.create_task(server.serve([site.listener]))


class _Server(uvicorn.Server):
    """Says when it is up, and stops at once; *is_up* may be waited for in another thread."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up: Future[None] = Future()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set_result(None)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


class _Protocol(HttpToolsProtocol):
    """Gives every request its `Peer`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._peer = Peer(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._peer.left.set()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"peer": self._peer}}


def _server(site: Site) -> _Server:
    tls = site.tls
    config = uvicorn.Config(
        site.app,
        http=_Protocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        ssl_context_factory=None if tls is None else lambda _config, _default: tls,
    )
    return _Server(config)

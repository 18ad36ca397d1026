"""The HTTP server: uvicorn with ceilings on what a client may send before a request is one."""

import asyncio
import signal
import socket
from http import HTTPStatus

import orjson
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.app import build_app
from gateway.wiring import Gateway
from model.errors import ConfigError

__all__ = ["listening", "run", "server_of"]

# Clients keep connections for a while between two queries.
_KEEP_ALIVE_S = 15
_GRACE_S = 12
_HEAD_S = 10.0
# A GET carries its query in the head; httptools itself reads URLs below 64 KiB.
_MAX_HEAD_BYTES = 65_536
_MAX_HEADERS = 100


class BoundedHttp(HttpToolsProtocol):
    """One connection whose request heads are bounded in bytes, headers and time; the parser itself bounds none.

    What is parsed is counted, and what was read for a head that has not ended: a header counts when it is whole.
    """

    _parsed_bytes = 0
    _read_bytes = 0
    _refusal = HTTPStatus.BAD_REQUEST
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Give the first head its time."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the head."""
        self._end_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, and refuse a head that has become too large."""
        super().data_received(data)
        if self._head_timer is not None:
            self._read_bytes += len(data)
            if self._read_bytes > _MAX_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Give the head of a further request its time."""
        super().on_message_begin()
        self._parsed_bytes = self._read_bytes = 0
        self._end_head()
        self._expect_head()

    def on_url(self, url: bytes) -> None:
        """Count the URL."""
        super().on_url(url)
        self._count(len(url), HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header."""
        super().on_header(name, value)
        self._count(len(name) + len(value), HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """The head is here."""
        self._end_head()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser gave up on, be it malformed or too large."""
        del msg
        self._refuse(self._refusal)

    def _count(self, size_bytes: int, refusal: HTTPStatus) -> None:
        self._parsed_bytes += size_bytes
        if self._parsed_bytes > _MAX_HEAD_BYTES or len(self.headers) > _MAX_HEADERS:
            self._refusal = refusal
            raise ValueError(refusal.phrase)

    def _expect_head(self) -> None:
        self._head_timer = self.loop.call_later(_HEAD_S, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _end_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, status: HTTPStatus) -> None:
        self._end_head()
        # uvicorn's annotation leaves out that there is no cycle before the first request.
        if self.cycle is None or self.cycle.response_complete:  # type: ignore[redundant-expr]
            self.transport.write(_refused(status))
        # Else an answer is on its way, and nothing may stand inside it.
        self.transport.close()


def _refused(status: HTTPStatus) -> bytes:
    body = orjson.dumps({"errors": [{"message": status.phrase, "extensions": {"code": "BAD_REQUEST"}}]})
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to *host* and *port*.

    Raises:
        ConfigError: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off; without it small answers wait 40 ms.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from None
    return found


def server_of(gateway: Gateway) -> uvicorn.Server:
    """A server for *gateway*, quiet but for our own logs."""
    config = uvicorn.Config(
        build_app(gateway),
        loop="uvloop",
        http=BoundedHttp,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
    return uvicorn.Server(config)


def run(gateway: Gateway, bound: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; requests under way may end first, and then this returns."""
    # uvicorn hands the signal on when it has ended, so that by default the process would die of it.
    before = {number: signal.signal(number, _end_quietly) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server_of(gateway).run(sockets=[bound])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_quietly(number: int, _: object) -> None:
    del number

"""A server on a loopback socket whose every answer a test writes, broken ones included."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson

__all__ = ["Answer", "Asked", "Origin", "as_json"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send back."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        """The bytes on the wire."""
        fields = {"content-type": "application/json", "content-length": str(len(self.body)), **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"HTTP/1.1 {self.status} Because\r\n{head}\r\n".encode() + self.body


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:
    """*value* as a JSON answer; header names are written with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, orjson.dumps(value), named)


Handler = Callable[[Asked], Awaitable[Answer | bytes | None]]


class Origin:
    """One listening socket; lives as long as a test.

    Attributes:
        handler: answers a request; bytes are sent as they are, and then, as after None, the connection is closed.
        asked: every request, in order of arrival.
        open_connections: how many clients are connected now.
        idle: set while nobody is connected.
        busy: set once a request has arrived.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.open_connections = 0
        self.idle = asyncio.Event()
        self.idle.set()
        self.busy = asyncio.Event()
        self.handler: Handler = self._plain
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["Origin"]:
        """Listen inside the block."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield self
        finally:
            self._server.close()
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._server.wait_closed()

    def stop_accepting(self) -> None:
        """Refuse connections from now on."""
        assert self._server is not None
        self._server.close()

    async def _plain(self, asked: Asked) -> Answer:
        return Answer()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.open_connections += 1
        self.idle.clear()
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while await self._answered(reader, writer):
                    pass
        finally:
            self.open_connections -= 1
            if not self.open_connections:
                self.idle.set()
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        asked = Asked(method, target, headers, await reader.readexactly(int(headers.get("content-length", "0"))))
        self.asked.append(asked)
        self.busy.set()
        answer = await self._while_connected(reader, self.handler(asked))
        if isinstance(answer, Answer):
            writer.write(answer.raw())
            await writer.drain()
            return True
        writer.write(answer or b"")
        await writer.drain()
        return False

    async def _while_connected(
        self, reader: asyncio.StreamReader, handling: Awaitable[Answer | bytes | None]
    ) -> Answer | bytes | None:
        """The handler's answer; the handler is cancelled when the client hangs up first."""
        work = asyncio.ensure_future(handling)
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise ConnectionResetError
            return work.result()
        finally:
            work.cancel()
            gone.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)

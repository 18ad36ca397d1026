"""What the generic faults do to a request."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from http.client import responses

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.faults import Fault
from sandbox.peer import peer_of

__all__ = ["BOMB_SIZE_BYTES", "Exchange", "misbehave"]

BOMB_SIZE_BYTES = 100 * 1024 * 1024
"""What the body of `bomb` unpacks to: JSON of one empty list and blanks."""

_JSON = "application/json"
_LOGIN_PAGE = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request, the app that would answer it, and how the answer goes out."""

    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send

    async def answer(self, response: Response) -> None:
        """Answer in the app's place."""
        await response(self.scope, self.receive, self.send)


async def misbehave(fault: Fault, exchange: Exchange) -> None:
    """Answer, or do not answer, as *fault* (any generic one but `latency`) demands."""
    await _MISBEHAVIOURS[fault.name](fault, exchange)


async def _hang(_: Fault, exchange: Exchange) -> None:
    while (await exchange.receive())["type"] != "http.disconnect":
        continue


async def _reset(_: Fault, exchange: Exchange) -> None:
    await peer_of(exchange.scope).abort()


async def _status(fault: Fault, exchange: Exchange) -> None:
    status = int(fault.value or 0)
    title = f"{status} {responses.get(status, 'Error')}"
    page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
    await exchange.answer(HTMLResponse(page, status_code=status))


async def _html_200(_: Fault, exchange: Exchange) -> None:
    await exchange.answer(HTMLResponse(_LOGIN_PAGE))


async def _garbage(_: Fault, exchange: Exchange) -> None:
    await exchange.answer(Response(b'{"results": [{"id": "1", "name": \xff\xfe\x00', media_type=_JSON))


async def _wrong_types(_: Fault, exchange: Exchange) -> None:
    await exchange.answer(Response(b"[1, 2, 3]", media_type=_JSON))


async def _bomb(_: Fault, exchange: Exchange) -> None:
    body = await asyncio.to_thread(_bomb_body)
    await exchange.answer(Response(body, media_type=_JSON, headers={"content-encoding": "gzip"}))


async def _truncate(_: Fault, exchange: Exchange) -> None:
    start, body = await _carry_out(exchange)
    names = (b"content-length", b"transfer-encoding")
    kept = [(name, value) for name, value in start["headers"] if name.lower() not in names]
    length = (b"content-length", str(len(body)).encode())
    await exchange.send({**start, "headers": [*kept, length]})
    await exchange.send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    await peer_of(exchange.scope).close()


async def _lost_reply(_: Fault, exchange: Exchange) -> None:
    await _carry_out(exchange)
    await peer_of(exchange.scope).abort()


async def _carry_out(exchange: Exchange) -> tuple[Message, bytes]:
    """The app's whole answer, kept back: its first message and its body."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await exchange.app(exchange.scope, exchange.receive, keep)
    start, *rest = messages
    return {"headers": [], **start}, b"".join(message.get("body", b"") for message in rest)


@lru_cache(maxsize=1)
def _bomb_body() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    blanks = b" " * (1024 * 1024)
    parts = [packer.compress(b"[")]
    parts += [packer.compress(blanks) for _ in range(BOMB_SIZE_BYTES // len(blanks))]
    return b"".join([*parts, packer.compress(b"]"), packer.flush()])


_MISBEHAVIOURS: dict[str, Callable[[Fault, Exchange], Awaitable[None]]] = {
    "hang": _hang,
    "reset": _reset,
    "status": _status,
    "html_200": _html_200,
    "garbage": _garbage,
    "wrong_types": _wrong_types,
    "bomb": _bomb,
    "truncate": _truncate,
    "lost_reply": _lost_reply,
}

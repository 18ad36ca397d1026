"""What the generic faults do to a request."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import responses
from typing import Any

import orjson
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


async def _bare_rows(_: Fault, exchange: Exchange) -> None:
    await _with_rows(exchange, lambda _: {})


async def _odd_rows(_: Fault, exchange: Exchange) -> None:
    await _with_rows(exchange, _oddly)


def _oddly(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _oddly(inner) for name, inner in value.items()}
    return [value] if isinstance(value, str | int | float) and not isinstance(value, bool) else value


async def _with_rows(exchange: Exchange, change: Callable[[Any], Any]) -> None:
    """The app's answer, its rows changed; one that is no JSON goes out as it is."""
    start, body = await _carry_out(exchange)
    with suppress(orjson.JSONDecodeError):
        body = orjson.dumps(_changed(orjson.loads(body), change, is_row=False))
    kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    length = (b"content-length", str(len(body)).encode())
    await exchange.send({**start, "headers": [*kept, length]})
    await exchange.send({"type": "http.response.body", "body": body})


def _changed(value: Any, change: Callable[[Any], Any], *, is_row: bool) -> Any:
    """*value*, with *change* made to every object in a list that has no list inside."""
    if isinstance(value, list):
        return [_changed(item, change, is_row=True) for item in value]
    if not isinstance(value, dict):
        return value
    if is_row and not _has_list(value):
        return change(value)
    return {name: _changed(item, change, is_row=False) for name, item in value.items()}


def _has_list(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, dict) and any(map(_has_list, value.values())))


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
    "bare_rows": _bare_rows,
    "odd_rows": _odd_rows,
    "bomb": _bomb,
    "truncate": _truncate,
    "lost_reply": _lost_reply,
}

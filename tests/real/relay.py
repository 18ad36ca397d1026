"""A relay on this machine between a connector and a real CRM, whose answers a test may spoil."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import orjson

from connectors.conformance import Trouble
from tests.connectors.http.origin import Answer, Asked, Origin

__all__ = ["Relay", "relayed"]

_PASSED_ON = ("authorization", "content-type", "x-odoo-database")
_SPOILT: Mapping[str, Callable[[bytes], Answer | bytes | None]] = {
    "garbage": lambda _: Answer(body=b'{"records": [{"id": 1, "name": \xff\xfe\x00'),
    "html_200": lambda _: Answer(body=b"<html><p>Log in</p></html>", headers={"content-type": "text/html"}),
    "wrong_types": lambda _: Answer(body=b"[1, 2, 3]"),
    "bare_rows": lambda body: Answer(body=orjson.dumps(_changed(orjson.loads(body), lambda _: {}))),
    "odd_rows": lambda body: Answer(body=orjson.dumps(_changed(orjson.loads(body), _oddly))),
    "truncate": lambda body: Answer(body=body).raw()[:-1],
    "reset": lambda _: None,
    "outage": lambda _: Answer(status=502, body=b"no worker is left"),
}


class Relay:
    """Passes requests on; lives as long as a test."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self._target = url
        self._client = client
        self._spoilt: Callable[[bytes], Answer | bytes | None] | None = None

    @property
    def troubles(self) -> Mapping[str, Trouble]:
        """By name, ways to spoil every answer while a context lasts."""
        return {name: self._spoiling(spoil) for name, spoil in _SPOILT.items()}

    def _spoiling(self, spoil: Callable[[bytes], Answer | bytes | None]) -> Trouble:
        @contextmanager
        def lasting() -> Iterator[None]:
            self._spoilt = spoil
            try:
                yield
            finally:
                self._spoilt = None

        return lasting

    async def handle(self, asked: Asked) -> Answer | bytes | None:
        """What the CRM answers, or what becomes of it."""
        headers = {name: asked.headers[name] for name in _PASSED_ON if name in asked.headers}
        found = await self._client.request(
            asked.method, self._target + asked.target, headers=headers, content=asked.body
        )
        plain = Answer(status=found.status_code, body=found.content)
        return plain if self._spoilt is None else self._spoilt(found.content)


@asynccontextmanager
async def relayed(url: str) -> AsyncIterator[tuple[str, Relay]]:
    """The address of a relay to *url*, and the relay."""
    async with httpx.AsyncClient(timeout=30) as client, Origin().listening() as origin:
        relay = Relay(url, client)
        origin.handler = relay.handle
        yield origin.url, relay


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """*value*, with *change* made to every object in a list."""
    if isinstance(value, list):
        return [change(item) if isinstance(item, dict) else item for item in value]
    return {name: _changed(item, change) for name, item in value.items()} if isinstance(value, dict) else value


def _oddly(value: Any) -> Any:
    """Every text and number in a list of its own."""
    if isinstance(value, dict):
        return {name: _oddly(inner) for name, inner in value.items()}
    return [value] if isinstance(value, str | int | float) and not isinstance(value, bool) else value

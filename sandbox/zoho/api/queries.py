"""COQL and composite requests."""

import asyncio
import json
import re
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Scope

from sandbox.zoho.api.parameters import json_body
from sandbox.zoho.coql import Engine, parse
from sandbox.zoho.errors import VendorError, refusal
from sandbox.zoho.gate import COMPOSED, Answer, Gate

__all__ = ["CompositeApi", "CoqlApi"]

_MOST_PARTS = 5
_VERSION = "/crm/v8/"


class CoqlApi:
    """The query endpoint of one organisation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self, gate: Gate) -> list[Route]:
        """One path."""
        endpoint = gate.endpoint(self._run, lambda _: "ZohoCRM.coql.READ", cost_of=_cost)
        return [Route(f"{_VERSION}coql", endpoint, methods=["POST"])]

    async def _run(self, request: Request) -> Answer:
        # A thread: a query of many records would keep every emulator's callers waiting.
        return await asyncio.to_thread(self._engine.run, await _statement(request))


async def _statement(request: Request) -> str:
    text = (await json_body(request)).get("select_query")
    if not isinstance(text, str):
        raise refusal("MANDATORY_NOT_FOUND", message="required field not found", api_name="select_query")
    return text


async def _cost(request: Request) -> int:
    """Credits by LIMIT (API limits page, read 2026-11); 1 for what is no query."""
    try:
        limit = parse(await _statement(request)).limit
    except VendorError:
        return 1
    return 1 if limit <= 200 else 2 if limit <= 1_000 else 3


class CompositeApi:
    """Up to five requests in one, one after the other; each costs what it costs alone.

    References from one to another are not told: a part that has one is answered INVALID_REFERENCE.
    """

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    def routes(self, gate: Gate) -> list[Route]:
        """One path; the call itself costs nothing."""
        endpoint = gate.endpoint(self._run, lambda _: "ZohoCRM.composite_requests.CUSTOM", cost_of=_nothing)
        return [Route(f"{_VERSION}__composite_requests", endpoint, methods=["POST"])]

    async def _run(self, request: Request) -> Answer:
        parts = (await json_body(request)).get("__composite_requests")
        if not isinstance(parts, list) or not parts:
            raise refusal("MANDATORY_NOT_FOUND", message="required field not found", api_name="__composite_requests")
        if len(parts) > _MOST_PARTS:
            raise refusal("LIMIT_EXCEEDED", api_name="__composite_requests", limit=_MOST_PARTS)
        return {"__composite_requests": [await self._part(request, part) for part in parts]}

    async def _part(self, request: Request, part: object) -> dict[str, object]:
        uri = str(part.get("uri", "")) if isinstance(part, dict) else ""
        if not isinstance(part, dict) or not uri.startswith(_VERSION) or uri.startswith(f"{_VERSION}__"):
            return _failed("INVALID_DATA", "the sub-request is invalid", api_name="uri")
        if re.search(r"@\{", json.dumps(part)):
            return _failed("INVALID_REFERENCE", "the reference given seems to be invalid")
        status, headers, body = await self._sent(_scope(request, part), json.dumps(part.get("body") or {}).encode())
        told = {"headers": headers, "body": json.loads(body) if body else None, "status_code": status}
        id_part = {"sub_request_id": part["sub_request_id"]} if part.get("sub_request_id") else {}
        done = {"code": "SUCCESS", "status": "success", "message": "composite sub request executed successfully"}
        return {**done, "details": {"response": told}, **id_part}

    async def _sent(self, scope: Scope, body: bytes) -> tuple[int, dict[str, str], bytes]:
        status, headers, told = 0, {}, b""

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status, headers, told
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                told += message.get("body", b"")

        if self.app is None:
            raise RuntimeError("the composite API has no app yet")
        await self.app(scope, receive, send)
        return status, headers, told


def _scope(request: Request, part: dict[str, object]) -> Scope:
    """The scope of *part*, with the token of the whole."""
    target, further = urlsplit(str(part["uri"])), part.get("params")
    query = "&".join(filter(None, (target.query, urlencode(further if isinstance(further, dict) else {}))))
    own = part.get("headers")
    headers = [(str(name).lower(), str(value)) for name, value in (own if isinstance(own, dict) else {}).items()]
    headers.append(("authorization", request.headers["authorization"]))
    return {
        **request.scope,
        "method": str(part.get("method", "GET")).upper(),
        "path": target.path,
        "raw_path": target.path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        COMPOSED: True,
    }


def _failed(code: str, message: str, **details: object) -> dict[str, object]:
    return {"code": code, "status": "error", "message": message, "details": details}


async def _nothing(_: Request) -> int:
    return 0

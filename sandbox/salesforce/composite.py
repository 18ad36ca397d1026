"""Several requests in one: composite, whose parts may use each other's answers, and batch."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Scope

from sandbox.salesforce.answers import Answer, ApiError
from sandbox.salesforce.rest import json_body, version_of

__all__ = ["Composite"]

_MAX_PARTS = 25
_MAX_QUERIES = 5
"""Parts of a call, and how many of a composite's query or work on collections (Composite, Batch, read 2026-11)."""

_REFERENCE = re.compile(r"@\{(\w+)((?:\.\w+|\[\d+\])+)\}")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_COSTLY = re.compile(r"/(query|queryAll|composite/sobjects)(/|$)", re.IGNORECASE)

_Part = dict[str, Any]


class Composite:
    """The handlers, and the routes to them."""

    def __init__(self) -> None:
        self._inside: ASGIApp | None = None

    def serve_parts_with(self, app: ASGIApp) -> None:
        """Name the app that answers the parts: the resources themselves, without authentication and counting."""
        self._inside = app

    def routes(self) -> list[Route]:
        """Every route."""
        base = "/services/data/v{version:int}.0/composite"
        return [
            Route(base, self.composite, methods=["POST"]),
            Route(f"{base}/batch", self.batch, methods=["POST"]),
        ]

    async def composite(self, request: Request) -> Response:
        """Answers the parts in order; each says how it went, the whole is always 200."""
        version_of(request)
        body = await json_body(request)
        parts = _parts(body.get("compositeRequest"), body_key="compositeRequest")
        _check_costs(parts)
        if not all(isinstance(part.get("referenceId"), str) for part in parts):
            raise ApiError(400, "MISSING_ARGUMENT", "every part needs a referenceId")
        answers: dict[str, _Part] = {}
        for part in parts:
            answers[part["referenceId"]] = await self._composite_part(part, answers)
        if body.get("allOrNone") and any(one["httpStatusCode"] >= 400 for one in answers.values()):
            answers = {name: _rolled_back(one) for name, one in answers.items()}
        return Answer({"compositeResponse": list(answers.values())})

    async def batch(self, request: Request) -> Response:
        """Answers independent parts in order."""
        version_of(request)
        body = await json_body(request)
        results: list[_Part] = []
        has_errors = False
        for part in _parts(body.get("batchRequests"), body_key="batchRequests"):
            if has_errors and body.get("haltOnError"):
                halted = ApiError(412, "BATCH_PROCESSING_HALTED", "Batch processing halted per request")
                results.append({"statusCode": 412, "result": halted.body()})
                continue
            status, _, result = await self._ask(part, f"/services/data/{part['url']}", part.get("richInput"))
            has_errors = has_errors or status >= 400
            results.append({"statusCode": status, "result": result})
        return Answer({"hasErrors": has_errors, "results": results})

    async def _composite_part(self, part: _Part, answers: dict[str, _Part]) -> _Part:
        reference = part["referenceId"]
        try:
            url = _REFERENCE.sub(lambda match: _referred(match, answers), str(part["url"]))
        except LookupError as error:
            halted = ApiError(400, "PROCESSING_HALTED", str(error.args[0]))
            return {"body": halted.body(), "httpHeaders": {}, "httpStatusCode": 400, "referenceId": reference}
        status, headers, body = await self._ask(part, url, part.get("body"))
        return {"body": body, "httpHeaders": headers, "httpStatusCode": status, "referenceId": reference}

    async def _ask(self, part: _Part, url: str, body: object) -> tuple[int, dict[str, str], object]:
        """Status, headers and body of the answer to a part."""
        if self._inside is None:
            raise RuntimeError("serve_parts_with comes first")
        exchange = _Exchange(str(part.get("method", "GET")), url, body, part.get("httpHeaders"))
        await self._inside(exchange.scope, exchange.receive, exchange.send)
        return exchange.status, exchange.headers, orjson.loads(exchange.body) if exchange.body else None


class _Exchange:
    """A request made inside the process, and its answer."""

    def __init__(self, method: str, url: str, body: object, headers: object) -> None:
        target = urlsplit(url)
        given = headers.items() if isinstance(headers, dict) else ()
        self.scope: Scope = {
            "type": "http",
            "method": method.upper(),
            "path": unquote(target.path).rstrip("/"),
            "query_string": target.query.encode(),
            "headers": [(str(name).lower().encode(), str(value).encode()) for name, value in given],
            "scheme": "https",
            "server": ("127.0.0.1", 443),
        }
        self._sent = b"" if body is None else orjson.dumps(body)
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    async def receive(self) -> Message:
        return {"type": "http.request", "body": self._sent, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            kept = {b"location": "Location", b"last-modified": "Last-Modified"}
            self.headers = {kept[name]: value.decode() for name, value in message["headers"] if name in kept}
        else:
            self.body += message.get("body", b"")


def _parts(given: object, *, body_key: str) -> list[_Part]:
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) and "url" in one for one in given):
        raise ApiError(400, "MISSING_ARGUMENT", f"{body_key} must list requests, each with a url")
    if len(given) > _MAX_PARTS:
        raise ApiError(400, "LIMIT_EXCEEDED", f"no more than {_MAX_PARTS} subrequests are allowed, got {len(given)}")
    return given


def _check_costs(parts: list[_Part]) -> None:
    if sum(bool(_COSTLY.search(urlsplit(str(one["url"])).path)) for one in parts) > _MAX_QUERIES:
        reason = f"no more than {_MAX_QUERIES} query or collection subrequests are allowed"
        raise ApiError(400, "LIMIT_EXCEEDED", reason)


def _referred(match: re.Match[str], answers: dict[str, _Part]) -> str:
    """The value that `@{name.path[0].to}` stands for.

    Raises:
        LookupError: an earlier part does not answer it.
    """
    name, path = match[1], match[2]
    missing = LookupError(f"Invalid reference specified. No value for {name}{path} found in {name}")
    if name not in answers or answers[name]["httpStatusCode"] >= 400:
        raise missing
    value: object = answers[name]["body"]
    for key, index in _STEP.findall(path):
        if key and isinstance(value, dict) and key in value:
            value = value[key]
        elif index and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
        else:
            raise missing
    return str(value)


def _rolled_back(answer: _Part) -> _Part:
    if answer["httpStatusCode"] >= 400:
        return answer
    reason = "The transaction was rolled back since another operation in the same transaction failed."
    return answer | {"httpStatusCode": 400, "body": ApiError(400, "PROCESSING_HALTED", reason).body()}

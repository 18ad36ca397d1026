"""`/graphql`: queries by POST and GET, and GraphiQL for a browser.

The route is our own because a stock one answers 500 to bad bodies, picks its transport by a word anywhere in `Accept`,
and runs on after the client has left.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import orjson
import structlog
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.config import Features
from gateway.executor import Executor, Operation
from gateway.graphiql import page, page_headers
from gateway.routes.body import GraphQLRequest, HttpRefusal, read_get, read_post
from gateway.routes.negotiate import GRAPHQL_JSON, JSON, answer_type, wants_page

__all__ = ["GraphQLRoute", "Run"]

log = structlog.get_logger(__name__)

Run = Callable[[Operation, GraphQLRequest], Awaitable[dict[str, Any]]]
"""Runs one operation with a context of its own and gives the answer's data, errors and extensions."""


@dataclass(frozen=True, slots=True)
class GraphQLRoute:
    """The ASGI endpoint; holds no state of a request."""

    executor: Executor
    run: Run
    max_body_bytes: int
    features: Features

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        response: Response | None
        try:
            response = await self._respond(request, receive)
        except HttpRefusal as refusal:
            error = {"message": refusal.message, "extensions": {"code": refusal.code}}
            response = _response({"errors": [error]}, refusal.status, JSON, refusal.headers)
        except Exception as error:  # noqa: BLE001 - the edge: what no one foresaw is masked and logged here
            told = self.executor.error(GraphQLError("", original_error=error))
            response = _response({"errors": [told]}, 500, JSON)
        if response is not None:
            await response(scope, receive, send)

    async def _respond(self, request: Request, receive: Receive) -> Response | None:
        if request.method == "GET":
            has_query = "query" in request.query_params
            if not has_query and self.features.graphiql and wants_page(request.headers.get("accept")):
                return Response(page(), headers=page_headers())
        elif request.method != "POST":
            raise HttpRefusal(405, "BAD_REQUEST", "use POST, or GET for queries", {"Allow": "GET, POST"})
        media_type = answer_type(request.headers.get("accept"))
        if media_type is None:
            raise HttpRefusal(406, "BAD_REQUEST", f"answers come as {JSON} or {GRAPHQL_JSON}")
        asked = (
            read_get(request) if request.method == "GET" else await read_post(request, max_bytes=self.max_body_bytes)
        )
        if asked.wants_calls and not self.features.explain:
            raise HttpRefusal(403, "FORBIDDEN", "extensions.explain is off here: set features.explain to offer it")
        return await self._answer(request.method, asked, media_type, receive)

    async def _answer(self, method: str, asked: GraphQLRequest, media_type: str, receive: Receive) -> Response | None:
        started = perf_counter()
        prepared = self.executor.prepare(asked.query, asked.operation_name, asked.variables)
        if isinstance(prepared, list):
            # The GraphQL-over-HTTP draft: a document that cannot run is 400 in its own media type, 200 as plain JSON.
            _log_ended(prepared, started, operation=None)
            return _response({"errors": prepared}, 400 if media_type == GRAPHQL_JSON else 200, media_type)
        if method == "GET" and not prepared.is_query:
            raise HttpRefusal(405, "BAD_REQUEST", "a mutation must be sent by POST", {"Allow": "POST"})
        answer = await _unless_gone(self.run(prepared, asked), receive)
        if answer is None:
            log.info("request.abandoned", operation=prepared.name, took_ms=_since(started))
            return None
        _log_ended(answer.get("errors", []), started, operation=prepared.name)
        return _response(answer, 200, media_type)


async def _unless_gone(work: Awaitable[dict[str, Any]], receive: Receive) -> dict[str, Any] | None:
    """The result of *work*; None where the client left first, and then the work has been cancelled."""
    task = asyncio.ensure_future(work)
    watch = asyncio.create_task(_disconnected(receive))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return await task
        return None
    finally:
        for pending in (task, watch):
            pending.cancel()
        await asyncio.gather(task, watch, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _response(body: dict[str, Any], status: int, media_type: str, headers: dict[str, str] | None = None) -> Response:
    fixed = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Accept"}
    content_type = f"{media_type}; charset=utf-8"
    return Response(orjson.dumps(body), status, {**fixed, **(headers or {})}, media_type=content_type)


def _since(started: float) -> float:
    return round((perf_counter() - started) * 1000, 3)


def _log_ended(errors: list[dict[str, Any]], started: float, *, operation: str | None) -> None:
    codes = sorted({error.get("extensions", {}).get("code", "") for error in errors})
    log.info("request.ended", operation=operation, errors=len(errors), codes=codes, took_ms=_since(started))

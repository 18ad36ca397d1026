"""Puts the emulator together."""

from typing import Any

import orjson
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.emulator import Running, Setup
from sandbox.faults import Faults
from sandbox.generic_graphql.documents import Asked, Documents
from sandbox.generic_graphql.errors import bad_input, told
from sandbox.generic_graphql.gate import Gate
from sandbox.generic_graphql.lists import Context
from sandbox.generic_graphql.options import Options

__all__ = ["build"]

_KEY = "eyJhbGciOiJIUzI1NiJ9.generic-graphql.sandbox"
_JSON, _GRAPHQL = "application/json", "application/graphql-response+json"


def build(setup: Setup) -> Running:
    """An account that holds the book, and how to reach it.

    Raises:
        ValueError: unknown option, or a value that an option does not take.
    """
    gate = Gate(_KEY, Options.from_mapping(setup.options), setup.clock, setup.faults)
    endpoint = _Endpoint(gate, Documents(setup.book), setup.faults)
    app = Starlette(routes=[Route("/graphql", endpoint.serve, methods=["POST"])])
    app.router.redirect_slashes = False
    return Running(app=app, connect=_connect(setup.base_url), secrets={"GENERIC_GRAPHQL_KEY": _KEY})


def _connect(base_url: str) -> dict[str, object]:
    return {
        "key": "generic_graphql",
        "platform": "generic_graphql",
        "base_url": base_url,
        "auth": {"kind": "bearer", "token": "env:GENERIC_GRAPHQL_KEY"},
    }


class _Endpoint:
    """`POST /graphql`; with the fault `broken_link`, single records behind a record cannot be read, all else can."""

    def __init__(self, gate: Gate, documents: Documents, faults: Faults) -> None:
        self._gate, self._documents, self._faults = gate, documents, faults
        faults.declare("broken_link")

    async def serve(self, request: Request) -> Response:
        media = _GRAPHQL if _GRAPHQL in request.headers.get("accept", "") else _JSON
        path = request.url.path
        try:
            asked = _asked(request.headers.get("content-type", ""), await request.body())
        except GraphQLError as error:
            return _answer({"errors": told([error])}, media, status=400)
        try:
            self._gate.let_in(request.headers.get("authorization"), path)
        except GraphQLError as error:
            return _answer({"data": None, "errors": told([error])}, media)
        context = Context(links_broken=self._faults.take("broken_link", path) is not None)
        return _answer(self._documents.answer(asked, context), media)


def _asked(content_type: str, body: bytes) -> Asked:
    """What a request asks.

    Raises:
        GraphQLError: it is no JSON, or no object with a query.
    """
    try:
        told_body = orjson.loads(body) if content_type.partition(";")[0].strip() == _JSON else None
    except orjson.JSONDecodeError:
        told_body = None
    if not isinstance(told_body, dict):
        raise bad_input("POST body sent invalid JSON.")
    query, variables, name = (told_body.get(key) for key in ("query", "variables", "operationName"))
    if not isinstance(query, str) or not query:
        raise bad_input("Must provide query string.")
    if not isinstance(variables, dict | None):
        raise bad_input("Variables are invalid JSON.")
    if not isinstance(name, str | None):
        raise bad_input("operationName must be a string.")
    return Asked(query=query, variables=variables or {}, operation_name=name)


def _answer(body: dict[str, Any], media: str, *, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type=media)

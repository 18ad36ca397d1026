"""Puts the emulator together: the paths of the API, below `/api/v1`."""

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.emulator import Running, Setup
from sandbox.generic_rest.gate import Gate, Options, Refusal
from sandbox.generic_rest.queries import answer, columns_named, invalid_request
from sandbox.generic_rest.tables import Table, pipelines_of, shown, tables_of
from sandbox.seed import Book
from sandbox.switches import switched

__all__ = ["build"]

_API_KEY = "key-5e1b7c40a9d2"
_MOST_BYTES = 256_000


def build(setup: Setup) -> Running:
    """An account that holds the book, and how to reach it.

    Raises:
        ValueError: unknown option, or a value that an option does not take.
    """
    options = switched(Options, setup.options, emulator="generic_rest")
    app = Starlette(
        routes=_Api(setup.book).routes(), exception_handlers={Refusal: _refuse, HTTPException: _refuse_route}
    )
    app.router.redirect_slashes = False
    return Running(
        app=Gate(app, _API_KEY, options, setup.clock, setup.faults),
        connect={
            "key": "generic_rest",
            "platform": "generic_rest",
            "base_url": setup.base_url,
            "auth": {"kind": "bearer", "token": "env:GENERIC_REST_KEY"},
        },
        secrets={"GENERIC_REST_KEY": _API_KEY},
    )


class _Api:
    """What the API answers."""

    def __init__(self, book: Book) -> None:
        self._tables = tables_of(book)
        self._pipelines = pipelines_of(book)
        self._account = {
            "id": "acc-7f3a",
            "name": "Kontor Nord",
            "currency": book.home_currency,
            "time_zone": book.time_zone,
        }

    def routes(self) -> list[Route]:
        """Every path there is."""
        return [
            Route("/api/v1/account", self._tell_account, methods=["GET"]),
            Route("/api/v1/pipelines", self._tell_pipelines, methods=["GET"]),
            Route("/api/v1/{resource}/query", self._query, methods=["POST"]),
            Route("/api/v1/{resource}/{id}", self._one, methods=["GET"]),
        ]

    async def _tell_account(self, request: Request) -> Response:
        _check_parameters(request)
        return _told({"data": self._account})

    async def _tell_pipelines(self, request: Request) -> Response:
        _check_parameters(request)
        return _told({"data": self._pipelines, "meta": {"total": len(self._pipelines), "has_more": False}})

    async def _query(self, request: Request) -> Response:
        _check_parameters(request)
        table = self._table(request)
        content = await request.body()
        if len(content) > _MOST_BYTES:
            raise Refusal(413, "too_large", f"The body is larger than {_MOST_BYTES} bytes.")
        try:
            body = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise invalid_request("The body is no JSON.") from error
        return _told(answer(body, table))

    async def _one(self, request: Request) -> Response:
        _check_parameters(request, "fields")
        table, wanted = self._table(request), request.path_params["id"]
        fields = request.query_params.get("fields")
        names = list(table.columns) if fields is None else columns_named(fields.split(","), table)
        # Only as the API writes ids: no sign, no leading zeros, and no more digits than any id has.
        row = table.rows.get(int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
        if row is None or str(row["id"]) != wanted:
            raise Refusal(404, "not_found", "There is no such record.")
        return _told({"data": shown(row, names)})

    def _table(self, request: Request) -> Table:
        table = self._tables.get(request.path_params["resource"])
        if table is None:
            raise Refusal(404, "not_found", "There is no such resource.")
        return table


def _check_parameters(request: Request, *known: str) -> None:
    for name in request.query_params:
        if name not in known:
            raise invalid_request("There is no such parameter.", name)


def _told(content: object) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")


async def _refuse(_: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return error.response()


async def _refuse_route(_: Request, error: Exception) -> Response:
    """Paths and methods that are not there."""
    if isinstance(error, HTTPException) and error.status_code == 405:
        return Refusal(405, "method_not_allowed", "The path does not know this method.").response()
    return Refusal(404, "not_found", "There is no such path.").response()

"""The shop itself: its paths, and what was asked of it."""

from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, unquote

import orjson

from tests.connectors.declarative.shop.filters import Conditions
from tests.connectors.declarative.shop.gate import Gate
from tests.connectors.declarative.shop.manner import Manner, Refusal
from tests.connectors.declarative.shop.pages import Envelope, Pages, in_order
from tests.connectors.declarative.shop.rows import COMPANIES, PEOPLE, Row, Table
from tests.connectors.declarative.shop.values import Values
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

__all__ = ["Call", "Shop"]

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    429: "rate_limited",
}
_PAGING = {"offset", "limit", "page", "size", "cursor"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it arrived: *params* are those of the URL, *body* is JSON, at `/token` a form, or None."""

    method: str
    path: str
    params: Mapping[str, str]
    body: Any


class Shop:
    """Serves `/people` and `/companies`, strictly in one manner.

    What it does not know is a 400, a wrong method a 405; parameters stand in the URL or, by POST, in the body.

    Attributes:
        calls: every request, in order of arrival.
    """

    def __init__(self, rows: Iterable[Row], manner: Manner | None = None, *, companies: Iterable[Row] = ()) -> None:
        self._manner = manner or Manner()
        people, firms = Table("people", PEOPLE, list(rows)), Table("companies", COMPANIES, list(companies))
        self._tables = {table.name: table for table in (people, firms)}
        self._values, self._pages, self._gate = Values(self._manner), Pages(self._manner), Gate(self._manner)
        self._envelopes = {
            table.name: Envelope(table, firms, self._values, self._manner) for table in self._tables.values()
        }
        self._refusals: deque[Refusal] = deque()
        self._origin = Origin()
        self._origin.handler = self._handle
        self.calls: list[Call] = []

    @property
    def url(self) -> str:
        """Where it listens, while it does."""
        return self._origin.url

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Self]:
        """Listen on a free port of 127.0.0.1 inside the block."""
        async with self._origin.listening():
            yield self

    def refuse(self, status: int, *, retry_after_s: int | None = None) -> None:
        """Answer one call so, 401, 403, 404 or 429, before anything else is looked at; calls add up."""
        self._refusals.append(Refusal(status, "as the test wants it", retry_after_s=retry_after_s))

    def expire_tokens(self) -> None:
        """Make every token bad that was given so far, but for the refresh token."""
        self._gate.expire_tokens()

    async def _handle(self, asked: Asked) -> Answer:
        path, _, query = asked.target.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        try:
            call = Call(asked.method, unquote(path), dict(pairs), asked.form if path == "/token" else _json(asked.body))
            self.calls.append(call)
            if self._refusals:
                raise self._refusals.popleft()
            if len(call.params) < len(pairs):
                raise Refusal(400, "a parameter is there twice")
            return self._token(call, asked.headers) or self._read(call, asked.headers)
        except Refusal as refusal:
            return self._refused(refusal)

    def _token(self, call: Call, headers: Mapping[str, str]) -> Answer | None:
        """The answer where tokens are given, else nothing."""
        if call.path == "/login" and self._manner.auth == "login":
            _require(call.method, "POST")
            return self._gate.log_in(call.body)
        if call.path == "/token" and self._manner.auth in {"client_credentials", "refresh"}:
            _require(call.method, "POST")
            return self._gate.grant(headers, call.body)
        return None

    def _read(self, call: Call, headers: Mapping[str, str]) -> Answer:
        parameters = dict(call.params)
        self._gate.check(headers, parameters)
        query = dict(parameters)
        _, name, *ids = call.path.split("/")
        if name not in self._tables or len(ids) > (self._manner.gets == "one"):
            raise Refusal(404, "there is no such path")
        _require(call.method, "POST" if self._manner.is_posted and not ids else "GET")
        if call.body is not None:
            if call.method == "GET" or not isinstance(call.body, dict) or call.body.keys() & parameters.keys():
                raise Refusal(400, "the body is no object of other parameters")
            parameters |= call.body
        table = self._tables[name]
        return self._one(table, ids[0], parameters) if ids else self._list(table, parameters, query)

    def _one(self, table: Table, told: str, parameters: dict[str, Any]) -> Answer:
        _require_nothing(parameters)
        try:
            wanted = self._values.read_text("id", told)
        except Refusal as error:
            raise Refusal(404, "there is no such row") from error
        for row in table.rows:
            if self._values.key("id", row["id"]) == wanted:
                return self._envelopes[table.name].one(row)
        raise Refusal(404, "there is no such row")

    def _list(self, table: Table, parameters: dict[str, Any], query: Mapping[str, str]) -> Answer:
        asked = orjson.dumps({key: parameters[key] for key in sorted(parameters.keys() - _PAGING)}).decode()
        conditions = Conditions(table, self._values, self._manner)
        wanted = [conditions.taken(parameters)]
        if self._manner.gets == "ids" and "ids" in parameters:
            wanted.append(conditions.of_ids(parameters.pop("ids")))
        told = self._pages.sort(parameters)
        rows = [row for row in table.rows if all(holds(row) for holds in wanted)]
        rows = in_order(rows, told, table, self._values, self._manner)
        page = self._pages.cut(rows, parameters, url=f"{self.url}/{table.name}", query=query, asked=asked)
        _require_nothing(parameters)
        return self._envelopes[table.name].page(page)

    def _refused(self, refusal: Refusal) -> Answer:
        headers = {} if refusal.retry_after_s is None else {"Retry_After": str(refusal.retry_after_s)}
        if self._manner.errors == "status":
            return as_json({"error": refusal.message}, refusal.status, **headers)
        error = {"code": _CODES[refusal.status], "message": refusal.message}
        return as_json({"ok": False, "error": error}, 200, **headers)


def _json(content: bytes) -> Any:
    if not content:
        return None
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "the body is no JSON") from error


def _require(method: str, wanted: str) -> None:
    if method != wanted:
        raise Refusal(405, f"this path takes {wanted}")


def _require_nothing(parameters: Mapping[str, Any]) -> None:
    for name in parameters:
        raise Refusal(400, f"there is no parameter {name!r}")

"""The resources that search: by a SOSL statement, and by parameters."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.salesforce.answers import Answer, ApiError
from sandbox.salesforce.rest import json_body, version_of
from sandbox.salesforce.sosl.searcher import Searcher
from sandbox.salesforce.sosl.statement import MAX_ROWS, SCOPES, Find, Scope, parse_find, parse_returned
from sandbox.salesforce.sosl.terms import escaped
from sandbox.salesforce.tenant import Tenant

__all__ = ["SearchResources"]

_BARE_UNTIL = 37
"""Before this version the answer is the array alone (REST API guide v36 and v38, Search, read 2026-11)."""

_GLOBAL = frozenset({"q", "in", "fields", "sobjects", "defaultLimit", "overallLimit", "offset", "spellCorrection"})
_UNUSED = frozenset(
    {"dataCategories", "division", "metadata", "netWorkIds", "pricebookId", "snippet", "updateTracking"}
    | {"updateViewStat"}
)
_OF_OBJECTS = frozenset({"name", "fields", "limit", "orderBy", "where"})
"""Parameters of a search in a body (Search with Parameters in the Request Body, read 2026-11)."""

_NULLS = re.compile(r"NULLS_(FIRST|LAST)", re.IGNORECASE)
_Parameters = Mapping[str, Any]


class SearchResources:
    """The handlers, and the routes to them."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._searcher = Searcher(tenant.store, tenant.clock.now, lag_s=tenant.options.search_lag_s)

    def routes(self) -> list[Route]:
        """Every route."""
        base = "/services/data/v{version:int}.0"
        return [
            Route(f"{base}/search", self.search),
            Route(f"{base}/parameterizedSearch", self.by_parameters, methods=["GET", "POST"]),
        ]

    async def search(self, request: Request) -> Response:
        """What a SOSL statement finds."""
        version_of(request)
        statement = request.query_params.get("q")
        if not statement:
            raise ApiError(400, "MALFORMED_SEARCH", "A search string has to be specified")
        return await self._answer(request, parse_find(statement), statement)

    async def by_parameters(self, request: Request) -> Response:
        """What a search told by parameters finds."""
        version_of(request)
        told = await json_body(request) if request.method == "POST" else _told_in_address(request)
        _check_names(told)
        search = told.get("q")
        if not isinstance(search, str) or not search:
            raise ApiError(400, "MISSING_ARGUMENT", "Required parameter is missing: q")
        objects = told.get("sobjects") or []
        if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
            raise ApiError(400, "JSON_PARSER_ERROR", "sobjects must be a list of objects")
        texts = [_returned(one, told, is_alone=len(objects) == 1) for one in objects]
        limit = _whole(told.get("overallLimit"), "overallLimit")
        find = Find(
            search=escaped(search),
            scope=_scope(told.get("in", "ALL")),
            returned=tuple(map(parse_returned, texts)),
            limit=limit,
        )
        # Places in error messages are places in the text of one object.
        return await self._answer(request, find, ", ".join(texts))

    async def _answer(self, request: Request, find: Find, statement: str) -> Response:
        version = version_of(request)
        context = self._tenant.context(version)
        found = await self._tenant.run(lambda: self._searcher.search(find, context, statement=statement))
        return Answer(found if version < _BARE_UNTIL else {"searchRecords": found})


def _told_in_address(request: Request) -> dict[str, Any]:
    """The parameters of a GET, in the form of a body: `sobject=Account&Account.fields=id,name`."""
    params = request.query_params
    told: dict[str, Any] = {
        key: value for key, value in params.items() if key in _GLOBAL - {"sobjects", "fields"} | _UNUSED
    }
    if "fields" in params:
        told["fields"] = _listed(params["fields"])
    objects = []
    for name in params.getlist("sobject"):
        one: dict[str, Any] = {"name": name}
        one |= {key: params[f"{name}.{key}"] for key in ("limit", "where") if f"{name}.{key}" in params}
        if f"{name}.fields" in params:
            one["fields"] = _listed(params[f"{name}.fields"])
        objects.append(one)
    return told | ({"sobjects": objects} if objects else {})


def _check_names(told: _Parameters) -> None:
    objects = told.get("sobjects")
    unknown = sorted(told.keys() - _GLOBAL - _UNUSED)
    for one in objects if isinstance(objects, list) else ():
        unknown += sorted(one.keys() - _OF_OBJECTS) if isinstance(one, dict) else []
    if unknown:
        raise ApiError(400, "JSON_PARSER_ERROR", f'Unrecognized field "{unknown[0]}"')


def _returned(one: _Parameters, told: _Parameters, *, is_alone: bool) -> str:
    """An object with its parameters, as a RETURNING clause tells it."""
    offset = _whole(told.get("offset"), "offset")
    if offset is not None and not is_alone:
        raise ApiError(400, "INVALID_SEARCH", "Only one sobject can be specified when using offset")
    default = _whole(told.get("defaultLimit"), "defaultLimit")
    limit = _whole(one.get("limit"), "limit")
    fields = one.get("fields") or told.get("fields") or ["Id"]
    clauses = [", ".join(str(field) for field in _list_of(fields))]
    clauses += [f"WHERE {one['where']}"] if one.get("where") else []
    order = _NULLS.sub(r"NULLS \1", str(one.get("orderBy") or ""))
    clauses += [f"ORDER BY {order}"] if order else []
    clauses.append(f"LIMIT {default or MAX_ROWS if limit is None else limit}")
    clauses += [f"OFFSET {offset}"] if offset is not None else []
    return f"{one.get('name', '')}({' '.join(clauses)})"


def _scope(told: object) -> Scope:
    for name in SCOPES:
        if name == str(told).upper():
            return name
    raise ApiError(400, "INVALID_SEARCH_SCOPE", f"Invalid search scope: {told}")


def _whole(told: object, name: str) -> int | None:
    """The number in a parameter, which may be text."""
    if told is None:
        return None
    text = str(told)
    if isinstance(told, bool) or not text.isdecimal() or int(text) > MAX_ROWS:
        raise ApiError(400, "INVALID_SEARCH", f"{name} must be between 0 and {MAX_ROWS}, got {text}")
    return int(text)


def _list_of(told: object) -> Iterable[object]:
    return told if isinstance(told, list) else [told]


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]

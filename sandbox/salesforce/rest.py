"""The REST resources that read: versions, queries, describe, records, limits."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.salesforce.answers import Answer, ApiError, not_found
from sandbox.salesforce.describe import describe_all, describe_briefly, describe_fully
from sandbox.salesforce.org import SObject
from sandbox.salesforce.rows import Rows
from sandbox.salesforce.soql import MAX_BATCH, Json
from sandbox.salesforce.tenant import Tenant
from sandbox.salesforce.usage import Usage

__all__ = ["VERSIONS", "Rest", "json_body", "version_of"]

VERSIONS = range(31, 69)
"""API versions that answer; 21 to 30 are retired (end-of-life policy, read 2026-11)."""

_MIN_BATCH = 200
_SEASONS = ("Winter", "Spring", "Summer")
_RESOURCES = ("composite", "limits", "parameterizedSearch", "query", "queryAll", "search", "sobjects")


class Rest:
    """The handlers, and the routes to them."""

    def __init__(self, tenant: Tenant, usage: Usage) -> None:
        self._tenant = tenant
        self._usage = usage
        self._described_at = tenant.clock.now().replace(microsecond=0)

    def routes(self) -> list[Route]:
        """Every route; paths come without their trailing slash."""
        base = "/services/data/v{version:int}.0"
        row = f"{base}/sobjects/{{name}}"
        return [
            Route("/services/data", self.versions),
            Route(base, self.resources),
            Route(f"{base}/limits", self.limits),
            Route(f"{base}/query", self.query),
            Route(f"{base}/queryAll", self.query_all),
            Route(f"{base}/query/{{locator}}", self.more),
            Route(f"{base}/queryAll/{{locator}}", self.more),
            Route(f"{base}/sobjects", self.describe_all),
            Route(row, self.describe_briefly),
            Route(f"{row}/describe", self.describe_fully),
            Route(f"{row}/updated", self.updated),
            Route(f"{row}/deleted", self.deleted),
            Route(f"{row}/{{record_id}}", self.row),
            Route(f"{row}/{{key}}/{{value:path}}", self.row_by_key),
            Route(f"{base}/composite/sobjects/{{name}}", self.retrieve, methods=["GET", "POST"]),
        ]

    async def versions(self, _: Request) -> Response:
        """The API versions, oldest first."""
        return Answer([_version(number) for number in VERSIONS])

    async def resources(self, request: Request) -> Response:
        """The resources of a version."""
        base = f"/services/data/v{version_of(request)}.0"
        identity = f"{self._tenant.base_url}/id/{self._tenant.keys.organization}/{self._tenant.keys.integration_user}"
        return Answer({name: f"{base}/{name}" for name in _RESOURCES} | {"identity": identity})

    async def limits(self, request: Request) -> Response:
        """The org's limits."""
        version_of(request)
        return Answer(self._usage.limits())

    async def query(self, request: Request) -> Response:
        """The first page of a statement's answer."""
        return await self._query(request, with_trash=False)

    async def query_all(self, request: Request) -> Response:
        """The same, with deleted and archived records."""
        return await self._query(request, with_trash=True)

    async def more(self, request: Request) -> Response:
        """A further page; the statement's own choice about deleted records holds."""
        context = self._tenant.context(version_of(request))
        locator = request.path_params["locator"]
        return Answer(await self._tenant.run(lambda: self._tenant.engine.more(locator, context, batch=_batch(request))))

    async def describe_all(self, request: Request) -> Response:
        """Every object."""
        version = version_of(request)
        return self._described(request, lambda: describe_all(self._tenant.catalog, version))

    async def describe_briefly(self, request: Request) -> Response:
        """One object, and no recently used records of it."""
        version, sobject = version_of(request), self._sobject(request)
        return Answer({"objectDescribe": describe_briefly(sobject, version), "recentItems": []})

    async def describe_fully(self, request: Request) -> Response:
        """One object with its fields."""
        version = version_of(request)
        sobject = self._tenant.catalog.named(request.path_params["name"])
        if sobject is None:
            raise not_found()
        return self._described(request, lambda: describe_fully(self._tenant.catalog, sobject, version))

    async def row(self, request: Request) -> Response:
        """A record by its id."""
        return await self._row(request, request.path_params["record_id"])

    async def row_by_key(self, request: Request) -> Response:
        """A record by an external key, or the bytes of one of its fields."""
        rows, sobject = Rows(self._tenant, version_of(request)), self._sobject(request)
        key, value = request.path_params["key"], request.path_params["value"]
        if sobject.named(key) is None and sobject.named(value) is not None:
            content = await self._tenant.run(lambda: rows.content(sobject, key, value))
            return Response(content, media_type="application/octet-stream")
        found = await self._tenant.run(lambda: rows.matching(sobject, key, value))
        if not found:
            raise not_found()
        if len(found) > 1:
            base = f"/services/data/v{version_of(request)}.0/sobjects/{sobject.name}"
            return Answer([f"{base}/{one}" for one in found], status_code=300)
        return await self._row(request, found[0])

    async def retrieve(self, request: Request) -> Response:
        """Records by their ids, null where there is none."""
        if request.method == "POST":
            body = await json_body(request)
            ids, fields = _texts(body.get("ids")), _texts(body.get("fields"))
        else:
            ids = _listed(request.query_params.get("ids"))
            fields = _listed(request.query_params.get("fields"))
        if ids is None or not fields:
            raise ApiError(400, "MISSING_ARGUMENT", "Required: ids and fields, each a list")
        rows, sobject = Rows(self._tenant, version_of(request)), self._sobject(request)
        return Answer(await self._tenant.run(lambda: rows.many(sobject, ids, fields)))

    async def updated(self, request: Request) -> Response:
        """Ids of changed records."""
        rows, sobject, params = Rows(self._tenant, version_of(request)), self._sobject(request), request.query_params
        return Answer(await self._tenant.run(lambda: rows.updated(sobject, params.get("start"), params.get("end"))))

    async def deleted(self, request: Request) -> Response:
        """Ids of deleted records."""
        rows, sobject, params = Rows(self._tenant, version_of(request)), self._sobject(request), request.query_params
        return Answer(await self._tenant.run(lambda: rows.deleted(sobject, params.get("start"), params.get("end"))))

    async def _query(self, request: Request, *, with_trash: bool) -> Response:
        context = self._tenant.context(version_of(request), with_trash=with_trash)
        statement = request.query_params.get("q")
        if not statement:
            raise ApiError(400, "MALFORMED_QUERY", "A query string has to be specified")
        engine, batch = self._tenant.engine, _batch(request)
        return Answer(await self._tenant.run(lambda: engine.query(statement, context, batch=batch)))

    async def _row(self, request: Request, record_id: str) -> Response:
        rows, sobject = Rows(self._tenant, version_of(request)), self._sobject(request)
        names = _listed(request.query_params.get("fields"))
        record, changed_at = await self._tenant.run(lambda: rows.one(sobject, record_id, names))
        if _is_unchanged(request, changed_at):
            return Response(status_code=304)
        limit = _header_date(request, "If-Unmodified-Since")
        if limit is not None and changed_at > limit:
            raise ApiError(412, "PRECONDITION_FAILED", "the record has changed since")
        return Answer(record, headers={"Last-Modified": format_datetime(changed_at.astimezone(UTC), usegmt=True)})

    def _described(self, request: Request, make: Callable[[], Json]) -> Response:
        if _is_unchanged(request, self._described_at):
            return Response(status_code=304)
        return Answer(make(), headers={"Last-Modified": format_datetime(self._described_at, usegmt=True)})

    def _sobject(self, request: Request) -> SObject:
        return Rows(self._tenant, version_of(request)).sobject(request.path_params["name"])


def version_of(request: Request) -> int:
    """The API version of a request.

    Raises:
        ApiError: one that does not answer.
    """
    version = int(request.path_params["version"])
    if version in VERSIONS:
        return version
    if version < VERSIONS.start:
        raise ApiError(410, "UNSUPPORTED_API_VERSION", f"API version {version}.0 is no longer supported")
    raise not_found()


async def json_body(request: Request) -> dict[str, Any]:
    """The JSON object in a request's body.

    Raises:
        ApiError: JSON_PARSER_ERROR.
    """
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise ApiError(400, "JSON_PARSER_ERROR", str(error)) from None
    if not isinstance(body, dict):
        raise ApiError(400, "JSON_PARSER_ERROR", "the body must be a JSON object")
    return body


def _version(number: int) -> dict[str, str]:
    """v59 is Winter '24, and there are three releases a year."""
    label = f"{_SEASONS[(number - 59) % 3]} '{24 + (number - 59) // 3}"
    return {"label": label, "url": f"/services/data/v{number}.0", "version": f"{number}.0"}


def _batch(request: Request) -> int:
    """The hint in `Sforce-Query-Options: batchSize=n`, within what the API allows."""
    name, _, value = request.headers.get("Sforce-Query-Options", "").partition("=")
    if name.strip().lower() != "batchsize" or not value.strip().isdigit():
        return MAX_BATCH
    return max(_MIN_BATCH, min(MAX_BATCH, int(value)))


def _listed(text: str | None) -> list[str] | None:
    return None if text is None else [one.strip() for one in text.split(",") if one.strip()]


def _texts(value: object) -> list[str] | None:
    return value if isinstance(value, list) and all(isinstance(one, str) for one in value) else None


def _header_date(request: Request, name: str) -> datetime | None:
    try:
        return parsedate_to_datetime(request.headers[name])
    except (KeyError, ValueError):
        return None


def _is_unchanged(request: Request, changed_at: datetime) -> bool:
    since = _header_date(request, "If-Modified-Since")
    return since is not None and changed_at.replace(microsecond=0) <= since

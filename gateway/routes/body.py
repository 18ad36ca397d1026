"""A GraphQL request read from HTTP: strict UTF-8 JSON of a bounded size and shape, or a clear refusal.

Everything here is hostile until parsed; each refusal is a status with a JSON error, never a traceback.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request

__all__ = ["GraphQLRequest", "HttpRefusal", "read_get", "read_post"]

_MAX_DEPTH = 64
_MAX_VALUES = 5_000
_MAX_INTEGER = 2**63
_BODY_TIMEOUT_S = 15.0


class HttpRefusal(Exception):
    """The request is refused with *status* before any GraphQL is read."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """What a client wants run."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None
    extensions: dict[str, Any]

    @property
    def wants_calls(self) -> bool:
        """Whether the upstream calls are to be told in the answer."""
        return self.extensions.get("explain") is True


async def read_post(request: Request, *, max_bytes: int) -> GraphQLRequest:
    """The request in the body of a POST.

    Raises:
        HttpRefusal: 415 for another media type or any content encoding, 413 over *max_bytes*, 408 for a slow body,
            400 for anything that is not a JSON object of the right shape.
    """
    _check_media_type(request.headers.get("content-type", ""))
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise HttpRefusal(415, "BAD_REQUEST", "send the body without a Content-Encoding")
    return _request_of(_decoded(await _body(request, max_bytes), "the body"))


def read_get(request: Request) -> GraphQLRequest:
    """The request in the query string of a GET; `variables` and `extensions` are JSON texts there.

    Raises:
        HttpRefusal: 403 when a page of another site asks, 400 for anything malformed.
    """
    # A foreign page can make a browser send a GET, though not read the answer: it would spend the sources' quotas.
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        raise HttpRefusal(403, "FORBIDDEN", "queries by GET are not taken from pages of other sites")
    found: dict[str, Any] = {}
    for key, value in _pairs(request.scope.get("query_string", b"")):
        if key in found:
            raise HttpRefusal(400, "BAD_REQUEST", f"{key[:32]} is given twice")
        found[key] = value
    for key in ("variables", "extensions"):
        if found.get(key):
            found[key] = _decoded(found[key].encode(), key)
        else:
            found.pop(key, None)
    return _request_of(found)


def _pairs(query_string: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise HttpRefusal(400, "BAD_REQUEST", "the query string is not percent-encoded UTF-8") from None


def _check_media_type(header: str) -> None:
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    charsets = {part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset=")}
    if media_type != "application/json" or charsets - {"utf-8", "utf8"}:
        accepted = {"Accept-Post": "application/json"}
        raise HttpRefusal(415, "BAD_REQUEST", "send Content-Type: application/json, in UTF-8", accepted)


async def _body(request: Request, max_bytes: int) -> bytes:
    too_large = HttpRefusal(413, "BAD_REQUEST", f"the body is over {max_bytes} bytes", {"Connection": "close"})
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise too_large
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_BODY_TIMEOUT_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size > max_bytes:
                    raise too_large
                chunks.append(chunk)
    except TimeoutError:
        raise HttpRefusal(
            408, "BAD_REQUEST", f"the body did not arrive within {_BODY_TIMEOUT_S:.0f} s", {"Connection": "close"}
        ) from None
    except ClientDisconnect:
        raise HttpRefusal(400, "BAD_REQUEST", "the client left before its body was read") from None
    return b"".join(chunks)


def _decoded(raw: bytes, what: str) -> Any:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise HttpRefusal(400, "BAD_REQUEST", f"{what} is not UTF-8 JSON") from None
    _check_shape(value, what)
    return value


def _check_shape(value: Any, what: str) -> None:
    """Refuse deep nesting, many values, and numbers that lose digits; no recursion."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    seen = 0
    while stack:
        item, depth = stack.pop()
        seen += 1
        if depth > _MAX_DEPTH:
            raise HttpRefusal(400, "BAD_REQUEST", f"{what} is nested deeper than {_MAX_DEPTH} levels")
        if isinstance(item, (dict, list)):
            if seen + len(stack) + len(item) > _MAX_VALUES:
                raise HttpRefusal(400, "BAD_REQUEST", f"{what} holds more than {_MAX_VALUES} values")
            children = item.values() if isinstance(item, dict) else item
            stack.extend((child, depth + 1) for child in children)
        elif isinstance(item, (int, float)) and not -_MAX_INTEGER <= item < _MAX_INTEGER:
            raise HttpRefusal(400, "BAD_REQUEST", f"{what} holds a number that does not fit; send it as text")


def _request_of(found: Any) -> GraphQLRequest:
    if isinstance(found, list):
        raise HttpRefusal(400, "BAD_REQUEST", "batches are not taken: send one operation a request")
    if not isinstance(found, dict):
        raise HttpRefusal(400, "BAD_REQUEST", 'send a JSON object such as {"query": "{ sources { key } }"}')
    query, name = found.get("query"), found.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise HttpRefusal(400, "BAD_REQUEST", "query must be a GraphQL document as text")
    if name is not None and not isinstance(name, str):
        raise HttpRefusal(400, "BAD_REQUEST", "operationName must be text")
    for key in ("variables", "extensions"):
        if not isinstance(found.get(key), dict | None):
            raise HttpRefusal(400, "BAD_REQUEST", f"{key} must be an object")
    return GraphQLRequest(query, found.get("variables") or {}, name or None, found.get("extensions") or {})

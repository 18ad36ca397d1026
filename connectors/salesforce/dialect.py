"""How Salesforce's replies are read: by status and error code, never by message."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from connectors.http import Accepted, Call, Failed, Observed, Refresh, Reply, Retry, Verdict
from model.errors import (
    QuotaExhausted,
    RateLimited,
    ReauthRequired,
    Rejected,
    SchemaDrift,
    SourceError,
    SourceForbidden,
    SourceTimeout,
    SourceUnavailable,
    UnsupportedBySource,
)

__all__ = ["DAILY", "SalesforceDialect"]

DAILY = "daily"
_DAY_S = 86_400.0
_USAGE = re.compile(r"\s*api-usage=(\d{1,12})/(\d{1,12})\s*\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,60}\Z")
_QUOTED_CHARS = 200

# REST API Developer Guide, "Status Codes and Error Responses": 420 is the edge's routing (read 2026-11).
_PASSING = frozenset({420, 429})
_DRIFTED = frozenset({"INVALID_FIELD", "INVALID_TYPE", "NOT_FOUND"})
_UNSEARCHED = frozenset({"INVALID_SEARCH", "MALFORMED_SEARCH"})
_BUSY = frozenset({"SERVER_UNAVAILABLE", "UNABLE_TO_LOCK_ROW"})


class SalesforceDialect:
    """Reads replies for the source called *source*."""

    def __init__(self, source: str) -> None:
        self._source = source

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        """What to do with *reply*; of a composite one, with its worst part."""
        if reply.status < 300:
            return self._of_whole(call, reply)
        return self._of_error(call, reply.status, _first(reply.json()), self._is_used_up(reply))

    def _of_whole(self, call: Call[Any], reply: Reply) -> Verdict:
        """Salesforce answers 200 to a composite or batch request whatever became of its parts."""
        if call.path.endswith("/composite"):
            failed = _failed(reply.json()["compositeResponse"], "httpStatusCode", "body")
        elif call.path.endswith("/composite/batch"):
            # A part that is refused for good names an object this org or credential lacks.
            failed = [part for part in _failed(reply.json()["results"], "statusCode", "result") if _may_pass(*part)]
        else:
            return Accepted()
        # What is halted because another part failed says nothing of itself.
        causes = [part for part in failed if part[1].get("errorCode") != "PROCESSING_HALTED"] or failed
        return self._of_error(call, *causes[0], self._is_used_up(reply)) if causes else Accepted()

    def _of_error(self, call: Call[Any], status: int, error: Mapping[str, Any], is_used_up: bool) -> Verdict:
        code = str(error.get("errorCode") or "")
        if status == 401:
            return self._unauthenticated(code)
        if code == "REQUEST_LIMIT_EXCEEDED":
            return self._limited(is_used_up=is_used_up)
        if status >= 500 or status in _PASSING or code in _BUSY:
            return Retry(self._error(SourceUnavailable, call, status, error, "try again later"))
        if code == "QUERY_TIMEOUT":
            return Failed(self._error(SourceTimeout, call, status, error, "narrow the filter"))
        if code == "EXCEEDED_ID_LIMIT":
            return Failed(self._error(UnsupportedBySource, call, status, error, "narrow the filter, or group by less"))
        if code in _UNSEARCHED:
            return Failed(self._error(UnsupportedBySource, call, status, error, "search for other words"))
        if code == "INVALID_QUERY_LOCATOR":
            return Failed(self._error(SourceUnavailable, call, status, error, "ask again from the start"))
        if status == 403:
            advice = "grant the integration user access to these objects and the API"
            return Failed(self._error(SourceForbidden, call, status, error, advice))
        if code in _DRIFTED or status == 410:
            advice = "check the integration user's field permissions and the source's api_version"
            return Failed(self._error(SchemaDrift, call, status, error, advice))
        return Failed(self._error(Rejected, call, status, error, "change the filter, or report this"))

    def _unauthenticated(self, code: str) -> Verdict:
        text = f"{self._source} no longer accepts its sign-in ({_code(code)}); connect it again"
        error = ReauthRequired(text, source=self._source)
        # A 401 with another code is no expiry: the app or the user is blocked, and a new token would not help.
        return Refresh(error) if code in {"", "INVALID_SESSION_ID"} else Failed(error)

    def _limited(self, *, is_used_up: bool) -> Verdict:
        """The day's requests, or too many long ones at a time: both have this code and no Retry-After."""
        if is_used_up:
            text = f"{self._source} has used its API requests of 24 hours; wait, or buy more"
            return Failed(QuotaExhausted(text, source=self._source))
        text = f"{self._source} runs too many long requests at a time; try again later"
        return Retry(RateLimited(text, source=self._source), pauses="*")

    def _error(
        self, kind: type[SourceError], call: Call[Any], status: int, error: Mapping[str, Any], advice: str
    ) -> SourceError:
        message = _UNPRINTABLE.sub(" ", str(error.get("message") or "")).strip()[:_QUOTED_CHARS]
        said = f": {message}" if message else ""
        code = _code(str(error.get("errorCode") or "")) if error else f"status {status}"
        return kind(f"{self._source} refused {call.operation} ({code}{said}); {advice}", source=self._source)

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        """The day's requests, from `Sforce-Limit-Info: api-usage=18/5000; per-app-api-usage=17/250(appName=x)`."""
        used = _usage(reply)
        if used is None:
            return ()
        return (Observed(name=DAILY, limit=used[1], remaining=max(0, used[1] - used[0]), window_s=_DAY_S),)

    def _is_used_up(self, reply: Reply) -> bool:
        used = _usage(reply)
        return used is not None and used[0] >= used[1]


def _usage(reply: Reply) -> tuple[int, int] | None:
    pieces: Iterable[str] = reply.headers.get("sforce-limit-info", "").split(";")
    for piece in pieces:
        if found := _USAGE.match(piece):
            return int(found[1]), int(found[2])
    return None


def _failed(parts: Iterable[Mapping[str, Any]], status: str, body: str) -> list[tuple[int, Mapping[str, Any]]]:
    return [(part[status], _first(part[body])) for part in parts if part[status] >= 300]


def _may_pass(status: int, error: Mapping[str, Any]) -> bool:
    return status == 401 or status >= 500 or status in _PASSING or error.get("errorCode") == "REQUEST_LIMIT_EXCEEDED"


def _first(body: Any) -> Mapping[str, Any]:
    """The first error of a body; empty where the body is no list of errors, such as a web tier's HTML."""
    item = body[0] if isinstance(body, list) and body else body
    return item if isinstance(item, Mapping) else {}


def _code(code: str) -> str:
    return code if _CODE.match(code) else "no code"

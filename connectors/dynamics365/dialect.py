"""How Dataverse says yes, wait and no, and what it tells of its limits."""

from collections.abc import Mapping
from typing import Any

from connectors.dynamics365.manifest import DynamicsOptions, manifest
from connectors.http import (
    Accepted,
    Call,
    Failed,
    LimitClass,
    Limits,
    Observed,
    Refresh,
    Reply,
    Retry,
    Verdict,
    Window,
    quotable,
)
from model.errors import (
    RateLimited,
    ReauthRequired,
    Rejected,
    SchemaDrift,
    SourceError,
    SourceForbidden,
    SourceUnavailable,
    UnsupportedBySource,
)

__all__ = ["DynamicsDialect", "limits_of"]

_WINDOW = "requests"
_REMAINING = "x-ms-ratelimit-burst-remaining-xrm-requests"
_PASSING = frozenset({502, 503, 504})
# Codes of "Web service error codes" (read 2026-11): a database that timed out or was locked, and an aggregation of
# more than 50,000 rows.
_BUSY = frozenset({"0x80044150", "0x80044151"})
_TOO_MANY_ROWS = "0x8004e023"


def limits_of(options: DynamicsOptions) -> Limits:
    """The window of requests; that of execution time is met by waiting as told."""
    facts = manifest()
    window = Window(options.requests or facts.requests, facts.window_s, _WINDOW)
    return Limits(classes=(LimitClass("default", (window,)),), concurrency=facts.concurrency)


class DynamicsDialect:
    """Reads one source's replies; keeps nothing."""

    def __init__(self, source: str) -> None:
        self._source = source

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        """What to do with *reply*, by its status and code, never by its message."""
        if reply.status < 300:
            return Accepted()
        code, said = _error(reply)
        if reply.status == 401:
            text = f"{self._source}: Dynamics 365 does not accept the access token; check the app's user and its roles"
            return Refresh(ReauthRequired(text, source=self._source))
        if reply.status == 429:
            text = f"{self._source} is asked too often ({call.operation}); ask again later"
            return Retry(RateLimited(text, source=self._source), pauses="*")
        if reply.status in _PASSING or code in _BUSY:
            text = f"{self._source} answered {call.operation} with status {reply.status}; try again later"
            return Retry(SourceUnavailable(text, source=self._source))
        return Failed(self._refusal(call, reply, code, said))

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        """What is left of the requests, as the web server that answered counts them."""
        del call
        left = reply.headers.get(_REMAINING, "")
        return (Observed(name=_WINDOW, remaining=int(left)),) if left.isdigit() else ()

    def _refusal(self, call: Call[Any], reply: Reply, code: str, said: str) -> SourceError:
        if reply.status == 403:
            text = f"{self._source} lacks a privilege for {call.operation}; give a role with it to the app's user"
            return SourceForbidden(text + (f": {said}" if said else ""), source=self._source)
        if reply.status == 404:
            text = f"{self._source} has nothing at {call.path.partition('?')[0]}; check its apps and base_url"
            return SchemaDrift(text, source=self._source)
        if code == _TOO_MANY_ROWS:
            return UnsupportedBySource(f"{self._source} has too many rows to group them itself", source=self._source)
        if reply.status >= 500:
            text = f"{self._source} answered {call.operation} with status {reply.status}; check its base_url"
            return SourceUnavailable(text, source=self._source)
        text = f"{self._source} refused {call.operation} (status {reply.status})" + (f": {said}" if said else "")
        return Rejected(text, source=self._source)


def _error(reply: Reply) -> tuple[str, str]:
    """Code and message of an error, the latter on one line of at most 200 characters."""
    body = reply.json()
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return "", ""
    return str(error.get("code") or "").lower(), quotable(error.get("message") or "")

"""How Freshsales says yes, wait and no, and what it tells of its hour."""

from typing import Any

from connectors.freshsales.manifest import FreshsalesOptions
from connectors.http import (
    Accepted,
    Call,
    Failed,
    LimitClass,
    Limits,
    Observed,
    Reply,
    Retry,
    Signing,
    Verdict,
    Window,
    quotable,
    retry_after_s,
)
from model.errors import QuotaExhausted, ReauthRequired, Rejected, SchemaDrift, SourceForbidden, SourceUnavailable

__all__ = ["SIGNING", "FreshsalesDialect", "limits_of"]

SIGNING = Signing(prefix="Token token=")

_HOUR, _HOUR_S = "hour", 3600.0


def limits_of(options: FreshsalesOptions) -> Limits:
    """The calls of an hour. How many may run at once is not told: five leave others their turn."""
    return Limits(classes=(LimitClass("default", (Window(options.hourly, _HOUR_S, _HOUR),)),), concurrency=5)


class FreshsalesDialect:
    """Reads one source's replies; keeps nothing."""

    def __init__(self, source: str) -> None:
        self._source = source

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        """What to do with *reply*, by its status; a single record that is not there is an answer."""
        if reply.status < 300 or (reply.status == 404 and call.operation == "get"):
            return Accepted()
        if reply.status == 401:
            text = f"{self._source}: Freshsales does not accept the API key; give the source a new one"
            return Failed(ReauthRequired(text, source=self._source))
        if reply.status == 429:
            # A wait for the hour's end is never made: it would take the request's whole time, and everybody's calls.
            text = f"{self._source} has used up its calls of the hour, which all users and apps of the account share"
            return Failed(QuotaExhausted(text, source=self._source, retry_after_s=retry_after_s(reply)))
        if reply.status >= 500:
            text = f"{self._source} answered {call.operation} with status {reply.status}; try again later"
            return Retry(SourceUnavailable(text, source=self._source))
        if reply.status == 403:
            text = f"{self._source} may not do {call.operation}: give the key's user the right, or check the view"
            return Failed(SourceForbidden(text, source=self._source))
        if reply.status in {404, 405}:
            text = f"{self._source} has nothing at {call.operation} (status {reply.status}); check its base_url"
            return Failed(SchemaDrift(text, source=self._source))
        text = f"{self._source} refused {call.operation} (status {reply.status}){_said(reply)}"
        return Failed(Rejected(text, source=self._source))

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        """What is left of the hour, where the headers tell."""
        del call
        limit, left = (reply.headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remaining"))
        if not (limit.isdigit() and left.isdigit()):
            return ()
        return (Observed(name=_HOUR, limit=int(limit), remaining=int(left), window_s=_HOUR_S),)


def _said(reply: Reply) -> str:
    """The vendor's words, fit to quote: one line of at most 200 characters."""
    body = reply.json()
    errors = body.get("errors") if isinstance(body, dict) else None
    message = errors.get("message") if isinstance(errors, dict) else None
    words = message[0] if isinstance(message, list) and message else message
    if not isinstance(words, str):
        return ""
    return ": " + quotable(words)

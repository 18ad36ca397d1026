"""How Zoho says yes, wait and no, and what it tells of its credits."""

from collections.abc import Mapping
from typing import Any

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
    Signing,
    Verdict,
    Window,
    quotable,
)
from connectors.zoho.manifest import ZohoOptions, manifest
from model.errors import (
    QuotaExhausted,
    RateLimited,
    ReauthRequired,
    Rejected,
    SchemaDrift,
    SourceError,
    SourceForbidden,
    SourceUnavailable,
)

__all__ = ["SIGNING", "ZohoDialect", "limits_of"]

# A token endpoint that is asked too often says "Access Denied", with status 400 or 200, for 10 to 30 minutes ("Token
# validity", read 2026-11).
SIGNING = Signing(prefix="Zoho-oauthtoken ", throttled=frozenset({"Access Denied"}))

_CREDITS, _DAY_S = "credits", 86400.0
_CREDITS_LEFT = "x-api-credits-remaining"  # comes once half of the credits are used ("API limits", read 2026-11)
# A module, field or address that is not there (any more).
_DRIFTED = frozenset({"INVALID_MODULE", "INVALID_QUERY", "INVALID_URL_PATTERN"})


def limits_of(options: ZohoOptions) -> Limits:
    """The credits of the edition, which calls cost by their weight, and its calls at a time."""
    plan = manifest().plans[options.plan]
    allowed = plan.credits + plan.each * options.users
    credit = Window(allowed if plan.most is None else min(allowed, plan.most), _DAY_S, _CREDITS, is_weighed=True)
    return Limits(classes=(LimitClass("default", (credit,)),), concurrency=plan.concurrency)


class ZohoDialect:
    """Reads one source's replies; keeps nothing."""

    def __init__(self, source: str) -> None:
        self._source = source

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        """What to do with *reply*, by its status and code; 204 is an empty answer."""
        if reply.status < 300:
            return Accepted()
        body = _body(reply)
        code = str(body.get("code") or "")
        if reply.status == 401 and code not in {"OAUTH_SCOPE_MISMATCH", "NO_PERMISSION"}:
            text = f"{self._source}: Zoho no longer accepts the access token; connect the account again"
            return Refresh(ReauthRequired(text, source=self._source))
        if reply.status == 429:
            return self._throttled(call, reply, str(body.get("message")))
        if reply.status >= 500:
            text = f"{self._source} answered {call.operation} with status {reply.status}; try again later"
            return Retry(SourceUnavailable(text, source=self._source))
        return Failed(self._refusal(call, reply.status, code, body))

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        """The credits left, where the header tells."""
        del call
        left = reply.headers.get(_CREDITS_LEFT, "")
        return (Observed(name=_CREDITS, remaining=int(left), window_s=_DAY_S),) if left.isdigit() else ()

    def _throttled(self, call: Call[Any], reply: Reply, message: str) -> Verdict:
        """Used-up credits, or too many calls at a time, for which Zoho names no wait."""
        # One status and one code stand for both; where the header is missing, Zoho tells them apart in words alone.
        left = reply.headers.get(_CREDITS_LEFT)
        if left == "0" or (left is None and "credit" in message.lower()):
            text = f"{self._source} has used up its credits; they come back within 24 hours, or can be bought"
            return Failed(QuotaExhausted(text, source=self._source))
        text = f"{self._source} is asked too much at a time ({call.operation}); ask again in some seconds"
        return Retry(RateLimited(text, source=self._source))

    def _refusal(self, call: Call[Any], status: int, code: str, body: Mapping[str, Any]) -> SourceError:
        if status in {401, 403}:
            text = f"{self._source} lacks a permission for {call.operation} ({quotable(code)}); grant the scope or the "
            return SourceForbidden(text + "right to the connected user, and connect again", source=self._source)
        said = ", ".join(quotable(one) for one in (code, _named(body), body.get("message")) if one)
        if code in _DRIFTED or status == 404:
            text = f"{self._source} has no such module, field or address ({said or call.path}); check the mapping"
            return SchemaDrift(text, source=self._source)
        text = f"{self._source} refused {call.operation} (status {status})" + (f": {said}" if said else "")
        return Rejected(text, source=self._source)


def _body(reply: Reply) -> Mapping[str, Any]:
    body = reply.json()
    return body if isinstance(body, dict) else {}


def _named(body: Mapping[str, Any]) -> object:
    """The column or parameter that an error is about."""
    details = body.get("details")
    held = details if isinstance(details, dict) else {}
    return held.get("column_name") or held.get("param_name")

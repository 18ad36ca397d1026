"""How Pipedrive says yes, wait and no, and what it tells of its limits."""

from collections.abc import Mapping
from typing import Any

from connectors.credentials import Auth, Bearer
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
from connectors.pipedrive.manifest import PipedriveOptions, manifest
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

__all__ = ["PipedriveDialect", "limits_of", "signing_of"]

_TOKENS, _BURST, _SEARCHES, _DAY_S = "tokens", "burst", "searches", 86400.0
_QUIET_S = 60.0  # no page says how long Cloudflare refuses
# Seen live and in no official page: what is left of the day's tokens.
_TOKENS_LEFT = "x-daily-ratelimit-token-remaining"


def signing_of(auth: Auth) -> Signing:
    """An API token has a header of its own ("Authentication", read 2026-11); OAuth has the usual one."""
    if isinstance(auth, Bearer):
        return Signing(header="x-api-token", prefix="")
    return Signing(client_auth="client_secret_basic")


def limits_of(options: PipedriveOptions, auth: Auth) -> Limits:
    """The tokens of a day, the calls in 2 s, and the searches in 2 s.

    How many calls may run at once is not limited by any page; ten is what a page of relations needs.
    """
    facts = manifest()
    plan = facts.plans[options.plan]
    tokens = facts.daily_base * plan.multiplier * options.seats
    burst = plan.api_token if isinstance(auth, Bearer) else plan.oauth
    usual = LimitClass(
        "default", (Window(tokens, _DAY_S, _TOKENS, is_weighed=True), Window(burst, facts.burst_s, _BURST))
    )
    searches = LimitClass("search", (Window(facts.searches, facts.burst_s, _SEARCHES),), shares=("default",))
    return Limits(classes=(usual, searches), concurrency=10)


class PipedriveDialect:
    """Reads one source's replies; keeps nothing."""

    def __init__(self, source: str) -> None:
        self._source = source

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        """What to do with *reply*, by its status and headers."""
        if reply.status < 300 or (reply.status == 404 and call.operation == "get"):
            return Accepted()  # a record that is not there has no data
        if reply.status == 401:
            text = f"{self._source}: Pipedrive does not accept the token; give the source a new one"
            return Refresh(ReauthRequired(text, source=self._source))
        if reply.status == 429 or (reply.status == 403 and "html" in reply.headers.get("content-type", "")):
            return self._throttled(call, reply)
        if reply.status >= 500:
            text = f"{self._source} answered {call.operation} with status {reply.status}; try again later"
            return Retry(SourceUnavailable(text, source=self._source))
        return Failed(self._refusal(call, reply))

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        """The day's tokens and the burst, where headers tell."""
        found: list[Observed] = []
        left = reply.headers.get(_TOKENS_LEFT, "")
        if left.isdigit():
            limit = reply.headers.get("x-daily-ratelimit-token-limit", "")
            found.append(Observed(name=_TOKENS, limit=int(limit) if limit.isdigit() else None, remaining=int(left)))
        burst = reply.headers.get("x-ratelimit-limit", "")
        if burst.isdigit():
            found.append(Observed(name=_SEARCHES if call.limit_class == "search" else _BURST, limit=int(burst)))
        return tuple(found)

    def _throttled(self, call: Call[Any], reply: Reply) -> Verdict:
        """A used-up day is told by header, text, or a wait far beyond a burst's; Cloudflare's page asks for quiet."""
        wait = reply.headers.get("retry-after", "")
        if reply.headers.get(_TOKENS_LEFT) == "0" or (wait.isdigit() and int(wait) > 60) or "daily" in _said(reply):
            text = f"{self._source} has used up its tokens of the day, which all users and apps of the account share"
            after_s = float(wait) if wait.isdigit() else None
            return Failed(QuotaExhausted(text, source=self._source, retry_after_s=after_s))
        text = f"{self._source} is asked too often ({call.operation}); ask again in some seconds"
        reset = reply.headers.get("x-ratelimit-reset", "")
        burst_s = float(reset) if reset in {"1", "2"} else manifest().burst_s
        pause_s = burst_s if reply.status == 429 else _QUIET_S
        return Retry(RateLimited(text, source=self._source), after_s=pause_s, pauses="*")

    def _refusal(self, call: Call[Any], reply: Reply) -> SourceError:
        said = _said(reply)
        if reply.status == 402:
            text = f"{self._source} is closed or unpaid, says Pipedrive; its owner has to settle that there"
            return SourceForbidden(text, source=self._source)
        if reply.status == 403:
            text = f"{self._source} may not do {call.operation} (status {reply.status}): grant the scope or the right"
            return SourceForbidden(text + f" ({said})" * bool(said), source=self._source)
        if reply.status in {404, 405, 410}:
            text = f"{self._source} has nothing at {call.operation} (status {reply.status}); check its base_url"
            return SchemaDrift(text, source=self._source)
        text = f"{self._source} refused {call.operation} (status {reply.status})" + f": {said}" * bool(said)
        return Rejected(text, source=self._source)


def _said(reply: Reply) -> str:
    """The error of a reply fit to quote: one line of at most 200 characters."""
    body = reply.json()
    held: Mapping[str, Any] = body if isinstance(body, dict) else {}
    return quotable(held.get("error") or "")

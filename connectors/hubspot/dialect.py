"""How HubSpot says yes, wait and no, and what it tells of its limits."""

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
    Verdict,
    Window,
    quotable,
)
from connectors.hubspot.manifest import manifest
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

__all__ = ["HubSpotDialect", "limits_of"]

_BURST, _DAILY, _SEARCH = "burst", "daily", "search"
_DAY_S = 86400.0
_BURST_S = 10.0
# Pauses that HubSpot's Node client takes after a 429 without Retry-After (@hubspot/api-client 13.5.0).
_BURST_PAUSE_S, _SEARCH_PAUSE_S = 10.0, 1.0
_LOCKED_PAUSE_S = 2.0  # developers.hubspot.com, error handling: wait 2 s after a 423 (read 2026-11)
_PASSING = frozenset({500, 502, 503, 504, 521, 523, 524, 530})  # the same page; 530 seen in the wild


def limits_of(plan: str) -> Limits:
    """The windows of *plan*.

    Searches have a window of their own and stay out of the burst; association batches stay out of it too; all count
    towards the day (HubSpot's OpenAPI collection, 2026-08-21).
    """
    found = manifest().plans[plan]
    daily = (Window(found.daily, _DAY_S, _DAILY),) if found.daily is not None else ()
    return Limits(
        classes=(
            LimitClass(_DAILY, daily),
            LimitClass("default", (Window(found.burst, _BURST_S, _BURST),), shares=(_DAILY,)),
            LimitClass(_SEARCH, (Window(manifest().search.per_second, 1.0, _SEARCH),), shares=(_DAILY,)),
            LimitClass("associations", (), shares=(_DAILY,)),
        ),
        concurrency=manifest().concurrency,
    )


class HubSpotDialect:
    """Reads one source's replies; keeps nothing."""

    def __init__(self, source: str) -> None:
        self._source = source

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        """What to do with *reply*, by its status, category and policy, never by its message."""
        if reply.status < 300:  # 207 too: what failed in a batch is told inside
            return Accepted()
        body = _body(reply)
        if reply.status == 401:
            return self._unauthorized(body)
        if reply.status == 429:
            return self._throttled(call, reply, body)
        if reply.status == 423:
            locked = SourceUnavailable(f"{self._source} is locked for {call.operation}", source=self._source)
            return Retry(locked, after_s=_LOCKED_PAUSE_S)
        if reply.status == 477:
            text = f"{self._source} is being moved to another data centre; try again later"
            return Retry(SourceUnavailable(text, source=self._source), after_s=_retry_after_s(reply), pauses="*")
        if reply.status in _PASSING:
            text = f"{self._source} answered {call.operation} with status {reply.status}; try again later"
            return Retry(SourceUnavailable(text, source=self._source))
        return Failed(self._refusal(call, reply, body))

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        """The burst and the day, where the headers tell; searches carry none."""
        del call
        headers = reply.headers
        seen = []
        if (limit := _whole(headers, "x-hubspot-ratelimit-max")) is not None:
            interval_ms = _whole(headers, "x-hubspot-ratelimit-interval-milliseconds")
            remaining = _whole(headers, "x-hubspot-ratelimit-remaining")
            window_s = interval_ms / 1000 if interval_ms else _BURST_S
            seen.append(Observed(name=_BURST, limit=limit, remaining=remaining, window_s=window_s))
        if (limit := _whole(headers, "x-hubspot-ratelimit-daily")) is not None:
            remaining = _whole(headers, "x-hubspot-ratelimit-daily-remaining")
            seen.append(Observed(name=_DAILY, limit=limit, remaining=remaining, window_s=_DAY_S))
        return tuple(seen)

    def _unauthorized(self, body: Mapping[str, Any]) -> Verdict:
        text = f"{self._source}: HubSpot no longer accepts the access token; connect the account again"
        error = ReauthRequired(text, source=self._source)
        return Failed(error) if body.get("category") == "INVALID_AUTHENTICATION" else Refresh(error)

    def _throttled(self, call: Call[Any], reply: Reply, body: Mapping[str, Any]) -> Verdict:
        policy = str(body.get("policyName") or "")
        if policy == "DAILY":
            text = f"{self._source} has used up its calls of the day; they come back at midnight of the account's zone"
            return Failed(QuotaExhausted(text, source=self._source))
        text = f"{self._source} is asked too often ({call.operation}); ask again in some seconds"
        # A search's 429 has no mark of its own but its class.
        is_short = call.limit_class == _SEARCH or policy == "SECONDLY"
        asked = _retry_after_s(reply)
        pause_s = asked if asked is not None else _SEARCH_PAUSE_S if is_short else _BURST_PAUSE_S
        return Retry(RateLimited(text, source=self._source), after_s=pause_s, pauses=call.limit_class)

    def _refusal(self, call: Call[Any], reply: Reply, body: Mapping[str, Any]) -> SourceError:
        if reply.status == 403:
            scopes = _scopes(body)
            needed = f"the scopes {', '.join(scopes)}" if scopes else "a permission"
            text = f"{self._source} lacks {needed} for {call.operation}; grant it to the app and connect again"
            return SourceForbidden(text, source=self._source)
        if reply.status == 404:
            text = f"{self._source} has nothing at {call.path}; check the account's products and base_url"
            return SchemaDrift(text, source=self._source)
        if reply.status >= 500:
            text = f"{self._source} answered {call.operation} with status {reply.status}; check its base_url"
            return SourceUnavailable(text, source=self._source)
        said = quotable(body.get("message") or "")
        text = f"{self._source} refused {call.operation} (status {reply.status})" + (f": {said}" if said else "")
        return Rejected(text, source=self._source)


def _body(reply: Reply) -> Mapping[str, Any]:
    body = reply.json()
    return body if isinstance(body, dict) else {}


def _scopes(body: Mapping[str, Any]) -> list[str]:
    errors = body.get("errors")
    found: list[str] = []
    for error in errors if isinstance(errors, list) else []:
        context = error.get("context") if isinstance(error, dict) else None
        scopes = context.get("requiredGranularScopes") if isinstance(context, dict) else None
        found += [str(scope) for scope in scopes] if isinstance(scopes, list) else []
    return [scope for scope in dict.fromkeys(quotable(one or "") for one in found) if scope]


def _whole(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isdigit() else None


def _retry_after_s(reply: Reply) -> float | None:
    value = reply.headers.get("retry-after", "")
    return float(value) if value.isdigit() else None

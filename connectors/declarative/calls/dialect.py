"""How an API says yes, wait and no, by the rules of its file."""

from collections.abc import Mapping
from typing import Any

from connectors.declarative.spec import ErrorRule, ErrorsSpec, LimitsSpec, Outcome
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
    retry_after_s,
)
from connectors.tables import at
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

__all__ = ["DeclaredDialect", "NotThere", "limits_of"]

_BY_STATUS: Mapping[int, Outcome] = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 404: "NOT_FOUND", 429: "RATE_LIMITED"}


class NotThere(Rejected):
    """The API says that there is no such thing: a record, or a path of the file."""


def limits_of(spec: LimitsSpec) -> Limits:
    """The windows and the concurrency of a file."""
    windows = tuple(
        Window(window.calls, window.per_s, f"{window.calls} per {window.per_s:g} s") for window in spec.windows
    )
    return Limits(classes=(LimitClass("default", windows),), concurrency=spec.concurrency)


class DeclaredDialect:
    """Reads one source's replies; keeps nothing."""

    def __init__(self, source: str, errors: ErrorsSpec, limits: LimitsSpec) -> None:
        self._source = source
        self._errors = errors
        self._limits = limits

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        """What to do with *reply*, by the first rule that fits it, else by its status."""
        body = reply.json() if reply.status >= 300 or self._errors.present is not None else None
        if reply.status < 300 and not _held(body, self._errors.present):
            return Accepted()
        outcome = next((rule.means for rule in self._errors.rules if self._fits(rule, reply, body)), None)
        if outcome is None:
            outcome = _BY_STATUS.get(reply.status, "UNAVAILABLE" if reply.status >= 500 else "REJECTED")
        return self._verdict(outcome, call, reply, body)

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        """What the headers that the file names say of its windows."""
        del call
        found = []
        for window in self._limits.windows:
            limit, left, resets = (
                _number(reply.headers.get((name or "").lower(), ""))
                for name in (window.limit, window.remaining, window.resets_in_s)
            )
            if left is not None:
                found.append(
                    Observed(
                        name=f"{window.calls} per {window.per_s:g} s",
                        limit=None if limit is None else int(limit),
                        remaining=int(left),
                        window_s=window.per_s,
                        resets_in_s=resets,
                    )
                )
        return tuple(found)

    def _fits(self, rule: ErrorRule, reply: Reply, body: Any) -> bool:
        if rule.statuses and reply.status not in rule.statuses:
            return False
        if rule.codes and str(_held(body, self._errors.code)) not in rule.codes:
            return False
        if any(reply.headers.get(name.lower()) != value for name, value in (rule.header or {}).items()):
            return False
        return rule.text is None or rule.text.lower() in reply.content[:10_000].decode(errors="replace").lower()

    def _verdict(self, outcome: Outcome, call: Call[Any], reply: Reply, body: Any) -> Verdict:
        source, asked = self._source, call.operation
        said = quotable(_held(body, self._errors.message) or _held(body, self._errors.code) or "")
        told = f" (status {reply.status}){': ' if said else ''}{said}"
        error: SourceError
        match outcome:
            case "UNAUTHENTICATED":
                text = f"{source} no longer accepts its credential{told}; connect the account again"
                return Refresh(ReauthRequired(text, source=source))
            case "RATE_LIMITED":
                text = f"{source} is asked too often ({asked}); ask again in some seconds"
                wait_s = _number(_held(body, self._errors.retry_after))
                after_s = wait_s if wait_s is not None else retry_after_s(reply)
                return Retry(RateLimited(text, source=source), after_s, pauses="*")
            case "UNAVAILABLE":
                text = f"{source} could not answer {asked}{told}; try again later"
                return Retry(SourceUnavailable(text, source=source))
            case "QUOTA_EXHAUSTED":
                error = QuotaExhausted(
                    f"{source} has used up its calls{told}; wait until they come back", source=source
                )
            case "FORBIDDEN":
                text = f"{source} refuses {asked}{told}; grant the connected user the right to it"
                error = SourceForbidden(text, source=source)
            case "NOT_FOUND":
                error = NotThere(f"{source} has no {call.path.partition('?')[0]}{told}", source=source)
            case "SCHEMA_DRIFT":
                error = SchemaDrift(f"{source} has no such field{told}; correct its file", source=source)
            case "REJECTED":
                error = Rejected(f"{source} refused {asked}{told}", source=source)
        return Failed(error)


def _held(body: Any, path: str | None) -> Any:
    if path is None:
        return None
    if isinstance(body, list):
        body = {"": body}
        path = f".{path}"
    return at(path)(body) if isinstance(body, dict) else None


def _number(value: Any) -> float | None:
    """A count or a time, within reason."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 <= number < 1e9 else None

"""What every call passes: the key, faults, limits in virtual time; and how refusals are told."""

from collections import deque
from dataclasses import dataclass, field
from math import ceil

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.clock import Clock
from sandbox.faults import Faults

__all__ = ["Gate", "Options", "Refusal"]

_BURST_S, _DAY_S = 10.0, 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The limits of the plan "standard", or others for tests.

    Attributes:
        burst: calls in any 10 s.
        daily: calls in any 24 h.
        concurrency: calls at a time.
    """

    burst: int = 100
    daily: int = 20_000
    concurrency: int = 5


class Refusal(Exception):
    """An answer other than success.

    Attributes:
        status: HTTP status code.
        headers: what it says beside the usual ones, or in place of them.
    """

    def __init__(
        self, status: int, code: str, message: str, *, field: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.headers = status, headers or {}
        self._error = {"code": code, "message": message} | ({} if field is None else {"field": field})

    def response(self) -> Response:
        """The response that tells it."""
        return JSONResponse({"error": self._error}, self.status, self.headers)


@dataclass(slots=True)
class _Window:
    """At most *limit* calls in any *span_s* seconds."""

    limit: int
    span_s: float
    clock: Clock
    _taken: deque[float] = field(default_factory=deque)

    @property
    def left(self) -> int:
        while self._taken and self._taken[0] <= self.clock.monotonic() - self.span_s:
            self._taken.popleft()
        return max(0, self.limit - len(self._taken))

    def take(self) -> None:
        self._taken.append(self.clock.monotonic())

    @property
    def reset_s(self) -> int:
        """Whole seconds until the oldest of the calls leaves it; 0 where there is none."""
        if self.left == self.limit:
            return 0
        return ceil(self._taken[0] + self.span_s - self.clock.monotonic())


class Gate:
    """*app* behind the gate, every answer with the headers of the limits; refused calls count in none of them.

    Faults: `rate_limited` says in `Retry-After` its *value*, or else 1; `unauthorized` and `revoked` are one, for a key
    does not expire.
    """

    def __init__(self, app: ASGIApp, key: str, options: Options, clock: Clock, faults: Faults) -> None:
        self._app, self._key, self._faults = app, key, faults
        self._burst = _Window(options.burst, _BURST_S, clock)
        self._day = _Window(options.daily, _DAY_S, clock)
        self._most_at_once, self._running = options.concurrency, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers().items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._let_in(scope["path"], Headers(scope=scope).get("x-api-key"))
        except Refusal as refusal:
            await refusal.response()(scope, receive, send_counted)
            return
        self._running += 1
        try:
            await self._app(scope, receive, send_counted)
        finally:
            self._running -= 1

    def _let_in(self, path: str, key: str | None) -> None:
        if key != self._key:
            raise Refusal(401, "unauthorized", "The header X-Api-Key is missing, or holds no key that is known.")
        if any(self._faults.take(name, path) for name in ("unauthorized", "revoked")):
            raise Refusal(401, "unauthorized", "The key was revoked.")
        if self._faults.take("forbidden", path) is not None:
            raise Refusal(403, "forbidden", "The key may not read this.")
        if self._faults.take("quota_exhausted", path) is not None:
            raise _quota_exceeded()
        if (fault := self._faults.take("rate_limited", path)) is not None:
            raise _rate_limited(int(fault.value or 1))
        if self._running >= self._most_at_once:
            raise Refusal(
                429, "rate_limited", f"More than {self._most_at_once} calls at a time.", headers={"Retry-After": "1"}
            )
        if not self._day.left:
            raise _quota_exceeded()
        if not self._burst.left:
            raise _rate_limited(self._burst.reset_s)
        self._day.take()
        self._burst.take()

    def _headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self._burst.limit),
            "X-RateLimit-Remaining": str(self._burst.left),
            "X-RateLimit-Reset": str(self._burst.reset_s),
            "X-Daily-Remaining": str(self._day.left),
        }


def _rate_limited(wait_s: int) -> Refusal:
    wait = str(max(1, wait_s))
    headers = {"Retry-After": wait, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": wait}
    return Refusal(429, "rate_limited", "Too many calls in 10 s.", headers=headers)


def _quota_exceeded() -> Refusal:
    return Refusal(429, "quota_exceeded", "Too many calls in 24 h.", headers={"X-Daily-Remaining": "0"})

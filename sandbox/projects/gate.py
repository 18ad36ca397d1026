"""What every call passes: faults, the token, the minute's limit; and how errors are told."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import ceil

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.projects.errors import VendorError, forbidden, too_many_requests, unauthorized
from sandbox.projects.login import Tokens

__all__ = ["Endpoint", "Gate", "Options", "told"]

Endpoint = Callable[[Request], Awaitable[Response]]

_MINUTE_S = 60.0
_LOGINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The switches of the emulator.

    Attributes:
        minute: calls of one user in any 60 s; log-ins have a limit of their own.
    """

    minute: int = 300


class _Minute:
    """At most *limit* calls in any 60 s; what is refused does not count."""

    def __init__(self, limit: int, clock: Clock) -> None:
        self.limit, self._clock = limit, clock
        self._taken: deque[float] = deque()

    def take(self) -> None:
        if not self.left:
            raise too_many_requests(self.reset_s)
        self._taken.append(self._clock.monotonic())

    def use_up(self) -> None:
        self._taken.extend([self._clock.monotonic()] * self.left)

    @property
    def left(self) -> int:
        while self._taken and self._taken[0] <= self._clock.monotonic() - _MINUTE_S:
            self._taken.popleft()
        return self.limit - len(self._taken)

    @property
    def reset_s(self) -> int:
        """Whole seconds until the oldest call is a minute ago."""
        oldest_s = self._taken[0] if self._taken else self._clock.monotonic()
        return max(1, ceil(oldest_s + _MINUTE_S - self._clock.monotonic()))


class Gate:
    """Lets calls in, one by one.

    `rate_limited` waits as many seconds as its *value* says, else 1, and `quota_exhausted` uses up the minute;
    `unauthorized` voids the tokens there are, and `revoked` refuses them and every log-in while it is on.
    """

    def __init__(self, tokens: Tokens, options: Options, clock: Clock, faults: Faults) -> None:
        self._tokens, self._faults = tokens, faults
        self._calls, self._logins = _Minute(options.minute, clock), _Minute(_LOGINS, clock)

    def log_in(self, handler: Callable[[Request], Awaitable[object]]) -> Endpoint:
        """*handler*, open to everybody."""

        async def endpoint(request: Request) -> Response:
            try:
                self._check_rate(request, self._logins)
                if self._faults.take("revoked", request.url.path):
                    raise unauthorized("invalid_credentials")
                return JSONResponse(await handler(request))
            except VendorError as error:
                return told(error)

        return endpoint

    def endpoint(self, handler: Callable[[Request], object]) -> Endpoint:
        """*handler* for those who are logged in, its answer with the headers of the limit."""

        async def endpoint(request: Request) -> Response:
            try:
                self._check_token(request)
            except VendorError as error:
                return told(error)
            try:
                self._check_rate(request, self._calls)
                if self._faults.take("forbidden", request.url.path):
                    raise forbidden()
                answer: Response = JSONResponse(handler(request))
            except VendorError as error:
                answer = told(error)
            answer.headers["RateLimit-Limit"] = str(self._calls.limit)
            answer.headers["RateLimit-Remaining"] = str(self._calls.left)
            answer.headers["RateLimit-Reset"] = str(self._calls.reset_s)
            return answer

        return endpoint

    def _check_token(self, request: Request) -> None:
        if self._faults.take("unauthorized", request.url.path):
            self._tokens.void()
        self._tokens.check(request.headers.get("authorization", ""))
        if self._faults.take("revoked", request.url.path):
            raise unauthorized("token_invalid")

    def _check_rate(self, request: Request, minute: _Minute) -> None:
        if fault := self._faults.take("rate_limited", request.url.path):
            raise too_many_requests(int(fault.value or 1))
        if self._faults.take("quota_exhausted", request.url.path):
            minute.use_up()
        minute.take()


def told(error: VendorError) -> Response:
    """The response that tells *error*."""
    return JSONResponse(error.body, error.status, error.headers)

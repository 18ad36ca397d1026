"""What every call passes: faults, the API key, the hour's limit; and how errors are told."""

from collections.abc import Awaitable, Callable
from math import ceil

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.freshsales.errors import VendorError, forbidden, incorrect_key, too_many_requests
from sandbox.freshsales.options import Options

__all__ = ["Endpoint", "Gate", "Handler", "told"]

Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Request], Awaitable[object]]

_HOUR_S = 3_600


class Gate:
    """Lets calls in, one by one.

    An hour begins with the first call after the last one ended; refused calls do not count.
    `rate_limited` waits as long as its *value* says, `quota_exhausted` until the hour ends; `unauthorized` and
    `revoked` are one, for a key does not expire.
    """

    def __init__(self, api_key: str, options: Options, clock: Clock, faults: Faults) -> None:
        self._authorization = f"Token token={api_key}"
        self._options, self._clock, self._faults = options, clock, faults
        self._hour_ends_s, self._taken = 0.0, 0

    def endpoint(self, handler: Handler) -> Endpoint:
        """*handler*, whose answer is sent as JSON, behind the gate."""

        async def endpoint(request: Request) -> Response:
            try:
                self._let_in(request)
                answer: Response = JSONResponse(await handler(request))
            except VendorError as error:
                answer = told(error)
            answer.headers.update(self._headers())
            return answer

        return endpoint

    def _let_in(self, request: Request) -> None:
        path = request.url.path
        if request.headers.get("authorization") != self._authorization:
            raise incorrect_key()
        if any(self._faults.take(name, path) for name in ("unauthorized", "revoked")):
            raise incorrect_key()
        if (fault := self._faults.take("rate_limited", path)) is not None:
            raise too_many_requests(self._wait_s() if fault.value is None else int(fault.value))
        self._count()
        if self._faults.take("quota_exhausted", path) is not None:
            self._taken = self._options.hourly
            raise too_many_requests(self._wait_s())
        if self._faults.take("forbidden", path) is not None:
            raise forbidden()

    def _count(self) -> None:
        now_s = self._clock.monotonic()
        if now_s >= self._hour_ends_s:
            self._hour_ends_s, self._taken = now_s + _HOUR_S, 0
        if self._taken >= self._options.hourly:
            raise too_many_requests(self._wait_s())
        self._taken += 1

    def _wait_s(self) -> int | None:
        if not self._options.retry_after:
            return None
        return max(1, ceil(self._hour_ends_s - self._clock.monotonic()))

    def _headers(self) -> dict[str, str]:
        left = max(0, self._options.hourly - self._taken)
        return {"X-RateLimit-Limit": str(self._options.hourly), "X-RateLimit-Remaining": str(left)}


def told(error: VendorError) -> Response:
    """The response that tells *error*."""
    headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
    if error.body is None:
        return Response(status_code=error.status, headers=headers)
    return JSONResponse(error.body, error.status, headers)

"""What every API call passes: faults, credentials, rate limits; and the error answers."""

from collections.abc import Callable, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from sandbox.faults import Faults
from sandbox.pipedrive.errors import VendorError, forbidden, unauthorized
from sandbox.pipedrive.limits import Limits
from sandbox.pipedrive.tokens import Grant, Tokens

__all__ = ["Gate", "Handler", "refusal"]

Handler = Callable[[Request], dict[str, Any]]
"""Gives the JSON object of a 200."""

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def refusal(error: VendorError) -> Response:
    """*error* as a response."""
    if isinstance(error.body, str):
        return HTMLResponse(error.body, error.status, error.headers)
    return JSONResponse(error.body, error.status, error.headers)


class Gate:
    """Lets calls in, one by one.

    Of the shared faults it tells `rate_limited` (the *value* is the seconds of `x-ratelimit-reset`),
    `quota_exhausted` (the day's tokens), `unauthorized`, `revoked` and `forbidden` (a scope).
    """

    def __init__(self, tokens: Tokens, limits: Limits, faults: Faults) -> None:
        self._tokens, self._limits, self._faults = tokens, limits, faults

    def endpoint(self, handler: Handler, cost: int, *, is_search: bool = False) -> Endpoint:
        """*handler* behind the gate, for so many tokens of the day a call."""

        async def endpoint(request: Request) -> Response:
            grant: Grant | None = None
            try:
                grant = self._caller(request)
                self._check_rate(grant, cost, request.url.path, is_search=is_search)
                answer: Response = JSONResponse(handler(request))
            except VendorError as error:
                answer = refusal(error)
            if grant is not None:
                for name, value in self._limits.headers(grant.app, is_search=is_search).items():
                    answer.headers.setdefault(name, value)
            return answer

        return endpoint

    def _caller(self, request: Request) -> Grant:
        path = request.url.path
        api_token = request.headers.get("x-api-token")
        if api_token is None and "/v1/" in path:
            # The older form, which version 1 still takes.
            api_token = request.query_params.get("api_token")
        grant = self._tokens.caller(api_token, request.headers.get("authorization"))
        if self._faults.take("revoked", path) is not None:
            raise unauthorized()
        if self._faults.take("unauthorized", path) is not None:
            self._tokens.expire(grant.token)
            raise unauthorized()
        return grant

    def _check_rate(self, grant: Grant, cost: int, path: str, *, is_search: bool) -> None:
        if self._faults.take("forbidden", path) is not None:
            raise forbidden()
        if self._faults.take("quota_exhausted", path) is not None:
            raise self._limits.daily_refusal()
        if (fault := self._faults.take("rate_limited", path)) is not None:
            raise self._limits.burst_refusal(reset_s=int(fault.value or 2))
        self._limits.take(grant.app, cost, is_search=is_search)

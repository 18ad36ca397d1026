"""What every API call passes: faults, bearer token, rate limits, scopes; and the error answers."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.faults import Faults
from sandbox.hubspot.errors import (
    VendorError,
    expired,
    invalid_credentials,
    locked,
    migrating,
    missing_scopes,
    uri_too_long,
)
from sandbox.hubspot.limits import CallKind, Limits, Policy
from sandbox.hubspot.tokens import Grant, Tokens

__all__ = ["Answer", "Gate", "Handler"]

Answer = tuple[int, dict[str, object]]
"""Status and JSON object."""

Handler = Callable[[Request], Awaitable[Answer]]
ScopesOf = Callable[[Request], tuple[str, ...]]
Endpoint = Callable[[Request], Awaitable[Response]]

# Clients that send property lists in the URL cut them at 15,000 characters (airbyte source-hubspot).
_URL_LIMIT = 16_384


class Gate:
    """Lets calls in, one by one.

    Beside the shared faults it knows `migrating` (477, `Retry-After` of 2 s) and `locked` (423).
    The *value* of `migrating` and `rate_limited` is the seconds of `Retry-After`,
    that of `forbidden` the missing scope.
    """

    def __init__(self, tokens: Tokens, limits: Limits, faults: Faults) -> None:
        faults.declare("migrating", "locked")
        self._tokens = tokens
        self._limits = limits
        self._faults = faults

    def endpoint(self, handler: Handler, scopes_of: ScopesOf, *, kind: CallKind = "ordinary") -> Endpoint:
        """*handler* behind the gate; it runs only for callers with the scopes that *scopes_of* the request tells."""

        async def endpoint(request: Request) -> Response:
            grant: Grant | None = None
            try:
                grant = self._caller(request)
                self._check_rate(grant, kind, request.url.path)
                self._check_scopes(grant, scopes_of(request), request.url.path)
                status, body = await handler(request)
                answer = JSONResponse(body, status)
            except VendorError as error:
                answer = JSONResponse(error.body, error.status, error.headers)
            if grant is not None:
                answer.headers.update(self._limits.headers(grant.app, kind))
            return answer

        return endpoint

    def _caller(self, request: Request) -> Grant:
        path = request.url.path
        if len(str(request.url)) > _URL_LIMIT:
            raise uri_too_long()
        if (fault := self._faults.take("migrating", path)) is not None:
            raise migrating(int(fault.value or 2))
        if self._faults.take("locked", path) is not None:
            raise locked()
        grant = self._tokens.caller(request.headers.get("authorization"))
        if self._faults.take("revoked", path) is not None:
            raise invalid_credentials()
        if self._faults.take("unauthorized", path) is not None:
            self._tokens.expire(grant)
            raise expired(0)
        return grant

    def _check_rate(self, grant: Grant, kind: CallKind, path: str) -> None:
        if self._faults.take("quota_exhausted", path) is not None:
            raise self._limits.refusal("DAILY")
        if (fault := self._faults.take("rate_limited", path)) is not None:
            policy: Policy = "SECONDLY" if kind == "search" else "TEN_SECONDLY_ROLLING"
            wait_s = None if fault.value is None else int(fault.value)
            raise self._limits.refusal(policy, app=grant.app, retry_after_s=wait_s)
        self._limits.take(grant.app, kind)

    def _check_scopes(self, grant: Grant, scopes: tuple[str, ...], path: str) -> None:
        if (fault := self._faults.take("forbidden", path)) is not None:
            raise missing_scopes([str(fault.value)] if fault.value else scopes)
        missing = [one for one in scopes if one not in grant.scopes]
        if missing:
            raise missing_scopes(missing)

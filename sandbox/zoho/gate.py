"""What every API call passes: faults, token, scope, limits; and the error answers."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.faults import Faults
from sandbox.zoho.errors import VendorError, invalid_token, no_permission
from sandbox.zoho.limits import Limits, out_of_credits, too_many_at_once
from sandbox.zoho.tokens import Tokens

__all__ = ["Answer", "Gate", "Handler", "answered"]

Answer = dict[str, object] | None
"""JSON object; None for 204."""

Handler = Callable[[Request], Awaitable[Answer]]
CostOf = Callable[[Request], Awaitable[int]]
Endpoint = Callable[[Request], Awaitable[Response]]

COMPOSED = "zoho.composed"
"""Key of the scope of a request that is a part of a composite one."""


def answered(status: int, body: Answer) -> Response:
    """A response; one without *body* has no content at all."""
    return Response(status_code=status) if body is None else JSONResponse(body, status)


async def _one_credit(_: Request) -> int:
    return 1


class Gate:
    """Lets calls in, one by one; the *value* of the fault `forbidden` is the missing permission."""

    def __init__(self, tokens: Tokens, limits: Limits, faults: Faults) -> None:
        self._tokens, self._limits, self._faults = tokens, limits, faults

    def endpoint(
        self, handler: Handler, scope_of: Callable[[Request], str], *, cost_of: CostOf = _one_credit
    ) -> Endpoint:
        """*handler* behind the gate, for callers with the scope that *scope_of* the request tells."""

        async def endpoint(request: Request) -> Response:
            try:
                self._check(request, scope_of(request))
                self._limits.spend(await cost_of(request))
                body = await handler(request)
                answer = answered(204 if body is None else 200, body)
            except VendorError as error:
                answer = answered(error.status, error.body)
            answer.headers.update(self._limits.headers())
            return answer

        return endpoint

    def guarding(self, app: ASGIApp) -> ASGIApp:
        """*app*, with no more of its API calls at once than the edition allows, from first to last byte."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            is_counted = scope["path"].startswith("/crm/") and COMPOSED not in scope
            try:
                with self._limits.call(is_heavy=_is_heavy(scope)) if is_counted else nullcontext():
                    await app(scope, receive, send)
            except VendorError as error:
                await answered(error.status, error.body)(scope, receive, send)

        return guarded

    def _check(self, request: Request, scope: str) -> None:
        path = request.url.path
        token = self._tokens.check(request.headers.get("authorization"), scope)
        if self._faults.take("revoked", path) is not None:
            raise invalid_token()
        if self._faults.take("unauthorized", path) is not None:
            self._tokens.expire(token)
            raise invalid_token()
        if (fault := self._faults.take("forbidden", path)) is not None:
            raise no_permission(str(fault.value or "Crm_Implied_View_Records"))
        if self._faults.take("quota_exhausted", path) is not None:
            raise out_of_credits()
        if self._faults.take("rate_limited", path) is not None:
            raise too_many_at_once()


def _is_heavy(scope: Scope) -> bool:
    """Whether a call counts in the sub-concurrency (limits page, read 2026-11)."""
    path, query = scope["path"], scope["query_string"]
    return path.endswith(("/coql", "/search", "/__composite_requests")) or b"sort_by=" in query or b"cvid=" in query

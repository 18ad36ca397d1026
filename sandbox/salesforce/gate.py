"""What stands before the resources: the web tier's limits, authentication, the allowance, and the vendor's faults."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.salesforce.answers import ApiError, html_error
from sandbox.salesforce.oauth import bearer_of
from sandbox.salesforce.sessions import Sessions
from sandbox.salesforce.tenant import Tenant
from sandbox.salesforce.usage import Usage

__all__ = ["Gate"]

_MAX_LINE_BYTES = 16_384
"""Of the URI, and of the URI with the headers (REST API status codes, read 2026-11)."""

_API = "/services/data/"
_MAINTENANCE = (
    "<html><head><title>We are down for maintenance</title></head><body>"
    "<h1>We are down for maintenance.</h1><p>Sorry for the inconvenience. We'll be back shortly.</p></body></html>"
)


class Gate:
    """Lets requests through to the resources, and tells every answer the org's use of its allowance."""

    def __init__(self, inside: ASGIApp, tenant: Tenant, sessions: Sessions, usage: Usage) -> None:
        self._inside = inside
        self._tenant = tenant
        self._sessions = sessions
        self._usage = usage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        refusal = _too_long(scope) or self._down(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        path: str = scope["path"].rstrip("/")
        scope = {**scope, "path": path}
        if not path.startswith(_API):
            await self._inside(scope, receive, send)
            return
        try:
            self._admit(Request(scope))
        except _UsedUp as error:
            await error.response()(scope, receive, self._telling(send, is_used_up=True))
        except ApiError as error:
            await error.response()(scope, receive, self._telling(send))
        else:
            await self._inside(scope, receive, self._telling(send))

    def _down(self, scope: Scope) -> Response | None:
        if self._tenant.faults.take("maintenance", scope["path"]):
            return HTMLResponse(_MAINTENANCE, status_code=503)
        return None

    def _admit(self, request: Request) -> None:
        """Raises: ApiError: the request may not pass."""
        path, faults = request.url.path, self._tenant.faults
        token = bearer_of(request)
        if faults.take("unauthorized", path) or faults.take("revoked", path):
            self._sessions.end(token)
        if not token and "Authorization" in request.headers:
            raise ApiError(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE")
        if not self._sessions.use(token):
            raise ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if faults.take("forbidden", path):
            raise ApiError(403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.")
        if faults.take("rate_limited", path):
            reason = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
            raise ApiError(403, "REQUEST_LIMIT_EXCEEDED", reason)
        if faults.take("quota_exhausted", path) or not self._usage.count():
            raise _UsedUp(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")

    def _telling(self, send: Send, *, is_used_up: bool = False) -> Send:
        async def send_with_usage(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = self._usage.header(is_used_up=is_used_up)
                MutableHeaders(scope=message)["Sforce-Limit-Info"] = header
            await send(message)

        return send_with_usage


class _UsedUp(ApiError):
    """The day's requests are gone, and the usage header agrees, whether they were counted or a fault says so."""


def _too_long(scope: Scope) -> Response | None:
    """The web tier's refusal of a long request line, or of long headers with it."""
    query: bytes = scope["query_string"]
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    uri = len(raw_path) + (len(query) + 1 if query else 0)
    if uri > _MAX_LINE_BYTES:
        return html_error(414, "URI Too Long")
    headers = sum(len(name) + len(value) + len(": \r\n") for name, value in Headers(scope=scope).raw)
    if uri + headers > _MAX_LINE_BYTES:
        return html_error(431, "Request Header Fields Too Large")
    return None

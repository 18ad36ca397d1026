"""Entra ID as far as an app needs it to sign in: its metadata, consent without a question, and tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import NAMESPACE_URL, uuid4, uuid5

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.dynamics365.options import Options
from sandbox.faults import Faults

__all__ = ["Credentials", "Entra"]

_REFRESH_TTL_S = 90 * 86_400
"""A refresh token ends after 90 days (Refresh tokens, read 2026-11); using it hands out a new one and ends none."""

_CODE_TTL_S = 600.0


def _fixed(what: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"dynamics365.sandbox/entra/{what}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The fixed secrets of the tenant's one app, equal in every run."""

    tenant: str = _fixed("tenant")
    client_id: str = _fixed("client")
    client_secret: str = f"q8~{_fixed('secret')}"
    refresh_token: str = f"1.{_fixed('refresh')}"


class _Refusal(Exception):
    """An error answer of the token endpoint."""

    def __init__(self, status: int, error: str, code: int, text: str) -> None:
        super().__init__(text)
        self.status, self.error, self.code = status, error, code


class Entra:
    """Issues access tokens for one organisation and knows them; lives as long as the emulator.

    Attributes:
        credentials: what a caller starts with.
    """

    def __init__(self, options: Options, clock: Clock, faults: Faults, resource: str) -> None:
        self.credentials = Credentials()
        self._options, self._clock, self._faults, self._resource = options, clock, faults, resource
        self._expires_s: dict[str, float] = {}
        self._refreshes = {self.credentials.refresh_token: self._clock.monotonic() + _REFRESH_TTL_S}
        self._codes: dict[str, tuple[str, float]] = {}

    def routes(self) -> list[Route]:
        """The endpoints of any tenant."""
        return [
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self._metadata, methods=["GET"]),
            Route("/{tenant}/oauth2/v2.0/authorize", self._authorize, methods=["GET"]),
            Route("/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
        ]

    def is_valid(self, authorization: str) -> bool:
        """Whether the header *authorization* has a living token."""
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and self._expires_s.get(token.strip(), 0.0) > self._clock.monotonic()

    def expire(self, authorization: str) -> None:
        """End the token of the header *authorization* now."""
        self._expires_s.pop(authorization.partition(" ")[2].strip(), None)

    def challenge(self) -> dict[str, str]:
        """The header of a 401 of the Web API."""
        uri = f"{self._resource}/{self.credentials.tenant}/oauth2/authorize"
        return {"WWW-Authenticate": f"Bearer authorization_uri={uri}, resource_id={self._resource}/"}

    async def _metadata(self, request: Request) -> Response:
        try:
            self._check_tenant(request)
        except _Refusal as refusal:
            return self._refused(refusal)
        root = f"{self._resource}/{self.credentials.tenant}"
        return JSONResponse(
            {
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
                "issuer": f"{root}/v2.0",
                "jwks_uri": f"{root}/discovery/v2.0/keys",
                "response_types_supported": ["code"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
            }
        )

    async def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        redirect_uri, code = asked.get("redirect_uri", ""), f"0.{uuid4().hex}"
        try:
            self._check_tenant(request)
            self._check_app(asked)
        except _Refusal as refusal:
            return self._refused(refusal)
        self._codes[code] = redirect_uri, self._clock.monotonic() + _CODE_TTL_S
        told = {"code": code, **({"state": asked["state"]} if "state" in asked else {})}
        return RedirectResponse(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(told)}", 302)

    async def _token(self, request: Request) -> Response:
        path = request.url.path
        if (fault := self._faults.take("rate_limited", path)) is not None:
            return JSONResponse({"error": "temporarily_unavailable"}, 429, {"Retry-After": str(int(fault.value or 1))})
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        try:
            self._check_tenant(request)
            self._check_app(form)
            return JSONResponse(self._granted(form, is_revoked=self._faults.take("revoked", path) is not None))
        except _Refusal as refusal:
            return self._refused(refusal)

    def _granted(self, form: Mapping[str, str], *, is_revoked: bool) -> dict[str, object]:
        grant = form.get("grant_type")
        if grant not in {"client_credentials", "refresh_token", "authorization_code"}:
            raise _Refusal(
                400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant}'."
            )
        if form.get("client_secret") != self.credentials.client_secret:
            raise _Refusal(401, "invalid_client", 7000215, "Invalid client secret provided.")
        if grant == "client_credentials":
            if is_revoked:
                raise _Refusal(401, "invalid_client", 7000222, "The provided client secret keys are expired.")
            self._check_scope(form, ".default")
            return self._issued(form)
        if grant == "refresh_token":
            lives_until_s = self._refreshes.get(form.get("refresh_token", ""), 0.0)
            if is_revoked or lives_until_s <= self._clock.monotonic():
                raise _Refusal(400, "invalid_grant", 700082, "The refresh token has expired due to inactivity.")
        else:
            redirect_uri, lives_until_s = self._codes.pop(form.get("code", ""), ("", 0.0))
            if lives_until_s <= self._clock.monotonic() or redirect_uri != form.get("redirect_uri"):
                raise _Refusal(400, "invalid_grant", 70008, "The provided authorization code is expired or unknown.")
        self._check_scope(form, "user_impersonation", ".default")
        refresh_token = f"1.{uuid4().hex}"
        self._refreshes[refresh_token] = self._clock.monotonic() + _REFRESH_TTL_S
        return {**self._issued(form), "refresh_token": refresh_token}

    def _issued(self, form: Mapping[str, str]) -> dict[str, object]:
        token = f"eyJ0eXAiOiJKV1QifQ.{uuid4().hex}.{uuid4().hex}"
        self._expires_s[token] = self._clock.monotonic() + self._options.token_ttl_s
        seconds = int(self._options.token_ttl_s)
        told = {"token_type": "Bearer", "scope": form.get("scope", ""), "expires_in": seconds}
        return {**told, "ext_expires_in": seconds, "access_token": token}

    def _check_tenant(self, request: Request) -> None:
        tenant = request.path_params["tenant"]
        if tenant != self.credentials.tenant:
            raise _Refusal(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")

    def _check_app(self, given: Mapping[str, str]) -> None:
        client_id = given.get("client_id", "")
        if not client_id:
            raise _Refusal(
                400, "invalid_request", 900144, "The request body must contain the following parameter: 'client_id'."
            )
        if client_id != self.credentials.client_id:
            message = f"Application with identifier '{client_id}' was not found in the directory 'sandbox'."
            raise _Refusal(400, "unauthorized_client", 700016, message)

    def _check_scope(self, form: Mapping[str, str], *names: str) -> None:
        """The organisation's address and one of *names*; a second slash between them is taken too."""
        wanted = {f"{self._resource}{slash}{name}" for name in names for slash in ("/", "//")}
        scope = form.get("scope", "")
        if wanted.isdisjoint(scope.split()):
            named = next(iter(scope.split()), "")
            message = f"The resource principal named {named} was not found in the tenant named sandbox."
            raise _Refusal(400, "invalid_resource", 500011, message)

    def _refused(self, refusal: _Refusal) -> Response:
        trace, correlation = str(uuid4()), str(uuid4())
        now = self._clock.now().strftime("%Y-%m-%d %H:%M:%SZ")
        text = f"AADSTS{refusal.code}: {refusal} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}"
        body = {
            "error": refusal.error,
            "error_description": text,
            "error_codes": [refusal.code],
            "timestamp": now,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={refusal.code}",
        }
        return JSONResponse(body, refusal.status)

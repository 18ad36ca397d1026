"""The OAuth endpoints: tokens by five flows, and what one may ask about them."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.salesforce.answers import Answer
from sandbox.salesforce.sessions import Sessions
from sandbox.salesforce.tenant import Tenant

__all__ = ["OAuth", "bearer_of"]

_SCOPE = "refresh_token api id"
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LOGIN_HOSTS = ("https://login.salesforce.com", "https://test.salesforce.com")
_MAX_AHEAD_S = 300
"""How far ahead an assertion may expire; clients use 3 minutes."""

_Body = dict[str, object]


class _Refused(Exception):
    """An OAuth error: an object, not an array, and status 400."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.body = {"error": error, "error_description": description}


class OAuth:
    """The handlers, and the routes to them."""

    def __init__(self, tenant: Tenant, sessions: Sessions) -> None:
        self._tenant = tenant
        self._sessions = sessions
        self._flows: dict[str, Callable[[dict[str, str]], _Body]] = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
            "client_credentials": self._by_client,
            "password": self._by_password,
            _JWT_BEARER: self._by_assertion,
        }

    def routes(self) -> list[Route]:
        """Every route."""
        base = "/services/oauth2"
        return [
            Route(f"{base}/authorize", self.authorize),
            Route(f"{base}/token", self.token, methods=["POST"]),
            Route(f"{base}/revoke", self.revoke, methods=["GET", "POST"]),
            Route(f"{base}/introspect", self.introspect, methods=["POST"]),
            Route(f"{base}/userinfo", self.userinfo, methods=["GET", "POST"]),
            Route("/id/{organization}/{user}", self.identity),
        ]

    async def authorize(self, request: Request) -> Response:
        """Approves at once and sends the browser back with a code."""
        asked = request.query_params
        redirect_uri = asked.get("redirect_uri", "")
        if asked.get("client_id") != self._tenant.options.client_id:
            return Answer({"error": "invalid_client_id", "error_description": "client identifier invalid"}, 400)
        if asked.get("response_type") != "code" or not redirect_uri:
            return Answer({"error": "redirect_uri_mismatch", "error_description": "redirect_uri missing"}, 400)
        code = self._sessions.grant(redirect_uri=redirect_uri, challenge=asked.get("code_challenge"))
        back = {"code": code} | ({"state": asked["state"]} if "state" in asked else {})
        return RedirectResponse(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(back)}", 302)

    async def token(self, request: Request) -> Response:
        """Tokens, by the flow that `grant_type` names."""
        form = await _form(request)
        try:
            if self._tenant.faults.take("revoked", request.url.path):
                raise _Refused("invalid_grant", "expired access/refresh token")
            flow = self._flows.get(form.get("grant_type", ""))
            if flow is None:
                raise _Refused("unsupported_grant_type", "grant type not supported")
            return Answer(flow(form), headers={"Cache-Control": "no-cache, no-store"})
        except _Refused as refusal:
            return Answer(refusal.body, 400)

    async def revoke(self, request: Request) -> Response:
        """Ends a token."""
        form = await _form(request)
        token = form.get("token") or request.query_params.get("token", "")
        if not self._sessions.end(token):
            return Answer({"error": "unsupported_token_type", "error_description": "this token is not known"}, 400)
        return Response()

    async def introspect(self, request: Request) -> Response:
        """What a token is; a dead one is told as inactive alone."""
        form = await _form(request)
        try:
            self._check_client(form)
        except _Refused as refusal:
            return Answer(refusal.body, 401)
        token = form.get("token", "")
        if not self._sessions.is_alive(token):
            return Answer({"active": self._sessions.is_approved(token)})
        now = int(self._tenant.clock.now().timestamp())
        return Answer(
            {
                "active": True,
                "scope": _SCOPE,
                "client_id": self._tenant.options.client_id,
                "username": self._tenant.options.username,
                "sub": self._identity_url(),
                "token_type": "access_token",
                "exp": now + self._sessions.expires_in_s(token),
                "iat": now,
                "nbf": now,
            }
        )

    async def userinfo(self, request: Request) -> Response:
        """Who the token's user is."""
        if not self._sessions.use(bearer_of(request)):
            return Response("Bad_OAuth_Token", 403, media_type="text/html")
        return Answer(self._user())

    async def identity(self, request: Request) -> Response:
        """The identity address of the token answer: the same as `userinfo`."""
        if not self._sessions.use(bearer_of(request)):
            return Response("Bad_OAuth_Token", 403, media_type="text/html")
        if request.path_params["user"] != self._tenant.keys.integration_user:
            return Response("Bad_Id", 404, media_type="text/html")
        return Answer({"id": self._identity_url(), "asserted_user": True} | self._user())

    def _by_code(self, form: dict[str, str]) -> _Body:
        self._check_client(form, secret_is_optional=True)
        grant = self._sessions.redeem(form.get("code", ""))
        if grant is None:
            raise _Refused("invalid_grant", "expired authorization code")
        if form.get("redirect_uri") != grant.redirect_uri:
            raise _Refused("redirect_uri_mismatch", "redirect_uri must match configuration")
        if grant.challenge is not None:
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != grant.challenge.rstrip("="):
                raise _Refused("invalid_grant", "invalid code verifier")
        return self._full() | {"refresh_token": self._sessions.approve()}

    def _by_refresh(self, form: dict[str, str]) -> _Body:
        self._check_client(form, secret_is_optional=True)
        token = form.get("refresh_token", "")
        if not self._sessions.is_approved(token):
            raise _Refused("invalid_grant", "expired access/refresh token")
        if not self._tenant.options.rotate_refresh_tokens:
            return self._full()
        self._sessions.end(token)
        return self._full() | {"refresh_token": self._sessions.approve()}

    def _by_client(self, form: dict[str, str]) -> _Body:
        self._check_client(form)
        return self._full() | {"api_instance_url": self._tenant.base_url}

    def _by_password(self, form: dict[str, str]) -> _Body:
        self._check_client(form)
        options = self._tenant.options
        passwords = {options.password, options.password + options.security_token}
        if form.get("username") != options.username or form.get("password") not in passwords:
            raise _Refused("invalid_grant", "authentication failure")
        return self._full()

    def _by_assertion(self, form: dict[str, str]) -> _Body:
        """Answers less than the other flows: neither a signature nor a time of issue."""
        claims = self._claims(form.get("assertion", ""))
        now = self._tenant.clock.now().timestamp()
        options = self._tenant.options
        try:
            ahead_s = float(str(claims.get("exp"))) - now
        except ValueError:
            raise _Refused("invalid_grant", "invalid assertion") from None
        if claims.get("aud") not in {*_LOGIN_HOSTS, self._tenant.base_url}:
            raise _Refused("invalid_grant", "audience is invalid")
        if claims.get("iss") != options.client_id:
            raise _Refused("invalid_client_id", "client identifier invalid")
        if not 0 < ahead_s <= _MAX_AHEAD_S:
            raise _Refused("invalid_grant", "expired authorization code")
        if claims.get("sub") != options.username:
            raise _Refused("invalid_grant", "user hasn't approved this consumer")
        full = self._full()
        return {key: full[key] for key in ("access_token", "scope", "instance_url", "id", "token_type")}

    def _claims(self, assertion: str) -> _Body:
        """The claims of an assertion that the app's key signed.

        Only the signature is checked here: `exp` may be text, as real clients send it.
        """
        if not self._tenant.options.jwt_public_key:
            raise _Refused("invalid_grant", "invalid assertion")
        try:
            key = RSAKey.import_key(self._tenant.options.jwt_public_key)
            return dict(jwt.decode(assertion, key, algorithms=["RS256"]).claims)
        except (JoseError, ValueError):
            raise _Refused("invalid_grant", "invalid assertion") from None

    def _check_client(self, form: dict[str, str], *, secret_is_optional: bool = False) -> None:
        options = self._tenant.options
        if form.get("client_id") != options.client_id:
            raise _Refused("invalid_client_id", "client identifier invalid")
        secret = form.get("client_secret")
        if secret is None and secret_is_optional:
            return
        if secret != options.client_secret:
            raise _Refused("invalid_client", "invalid client credentials")

    def _full(self) -> _Body:
        issued_at = str(int(self._tenant.clock.now().timestamp() * 1000))
        identity = self._identity_url()
        signed = hmac.digest(self._tenant.options.client_secret.encode(), (identity + issued_at).encode(), "sha256")
        return {
            "access_token": self._sessions.open(),
            "signature": base64.b64encode(signed).decode(),
            "scope": _SCOPE,
            "instance_url": self._tenant.base_url,
            "id": identity,
            "token_type": "Bearer",
            "issued_at": issued_at,
        }

    def _identity_url(self) -> str:
        keys = self._tenant.keys
        return f"{self._tenant.base_url}/id/{keys.organization}/{keys.integration_user}"

    def _user(self) -> _Body:
        keys, username = self._tenant.keys, self._tenant.options.username
        return {
            "sub": self._identity_url(),
            "user_id": keys.integration_user,
            "organization_id": keys.organization,
            "preferred_username": username,
            "nickname": "integration",
            "name": "Integration User",
            "given_name": "Integration",
            "family_name": "User",
            "email": username,
            "email_verified": True,
            "zoneinfo": keys.book.time_zone,
            "language": "en_US",
            "locale": "en_US",
            "active": True,
            "user_type": "STANDARD",
            "urls": {"rest": f"{self._tenant.base_url}/services/data/v{{version}}/"},
        }


def bearer_of(request: Request) -> str:
    """The token in a request's Authorization header; empty when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() in {"bearer", "oauth"} else ""


async def _form(request: Request) -> dict[str, str]:
    """The form in the body, with the client's id and secret from HTTP Basic where they stand there."""
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            return form
        form |= {"client_id": unquote(client_id), "client_secret": unquote(secret)}
    return form

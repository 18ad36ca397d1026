"""The credentials of an account: one user's API token, and one OAuth app."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha1
from math import inf
from uuid import uuid4

from sandbox.clock import Clock
from sandbox.pipedrive.errors import oauth_refusal, unauthorized
from sandbox.pipedrive.limits import App
from sandbox.pipedrive.options import Options

__all__ = ["Credentials", "Grant", "Tokens"]

_SCOPES = "base deals:read contacts:read leads:read activities:read users:read search:read"
# OAuth pages, read 2026-11.
_CODE_TTL_S = 300.0
_REFRESH_TTL_S = 60 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Whom a call is counted for."""

    token: str
    app: App


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The fixed secrets of an account, equal in every run."""

    api_token: str
    client_id: str
    client_secret: str
    refresh_token: str


def _fixed(what: str, length: int = 40) -> str:
    return sha1(f"pipedrive.sandbox/{what}".encode(), usedforsecurity=False).hexdigest()[:length]


class Tokens:
    """Issues access tokens and knows who they belong to; lives as long as the emulator.

    A refresh voids its refresh token and hands out a new one; so does a second refresh with the same one fail.
    """

    def __init__(self, options: Options, clock: Clock, base_url: str) -> None:
        self.credentials = Credentials(
            api_token=_fixed("api token"),
            client_id=_fixed("client", 16),
            client_secret=_fixed("secret"),
            refresh_token=f"11000000:11000000:{_fixed('refresh')}",
        )
        self._clock, self._ttl_s, self._base_url = clock, options.token_ttl_s, base_url
        self._access: dict[str, float] = {}
        self._refresh = {self.credentials.refresh_token: clock.monotonic() + _REFRESH_TTL_S}
        self._codes: dict[str, tuple[str, float]] = {}

    def caller(self, api_token: str | None, authorization: str | None) -> Grant:
        """Who sent the headers `x-api-token` and `Authorization`.

        Raises:
            VendorError: 401; an API token as a bearer token is none.
        """
        if api_token is not None and api_token == self.credentials.api_token:
            return Grant(token=api_token, app="api_token")
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or self._access.get(token, -inf) <= self._clock.monotonic():
            raise unauthorized()
        return Grant(token=token, app="oauth")

    def expire(self, token: str) -> None:
        """End an OAuth access token now; an API token has no end."""
        self._access.pop(token, None)

    def revoke(self, token: str) -> None:
        """End an access token, or a refresh token with everything that it bought."""
        if self._refresh.pop(token, None) is not None:
            self._access.clear()
        self.expire(token)

    def code(self, redirect_uri: str) -> str:
        """A code that `exchange` takes once within five minutes."""
        code = uuid4().hex
        self._codes[code] = (redirect_uri, self._clock.monotonic() + _CODE_TTL_S)
        return code

    def check_client(self, authorization: str | None) -> None:
        """Check the Basic credentials of the app.

        Raises:
            VendorError: 400 invalid_client.
        """
        known = f"{self.credentials.client_id}:{self.credentials.client_secret}"
        if authorization != f"Basic {b64encode(known.encode()).decode()}":
            raise oauth_refusal("invalid_client", "Invalid client: client credentials are missing or wrong")

    def exchange(self, form: dict[str, str]) -> dict[str, object]:
        """The answer of the token endpoint to *form*.

        Raises:
            VendorError: 400 with the code in `error`.
        """
        match form.get("grant_type"):
            case "authorization_code":
                self._redeem(form)
            case "refresh_token":
                if self._refresh.pop(form.get("refresh_token", ""), -inf) <= self._clock.monotonic():
                    raise oauth_refusal(
                        "invalid_grant", "Invalid grant: refresh_token is invalid or has already been exchanged"
                    )
            case None:
                raise oauth_refusal("invalid_request", "Missing parameter: `grant_type`")
            case _:
                raise oauth_refusal("unsupported_grant_type", "Unsupported grant type: `grant_type` is invalid")
        return self._issued()

    def _redeem(self, form: dict[str, str]) -> None:
        redirect_uri, ends_s = self._codes.pop(form.get("code", ""), ("", -inf))
        if ends_s <= self._clock.monotonic():
            raise oauth_refusal("invalid_grant", "Invalid grant: authorization code is invalid or has expired")
        if form.get("redirect_uri") != redirect_uri:
            raise oauth_refusal("invalid_grant", "Invalid grant: `redirect_uri` is invalid")

    def _issued(self) -> dict[str, object]:
        now_s, refresh_token = self._clock.monotonic(), f"11000000:11000000:{uuid4().hex}"
        access_token = f"v1u:{uuid4().hex}"
        self._access[access_token] = now_s + self._ttl_s
        self._refresh[refresh_token] = now_s + _REFRESH_TTL_S
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "refresh_token": refresh_token,
            "scope": _SCOPES,
            "expires_in": self._ttl_s,
            "api_domain": self._base_url,
        }

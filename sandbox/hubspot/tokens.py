"""The credentials of a portal: one private app with a static token, and one OAuth app."""

from dataclasses import dataclass
from math import inf
from typing import Literal
from uuid import NAMESPACE_URL, uuid4, uuid5

from sandbox.clock import Clock
from sandbox.hubspot.definitions import OBJECTS
from sandbox.hubspot.errors import expired, invalid_credentials, oauth_refusal
from sandbox.hubspot.limits import App
from sandbox.hubspot.options import Options

__all__ = ["SCOPES", "Credentials", "Grant", "Tokens"]

SCOPES = tuple(f"crm.objects.{one}.read" for one in (*sorted({kind.scope for kind in OBJECTS.values()}), "owners"))
"""What this emulator asks for; meetings, notes and tasks ride on contacts (scopes page, read 2026-11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one access token may do, until *expires_s* of the virtual clock."""

    token: str
    app: App
    scopes: tuple[str, ...]
    expires_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The fixed secrets of a portal, equal in every run."""

    private_token: str
    client_id: str
    client_secret: str
    refresh_token: str


def _fixed(what: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"hubspot.sandbox/{what}"))


class Tokens:
    """Issues access tokens and knows who they belong to; lives as long as the emulator.

    Attributes:
        credentials: what a caller starts with.
        scopes: what the account granted to both apps.
    """

    def __init__(self, options: Options, clock: Clock) -> None:
        self._clock = clock
        self._ttl_s = options.token_ttl_s
        self._rotates = options.rotates_refresh_token
        self.scopes = tuple(options.scopes.split()) or SCOPES
        self.credentials = Credentials(
            private_token=f"pat-na1-{_fixed('private')}",
            client_id=_fixed("client"),
            client_secret=_fixed("secret"),
            refresh_token=f"na1-{_fixed('refresh')}",
        )
        private = self.credentials.private_token
        self._grants = {private: Grant(token=private, app="private", scopes=self.scopes, expires_s=inf)}
        self._refresh_tokens = {self.credentials.refresh_token}
        self._codes: dict[str, str] = {}

    def caller(self, authorization: str | None) -> Grant:
        """Who sent the header *authorization*.

        Raises:
            VendorError: 401.
        """
        scheme, _, token = (authorization or "").partition(" ")
        grant = self._grants.get(token.strip())
        if scheme.lower() != "bearer" or grant is None:
            raise invalid_credentials()
        overdue_s = self._clock.monotonic() - grant.expires_s
        if overdue_s >= 0:
            raise expired(int(overdue_s))
        return grant

    def info(self, token: str) -> tuple[Grant, int] | None:
        """A living OAuth access token and the seconds it has left."""
        grant = self._grants.get(token)
        left_s = 0.0 if grant is None or grant.app == "private" else grant.expires_s - self._clock.monotonic()
        return (grant, int(left_s)) if grant is not None and left_s > 0 else None

    def expire(self, grant: Grant) -> None:
        """End an OAuth access token now; a private app's token has no end."""
        if grant.app == "oauth":
            now_s = self._clock.monotonic()
            self._grants[grant.token] = Grant(token=grant.token, app="oauth", scopes=grant.scopes, expires_s=now_s)

    def code(self, client_id: str, redirect_uri: str) -> str:
        """A code that `exchange` takes once.

        Raises:
            VendorError: 400 BAD_CLIENT_ID.
        """
        if client_id != self.credentials.client_id:
            raise oauth_refusal("BAD_CLIENT_ID", "missing or unknown client id")
        code = str(uuid4())
        self._codes[code] = redirect_uri
        return code

    def exchange(self, form: dict[str, str]) -> dict[str, object]:
        """The answer of the token endpoint to *form*.

        Raises:
            VendorError: 400 with HubSpot's code in `status`.
        """
        if form.get("client_id") != self.credentials.client_id:
            raise oauth_refusal("BAD_CLIENT_ID", "missing or unknown client id")
        if form.get("client_secret") != self.credentials.client_secret:
            raise oauth_refusal("BAD_CLIENT_SECRET", "missing or invalid client secret")
        match form.get("grant_type"):
            case "client_credentials":
                return self._issued("client_credentials")
            case "refresh_token":
                return self._refreshed(form.get("refresh_token", ""))
            case "authorization_code":
                return self._redeemed(form)
            case _:
                raise oauth_refusal("BAD_GRANT_TYPE", "missing or unknown grant type")

    def _refreshed(self, refresh_token: str) -> dict[str, object]:
        if refresh_token not in self._refresh_tokens:
            raise oauth_refusal("BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        if self._rotates:
            self._refresh_tokens.remove(refresh_token)
            refresh_token = self._new_refresh_token()
        return {**self._issued("access_token"), "refresh_token": refresh_token}

    def _redeemed(self, form: dict[str, str]) -> dict[str, object]:
        redirect_uri = self._codes.pop(form.get("code", ""), None)
        if redirect_uri is None:
            raise oauth_refusal("BAD_AUTH_CODE", "missing or unknown auth code")
        if redirect_uri != form.get("redirect_uri"):
            raise oauth_refusal("BAD_REDIRECT_URI", "redirect uri differs from the one the code was issued for")
        return {**self._issued("access_token"), "refresh_token": self._new_refresh_token()}

    def _new_refresh_token(self) -> str:
        made = f"na1-{uuid4()}"
        self._refresh_tokens.add(made)
        return made

    def _issued(self, use: Literal["access_token", "client_credentials"]) -> dict[str, object]:
        token = f"CN{uuid4().hex}"
        expires_s = self._clock.monotonic() + self._ttl_s
        self._grants[token] = Grant(token=token, app="oauth", scopes=self.scopes, expires_s=expires_s)
        return {"token_type": "bearer", "access_token": token, "expires_in": int(self._ttl_s), "token_use": use}

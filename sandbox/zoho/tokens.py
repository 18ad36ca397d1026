"""The OAuth client of the organisation: its tokens, and who sent a call."""

from collections import deque
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid4, uuid5

from sandbox.clock import Clock
from sandbox.zoho.errors import VendorError, invalid_token, oauth_refusal, refusal
from sandbox.zoho.limits import Window
from sandbox.zoho.options import Options

__all__ = ["Credentials", "Tokens", "throttled"]

_CODE_TTL_S = 60.0
_LIVE_TOKENS = 15
_ALL = "ZohoCRM.modules.ALL ZohoCRM.settings.ALL ZohoCRM.users.READ ZohoCRM.org.READ ZohoCRM.coql.READ"
_ALL_SCOPES = f"{_ALL} ZohoSearch.securesearch.READ ZohoCRM.composite_requests.CUSTOM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The fixed secrets of the client, equal in every run."""

    client_id: str
    client_secret: str
    refresh_token: str


def throttled() -> VendorError:
    """The refusal of too many token requests; it clears by itself after some minutes."""
    text = "You have made too many requests continuously. Please try again after some time."
    return VendorError(400, {"error_description": text, "error": "Access Denied", "status": "failure"})


def _fixed(what: str) -> str:
    return uuid5(NAMESPACE_URL, f"zoho.sandbox/{what}").hex


class Tokens:
    """Issues tokens and knows them; lives as long as the emulator.

    Attributes:
        credentials: what a caller starts with.
    """

    def __init__(self, options: Options, clock: Clock, base_url: str) -> None:
        self._clock, self._options, self._base_url = clock, options, base_url
        self._scopes = tuple((options.scopes or _ALL_SCOPES).split())
        self.credentials = Credentials(
            client_id=f"1000.{_fixed('client').upper()}",
            client_secret=_fixed("secret"),
            refresh_token=f"1000.{_fixed('refresh')}.{_fixed('refresh-2')}",
        )
        self._windows = {self.credentials.refresh_token: self._window()}
        self._expiries: dict[str, float] = {}
        self._live: dict[str, deque[str]] = {}
        self._codes: dict[str, tuple[str, float]] = {}

    def check(self, authorization: str | None, scope: str) -> str:
        """The access token in the header *authorization*, if it may do what *scope* names.

        Raises:
            VendorError: 401.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if not authorization:
            raise refusal("AUTHENTICATION_FAILURE", status=401, message="Authentication failed")
        if scheme not in {"Zoho-oauthtoken", "Bearer"} or self._expiries.get(token, 0) <= self._clock.monotonic():
            raise invalid_token()
        family, _, _ = scope.rpartition(".")
        group = ".".join(family.split(".")[:2])
        if not {scope, f"{family}.ALL", f"{group}.ALL", f"{group}.READ"} & set(self._scopes):
            raise refusal("OAUTH_SCOPE_MISMATCH", status=401, message="invalid oauth scope to access this URL")
        return token

    def expire(self, token: str) -> None:
        """End an access token now."""
        self._expiries.pop(token, None)

    def code(self, client_id: str, redirect_uri: str) -> str:
        """A code that `exchange` takes once, within a minute.

        Raises:
            VendorError: the client is unknown.
        """
        if client_id != self.credentials.client_id:
            raise oauth_refusal("invalid_client")
        code = f"1000.{uuid4().hex}.{uuid4().hex}"
        self._codes[code] = (redirect_uri, self._clock.monotonic() + _CODE_TTL_S)
        return code

    def exchange(self, form: dict[str, str]) -> dict[str, object]:
        """The answer of the token endpoint to *form*.

        Raises:
            VendorError: Zoho's word in `error`, mostly with status 200.
        """
        if form.get("client_id") != self.credentials.client_id:
            raise oauth_refusal("invalid_client")
        if form.get("client_secret") != self.credentials.client_secret:
            raise oauth_refusal("invalid_client_secret")
        match form.get("grant_type"):
            case "refresh_token":
                return self._issued(form.get("refresh_token", ""))
            case "authorization_code":
                return self._redeemed(form)
            case _:
                raise oauth_refusal("unsupported_grant_type")

    def revoke(self, token: str) -> bool:
        """End a refresh token and its access tokens, or an access token."""
        for one in self._live.pop(token, ()):
            self.expire(one)
        return self._windows.pop(token, None) is not None or self._expiries.pop(token, None) is not None

    def _window(self) -> Window:
        return Window(self._options.token_requests, 600.0, self._clock)

    def _redeemed(self, form: dict[str, str]) -> dict[str, object]:
        redirect_uri, expires_s = self._codes.pop(form.get("code", ""), ("", 0.0))
        if expires_s <= self._clock.monotonic():
            raise oauth_refusal("invalid_code")
        if redirect_uri != form.get("redirect_uri"):
            raise oauth_refusal("invalid_redirect_uri")
        made = f"1000.{uuid4().hex}.{uuid4().hex}"
        self._windows[made] = self._window()
        return {"refresh_token": made, **self._issued(made)}

    def _issued(self, refresh_token: str) -> dict[str, object]:
        window = self._windows.get(refresh_token)
        if window is None:
            raise oauth_refusal("invalid_code")
        if not window.take(1):
            raise throttled()
        token = f"1000.{uuid4().hex}.{uuid4().hex}"
        live = self._live.setdefault(refresh_token, deque())
        live.append(token)
        if len(live) > _LIVE_TOKENS:
            self.expire(live.popleft())
        self._expiries[token] = self._clock.monotonic() + self._options.token_ttl_s
        return {
            "access_token": token,
            "scope": " ".join(self._scopes),
            "api_domain": self._base_url,
            "token_type": "Bearer",
            "expires_in": int(self._options.token_ttl_s),
        }

"""Who may ask the shop, and how tokens are given."""

import base64
import secrets
import time
from collections.abc import Mapping
from typing import Any

from tests.connectors.declarative.shop.manner import Manner, Refusal
from tests.connectors.http.origin import Answer, as_json

__all__ = ["API_KEY", "CLIENT_ID", "CLIENT_SECRET", "PASSWORD", "REFRESH_TOKEN", "USER", "Gate"]

API_KEY = "key-7f31c2"
USER, PASSWORD = "reader@shop.example", "s3cr:t"
CLIENT_ID, CLIENT_SECRET = "client-19", "hush-19"
REFRESH_TOKEN = "refresh-0"
"""The first one, good for one use."""

_GRANTS = {
    "client_credentials": {"grant_type"},
    "refresh": {"grant_type", "refresh_token"},
}


class Gate:
    """The door of one shop; it knows which tokens it has given, and until when each is good."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._tokens: dict[str, float] = {}
        self._refresh_token = REFRESH_TOKEN

    def expire_tokens(self) -> None:
        """Make every token bad that was given so far, but for the refresh token."""
        self._tokens.clear()

    def check(self, headers: Mapping[str, str], parameters: dict[str, Any]) -> None:
        """Let a request in; a key is removed from *parameters*.

        Raises:
            Refusal: 401.
        """
        scheme, _, told = headers.get("authorization", "").partition(" ")
        match self._manner.auth:
            case "header":
                is_known = headers.get("x-api-key") == API_KEY
            case "query":
                is_known = parameters.pop("api_key", None) == API_KEY
            case "basic":
                is_known = scheme == "Basic" and told == _basic(USER, PASSWORD)
            case "bearer":
                is_known = scheme == "Bearer" and told == API_KEY
            case _:
                is_known = scheme == "Bearer" and self._tokens.get(told, 0.0) > time.monotonic()
        if not is_known:
            raise Refusal(401, "the request shows nothing that is known here")

    def log_in(self, body: Any) -> Answer:
        """`{token, expires}` for `{user, password}`.

        Raises:
            Refusal: 400 for another body, 401 for what is not known.
        """
        if not isinstance(body, dict) or body.keys() != {"user", "password"}:
            raise Refusal(400, "a log-in is user and password")
        if body != {"user": USER, "password": PASSWORD}:
            raise Refusal(401, "user or password are wrong")
        return as_json({"token": self._new_token(), "expires": self._manner.token_s})

    def grant(self, headers: Mapping[str, str], form: Any) -> Answer:
        """An answer of RFC 6749, sections 5.1 and 5.2."""
        given = dict(form) if isinstance(form, dict) else {}
        scheme, _, told = headers.get("authorization", "").partition(" ")
        in_form = (given.pop("client_id", None), given.pop("client_secret", None)) == (CLIENT_ID, CLIENT_SECRET)
        if not in_form and (scheme, told) != ("Basic", _basic(CLIENT_ID, CLIENT_SECRET)):
            return as_json({"error": "invalid_client"}, 401)
        if given.keys() != _GRANTS[self._manner.auth]:
            return as_json({"error": "invalid_request"}, 400)
        is_refreshed = self._manner.auth == "refresh"
        if given["grant_type"] != ("refresh_token" if is_refreshed else "client_credentials"):
            return as_json({"error": "unsupported_grant_type"}, 400)
        granted = {"token_type": "Bearer", "expires_in": self._manner.token_s}
        if not is_refreshed:
            return as_json({"access_token": self._new_token(), **granted})
        if given["refresh_token"] != self._refresh_token:
            return as_json({"error": "invalid_grant"}, 400)
        self._refresh_token = f"refresh-{secrets.token_hex(8)}"
        return as_json({"access_token": self._new_token(), "refresh_token": self._refresh_token, **granted})

    def _new_token(self) -> str:
        token = secrets.token_hex(12)
        self._tokens[token] = time.monotonic() + self._manner.token_s
        return token


def _basic(name: str, secret: str) -> str:
    return base64.b64encode(f"{name}:{secret}".encode()).decode()

"""Getting a token from a token endpoint, by Authlib."""

import contextlib
import math
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import httpx
from authlib.deprecate import AuthlibDeprecationWarning  # type: ignore[import-untyped]  # it ships no types
from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]  # it ships no types
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from connectors.credentials import ClientCredentials, JwtBearer, Password, RefreshToken
from connectors.http.auth.login import LoginRequest
from connectors.http.auth.token import TokenAnswer, TokenError
from connectors.http.call import Reply
from connectors.http.retry import retry_after_s
from connectors.http.transport import Upstream
from model.errors import ConfigError, RateLimited, ReauthRequired, SourceError, SourceUnavailable

with warnings.catch_warnings():  # Authlib would rather have another httpx, see docs/decisions/0003-http-transport.md
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import (  # type: ignore[import-untyped]  # it ships no types
        AsyncAssertionClient,
        AsyncOAuth2Client,
    )

__all__ = ["Grant", "Grants", "Signing"]

Grants = RefreshToken | ClientCredentials | JwtBearer | Password

_ASSERTION_LIFE_S = 120  # Salesforce accepts three minutes at most (help.salesforce.com, JWT bearer flow, read 2026-11)
_PASSING_CODES = frozenset({"server_error", "temporarily_unavailable", "slow_down"})  # RFC 6749 5.2, RFC 8628 3.5
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,39}")
_SECRET_FIELDS = {"access_token", "refresh_token", "id_token", "signature"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Where a platform wants its tokens.

    Attributes:
        header: lower-cased name of the header that carries the access token.
        prefix: what stands before the token in it, with its blank.
        client_auth: where the token endpoint wants the client's id and secret.
        throttled: error codes of the token endpoint that mean "too many token calls" though the status does not.
        parameter: the query parameter that carries the token in place of a header.
        login: how a log-in request gives a token; None where the platform has none.
    """

    header: str = "authorization"
    prefix: str = "Bearer "
    client_auth: Literal["client_secret_post", "client_secret_basic"] = "client_secret_post"
    throttled: frozenset[str] = frozenset()
    parameter: str | None = None
    login: LoginRequest | None = None


class Grant:
    """One source's OAuth grant, spoken by Authlib over the source's own connections; lives as long as the signer.

    Attributes:
        last_reply: the token endpoint's latest, None before the first and where none came.
    """

    def __init__(
        self,
        auth: Grants,
        *,
        source: str,
        token_url: str,
        signing: Signing,
        upstream: Upstream,
    ) -> None:
        self.last_reply: Reply | None = None
        self._token: dict[str, Any] | None = None
        self._auth = auth
        self._source = source
        self._token_url = token_url
        self._throttled = signing.throttled
        shared = {"transport": upstream, "trust_env": False, "event_hooks": {"response": [self._check]}}
        if isinstance(auth, JwtBearer):
            self._client = _assertion_client(auth, source, token_url, shared)
        else:
            self._client = _grant_client(auth, source, signing, shared)
        self._refresh_token = auth.refresh_token.get_secret_value() if isinstance(auth, RefreshToken) else None

    @property
    def may_rotate(self) -> bool:
        """Whether an answer may replace the credential itself."""
        return self._refresh_token is not None

    async def ask(self) -> TokenAnswer:
        """A new token.

        Raises:
            TokenError: the endpoint answered, and gave none.
            UndeliveredError: it did not answer.
        """
        await self._request()
        if self._token is None:
            text = f"{self._source}: its credentials hold characters that cannot be sent; correct them"
            raise TokenError(ReauthRequired(text, source=self._source), None)
        return self._answer(self._token)

    async def _request(self) -> None:
        """Let Authlib ask; its own reading of the answer, which stumbles over odd lifetimes, does not count."""
        self.last_reply = self._token = None
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            await self._send()

    async def _send(self) -> None:
        match self._auth:
            case RefreshToken():
                await self._client.refresh_token(self._token_url, refresh_token=self._refresh_token)
            case ClientCredentials():
                await self._client.fetch_token(self._token_url, grant_type="client_credentials")
            case Password(username=username, password=password):
                secret = password.get_secret_value()
                await self._client.fetch_token(
                    self._token_url, grant_type="password", username=username, password=secret
                )
            case JwtBearer():
                await self._client.refresh_token()

    def _answer(self, token: Mapping[str, Any]) -> TokenAnswer:
        rotated = token.get("refresh_token")
        if self._refresh_token is not None and isinstance(rotated, str) and rotated:
            self._refresh_token = rotated
        return TokenAnswer(
            access_token=SecretStr(token["access_token"]),
            refresh_token=None if self._refresh_token is None else SecretStr(self._refresh_token),
            expires_in_s=_seconds(token.get("expires_in")),
            fields={
                name: value for name, value in token.items() if isinstance(value, str) and name not in _SECRET_FIELDS
            },
        )

    async def _check(self, response: httpx.Response) -> None:
        """Judge the endpoint's reply, and keep the token, before Authlib reads it."""
        content = await response.aread()
        headers = {name.lower(): value for name, value in response.headers.items()}
        reply = self.last_reply = Reply(status=response.status_code, headers=headers, content=content)
        payload = reply.json()
        fields = payload if isinstance(payload, dict) else {}
        token = fields.get("access_token")
        if response.is_success and isinstance(token, str) and token and "error" not in fields:
            self._token = fields
            return
        raise TokenError(self._refused(reply, fields), retry_after_s(reply))

    def _refused(self, reply: Reply, fields: Mapping[str, object]) -> SourceError:
        code = fields.get("error", fields.get("status"))
        said = code if isinstance(code, str) and _CODE.fullmatch(code) else f"status {reply.status}"
        if reply.status == httpx.codes.TOO_MANY_REQUESTS or code in self._throttled:
            text = f"{self._source} allows no more token requests for now; try again later"
            return RateLimited(text, source=self._source)
        is_garbage = reply.status < httpx.codes.BAD_REQUEST and "error" not in fields
        if reply.status >= httpx.codes.INTERNAL_SERVER_ERROR or code in _PASSING_CODES or is_garbage:
            text = f"{self._source}'s token endpoint gave no token ({said}); try again later"
            return SourceUnavailable(text, source=self._source)
        text = f"{self._source} refused its sign-in ({said}); connect the account again or correct its credentials"
        return ReauthRequired(text, source=self._source)


def _grant_client(
    auth: RefreshToken | ClientCredentials | Password, source: str, signing: Signing, shared: dict[str, Any]
) -> AsyncOAuth2Client:
    identity = auth.client_id.get_secret_value()
    secret = None if auth.client_secret is None else auth.client_secret.get_secret_value()
    if signing.client_auth == "client_secret_basic" and not f"{identity}{secret}".isascii():
        raise ConfigError(f"{source}: its client_id and client_secret go into a header and must be ASCII")
    return AsyncOAuth2Client(
        client_id=identity,
        client_secret=secret,
        token_endpoint_auth_method=_client_auth("none" if secret is None else signing.client_auth),
        scope=auth.scope,
        **shared,
    )


def _client_auth(name: str) -> Callable[..., object]:
    """Authlib's own method, given text: with bytes it fails on forms that hold characters beyond ASCII."""
    encode = ClientAuth.DEFAULT_AUTH_METHODS[name]

    def with_text(client: object, method: str, uri: str, headers: object, body: bytes) -> object:
        return encode(client, method, uri, headers, body.decode("ascii"))

    return with_text


def _assertion_client(auth: JwtBearer, source: str, token_url: str, shared: dict[str, Any]) -> AsyncAssertionClient:
    return AsyncAssertionClient(
        token_endpoint=token_url,
        issuer=auth.client_id.get_secret_value(),
        subject=auth.subject,
        audience=auth.audience,
        scope=auth.scope,
        key=_private_key(auth.private_key, source),
        alg="RS256",
        expires_in=_ASSERTION_LIFE_S,
        **shared,
    )


def _private_key(pem: SecretStr, source: str) -> RSAKey:
    try:
        key = RSAKey.import_key(pem.get_secret_value())
    except ValueError:
        key = None
    if key is None or not key.is_private:
        raise ConfigError(f"{source}: its private_key is not an RSA private key in PEM form")
    return key


def _seconds(value: object) -> float | None:
    """A lifetime as some vendors write it: a number or its text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None

"""Signing calls: with a fixed token, or with one that is renewed in time and once for all."""

import asyncio
import base64
import math
import time
from collections.abc import Callable
from typing import Any, Protocol

from pydantic import SecretStr

from connectors.credentials import Auth, Basic, Bearer, Login
from connectors.http.auth.grant import Grant, Signing
from connectors.http.auth.login import LoginGrant
from connectors.http.auth.token import TokenAnswer, TokenError
from connectors.http.flight import Flight
from connectors.http.limits import Pace
from connectors.http.redact import Redactor, has_control_characters
from connectors.http.retry import Retries
from connectors.http.transport import UndeliveredError, Upstream
from connectors.scope import CallEvent
from model.errors import ConfigError, OurBug, ReauthRequired, SourceError, SourceTimeout, SourceUnavailable

__all__ = ["Signer", "signer_for"]

_MARGIN_S = 60.0  # renewed this long before its end, or a tenth of its life where that is shorter
_SHORTEST_LIFE_S = 1.0  # a token that says it is over already is used this long, so that no storm of renewals starts
_REFUSAL_LASTS_S = 60.0
_GRACE_S = 2.0  # real seconds that a renewal under way has when the client is closed
_TOKEN_TIMEOUT_S = 15.0  # real seconds of one attempt at a token; a renewal may outlive the request that began it


class Signer(Protocol):
    """Signs one source's calls; lives as long as its client."""

    @property
    def can_renew(self) -> bool:
        """Whether a token that is no longer good can be replaced without anyone acting."""

    async def signature(self, flight: Flight[Any]) -> str:
        """The value of the signing header.

        Raises:
            ReauthRequired: the token endpoint refuses the credential.
            RateLimited, SourceUnavailable, SourceTimeout: it does not answer before the flight's deadline.
        """

    def spoil(self, signature: str) -> None:
        """Take note that the source refused *signature*."""

    async def aclose(self) -> None:
        """End what is still running."""


def signer_for(
    auth: Auth,
    *,
    source: str,
    token_url: str | None,
    signing: Signing,
    upstream: Upstream,
    pace: Pace,
    redactor: Redactor,
    on_token: Callable[[TokenAnswer], None] | None,
    record: Callable[[CallEvent], None],
) -> Signer:
    """The signer that *auth* asks for; its secrets are made known to *redactor*, its token calls to *record*.

    Raises:
        ConfigError: a fixed token cannot stand in a header, or a grant has no token endpoint.
    """
    for name, value in auth:
        if isinstance(value, SecretStr):
            if not _is_text(value.get_secret_value()):
                raise ConfigError(f"{source}: its {name} is not text")
            redactor.add(value.get_secret_value())
    if isinstance(auth, Bearer):
        return _Fixed(signing.prefix + auth.token.get_secret_value(), source=source)
    if isinstance(auth, Basic):
        if ":" in auth.username:
            raise ConfigError(f"{source}: its username holds a colon, which basic authentication cannot carry")
        pair = f"{auth.username}:{auth.password.get_secret_value()}".encode()
        encoded = base64.b64encode(pair).decode()
        redactor.add(encoded)
        return _Fixed(f"Basic {encoded}", source=source)
    if token_url is None:
        raise ConfigError(f"{source}: signing in by {auth.kind} needs a token_url")
    grant: Grant | LoginGrant
    if isinstance(auth, Login):
        if signing.login is None:
            raise OurBug(f"{source} logs in to a platform that has no log-in")
        grant = LoginGrant(auth, source=source, url=token_url, request=signing.login, upstream=upstream)
    else:
        grant = Grant(auth, source=source, token_url=token_url, signing=signing, upstream=upstream)
    return _Renewing(
        grant,
        source=source,
        prefix=signing.prefix,
        pace=pace,
        redactor=redactor,
        on_token=on_token,
        record=record,
    )


class _Fixed:
    """A token that is good until somebody replaces it."""

    def __init__(self, value: str, *, source: str) -> None:
        if not _is_header_value(value):
            raise ConfigError(f"{source}: its token holds characters that no header can carry")
        self._value = value

    @property
    def can_renew(self) -> bool:
        return False

    async def signature(self, flight: Flight[Any]) -> str:
        return self._value

    def spoil(self, signature: str) -> None:
        """Nothing can replace it."""

    async def aclose(self) -> None:
        """Nothing runs."""


class _Renewing:
    """A token that a grant renews.

    However many calls need a new one, one renewal runs. A renewal that may rotate the refresh token runs to its end
    even when nobody waits any more, since its answer cannot be had twice. A refusal is remembered for a minute.
    """

    def __init__(
        self,
        grant: Grant | LoginGrant,
        *,
        source: str,
        prefix: str,
        pace: Pace,
        redactor: Redactor,
        on_token: Callable[[TokenAnswer], None] | None,
        record: Callable[[CallEvent], None],
    ) -> None:
        self._grant = grant
        self._record = record
        self._source = source
        self._prefix = prefix
        self._pace = pace
        self._redactor = redactor
        self._on_token = on_token
        self._value: str | None = None
        self._good_until = -math.inf
        self._refusal = ""
        self._refused_until = -math.inf
        self._renewal: Flight[str] | None = None

    @property
    def can_renew(self) -> bool:
        return True

    async def signature(self, flight: Flight[Any]) -> str:
        now = self._pace.monotonic()
        if self._value is not None and now < self._good_until:
            return self._value
        if now < self._refused_until:
            raise ReauthRequired(self._refusal, source=self._source)
        if self._renewal is None or self._renewal.is_over:
            self._renewal = Flight(self._renew, deadline_s=flight.deadline_s, is_kept=self._grant.may_rotate)
        return await self._renewal.wait(flight.deadline_s, is_timed=False)

    def spoil(self, signature: str) -> None:
        """Nothing happens where it was replaced meanwhile."""
        if signature == self._value:
            self._value = None

    async def aclose(self) -> None:
        """See a renewal end, by itself or by force."""
        renewal = self._renewal
        if renewal is None or renewal.is_over:
            return
        try:
            await renewal.wait(asyncio.get_running_loop().time() + _GRACE_S)
        except (TimeoutError, SourceError):
            await renewal.end()

    async def _renew(self, flight: Flight[str]) -> str:
        asked_at, started = self._pace.monotonic(), time.perf_counter()
        retries = Retries(flight, self._pace)
        try:
            answer = await self._answered(retries)
        except ReauthRequired as error:
            self._refusal, self._refused_until = error.message, self._pace.monotonic() + _REFUSAL_LASTS_S
            raise
        finally:
            self._record(self._event(retries, started))
        return self._adopt(answer, asked_at)

    async def _answered(self, retries: Retries) -> TokenAnswer:
        while True:
            error: SourceError
            after_s = None
            try:
                async with asyncio.timeout(_TOKEN_TIMEOUT_S):
                    return await self._grant.ask()
            except TokenError as refused:
                error, after_s = refused.error, refused.after_s
            except UndeliveredError as lost:
                text = f"{self._source}'s token endpoint {lost}; try again later"
                error = SourceUnavailable(text, source=self._source)
                if not lost.is_passing:
                    raise error from lost
            except TimeoutError:
                text = f"{self._source} did not answer a token request in {_TOKEN_TIMEOUT_S:g} s; try again later"
                error = SourceTimeout(text, source=self._source)
            if not error.is_retryable:
                raise error
            await retries.pause(error, retries.pause_s(after_s))

    def _adopt(self, answer: TokenAnswer, asked_at: float) -> str:
        token = answer.access_token.get_secret_value()
        if not _is_header_value(self._prefix + token):
            text = f"{self._source} gave a token that no header can carry; try again later"
            raise SourceUnavailable(text, source=self._source)
        self._redactor.renew(token)
        if answer.refresh_token is not None:
            self._redactor.add(answer.refresh_token.get_secret_value())
        if self._on_token is not None:
            self._tell(self._on_token, answer)
        self._good_until = asked_at + _useful_s(answer.expires_in_s)
        self._value = self._prefix + token
        return self._value

    def _tell(self, on_token: Callable[[TokenAnswer], None], answer: TokenAnswer) -> None:
        try:
            on_token(answer)
        except ConfigError as error:
            text = f"{self._source} signed in and named an address that may not be called: {error.message}"
            raise SourceUnavailable(text, source=self._source) from error

    def _event(self, retries: Retries, started: float) -> CallEvent:
        reply = self._grant.last_reply
        return CallEvent(
            source=self._source,
            operation="token",
            kind="auth",
            entity=None,
            query=None,
            rows=0,
            size_bytes=0 if reply is None else len(reply.content),
            took_ms=(time.perf_counter() - started) * 1000,
            retries=retries.count,
            is_cached=False,
            status=None if reply is None else reply.status,
        )


def _useful_s(life_s: float | None) -> float:
    """How long a token that lives *life_s* is used before the next one is fetched; None lives until it is refused."""
    return math.inf if life_s is None else max(life_s - min(_MARGIN_S, life_s / 10), _SHORTEST_LIFE_S)


def _is_text(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _is_header_value(value: str) -> bool:
    return value.isascii() and not has_control_characters(value)

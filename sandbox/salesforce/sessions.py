"""Access tokens, refresh tokens and authorization codes, and how long they live."""

import secrets
from collections import deque
from dataclasses import dataclass

from sandbox.clock import Clock

__all__ = ["Grant", "Sessions"]

_CODE_LIFE_S = 15 * 60.0
_MAX_APPROVALS = 5
"""Live refresh tokens of one user and app; the oldest goes (OAuth approvals, read 2026-11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an authorization code stands for.

    Attributes:
        redirect_uri: where it was sent.
        challenge: of PKCE, S256; None without.
        expires_at: virtual seconds.
    """

    redirect_uri: str
    challenge: str | None
    expires_at: float


class Sessions:
    """The live tokens of one org; they hold until the policy's time passes without a request."""

    def __init__(self, clock: Clock, *, timeout_s: float, organization: str) -> None:
        """Args: timeout_s: virtual seconds without use; organization: what access tokens begin with."""
        self._clock = clock
        self._timeout_s = timeout_s
        self._organization = organization
        self._used_at: dict[str, float] = {}
        self._refresh: deque[str] = deque()
        self._codes: dict[str, Grant] = {}

    def open(self) -> str:
        """A new access token; dead ones are forgotten."""
        now = self._clock.monotonic()
        self._used_at = {token: at for token, at in self._used_at.items() if now - at <= self._timeout_s}
        token = f"{self._organization[:15]}!AQ{secrets.token_urlsafe(48)}"
        self._used_at[token] = now
        return token

    def use(self, token: str) -> bool:
        """Whether an access token is alive; using it keeps it so."""
        now = self._clock.monotonic()
        if not self.is_alive(token):
            self._used_at.pop(token, None)
            return False
        self._used_at[token] = now
        return True

    def is_alive(self, token: str) -> bool:
        """Whether an access token is alive, without using it."""
        used_at = self._used_at.get(token)
        return used_at is not None and self._clock.monotonic() - used_at <= self._timeout_s

    def expires_in_s(self, token: str) -> int:
        """Virtual seconds that an unused access token has left."""
        return int(self._used_at[token] + self._timeout_s - self._clock.monotonic())

    def approve(self) -> str:
        """A new refresh token."""
        token = f"5Aep{secrets.token_urlsafe(48)}"
        self._refresh.append(token)
        if len(self._refresh) > _MAX_APPROVALS:
            self._refresh.popleft()
        return token

    def is_approved(self, refresh_token: str) -> bool:
        """Whether a refresh token is alive."""
        return refresh_token in self._refresh

    def end(self, token: str) -> bool:
        """End an access or a refresh token; False when it is unknown."""
        if token in self._refresh:
            self._refresh.remove(token)
            return True
        return self._used_at.pop(token, None) is not None

    def grant(self, *, redirect_uri: str, challenge: str | None) -> str:
        """A new authorization code."""
        code = f"aPrx{secrets.token_urlsafe(32)}"
        expires_at = self._clock.monotonic() + _CODE_LIFE_S
        self._codes[code] = Grant(redirect_uri=redirect_uri, challenge=challenge, expires_at=expires_at)
        return code

    def redeem(self, code: str) -> Grant | None:
        """What a code stands for, once; None when it is unknown, used or expired."""
        grant = self._codes.pop(code, None)
        return grant if grant is not None and grant.expires_at >= self._clock.monotonic() else None

"""Pipedrive's rate limits, counted in virtual time (rate limiting page, read 2026-11)."""

from collections import deque
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Literal

from sandbox.clock import Clock
from sandbox.pipedrive.errors import CLOUDFLARE_PAGE, VendorError, over_limit
from sandbox.pipedrive.options import Options

__all__ = ["App", "Limits"]

App = Literal["api_token", "oauth"]

_TOKENS_A_SEAT = 30_000
_MULTIPLIERS = {"lite": 1, "growth": 2, "premium": 5, "ultimate": 7}
_BURSTS: dict[App, dict[str, int]] = {
    "api_token": {"lite": 20, "growth": 40, "premium": 100, "ultimate": 120},
    "oauth": {"lite": 80, "growth": 160, "premium": 400, "ultimate": 480},
}
_SPAN_S = 2.0


class _Window:
    """At most *limit* calls in any *span_s* seconds."""

    def __init__(self, limit: int, span_s: float = _SPAN_S) -> None:
        self.limit, self._span_s = limit, span_s
        self._taken: deque[float] = deque()

    def left(self, now_s: float) -> int:
        while self._taken and self._taken[0] <= now_s - self._span_s:
            self._taken.popleft()
        return max(0, self.limit - len(self._taken))

    def take(self, now_s: float) -> None:
        self._taken.append(now_s)

    def reset_s(self, now_s: float) -> int:
        """Whole seconds until the oldest call leaves the window."""
        return max(0, ceil(self._taken[0] + self._span_s - now_s)) if self._taken else 0


class Limits:
    """The windows of one account: bursts by app, searches, the day's tokens, and refusals in a row.

    Refused calls use up nothing, but many of them in a minute bring Cloudflare's page to API-token callers.
    """

    def __init__(self, options: Options, clock: Clock) -> None:
        self._clock = clock
        self._daily = options.daily or _TOKENS_A_SEAT * _MULTIPLIERS[options.plan] * options.seats
        self._bursts: dict[App, _Window] = {
            app: _Window(options.burst or plans[options.plan]) for app, plans in _BURSTS.items()
        }
        self._searches = _Window(options.search_rate)
        self._refused = _Window(options.blocked_after, 60.0)
        self._day: date | None = None
        self._spent = 0

    def take(self, app: App, cost: int, *, is_search: bool) -> None:
        """Count one call that costs so many tokens.

        Raises:
            VendorError: 429 or Cloudflare's 403.
        """
        now_s = self._clock.monotonic()
        if app == "api_token" and not self._refused.left(now_s):
            raise VendorError(403, CLOUDFLARE_PAGE)
        windows = [self._bursts[app], *([self._searches] if is_search else [])]
        if not all(window.left(now_s) for window in windows):
            raise self.burst_refusal()
        if self._left_today() < cost:
            raise self.daily_refusal()
        for window in windows:
            window.take(now_s)
        self._spent += cost

    def burst_refusal(self, *, reset_s: int | None = None) -> VendorError:
        """The 429 of a burst; its text is not documented. *reset_s* stands in its header, in place of the truth."""
        self._refused.take(self._clock.monotonic())
        headers = {} if reset_s is None else {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(reset_s)}
        return over_limit("rate limit exceeded", headers)

    def daily_refusal(self) -> VendorError:
        """The 429 of a spent day, with `retry-after` in seconds until midnight, as seen on the live host."""
        self._refused.take(self._clock.monotonic())
        now = self._clock.now()
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
        return over_limit(
            "daily request budget exceeded",
            {
                "retry-after": str(ceil((midnight - now).total_seconds())),
                "x-daily-ratelimit-token-remaining": "0",
            },
        )

    def headers(self, app: App, *, is_search: bool) -> dict[str, str]:
        """What is left, of searches in the answer to one."""
        now_s = self._clock.monotonic()
        window = self._searches if is_search else self._bursts[app]
        return {
            "x-ratelimit-limit": str(window.limit),
            "x-ratelimit-remaining": str(window.left(now_s)),
            "x-ratelimit-reset": str(window.reset_s(now_s)),
            "x-daily-ratelimit-token-limit": str(self._daily),
            "x-daily-ratelimit-token-remaining": str(self._left_today()),
        }

    def _left_today(self) -> int:
        today = self._clock.now().date()
        if today != self._day:
            self._day, self._spent = today, 0
        return max(0, self._daily - self._spent)

"""HubSpot's rate limits, counted in virtual time."""

from collections import deque
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Literal
from zoneinfo import ZoneInfo

from sandbox.clock import Clock
from sandbox.hubspot.errors import VendorError, over_limit
from sandbox.hubspot.options import Options

__all__ = ["App", "CallKind", "Limits", "Policy", "RollingWindow"]

App = Literal["private", "oauth"]

CallKind = Literal["ordinary", "search", "associations"]
"""Searches and association batches are exempt from the ten-secondly window (API specification, 2026-08-21)."""

Policy = Literal["TEN_SECONDLY_ROLLING", "SECONDLY", "DAILY"]

_MESSAGES: dict[Policy, str] = {
    "TEN_SECONDLY_ROLLING": "You have reached your ten_secondly_rolling limit.",
    "SECONDLY": "You have reached your secondly limit.",
    "DAILY": "You have reached your daily limit.",
}


class RollingWindow:
    """At most *limit* calls in any *span_s* seconds; refused calls do not count."""

    def __init__(self, limit: int, span_s: float) -> None:
        self.limit = limit
        self._span_s = span_s
        self._taken: deque[float] = deque()

    def left(self, now_s: float) -> int:
        """Calls that may still be made at *now_s*."""
        while self._taken and self._taken[0] <= now_s - self._span_s:
            self._taken.popleft()
        return self.limit - len(self._taken)

    def take(self, now_s: float) -> None:
        """Count one call."""
        self._taken.append(now_s)

    def opens_in_s(self, now_s: float) -> float:
        """Seconds until the oldest call leaves the window; 0 while there is room."""
        if self.left(now_s) > 0 or not self._taken:
            return 0.0
        return self._taken[0] + self._span_s - now_s


class Limits:
    """All windows of one account: one burst per app, one search window, one daily count of private apps."""

    def __init__(self, options: Options, clock: Clock, time_zone: ZoneInfo) -> None:
        self._options = options
        self._clock = clock
        self._time_zone = time_zone
        self._bursts: dict[App, RollingWindow] = {
            "private": RollingWindow(options.burst_private, 10.0),
            "oauth": RollingWindow(options.burst_oauth, 10.0),
        }
        self._searches = RollingWindow(options.search_rate, 1.0)
        self._day: date | None = None
        self._today = 0

    def take(self, app: App, kind: CallKind) -> None:
        """Count one call of *app*.

        Raises:
            VendorError: 429, and the call does not count.
        """
        now_s = self._clock.monotonic()
        if app == "private" and self._daily_left() <= 0:
            raise self.refusal("DAILY")
        window = self._window(app, kind)
        if window is not None:
            if window.left(now_s) <= 0:
                raise self.refusal("SECONDLY" if kind == "search" else "TEN_SECONDLY_ROLLING", app=app)
            window.take(now_s)
        if app == "private":
            self._today += 1

    def refusal(self, policy: Policy, *, app: App = "private", retry_after_s: int | None = None) -> VendorError:
        """The 429 of *policy*, with `Retry-After` if this portal sends one or *retry_after_s* is given."""
        if retry_after_s is None and self._options.retry_after:
            retry_after_s = self._wait_s(policy, app)
        return over_limit(_MESSAGES[policy], policy, retry_after_s=retry_after_s)

    def headers(self, app: App, kind: CallKind) -> dict[str, str]:
        """Rate headers: none on searches, no daily ones for OAuth apps (usage guidelines, read 2026-11)."""
        if kind == "search":
            return {}
        burst = self._bursts[app]
        left = max(0, burst.left(self._clock.monotonic()))
        headers = {
            "X-HubSpot-RateLimit-Max": str(burst.limit),
            "X-HubSpot-RateLimit-Remaining": str(left),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Secondly": str(burst.limit // 10),
            "X-HubSpot-RateLimit-Secondly-Remaining": str(min(left, burst.limit // 10)),
        }
        if app == "private":
            headers["X-HubSpot-RateLimit-Daily"] = str(self._options.daily)
            headers["X-HubSpot-RateLimit-Daily-Remaining"] = str(max(0, self._daily_left()))
        return headers

    def _window(self, app: App, kind: CallKind) -> RollingWindow | None:
        if kind == "search":
            return self._searches
        return self._bursts[app] if kind == "ordinary" else None

    def _daily_left(self) -> int:
        today = self._clock.now().astimezone(self._time_zone).date()
        if today != self._day:
            self._day, self._today = today, 0
        return self._options.daily - self._today

    def _wait_s(self, policy: Policy, app: App) -> int:
        now_s = self._clock.monotonic()
        if policy == "SECONDLY":
            return max(1, ceil(self._searches.opens_in_s(now_s)))
        if policy == "TEN_SECONDLY_ROLLING":
            return max(1, ceil(self._bursts[app].opens_in_s(now_s)))
        now = self._clock.now().astimezone(self._time_zone)
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), self._time_zone)
        return max(1, ceil((midnight - now).total_seconds()))

"""The org's allowance of API requests, and what it says about it."""

from collections import deque

from sandbox.salesforce.tenant import Tenant

__all__ = ["Usage"]

_WINDOW_S = 24 * 3600.0
_BASE = 100_000
_PER_LICENCE = 1_000
"""Requests in 24 hours for an org, and for each Enterprise licence (API request limits, read 2026-11)."""

_BUCKET_S = 60.0
_STATIC_LIMITS = {
    "ConcurrentAsyncGetReportInstances": 200,
    "DailyAsyncApexExecutions": 250_000,
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyGenericStreamingApiEvents": 10_000,
    "DailyStreamingApiEvents": 200_000,
    "DataStorageMB": 10_240,
    "FileStorageMB": 10_240,
    "HourlyPublishedPlatformEvents": 250_000,
    "SingleEmail": 5_000,
}


class Usage:
    """Counts requests in a rolling day of virtual time, minute by minute."""

    def __init__(self, tenant: Tenant) -> None:
        self._clock = tenant.clock
        licences = sum(one.kind == "user" and one.is_active for one in tenant.keys.book.users)
        self.allowed = tenant.options.daily_requests or _BASE + _PER_LICENCE * licences
        self._minutes: deque[list[float]] = deque()

    def used(self) -> int:
        """Requests of the last day."""
        now = self._clock.monotonic()
        while self._minutes and self._minutes[0][0] <= now - _WINDOW_S:
            self._minutes.popleft()
        return int(sum(count for _, count in self._minutes))

    def count(self) -> bool:
        """Take one request from the allowance; False when none is left."""
        if self.used() >= self.allowed:
            return False
        now = self._clock.monotonic()
        if self._minutes and now - self._minutes[-1][0] < _BUCKET_S:
            self._minutes[-1][1] += 1
        else:
            self._minutes.append([now, 1])
        return True

    def header(self, *, is_used_up: bool = False) -> str:
        """The value of `Sforce-Limit-Info`."""
        return f"api-usage={self.allowed if is_used_up else self.used()}/{self.allowed}"

    def limits(self) -> dict[str, object]:
        """The body of the limits resource."""
        daily = {"Max": self.allowed, "Remaining": max(0, self.allowed - self.used())}
        others = {name: {"Max": most, "Remaining": most} for name, most in _STATIC_LIMITS.items()}
        return dict(sorted({"DailyApiRequests": daily, **others}.items()))

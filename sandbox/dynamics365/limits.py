"""Service protection limits, counted in virtual time for the one user that calls."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from sandbox.clock import Clock
from sandbox.dynamics365.errors import VendorError
from sandbox.dynamics365.options import Options

__all__ = ["Limits", "too_many_requests"]

_SPAN_S = 300
"""The window of requests and execution time (Service protection API limits, read 2026-11)."""


class Limits:
    """Requests, execution time and concurrency, each with its own 429."""

    def __init__(self, options: Options, clock: Clock) -> None:
        self._options, self._clock = options, clock
        self._taken: deque[float] = deque()
        self._worked: deque[tuple[float, float]] = deque()
        self._running = 0
        self._worked_s = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count one request while it is carried out.

        Raises:
            VendorError: 429, and the request does not count.
        """
        started = self._clock.monotonic()
        self._check(started)
        self._taken.append(started)
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            ended = self._clock.monotonic()
            self._worked.append((ended, ended - started))
            self._worked_s += ended - started

    def headers(self) -> dict[str, str]:
        """What is left, as the vendor tells it for debugging."""
        left_s = self._options.execution_s - self._execution_s(self._clock.monotonic())
        return {
            "x-ms-ratelimit-burst-remaining-xrm-requests": str(max(0, self._options.burst - len(self._taken))),
            "x-ms-ratelimit-time-remaining-xrm-requests": f"{max(0.0, left_s):,.2f}",
        }

    def refusal(self, *, retry_after_s: int) -> VendorError:
        """The 429 of too many requests in the window."""
        message = (
            f"Number of requests exceeded the limit of {self._options.burst} over time window of {_SPAN_S} seconds."
        )
        return too_many_requests("0x80072322", message, retry_after_s)

    def execution_refusal(self, *, retry_after_s: int) -> VendorError:
        """The 429 of too much execution time in the window."""
        message = (
            f"Combined execution time of incoming requests exceeded limit of {self._options.execution_s * 1000:,.0f} "
            f" milliseconds over time window of {_SPAN_S} seconds. Decrease number of concurrent requests or reduce "
            "the duration of requests and try again later."
        )
        return too_many_requests("0x80072321", message, retry_after_s)

    def _check(self, now_s: float) -> None:
        while self._taken and self._taken[0] <= now_s - _SPAN_S:
            self._taken.popleft()
        if self._running >= self._options.concurrent:
            message = f"Number of concurrent requests exceeded the limit of {self._options.concurrent}."
            raise too_many_requests("0x80072326", message, 1)
        if len(self._taken) >= self._options.burst:
            oldest = self._taken[0] if self._taken else now_s
            raise self.refusal(retry_after_s=max(1, ceil(oldest + _SPAN_S - now_s)))
        if self._execution_s(now_s) >= self._options.execution_s:
            oldest = self._worked[0][0] if self._worked else now_s
            raise self.execution_refusal(retry_after_s=max(1, ceil(oldest + _SPAN_S - now_s)))

    def _execution_s(self, now_s: float) -> float:
        while self._worked and self._worked[0][0] <= now_s - _SPAN_S:
            self._worked_s -= self._worked.popleft()[1]
        return self._worked_s


def too_many_requests(code: str, message: str, retry_after_s: int) -> VendorError:
    """429 with the seconds to wait."""
    return VendorError(429, code, message, {"Retry-After": str(retry_after_s)})

"""Zoho's limits: credits in a rolling day of virtual time, and calls at once."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.clock import Clock
from sandbox.zoho.errors import VendorError, too_many
from sandbox.zoho.options import Options

__all__ = ["Limits", "Window", "out_of_credits", "too_many_at_once"]

_DAY_S = 86_400.0


class Window:
    """At most *limit* in any *span_s* seconds; what is refused does not count."""

    def __init__(self, limit: int, span_s: float, clock: Clock) -> None:
        self.limit = limit
        self._span_s, self._clock = span_s, clock
        self._taken: deque[tuple[float, int]] = deque()
        self._sum = 0

    @property
    def left(self) -> int:
        """What may still be taken now."""
        while self._taken and self._taken[0][0] <= self._clock.monotonic() - self._span_s:
            self._sum -= self._taken.popleft()[1]
        return self.limit - self._sum

    def take(self, cost: int) -> bool:
        """Count *cost*, or say that it is too much."""
        if self.left < cost:
            return False
        self._taken.append((self._clock.monotonic(), cost))
        self._sum += cost
        return True


def out_of_credits() -> VendorError:
    """429 when the credits of the day are used up."""
    return too_many("You have exceeded the API credits of your organization for the last 24 hours")


def too_many_at_once() -> VendorError:
    """429 when too many calls are under way."""
    return too_many("You have reached the maximum number of concurrent API calls")


class Limits:
    """Credits and concurrency of one organisation; its one app has them to itself."""

    def __init__(self, options: Options, clock: Clock) -> None:
        self._credits = Window(options.credits, _DAY_S, clock)
        self._most = {False: options.calls_at_once, True: options.sub_concurrency}
        self._running = {False: 0, True: 0}

    def spend(self, cost: int) -> None:
        """Count one call of *cost* credits.

        Raises:
            VendorError: 429, and the call does not count.
        """
        if not self._credits.take(cost):
            raise out_of_credits()

    def headers(self) -> dict[str, str]:
        """What is left, told from half of the credits on (limits page, read 2026-11)."""
        left = self._credits.left
        return {"X-API-CREDITS-REMAINING": str(left)} if left * 2 <= self._credits.limit else {}

    @contextmanager
    def call(self, *, is_heavy: bool) -> Iterator[None]:
        """The time that a call takes; a heavy one counts in the sub-concurrency too.

        Raises:
            VendorError: 429.
        """
        kinds = (False, True) if is_heavy else (False,)
        if any(self._running[kind] >= self._most[kind] for kind in kinds):
            raise too_many_at_once()
        for kind in kinds:
            self._running[kind] += 1
        try:
            yield
        finally:
            for kind in kinds:
                self._running[kind] -= 1

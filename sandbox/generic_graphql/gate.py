"""What every request passes: the key, its limits, and the faults that are told as errors."""

from collections import deque
from datetime import date
from math import ceil

from graphql import GraphQLError

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.generic_graphql.errors import internal, refusal
from sandbox.generic_graphql.options import Options

__all__ = ["Gate"]

_MINUTE_S = 60.0


class Gate:
    """Lets requests in, one by one; those that are refused do not count.

    `rate_limited` waits as long as its *value* says, or a minute; `quota_exhausted` uses up the day; `unauthorized`
    and `revoked` are one, for a key does not expire; `internal_error` is the server's own.
    """

    def __init__(self, key: str, options: Options, clock: Clock, faults: Faults) -> None:
        self._authorization = f"Bearer {key}"
        self._options, self._clock, self._faults = options, clock, faults
        self._times_s: deque[float] = deque()
        self._day: date | None = None
        self._taken = 0
        faults.declare("internal_error")

    def let_in(self, authorization: str | None, path: str) -> None:
        """Let a request for *path* in.

        Raises:
            GraphQLError: why not.
        """
        if authorization != self._authorization or self._hit("unauthorized", path) or self._hit("revoked", path):
            raise refusal("UNAUTHENTICATED", "Token invalid.")
        if fault := self._faults.take("rate_limited", path):
            raise _limit_reached(_MINUTE_S if fault.value is None else float(fault.value))
        self._count(is_exhausted=self._hit("quota_exhausted", path))
        if self._hit("forbidden", path):
            raise refusal("FORBIDDEN", "This role has no permission to read these records.")
        if self._hit("internal_error", path):
            raise internal()

    def _hit(self, name: str, path: str) -> bool:
        return self._faults.take(name, path) is not None

    def _count(self, *, is_exhausted: bool) -> None:
        now_s, today = self._clock.monotonic(), self._clock.now().date()
        if today != self._day:
            self._day, self._taken = today, 0
        if is_exhausted:
            self._taken = self._options.daily
        if self._taken >= self._options.daily:
            raise refusal("DAILY_LIMIT_REACHED", f"The limit of {self._options.daily} requests a day is reached.")
        while self._times_s and self._times_s[0] <= now_s - _MINUTE_S:
            self._times_s.popleft()
        if len(self._times_s) >= self._options.minute:
            oldest_s = self._times_s[0] if self._times_s else now_s
            raise _limit_reached(oldest_s + _MINUTE_S - now_s)
        self._times_s.append(now_s)
        self._taken += 1


def _limit_reached(wait_s: float) -> GraphQLError:
    return refusal("LIMIT_REACHED", "Limit reached. Please try again later.", retryAfter=max(1, ceil(wait_s)))

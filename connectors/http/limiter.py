"""Waiting for a source's limits: first come first served, never past a deadline.

Hot: every upstream call asks for a place here.
"""

import asyncio
import math
from bisect import bisect_left, insort
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Protocol

from pyrate_limiter import InMemoryBucket, Rate, RateItem

from connectors.http.call import Observed
from connectors.http.flight import Flight
from connectors.http.limits import Limits, Pace, QuotaState, Window
from model.errors import OurBug, QuotaExhausted, RateLimited, SourceError

__all__ = ["Limiter"]

_LONGEST_LOG_S = 3600.0  # longer windows, and weighed ones, keep a count, not a log of every call
_PROBE_S = 300.0  # how long an exhausted quota whose reset is unknown is left alone
_MOST_UNSEEN = 10_000  # of others' calls in one reply: a limit is the vendor's word, and may be any number
_JITTER_S = 0.02  # real seconds by which the way to a vendor may vary, so that its window is not met early

_stamp = attrgetter("timestamp")


class Limiter:
    """Keeps one source's calls inside its limits, first come first served in each class.

    A call that has to wait reserves its place at once, so that one that could not be served before its deadline is
    refused at once and takes nothing. Lives as long as the source's client; one process, one event loop.
    """

    def __init__(self, limits: Limits, *, source: str, pace: Pace) -> None:
        self._source = source
        self._pace = pace
        self._meters = {
            window.name: _meter(window, pace) for limit_class in limits.classes for window in limit_class.windows
        }
        by_name = {limit_class.name: limit_class for limit_class in limits.classes}
        self._lanes = {
            name: _Lane(
                names=(name, *found.shares),
                meters=tuple(
                    self._meters[window.name]
                    for counted in (name, *found.shares)
                    for window in by_name[counted].windows
                ),
            )
            for name, found in by_name.items()
        }

    async def admit(self, limit_class: str, flight: Flight[Any], *, weight: int = 1) -> None:
        """Return when a call of *limit_class* may be sent; it is counted then, by *weight* where that counts.

        Raises:
            RateLimited: that is after the flight's deadline; nothing was counted.
            QuotaExhausted: the same, and the window in the way is a long one.
        """
        lane = self._lanes.get(limit_class)
        if lane is None:
            raise OurBug(f"{self._source} has no limit class {limit_class}")
        while True:
            now = self._pace.monotonic()
            place = self._reserve(lane, now, flight, weight)
            if place.at_s <= now:
                return
            try:
                await self._pace.sleep(place.at_s - now)
            except asyncio.CancelledError:
                place.give_back()
                raise
            if lane.held_until_s <= place.at_s and all(meter.held_until <= place.at_s for meter in lane.meters):
                return
            place.give_back()

    def hold(self, limit_class: str, seconds: float) -> None:
        """Let no call of *limit_class* ("*": of any) go for *seconds* virtual ones."""
        until = self._pace.monotonic() + seconds
        for lane in self._lanes.values():
            if limit_class == "*" or limit_class in lane.names:
                lane.held_until_s = max(lane.held_until_s, until)

    def learn(self, observed: tuple[Observed, ...]) -> None:
        """Take over what a reply said of the windows; names that are not configured are ignored."""
        now = self._pace.monotonic()
        for one in observed:
            meter = self._meters.get(one.name)
            if meter is not None:
                meter.learn(one, now)

    def states(self) -> tuple[QuotaState, ...]:
        """Every window as it stands, in the order configured."""
        now = self._pace.monotonic()
        return tuple(meter.state(now) for meter in self._meters.values())

    def _reserve(self, lane: "_Lane", now: float, flight: Flight[Any], weight: int) -> "_Place":
        at, blocking = lane.free_at(now, weight)
        real_s = self._pace.real_s(at - now)
        if at > now and asyncio.get_running_loop().time() + real_s >= flight.deadline_s:
            raise self._refusal(blocking, real_s)
        return _Place(at, weight, lane.meters, tuple(meter.take(at, now, weight) for meter in lane.meters))

    def _refusal(self, blocking: "_Meter | None", real_s: float) -> SourceError:
        wait = "" if math.isinf(real_s) else f"; ask again in {math.ceil(real_s)} s"
        after = None if math.isinf(real_s) else real_s
        if blocking is None:
            text = f"{self._source} asked to be left alone for a while, past this request's deadline{wait}"
            return RateLimited(text, source=self._source, retry_after_s=after)
        window = blocking.window
        unit = "units" if window.is_weighed else "calls"
        text = f"{self._source} allows {blocking.limit} {unit} in {window.window_s:g} s ({window.name}), all used{wait}"
        if window.window_s > _LONGEST_LOG_S:
            return QuotaExhausted(text, source=self._source, retry_after_s=after)
        return RateLimited(text, source=self._source, retry_after_s=after)


@dataclass(slots=True)
class _Lane:
    """One limit class at work: the classes it counts as, their meters, and until when it is held back."""

    names: tuple[str, ...]
    meters: "tuple[_Meter, ...]"
    held_until_s: float = -math.inf

    def free_at(self, now: float, weight: int) -> "tuple[float, _Meter | None]":
        """When every meter has room, and the meter that decides it (None: no wait, or held back)."""
        at, blocking = max(now, self.held_until_s), None
        is_moved = True
        while is_moved:
            is_moved = False
            for meter in self.meters:
                free = meter.free_at(at, weight)
                if free > at:
                    at, blocking, is_moved = free, meter, len(self.meters) > 1
        return at, blocking


@dataclass(frozen=True, slots=True)
class _Place:
    """A call's place in every window it counts against, from *at_s* on."""

    at_s: float
    weight: int
    meters: "tuple[_Meter, ...]"
    taken: tuple[RateItem | None, ...]

    def give_back(self) -> None:
        for meter, taken in zip(self.meters, self.taken, strict=True):
            meter.give_back(taken, self.weight)


class _Meter(Protocol):
    """The count of one window; times are virtual seconds.

    Attributes:
        held_until: when the source said that an empty window is free again.
    """

    window: Window
    limit: int
    held_until: float

    def free_at(self, at: float, weight: int) -> float:
        """The first moment from *at* on when a call fits."""

    def take(self, at: float, now: float, weight: int) -> RateItem | None:
        """Count a call at *at*, which ``free_at`` gave."""

    def give_back(self, taken: RateItem | None, weight: int) -> None:
        """Count it no more."""

    def learn(self, observed: Observed, now: float) -> None:
        """Take over what the source said."""

    def state(self, now: float) -> QuotaState:
        """The window as it stands."""


def _meter(window: Window, pace: Pace) -> _Meter:
    is_logged = window.window_s <= _LONGEST_LOG_S and not window.is_weighed
    return _Rolling(window, pace) if is_logged else _Quota(window)


class _Rolling:
    """A short window as a log of its calls, places reserved ahead included."""

    def __init__(self, window: Window, pace: Pace) -> None:
        self.window = window
        self.limit = window.limit
        self._jitter_s = _JITTER_S * pace.time_scale
        self._span_ms = 0
        self._bucket = InMemoryBucket([self._rate(window.limit, window.window_s)])
        self.held_until = -math.inf
        self._is_observed = False

    def free_at(self, at: float, weight: int) -> float:
        del weight
        asked_ms = ms = math.ceil(max(at, self.held_until) * 1000)
        newest = self._bucket.peek(0)
        if newest is not None:
            ms = max(ms, newest.timestamp)
            blocking = self._bucket.peek(self.limit - 1)
            if blocking is not None:
                ms = max(ms, blocking.timestamp + self._span_ms + 1)
        return max(at, self.held_until) if ms == asked_ms else ms / 1000

    def take(self, at: float, now: float, weight: int) -> RateItem | None:
        del weight
        item = RateItem(self.window.name, math.ceil(at * 1000))
        self._bucket.leak(math.floor(now * 1000))
        self._bucket.put(item)
        return item

    def give_back(self, taken: RateItem | None, weight: int) -> None:
        del weight
        self._bucket.items = [item for item in self._bucket.items if item is not taken]

    def learn(self, observed: Observed, now: float) -> None:
        self._is_observed = True
        if observed.limit or observed.window_s:
            self.limit = observed.limit or self.limit
            self._bucket.rates = [self._rate(self.limit, observed.window_s or self.window.window_s)]
        if observed.remaining is None:
            return
        if observed.remaining <= 0:
            wait_s = self._span_ms / 1000 if observed.resets_in_s is None else observed.resets_in_s
            self.held_until = max(self.held_until, now + wait_s)
        unseen = self._remaining(now) - max(observed.remaining, 0)
        for _ in range(min(unseen, _MOST_UNSEEN)):
            insort(self._bucket.items, RateItem(self.window.name, math.floor(now * 1000)), key=_stamp)

    def state(self, now: float) -> QuotaState:
        newest = self._bucket.peek(0)
        free_at = -math.inf if newest is None else (newest.timestamp + self._span_ms) / 1000
        return QuotaState(
            name=self.window.name,
            limit=self.limit,
            remaining=max(0, self._remaining(now)),
            window_s=self.window.window_s,
            resets_in_s=max(0.0, free_at - now, self.held_until - now),
            is_observed=self._is_observed,
        )

    def _rate(self, limit: int, window_s: float) -> Rate:
        self._span_ms = math.ceil((window_s + self._jitter_s) * 1000)
        return Rate(limit, self._span_ms)

    def _remaining(self, now: float) -> int:
        items = self._bucket.items
        return self.limit - (len(items) - bisect_left(items, math.floor(now * 1000) - self._span_ms, key=_stamp))


class _Quota:
    """A long window as a count; what the source says of it wins, since others spend from it too."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.limit = window.limit
        self.held_until = -math.inf  # an empty quota is noticed by its count
        self._left = window.limit
        self._back_at = math.inf
        self._is_reset_known = False
        self._is_observed = False

    def free_at(self, at: float, weight: int) -> float:
        return at if self._left >= self._cost(weight) else max(at, self._back_at)

    def take(self, at: float, now: float, weight: int) -> RateItem | None:
        if at >= self._back_at:
            self._left, self._back_at, self._is_reset_known = self.limit, math.inf, False
        if not self._is_observed and not self._is_reset_known:
            self._back_at, self._is_reset_known = now + self.window.window_s, True
        self._left -= self._cost(weight)
        self._probe_later(now)
        return None

    def give_back(self, taken: RateItem | None, weight: int) -> None:
        self._left += self._cost(weight)

    def learn(self, observed: Observed, now: float) -> None:
        self.limit = observed.limit or self.limit
        if observed.resets_in_s is not None:
            self._back_at, self._is_reset_known = now + observed.resets_in_s, True
        elif not self._is_observed:
            self._back_at, self._is_reset_known = math.inf, False
        if observed.remaining is not None:
            self._left = max(observed.remaining, 0)
        self._is_observed = True
        self._probe_later(now)

    def state(self, now: float) -> QuotaState:
        return QuotaState(
            name=self.window.name,
            limit=self.limit,
            remaining=max(0, self._left),
            window_s=self.window.window_s,
            resets_in_s=max(0.0, self._back_at - now) if self._is_reset_known else None,
            is_observed=self._is_observed,
        )

    def _cost(self, weight: int) -> int:
        return weight if self.window.is_weighed else 1

    def _probe_later(self, now: float) -> None:
        """Where nobody says when an empty quota fills again, one look in a while finds out."""
        if self._left <= 0 and not self._is_reset_known:
            self._back_at = now + _PROBE_S

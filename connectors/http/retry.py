"""Whether and when to try again."""

import asyncio
import math
import random
import time
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.http.call import Reply
from connectors.http.flight import Flight
from connectors.http.limits import Pace
from model.errors import SourceError

__all__ = ["Retries", "retry_after_s"]

_MAX_ATTEMPTS = 4
_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 8.0
_LONGEST_RETRY_AFTER_S = 24 * 3600.0  # HubSpot's 477 names up to 24 h (developers.hubspot.com/docs, read 2026-11)


class Retries:
    """Counts one call's attempts and waits between them; lives as long as the call.

    A loop of its own rather than a library's: each pause is bounded by a deadline that a later caller of the same
    work may move, runs in virtual time, and is over in no time on the path where nothing fails.

    Attributes:
        count: attempts beyond the first.
    """

    __slots__ = ("_flight", "_pace", "count")

    def __init__(self, flight: Flight[Any], pace: Pace) -> None:
        self._flight = flight
        self._pace = pace
        self.count = 0

    def pause_s(self, asked_s: float | None) -> float:
        """Virtual seconds before the next attempt: *asked_s*, or a jittered back-off."""
        if asked_s is not None:
            return asked_s
        longest = min(_FIRST_PAUSE_S * 2.0**self.count, _LONGEST_PAUSE_S)
        return longest * (0.5 + random.random() / 2)  # noqa: S311  # spreads load, guards nothing

    async def pause(self, error: SourceError, pause_s: float) -> None:
        """Wait *pause_s* virtual seconds; the caller then tries again.

        Raises:
            SourceError: *error*, when the attempts are used up, or the wait would pass the deadline: then at once,
                with the seconds to wait in it.
        """
        real_s = self._pace.real_s(pause_s)
        is_late = asyncio.get_running_loop().time() + real_s >= self._flight.deadline_s
        if is_late or self.count + 1 >= _MAX_ATTEMPTS:
            error.retry_after_s = real_s
            raise error
        self.count += 1
        await self._pace.sleep(pause_s)


def retry_after_s(reply: Reply) -> float | None:
    """What the Retry-After header says, in virtual seconds; None where it is absent or makes no sense.

    A date is read against the reply's own Date header, so that a skewed clock here changes nothing.
    """
    value = reply.headers.get("retry-after")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value, reply.headers.get("date"))
    if not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER_S)


def _until(date: str, now: str | None) -> float:
    try:
        start = time.time() if now is None else parsedate_to_datetime(now).timestamp()
        return parsedate_to_datetime(date).timestamp() - start
    except (ValueError, OverflowError):
        return math.nan

"""The one clock of a sandbox, so that expiries and limit windows can run faster than the wall."""

import asyncio
import math
import time
from datetime import UTC, datetime, timedelta

__all__ = ["Clock"]


class Clock:
    """A virtual clock that starts at *epoch* and runs *time_scale* times as fast as the wall clock.

    Every method may be called from any thread.

    Attributes:
        time_scale: virtual seconds per real second.
    """

    def __init__(self, *, time_scale: float = 1.0, epoch: datetime | None = None) -> None:
        """Start the clock now.

        Args:
            time_scale: virtual seconds per real second, finite and above 0.
            epoch: the first virtual instant, aware; the wall clock's time when None.
        """
        if not (math.isfinite(time_scale) and time_scale > 0):
            raise ValueError(f"time_scale must be a finite number above 0, got {time_scale}")
        if epoch is not None and epoch.tzinfo is None:
            raise ValueError(f"epoch must carry a time zone, got {epoch.isoformat()}")
        self.time_scale = time_scale
        self._epoch = datetime.now(UTC) if epoch is None else epoch.astimezone(UTC)
        self._started = time.monotonic()
        self._advanced_s = 0.0

    def now(self) -> datetime:
        """The virtual instant, UTC."""
        return self._epoch + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Virtual seconds since the clock was made; never decreases."""
        return (time.monotonic() - self._started) * self.time_scale + self._advanced_s

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds* of virtual time; a later `advance` does not shorten the wait."""
        await asyncio.sleep(max(0.0, seconds) / self.time_scale)

    def advance(self, seconds: float) -> None:
        """Jump *seconds* of virtual time ahead, as a test of expiry needs it.

        Raises:
            ValueError: *seconds* is negative.
        """
        if seconds < 0:
            raise ValueError(f"the clock only goes ahead, got {seconds} s")
        self._advanced_s += seconds

"""How fast time runs for limits, waits and token expiry."""

import asyncio
import time

__all__ = ["Pace"]


class Pace:
    """Virtual time: *time_scale* virtual seconds pass in each real one.

    A sandbox whose clocks run F times faster is met with a pace of F; real vendors are met with 1.
    The clock is monotonic: a step of the wall clock moves nothing.
    """

    __slots__ = ("time_scale",)

    def __init__(self, time_scale: float = 1.0) -> None:
        if not time_scale > 0:
            raise ValueError("time_scale must be above 0")
        self.time_scale = time_scale

    def monotonic(self) -> float:
        """Virtual seconds since an arbitrary start."""
        return time.monotonic() * self.time_scale

    def real_s(self, seconds: float) -> float:
        """The real duration of *seconds* virtual ones."""
        return seconds / self.time_scale

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds* virtual ones; the caller bounds them."""
        await asyncio.sleep(seconds / self.time_scale)

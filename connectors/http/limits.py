"""What a source allows in a time, and how fast that time runs."""

import asyncio
import time
from dataclasses import dataclass

__all__ = ["LimitClass", "Limits", "Pace", "QuotaState", "Window"]


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


@dataclass(frozen=True, slots=True)
class Window:
    """At most *limit* calls in any *window_s* virtual seconds; *name* as the dialect's ``Observed`` says it.

    A *is_weighed* one counts what each call costs (``Call.weight``), such as tokens of a day, in place of calls.
    """

    limit: int
    window_s: float
    name: str
    is_weighed: bool = False


@dataclass(frozen=True, slots=True)
class LimitClass:
    """Calls that are counted together.

    Attributes:
        name: what ``Call.limit_class`` says.
        windows: the class's own windows.
        shares: other classes whose windows a call of this class also counts against.
    """

    name: str
    windows: tuple[Window, ...]
    shares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of one source; *concurrency* is the most calls it may have in flight.

    Raises:
        ValueError: two classes or two windows have one name, or a share names no class.
    """

    classes: tuple[LimitClass, ...]
    concurrency: int

    def __post_init__(self) -> None:
        names = [limit_class.name for limit_class in self.classes]
        windows = [window.name for limit_class in self.classes for window in limit_class.windows]
        if len(set(names)) < len(names) or len(set(windows)) < len(windows):
            raise ValueError("limit classes and windows need names of their own")
        unknown = {share for limit_class in self.classes for share in limit_class.shares} - set(names)
        if unknown:
            raise ValueError(f"shares name no limit class: {', '.join(sorted(unknown))}")
        if self.concurrency < 1:
            raise ValueError("concurrency must be at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaState:
    """One window as it stands.

    Attributes:
        limit: calls allowed in the window, as configured or as the source last said.
        remaining: calls left, never below 0.
        window_s: the window's length in virtual seconds.
        resets_in_s: virtual seconds until the whole window is free again; None where unknown.
        is_observed: whether the source's own headers confirmed the figures.
    """

    name: str
    limit: int
    remaining: int
    window_s: float
    resets_in_s: float | None
    is_observed: bool

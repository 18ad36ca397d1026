"""What a source allows in a time, and the waiting that keeps to it."""

from dataclasses import dataclass

__all__ = ["LimitClass", "Limits", "QuotaState", "Window"]


@dataclass(frozen=True, slots=True)
class Window:
    """At most *limit* calls in any *window_s* virtual seconds; *name* as the dialect's ``Observed`` says it."""

    limit: int
    window_s: float
    name: str


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

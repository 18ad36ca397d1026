"""The named switches that make an emulator misbehave."""

import difflib
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

__all__ = ["GENERIC", "VENDOR", "Fault", "Faults"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One switch that is on.

    Attributes:
        name: which misbehaviour.
        times: how many more requests it hits; None until it is cleared.
        value: seconds of `latency`, code of `status`, or what an emulator documents for its own faults.
        path: hits only requests whose path contains this text; None hits all.
    """

    name: str
    times: int | None = None
    value: float | str | None = None
    path: str | None = None


def _check_seconds(value: float | str | None) -> None:
    if not isinstance(value, int | float) or not (math.isfinite(value) and value >= 0):
        raise ValueError(f"fault latency needs value = seconds, 0 or more; got {value!r}")


def _check_status(value: float | str | None) -> None:
    if not isinstance(value, int | float) or value != int(value) or not 400 <= value <= 599:
        raise ValueError(f"fault status needs value = a status code, 400 to 599; got {value!r}")


_VALUE_CHECKS: dict[str, Callable[[float | str | None], None]] = {"latency": _check_seconds, "status": _check_status}

GENERIC = (
    "latency",
    "hang",
    "reset",
    "status",
    "html_200",
    "garbage",
    "wrong_types",
    "bare_rows",
    "odd_rows",
    "bomb",
    "truncate",
    "lost_reply",
)
"""Faults that the sandbox itself applies to every vendor request: `latency` first, then at most one other.

- `latency`: the request is carried out at once, the answer comes *value* virtual seconds later.
- `hang`: no answer until the client leaves; the request is not carried out.
- `reset`: the connection is closed without an answer; the request is not carried out.
- `status`: an HTML page with the status *value* (400 to 599), such as a web tier sends.
- `html_200`: status 200 with an HTML sign-in page.
- `garbage`: status 200 with bytes that are no JSON.
- `wrong_types`: status 200 with a bare JSON list of numbers.
- `bare_rows`: the vendor's answer, the objects in its innermost lists without their keys.
- `odd_rows`: the vendor's answer, every text and number in the objects of its innermost lists in a list of its own.
- `bomb`: status 200 with a small gzip body that unpacks to 100 MiB of JSON.
- `truncate`: the vendor's answer, its body cut in half, then the connection is closed.
- `lost_reply`: the request is carried out, then the connection is closed without an answer.
"""

VENDOR = ("rate_limited", "quota_exhausted", "unauthorized", "revoked", "forbidden")
"""Faults that every emulator tells in its vendor's own words."""


class Faults:
    """The switches of one emulator; thread-safe, for tests set them while the server's thread takes them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = dict.fromkeys((*GENERIC, *VENDOR))
        self._active: list[Fault] = []

    def declare(self, *names: str) -> None:
        """Make further names known: an emulator calls this for its own faults when it is built."""
        with self._lock:
            self._known.update(dict.fromkeys(names))

    def names(self) -> list[str]:
        """Every known name, in the order of declaration."""
        with self._lock:
            return list(self._known)

    def set(
        self, name: str, *, times: int | None = None, value: float | str | None = None, path: str | None = None
    ) -> None:
        """Switch a fault on, in place of an earlier one with the same *name* and *path*.

        Args:
            name: a generic, vendor or declared name.
            times: how many requests it hits, 1 or more; None until cleared.
            value: seconds for `latency`, status code for `status`; no other generic fault takes one.
            path: hits only requests whose path contains this text.

        Raises:
            ValueError: unknown name, or *times* or *value* that the fault does not allow.
        """
        self._require_known(name)
        if times is not None and times < 1:
            raise ValueError(f"fault {name} needs times of 1 or more, or None for until cleared; got {times}")
        if name in _VALUE_CHECKS:
            _VALUE_CHECKS[name](value)
        elif name in GENERIC and value is not None:
            raise ValueError(f"fault {name} takes no value, got {value!r}")
        fault = Fault(name=name, times=times, value=value, path=path)
        with self._lock:
            self._active = [one for one in self._active if (one.name, one.path) != (name, path)] + [fault]

    def clear(self, name: str | None = None) -> None:
        """Switch off every fault called *name*, or all of them.

        Raises:
            ValueError: unknown name.
        """
        if name is not None:
            self._require_known(name)
        with self._lock:
            self._active = [one for one in self._active if name is not None and one.name != name]

    def take(self, name: str, path: str) -> Fault | None:
        """The active fault *name* that hits a request for *path*, one of its times used up; None when there is none.

        Raises:
            ValueError: unknown name (an emulator declares its own with `declare`).
        """
        self._require_known(name)
        if not self._active:
            return None
        with self._lock:
            for position, fault in enumerate(self._active):
                if fault.name == name and (fault.path is None or fault.path in path):
                    self._use_up(position)
                    return fault
        return None

    def active(self) -> list[Fault]:
        """The faults that are on, with the times that are left, oldest first."""
        with self._lock:
            return list(self._active)

    def _use_up(self, position: int) -> None:
        fault = self._active[position]
        if fault.times is None:
            return
        if fault.times == 1:
            del self._active[position]
        else:
            self._active[position] = replace(fault, times=fault.times - 1)

    def _require_known(self, name: str) -> None:
        if name in self._known:
            return
        known = self.names()
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
        raise ValueError(f"unknown fault {name!r}; {hint}")

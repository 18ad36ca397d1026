"""What one request may spend upstream, and the record of what it spent.

The scope travels in a context variable: a connector outlives requests, and its methods are called from dataloaders
and task groups that no argument of ours passes through.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

from model.errors import BudgetExceeded, OurBug

__all__ = ["CallEvent", "CallKind", "Deadline", "Scope", "current_scope", "entered"]

CallKind = Literal["data", "metadata", "auth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """One upstream call that ended.

    Attributes:
        operation: the connector's name of it, such as "query" or "batch_read".
        entity: the unified type it was for, where there is one.
        query: the vendor's query text or body, without secrets.
        rows: records in the answer, associations counted as rows.
        size_bytes: of the answer as received, after decompression.
        took_ms: from the first attempt to the last byte, waits for limits included.
        retries: attempts beyond the first.
        is_cached: true when another request's identical call answered this one.
        status: the HTTP status of the last attempt; None where none arrived.
    """

    source: str
    operation: str
    kind: CallKind
    entity: str | None
    query: str | None
    rows: int
    size_bytes: int
    took_ms: float
    retries: int
    is_cached: bool
    status: int | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on the event loop's clock."""

    at_s: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """The deadline *seconds* from now."""
        return cls(asyncio.get_running_loop().time() + seconds)

    def remaining_s(self) -> float:
        """Seconds left, negative when it is past."""
        return self.at_s - asyncio.get_running_loop().time()


@dataclass(slots=True)
class Scope:
    """A deadline, a call budget and a call record: a request's, or a part's of one, which spends from both."""

    deadline: Deadline
    max_calls: int
    calls: list[CallEvent] = field(default_factory=list)
    parent: "Scope | None" = None
    _spent: int = 0

    @property
    def data_calls(self) -> int:
        """Calls for data that were made so far; those that another request made are not counted."""
        return sum(1 for call in self.calls if call.kind == "data" and not call.is_cached)

    def part(self, *, deadline: Deadline | None = None, max_calls: int | None = None) -> "Scope":
        """A scope inside this one, never wider than it."""
        own = self.deadline if deadline is None else min(self.deadline, deadline, key=lambda bound: bound.at_s)
        return Scope(deadline=own, max_calls=self.max_calls if max_calls is None else max_calls, parent=self)

    def beside(self, *, deadline: Deadline | None = None, max_calls: int | None = None) -> "Scope":
        """A scope next to this one, which may be wider, but never than what both are parts of."""
        whole = self if self.parent is None else self.parent
        return whole.part(
            deadline=self.deadline if deadline is None else deadline,
            max_calls=self.max_calls if max_calls is None else max_calls,
        )

    def spend(self, source: str) -> None:
        """Take one data call from the budget.

        Raises:
            BudgetExceeded: the request has no call left.
        """
        if self._spent >= self.max_calls:
            raise BudgetExceeded(
                f"the request used its {self.max_calls} upstream calls before {source} answered;"
                " ask for fewer rows or relations, or raise options.maxCalls"
            )
        if self.parent is not None:
            self.parent.spend(source)
        self._spent += 1

    def record(self, event: CallEvent) -> None:
        """Keep *event* for the answer's explanation."""
        self.calls.append(event)
        if self.parent is not None:
            self.parent.record(event)


_SCOPE: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope:
    """The running request's scope.

    Raises:
        OurBug: an upstream call is made outside a scope.
    """
    scope = _SCOPE.get()
    if scope is None:
        raise OurBug("an upstream call was made outside a scope")
    return scope


@contextmanager
def entered(scope: Scope) -> Iterator[Scope]:
    """Make *scope* the current one inside the block, tasks started there included."""
    token = _SCOPE.set(scope)
    try:
        yield scope
    finally:
        _SCOPE.reset(token)

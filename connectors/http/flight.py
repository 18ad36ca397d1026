"""Work that several callers wait for, and that ends when nobody does."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

__all__ = ["Flight", "FlightEndedError"]

T = TypeVar("T")


class FlightEndedError(Exception):
    """The work was ended from outside while somebody waited."""


class Flight(Generic[T]):
    """One running piece of work; lives from its start until the last caller has left.

    Callers come and go, each with a deadline of its own. The last one to leave before the end cancels the work,
    unless it is kept: then it runs to its end. No task group holds it, since it belongs to no caller alone; its owner
    ends it instead.

    Attributes:
        deadline_s: the latest deadline of those who wait, on the event loop's clock; bounds the work's own waits.
    """

    __slots__ = ("_is_ending", "_is_kept", "_on_end", "_task", "_waiters", "deadline_s")

    def __init__(
        self,
        work: Callable[["Flight[T]"], Coroutine[Any, Any, T]],
        *,
        deadline_s: float,
        is_kept: bool = False,
        on_end: Callable[[], object] | None = None,
    ) -> None:
        self.deadline_s = deadline_s
        self._is_kept = is_kept
        self._is_ending = False
        self._on_end = on_end
        self._waiters: list[asyncio.Future[None]] = []
        self._task = asyncio.get_running_loop().create_task(work(self))
        self._task.add_done_callback(self._release)

    @property
    def is_over(self) -> bool:
        """Whether the work has ended, one way or the other, or is being ended: too late to join."""
        return self._is_ending or self._task.done()

    async def wait(self, deadline_s: float, *, is_timed: bool = True) -> T:
        """The work's result.

        Args:
            deadline_s: when this caller has no use for it any more, on the event loop's clock.
            is_timed: whether to leave then; False where the caller is itself cancelled in time.

        Raises:
            TimeoutError: the deadline passed first.
            FlightEndedError: the work was ended from outside.
        """
        self.deadline_s = max(self.deadline_s, deadline_s)
        if not self._task.done():
            await self._ended(deadline_s if is_timed else None)
        if self._task.cancelled():
            raise FlightEndedError
        return self._task.result()

    async def end(self) -> None:
        """Cancel the work and see it end; its own error, if any, is dropped."""
        self._is_ending = True
        self._task.cancel()
        await asyncio.wait((self._task,))

    async def _ended(self, deadline_s: float | None) -> None:
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiters.append(waiter)
        timer = None if deadline_s is None else loop.call_at(deadline_s, _expire, waiter)
        try:
            await waiter
        finally:
            if timer is not None:
                timer.cancel()
            self._waiters.remove(waiter)
            if not self._waiters and not self._is_kept and not self._task.done():
                await self.end()

    def _release(self, task: asyncio.Task[T]) -> None:
        if not task.cancelled():
            task.exception()  # taken note of, even where nobody is left to raise it
        if self._on_end is not None:
            self._on_end()
            self._on_end = None  # else a cycle is left to the garbage collector, one a call
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())

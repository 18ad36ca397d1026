"""What costs calls to read: kept for a while, read once however many ask."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from connectors.mapping import Row
from model.errors import OurBug, SourceUnavailable

__all__ = ["Kept", "every"]

T = TypeVar("T")
P = TypeVar("P")

_MOST_PAGES = 500  # of 200 rows and more: beyond the users, stages and currencies of any account


class Kept(Generic[T]):
    """What *read* gave last, no older than *ttl_s* real seconds; lives as long as its connector."""

    def __init__(self, read: Callable[[], Awaitable[T]], *, source: str, ttl_s: float) -> None:
        self._read = read
        self._source = source
        self._ttl_s = ttl_s
        self._value: T | None = None
        self._read_at_s = 0.0
        self._lock = asyncio.Lock()

    @property
    def known(self) -> T:
        """What was read last, however old.

        Raises:
            OurBug: nothing was read yet.
        """
        if self._value is None:
            raise OurBug(f"{self._source} was planned for before it was described")
        return self._value

    async def fresh(self) -> T:
        """What is young enough, read again if it is not."""
        return await self._younger_than(time.monotonic() - self._ttl_s)

    async def reread(self) -> T:
        """What there is now."""
        return await self._younger_than(time.monotonic())

    async def _younger_than(self, moment_s: float) -> T:
        if self._value is None or self._read_at_s < moment_s:
            async with self._lock:
                if self._value is None or self._read_at_s < moment_s:
                    started_s = time.monotonic()
                    self._value = await self._read()
                    self._read_at_s = started_s
        return self._value


async def every(read: Callable[[P | None], Awaitable[tuple[Sequence[Row], P | None]]], *, source: str) -> list[Row]:
    """The rows of all pages, in order; *read* gives those at a place, None for the start, and the place behind them.

    Raises:
        SourceUnavailable: the pages do not end: one comes again, or there are more than 500.
    """
    rows: list[Row] = []
    page, place = await read(None)
    for _ in range(_MOST_PAGES - 1):
        rows += page
        if place is None:
            return rows
        before = page
        page, place = await read(place)
        if place is not None and list(page) == list(before):
            break
    else:
        if place is None:
            return [*rows, *page]
    raise SourceUnavailable(f"{source} gave pages of metadata without an end; try again later", source=source)

"""A source that takes its time, and knows what became of those who asked."""

import asyncio
from typing import Any

from connectors.memory import MemoryConnector
from model.page import Page, Position
from model.query import Query

__all__ = ["Slow"]


class Slow(MemoryConnector):
    """Each page takes *delay_s*.

    Attributes:
        started, cancelled, ended: pages by what became of them.
        loop: the event loop that pages are read in.
    """

    delay_s = 30.0

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.started = self.cancelled = self.ended = 0
        self.loop: asyncio.AbstractEventLoop | None = None

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """The page, late."""
        self.loop = asyncio.get_running_loop()
        self.started += 1
        try:
            await asyncio.sleep(self.delay_s)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        self.ended += 1
        return await super().page(query, after)

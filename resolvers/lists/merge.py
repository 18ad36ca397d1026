"""The k-way merge: rows of several ordered streams as one page, and where each source then stands."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from model.entities import Entity, Record
from model.errors import GatewayError, OurBug
from model.evaluate import comparator, sort_keys
from model.page import Position
from model.query import Order
from resolvers.cursor import Place, Walk
from resolvers.lists.stream import Stream

__all__ = ["Lane", "Merge"]


@dataclass(slots=True, eq=False)
class Lane:
    """One source's part in a merge.

    Attributes:
        before: where it stood when the page began.
        stream: its rows; None where it is not read: it ended or failed earlier, or could not be asked.
        taken: indexes of its rows in the page.
    """

    source: str
    before: Place
    stream: Stream | None = None
    failure: GatewayError | None = None
    taken: list[int] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether rows may still come from it."""
        stream = self.stream
        return stream is not None and self.failure is None and bool(stream.rows or stream.has_more)


class Merge:
    """One page over several lanes; call `run` once, then read the rest.

    Rows with equal keys come in the order of their sources' keys, then of remote ids as each source compares them.
    Without an order, the lanes take turns.
    """

    def __init__(
        self,
        lanes: Sequence[Lane],
        *,
        entity: Entity,
        order: tuple[Order, ...],
        fill: Callable[[Lane, int], Awaitable[None]],
        turn: int = 0,
    ) -> None:
        self.lanes = sorted(lanes, key=lambda lane: lane.source)
        self.records: list[Record] = []
        self._order = order
        self._compare = comparator(entity, order)
        self._fill = fill
        self._first_turn = turn
        self._turn = turn

    async def run(self, first: int) -> None:
        """Take up to *first* rows; a page is short only at the end, or where a scan budget ended."""
        while len(self.records) < first:
            await self._fill_empty(first - len(self.records))
            lane = self._next()
            if lane is None:
                break
            self._take(lane)

    async def _fill_empty(self, wanted: int) -> None:
        empty = [lane for lane in self.lanes if lane.is_open and lane.stream is not None and lane.stream.needs_filling]
        if empty:
            await asyncio.gather(*(self._fill(lane, wanted) for lane in empty))

    def _next(self) -> Lane | None:
        ready = [lane for lane in self.lanes if lane.is_open and lane.stream is not None and lane.stream.rows]
        if not self._order:
            return self._next_in_turn(ready)
        best: Lane | None = None
        for lane in ready:
            if best is None or self._compare(self._keys(lane), self._keys(best)) < 0:
                best = lane
        if best is None or any(self._may_precede(lane, best) for lane in self.lanes):
            return None
        return best

    def _next_in_turn(self, ready: list[Lane]) -> Lane | None:
        count = len(self.lanes)
        for step in range(count):
            lane = self.lanes[(self._turn + step) % count]
            if lane in ready:
                return lane
        return None

    def _may_precede(self, lane: Lane, best: Lane) -> bool:
        """Whether an unread row of *lane*, whose scan budget ended, could belong before *best*'s next row."""
        stream = lane.stream
        if lane is best or stream is None or stream.rows or not (lane.is_open and stream.is_limited):
            return False
        if stream.frontier is None:
            return True
        sign = self._compare(stream.frontier.keys, self._keys(best))
        return sign < 0 or (sign == 0 and lane.source < best.source)

    def _keys(self, lane: Lane) -> tuple[str | None, ...]:
        if lane.stream is None:
            raise OurBug("a lane without a stream was compared")
        return sort_keys(lane.stream.rows[0], self._order)

    def _take(self, lane: Lane) -> None:
        if lane.stream is None:
            raise OurBug("a row was taken from a lane without a stream")
        lane.taken.append(len(self.records))
        self.records.append(lane.stream.rows.popleft())
        self._turn = self.lanes.index(lane) + 1

    @property
    def has_next(self) -> bool:
        """Whether a further page may hold rows; lanes that failed do not count."""
        return any(lane.is_open for lane in self.lanes)

    def walk_after(self, index: int) -> Walk:
        """Where every source stands just after the row at *index*; after the last row, what was scanned counts too."""
        is_last = index >= len(self.records) - 1
        places = {lane.source: self._place(lane, index, is_last=is_last) for lane in self.lanes}
        turn = self._turn if is_last else self._turn_after(index)
        return Walk(places, turn % max(len(self.lanes), 1))

    def _turn_after(self, index: int) -> int:
        owner = next(position for position, lane in enumerate(self.lanes) if index in lane.taken)
        return owner + 1

    def _place(self, lane: Lane, index: int, *, is_last: bool) -> Place:
        position = self._position(lane, index)
        stream = lane.stream
        if lane.failure is not None:
            return Place(position, is_out=True)
        if stream is None:
            return lane.before
        if is_last and not stream.rows:
            if not stream.has_more:
                return Place(position, is_ended=True)
            return Place(stream.frontier or position)
        return Place(position)

    def _position(self, lane: Lane, index: int) -> Position | None:
        last = next((taken for taken in reversed(lane.taken) if taken <= index), None)
        if last is None or lane.stream is None:
            return lane.before.position
        return lane.stream.position_of(self.records[last])

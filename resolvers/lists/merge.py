"""The k-way merge: rows of several ordered streams as one page, and where each source then stands."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from model.entities import Record
from model.errors import GatewayError, OurBug
from model.page import Position
from resolvers.accounts import NoSuchType
from resolvers.cursor import Place, Walk
from resolvers.lists.stream import Row, Stream

__all__ = ["Lane", "Merge"]


@dataclass(slots=True, eq=False)
class Lane:
    """One source's part in a merge.

    Attributes:
        before: where it stood when the page began.
        stream: its rows; None where it is not read: it ended or failed earlier, or could not be asked.
        failure: what ended it before its rows did.
        taken: indexes of its rows in the page.
    """

    source: str
    before: Place
    stream: Stream | None = None
    failure: GatewayError | None = None
    taken: list[int] = field(default_factory=list)

    @property
    def rows(self) -> Sequence[Row]:
        """Read and not taken yet."""
        return () if self.stream is None else self.stream.rows

    @property
    def is_open(self) -> bool:
        """Whether rows may still come from it in this walk."""
        return bool(self.rows) or (self.failure is None and self.stream is not None and self.stream.has_more)

    @property
    def is_limited(self) -> bool:
        """Whether its scan budget ended before its rows did."""
        return self.stream is not None and self.stream.is_limited

    @property
    def needs_filling(self) -> bool:
        """Whether its next row, if there is one, is still to be read."""
        return self.failure is None and self.stream is not None and self.stream.needs_filling

    def take(self, index: int) -> Record:
        """Its next row, which stands at *index* of the page."""
        if self.stream is None:
            raise OurBug(f"a row was taken from {self.source}, which was not read")
        self.taken.append(index)
        return self.stream.rows.popleft().record


class Merge:
    """One page over several lanes, filled before: call `run` once, then read the rest.

    Rows with equal keys come in the order of their sources' keys, then of remote ids as each source compares them.
    Without an order, the lanes take turns.
    """

    def __init__(
        self,
        lanes: Sequence[Lane],
        *,
        is_ordered: bool,
        fill: Callable[[Lane, int], Awaitable[None]],
        turn: int = 0,
    ) -> None:
        self.lanes = sorted(lanes, key=lambda lane: lane.source)
        self.records: list[Record] = []
        self._is_ordered = is_ordered
        self._fill = fill
        self._turn = turn
        self._owners: list[int] = []

    async def run(self, first: int) -> None:
        """Take up to *first* rows; a page is short only at the end, or where a scan budget ended."""
        while len(self.records) < first:
            index = self._first() if self._is_ordered else self._next_in_turn()
            if index is None:
                return
            lane = self.lanes[index]
            self._turn = index + 1
            self._owners.append(index)
            self.records.append(lane.take(len(self.records)))
            if lane.needs_filling and len(self.records) < first:
                await self._fill(lane, first - len(self.records))

    def _first(self) -> int | None:
        """The lane whose row comes first, unless a row that was not read could come before it."""
        best: int | None = None
        best_key: Any = None
        for index, lane in enumerate(self.lanes):
            rows = lane.rows
            if rows and (best is None or rows[0].key < best_key):
                best, best_key = index, rows[0].key
        for index, lane in enumerate(self.lanes):
            if lane.is_limited and not lane.rows and best is not None and self._may_precede(index, best, best_key):
                return None
        return best

    def _may_precede(self, index: int, best: int, best_key: Any) -> bool:
        """Whether an unread row of the lane at *index*, whose scan budget ended, could belong before the best."""
        stream = self.lanes[index].stream
        return stream is not None and (stream.barrier, index) < (best_key, best)

    def _next_in_turn(self) -> int | None:
        count = len(self.lanes)
        turns = ((self._turn + step) % count for step in range(count))
        return next((index for index in turns if self.lanes[index].rows), None)

    @property
    def has_next(self) -> bool:
        """Whether a further page may hold rows; lanes that failed do not count."""
        return any(lane.is_open for lane in self.lanes)

    def walk_after(self, index: int) -> Walk:
        """Where every source stands just after the row at *index*; an empty page has read up to somewhere, too."""
        places = {lane.source: self._place(lane, index) for lane in self.lanes}
        turn = self._owners[index] + 1 if 0 <= index < len(self._owners) else self._turn
        return Walk(places, turn % max(len(self.lanes), 1))

    def _place(self, lane: Lane, index: int) -> Place:
        stream, count = lane.stream, bisect_right(lane.taken, index)
        position, is_sorted_here = lane.before.position, lane.before.is_sorted_here
        if stream is not None and count:
            position = stream.position_of(self.records[lane.taken[count - 1]])
            is_sorted_here = stream.plan.is_collated_here
        if isinstance(lane.failure, NoSuchType):
            return Place(position, is_ended=True, is_sorted_here=is_sorted_here)
        if lane.failure is not None:
            return Place(position, is_out=True, is_sorted_here=is_sorted_here)
        if stream is None:
            return lane.before
        if count == len(lane.taken) and not stream.rows:
            # What was read and did not match need not be read again.
            return self._read_up_to(stream, position, is_sorted_here=is_sorted_here)
        return Place(position, is_sorted_here=is_sorted_here)

    def _read_up_to(self, stream: Stream, position: Position | None, *, is_sorted_here: bool) -> Place:
        if not stream.has_more:
            return Place(position, is_ended=True, is_sorted_here=is_sorted_here)
        return Place(stream.frontier or position, is_sorted_here=is_sorted_here)

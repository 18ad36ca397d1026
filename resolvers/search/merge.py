"""The hits of all sources and types as one page.

A hit's rank is its place among the hits of its type at its source, as the CRM ranks them; scores of different CRMs
do not compare.
Hits come by rank; those of one rank by type, in the order the types were asked for, then by source key.
So the best hit of every type of every source comes first, then the second best of each.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from model.entities import Entity
from model.errors import GatewayError
from model.page import Hit
from resolvers.search.places import SearchPlace

__all__ = ["HitLane", "HitMerge"]


@dataclass(slots=True, eq=False)
class HitLane:
    """One type of one source.

    Attributes:
        order: of the type among the types that were asked for.
        before: where it stood when the page began.
        hits: read and not taken yet.
        has_more: whether the CRM holds hits behind those that were read.
        failure: what ended it before its hits did.
        is_offered: whether the source searches the type at all.
        taken: for each hit it gave so far, the index of the page's hit that brought the walk past it.
    """

    source: str
    entity: Entity
    order: int
    before: SearchPlace
    hits: deque[Hit] = field(default_factory=deque)
    has_more: bool = True
    failure: GatewayError | None = None
    is_offered: bool = True
    taken: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.has_more = self.before.is_open

    @property
    def rank(self) -> int:
        """Of its next hit."""
        return self.before.rank + len(self.taken)

    @property
    def is_open(self) -> bool:
        """Whether hits may still come from it in this walk."""
        return bool(self.hits) or (self.failure is None and self.has_more)

    @property
    def needs_filling(self) -> bool:
        """Whether its next hit, if there is one, is still to be read."""
        return not self.hits and self.is_open

    @property
    def takes_part(self) -> bool:
        """Whether this page may have hits of it, or would if it did not fail."""
        return self.is_offered and not self.before.is_ended

    @property
    def is_out(self) -> bool:
        """Whether it failed, now or earlier in the walk."""
        return self.failure is not None or self.before.is_out

    def place_after(self, index: int) -> SearchPlace:
        """Where it stands just after the page's hit at *index*."""
        count = bisect_right(self.taken, index)
        is_ended = count == len(self.taken) and not self.is_open and not self.is_out
        return SearchPlace(self.before.rank + count, is_ended=is_ended, is_out=self.is_out)


class HitMerge:
    """One page over several lanes: call `run` once, then read the rest.

    A record that comes a second time, as no CRM should give it, is passed over.
    """

    def __init__(self, lanes: Iterable[HitLane], *, fill: Callable[[HitLane], Awaitable[None]]) -> None:
        self.hits: list[Hit] = []
        self._lanes: Sequence[HitLane] = sorted(lanes, key=lambda lane: (lane.order, lane.source))
        self._fill = fill

    async def run(self, first: int) -> None:
        """Take up to *first* hits; a page is short only at the end."""
        seen: set[tuple[str, Entity, str]] = set()
        while len(self.hits) < first:
            lane = self._next()
            if lane is None:
                return
            if lane.needs_filling:
                await self._fill(lane)
                continue
            hit = lane.hits.popleft()
            key = (lane.source, lane.entity, hit.record.remote_id)
            if key not in seen:
                seen.add(key)
                self.hits.append(hit)
            lane.taken.append(len(self.hits) - 1)

    def _next(self) -> HitLane | None:
        """The lane whose hit comes next; lanes of equal rank stand in order already."""
        return min((lane for lane in self._lanes if lane.is_open), key=lambda lane: lane.rank, default=None)

"""One source's rows of one list, in order, read no further than the page needs."""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from connectors.base import Connector
from model.entities import Record
from model.errors import OurBug, UnsupportedBySource
from model.evaluate import Related, evaluate, ordering, sort_keys
from model.fields import public_name
from model.page import Page, Position
from model.query import fields_in
from resolvers.custom import keys_in, require_described
from resolvers.lists.plan import SourcePlan

__all__ = ["Follow", "Row", "Stream"]

_SCAN_PAGE = 200

Follow: TypeAlias = Callable[[Sequence[Record], SourcePlan], Awaitable[tuple[Sequence[Record], Related]]]
"""Reads what a plan needs to check its residual: the records with it, and what stands behind their relations."""


class Row(NamedTuple):
    """A record with what it sorts by: *key* compares as the list's order says."""

    key: Any
    record: Record


class Stream:
    """Rows of one source after a position; *frontier* is how far the CRM has been read.

    Attributes:
        rows: read, matching, and not taken yet.
        has_more: whether the CRM may hold further rows behind the frontier.
        is_limited: the scan budget ended before the next matching row was found.
        total: what the first page said of the number of matching rows.
    """

    def __init__(
        self,
        source: str,
        connector: Connector,
        plan: SourcePlan,
        *,
        start: Position | None,
        scan_limit: int,
        on_page: Callable[[Page], None],
        follow: Follow,
    ) -> None:
        self.source = source
        self.plan = plan
        self.rows: deque[Row] = deque()
        self.has_more = not plan.is_void
        self.is_limited = False
        self.total: int | None = 0 if plan.is_void else None
        self.frontier = start
        self._start = start
        self._connector = connector
        self._scan_limit = scan_limit
        self._scanned = 0
        self._on_page = on_page
        self._follow = follow
        self._own = keys_in(plan.query.entity, (*fields_in(plan.where), *(key.field for key in plan.order)))
        self._key_of = ordering(plan.query.entity, plan.order)

    @property
    def needs_filling(self) -> bool:
        """Whether the next row, if there is one, is still at the CRM."""
        return not self.rows and self.has_more and not self.is_limited

    @property
    def barrier(self) -> Any:
        """The sort key that no unread row comes before; less than any while nothing was read."""
        return () if self.frontier is None else self._key_of(self.frontier.keys)

    async def fill(self, wanted: int, *, least: int = 1) -> None:
        """Read until *least* rows are there, the rows end, or the scan budget does.

        Raises:
            UnsupportedBySource: the order needs more rows read than the budget allows.
            SourceError: the CRM did not deliver.
        """
        if self.plan.is_sorted_here:
            if self.has_more:
                await self._fill_sorted()
            return
        while len(self.rows) < least and self.has_more and not self.is_limited:
            if self.plan.is_exact:
                page = await self._read(wanted)
            elif self._scanned < self._scan_limit:
                page = await self._read(min(max(wanted, _SCAN_PAGE), self._scan_limit - self._scanned))
            else:
                self.is_limited = True
                return
            self.rows.extend(await self._matching(page.records))

    async def _read(self, limit: int) -> Page:
        before = self.frontier
        page = await self._connector.page(replace(self.plan.query, limit=limit), self._asked(before))
        if self._own:
            await require_described(self._connector, self._own)
        if before is None and self.plan.is_exact:
            self.total = page.total
        self._scanned += len(page.records)
        self.has_more = page.has_more
        if page.resume is not None:
            self.frontier = self._placed(page.resume)
        elif page.records:
            last = page.records[-1]
            self.frontier = self._placed(Position(sort_keys(last, self.plan.query.order), last.remote_id))
        if page.has_more and self.frontier == before:
            raise OurBug(f"{self.source}: a page promises more rows and ends where it began")
        self._on_page(page)
        return page

    def _asked(self, place: Position | None) -> Position | None:
        """*place* with the keys of the query alone."""
        lacking = self.plan.lacking
        if place is None or not lacking:
            return place
        return replace(place, keys=tuple(key for index, key in enumerate(place.keys) if index not in lacking))

    def _placed(self, place: Position) -> Position:
        """*place*, which has the keys of the query, with every key of the list's order."""
        lacking = self.plan.lacking
        if not lacking:
            return place
        keys = iter(place.keys)
        return replace(
            place, keys=tuple(None if index in lacking else next(keys) for index in range(len(self.plan.order)))
        )

    async def _matching(self, records: Sequence[Record]) -> list[Row]:
        """Those of *records* that satisfy what the CRM did not evaluate."""
        plan, entity = self.plan, self.plan.query.entity
        if not plan.is_exact:
            records, related = await self._follow(records, plan)
            records = [item for item in records if evaluate(plan.residual, item, entity=entity, related=related)]
        return [Row(self._key_of(sort_keys(record, plan.order)), record) for record in records]

    async def _fill_sorted(self) -> None:
        start, self.frontier = self._start, None
        found: list[Row] = []
        while self.has_more:
            if self._scanned >= self._scan_limit:
                raise self._too_long()
            page = await self._read(min(_SCAN_PAGE, self._scan_limit - self._scanned))
            found.extend(await self._matching(page.records))
        id_key = self._connector.id_key
        found.sort(key=lambda row: (row.key, id_key(row.record.remote_id)))
        self.total = len(found)
        if start is not None:
            place = (self._key_of(start.keys), id_key(start.remote_id))
            found = [row for row in found if (row.key, id_key(row.record.remote_id)) > place]
        self.rows.extend(found)

    def _too_long(self) -> UnsupportedBySource:
        names = " and ".join(public_name(key.field) for key in self.plan.order)
        other = "order by a date, ask this source alone" if self.plan.is_collated_here else "order by another field"
        return UnsupportedBySource(
            f"{self.source} has more than {self._scan_limit} rows to sort by {names} here;"
            f" narrow the filter, {other}, or raise options.scanLimit with allowScan",
            source=self.source,
        )

    def position_of(self, record: Record) -> Position:
        """The place just after *record*."""
        return Position(sort_keys(record, self.plan.order), record.remote_id)

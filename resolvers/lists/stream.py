"""One source's rows of one list, in order, read no further than the page needs."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from connectors.base import Connector
from model.entities import Record
from model.errors import UnsupportedBySource
from model.evaluate import comparator, evaluate, sort_keys, sorted_records
from model.page import Page, Position
from resolvers.lists.plan import SourcePlan, is_everything

__all__ = ["Stream"]

_SCAN_PAGE = 200


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
    ) -> None:
        self.source = source
        self.plan = plan
        self.rows: deque[Record] = deque()
        self.has_more = True
        self.is_limited = False
        self.total: int | None = None
        self.frontier = start
        self._start = start
        self._connector = connector
        self._scan_limit = scan_limit
        self._scanned = 0
        self._on_page = on_page

    @property
    def needs_filling(self) -> bool:
        """Whether the next row, if there is one, is still at the CRM."""
        return not self.rows and self.has_more and not self.is_limited

    async def fill(self, wanted: int) -> None:
        """Read until a row is there, the rows end, or the scan budget does.

        Raises:
            UnsupportedBySource: the order needs more rows read than the budget allows.
            SourceError: the CRM did not deliver.
        """
        if self.plan.is_sorted_here:
            await self._fill_sorted()
            return
        is_exact = is_everything(self.plan.residual)
        while self.needs_filling:
            if not is_exact and self._scanned >= self._scan_limit:
                self.is_limited = True
                return
            self._take(await self._read(wanted if is_exact else max(wanted, _SCAN_PAGE)))

    async def _read(self, wanted: int) -> Page:
        is_scan = self.plan.is_sorted_here or not is_everything(self.plan.residual)
        room = min(wanted, self._scan_limit - self._scanned) if is_scan else wanted
        page = await self._connector.page(replace(self.plan.query, limit=room), self.frontier)
        if self.frontier is None and is_everything(self.plan.residual):
            self.total = page.total
        self._scanned += len(page.records)
        self.has_more = page.has_more
        if page.resume is not None:
            self.frontier = page.resume
        elif page.records:
            last = page.records[-1]
            self.frontier = Position(sort_keys(last, self.plan.query.order), last.remote_id)
        self._on_page(page)
        return page

    def _take(self, page: Page) -> None:
        self.rows.extend(record for record in page.records if self._matches(record))

    def _matches(self, record: Record) -> bool:
        return is_everything(self.plan.residual) or evaluate(self.plan.residual, record, entity=self.plan.query.entity)

    async def _fill_sorted(self) -> None:
        start, self.frontier = self._start, None
        found: list[Record] = []
        while self.has_more:
            if self._scanned >= self._scan_limit:
                names = " and ".join(key.field for key in self.plan.order)
                raise UnsupportedBySource(
                    f"{self.source} has more than {self._scan_limit} rows to sort by {names} here;"
                    " narrow the filter, order by a date, ask this source alone,"
                    " or raise options.scanLimit with allowScan",
                    source=self.source,
                )
            page = await self._read(_SCAN_PAGE)
            found.extend(record for record in page.records if self._matches(record))
        id_key = self._connector.id_key
        ordered = sorted_records(found, entity=self.plan.query.entity, order=self.plan.order, id_key=id_key)
        self.total = len(ordered)
        self.rows.extend(record for record in ordered if start is None or self._is_after(record, start))

    def _is_after(self, record: Record, start: Position) -> bool:
        compare = comparator(self.plan.query.entity, self.plan.order)
        sign = compare(sort_keys(record, self.plan.order), start.keys)
        if sign:
            return sign > 0
        id_key = self._connector.id_key
        return bool(id_key(record.remote_id) > id_key(start.remote_id))

    def position_of(self, record: Record) -> Position:
        """The place just after *record*."""
        return Position(sort_keys(record, self.plan.order), record.remote_id)

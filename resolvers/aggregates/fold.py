"""One source's records, counted page by page as they come; no record is kept.

A fold ends where its records do, or at a bound, with what it has counted by then.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from sys import maxsize
from typing import Any

from connectors.base import RelatesRecords
from connectors.scope import current_scope
from model.aggregate import Fold, GroupRow
from model.capabilities import RelationCapability
from model.entities import Record
from model.errors import (
    BudgetExceeded,
    GatewayError,
    OurBug,
    QueryTooComplex,
    QuotaExhausted,
    RateLimited,
    SourceError,
    SourceTimeout,
)
from model.fields import RELATIONS
from model.page import Page
from model.values import UNSET, Ref
from resolvers.accounts import Account
from resolvers.aggregates.plan import PAGE_ROWS, GroupPlan, told
from resolvers.lists.stream import Follow, Stream

__all__ = ["Folding", "is_bound"]

_BOUNDS: dict[type[GatewayError], str] = {
    SourceTimeout: "the deadline",
    BudgetExceeded: "the budget of calls",
    RateLimited: "the source's rate limit",
    QuotaExhausted: "the source's quota",
}


def is_bound(error: GatewayError) -> bool:
    """Whether *error* only ends a fold, and says nothing against what was counted before it."""
    return type(error) in _BOUNDS


class Folding:
    """The fold of one source.

    Args:
        plan: what is grouped, and how the records are read.
        follow: reads what conditions look at behind relations.
        scan_limit: records read at most; None for all.
        max_groups: groups at most.

    Attributes:
        is_limited: the scan limit ended it.
    """

    def __init__(
        self, account: Account, plan: GroupPlan, *, scan_limit: int | None, max_groups: int, follow: Follow
    ) -> None:
        self.is_limited = False
        self._scanned = 0
        self._pending = 0
        self._account = account
        self._fold = Fold(plan.query)
        self._plan = plan
        self._scan_limit = maxsize if scan_limit is None else scan_limit
        self._max_groups = max_groups
        self._relations = [key.field for key in plan.query.keys if key.field in RELATIONS[plan.query.entity]]
        self._stream = Stream(
            account.source.key,
            account.source.connector,
            plan.rows,
            start=None,
            scan_limit=self._scan_limit,
            on_page=self._count,
            follow=follow,
        )

    @property
    def rows_read(self) -> int:
        """Records read and counted so far, those that do not match included."""
        return self._scanned - self._pending

    def rows(self) -> Sequence[GroupRow]:
        """The groups so far."""
        return self._fold.rows()

    async def run(self) -> None:
        """Count every record, up to the scan limit.

        Raises:
            QueryTooComplex: there are too many groups.
            SourceError: the CRM did not deliver; what was counted before stays.
        """
        stream = self._stream
        while stream.has_more:
            if self.rows_read >= self._scan_limit:
                self.is_limited = True
                return
            self._require_time()
            await stream.fill(min(PAGE_ROWS, self._scan_limit - self.rows_read))
            found = [row.record for row in stream.rows]
            stream.rows.clear()
            self._pending = len(found)
            self._add(await self._related(found))
            self._pending = 0

    def ended_at(self, error: GatewayError | None) -> str:
        """Why the groups are not of all records, in a sentence."""
        bound = "options.scanLimit" if error is None else _BOUNDS[type(error)]
        return (
            f"ended at {bound} after {self.rows_read:,} rows in id order: counts and sums cover those alone;"
            " raise that bound, or narrow the filter"
        )

    def _require_time(self) -> None:
        """End between two pages as well: a connector that answers at once is stopped by nobody else."""
        if current_scope().deadline.remaining_s() <= 0:
            key = self._account.source.key
            raise SourceTimeout(f"{key} was not read to its end before the deadline", source=key)

    def _count(self, page: Page) -> None:
        self._scanned += len(page.records)

    def _add(self, records: Iterable[Record]) -> None:
        self._fold.add(map(self._whole, records) if self._relations else records)
        if len(self._fold) > self._max_groups:
            raise QueryTooComplex(
                f"{self._account.source.key} has more than {self._max_groups:,} groups by {self._widest()}:"
                " take a wider bucket or another key, or narrow the filter"
            )

    def _widest(self) -> str:
        """The key that has most values."""
        columns = zip(*(row.values for row in self._fold.rows()), strict=True)
        counts = [len(set(column)) for column in columns]
        return told(self._plan.query.keys[counts.index(max(counts))])

    def _whole(self, record: Record) -> Record:
        """*record* with a missing value for each relation that the source does not have."""
        absent: dict[str, Any] = {name: None for name in self._relations if getattr(record, name) is UNSET}
        return replace(record, **absent) if absent else record

    async def _related(self, records: Sequence[Record]) -> list[Record]:
        """*records* with the Refs of the relations that do not stand on them."""
        # Not by the request's loaders: they keep every link they read, and a fold's memory must not grow with its rows.
        found = list(records)
        for relation in self._plan.apart:
            refs: dict[str, Ref | None] = {}
            for batch in _batches([record.remote_id for record in found], relation.batch_size or 1):
                refs |= await self._refs(relation, batch)
            found = [_with(record, relation.field, refs[record.remote_id]) for record in found]
        return found

    async def _refs(self, relation: RelationCapability, parents: Sequence[str]) -> dict[str, Ref | None]:
        connector, query = self._account.source.connector, self._plan.query
        if not isinstance(connector, RelatesRecords):
            raise OurBug(f"{self._account.source.key} describes {relation.field} and cannot read it")
        selection = query.selection().relations[relation.field].selection
        pages = await connector.related(query.entity, relation.field, parents, selection=selection, first=1)
        refs: dict[str, Ref | None] = {}
        for parent, page in zip(parents, pages, strict=True):
            if isinstance(page, SourceError):
                raise page
            refs[parent] = page.links[0].ref if page.links else None
        return refs


def _with(record: Record, name: str, ref: Ref | None) -> Record:
    changed: dict[str, Any] = {name: ref}
    return replace(record, **changed)


def _batches(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))

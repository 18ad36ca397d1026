"""One source's part in an aggregate: how it is read, what it gave, and how it took part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from connectors.base import Aggregates
from connectors.scope import Scope, entered
from model.aggregate import GroupRow
from model.errors import GatewayError, OurBug, UnsupportedBySource
from model.reading import AggregateRequest, Outcome, OutcomeStatus
from model.values import instant_text
from resolvers.accounts import Account, Accounts
from resolvers.aggregates.fold import Folding, is_bound
from resolvers.aggregates.plan import GroupPlan, plan_groups, rows_of
from resolvers.guard import reading
from resolvers.lists.behind import Behind
from resolvers.lists.outcomes import failure_of
from resolvers.lists.scans import require_scan
from resolvers.settings import ReadLimits
from resolvers.sources import Source

__all__ = ["GroupRead"]


@dataclass(slots=True, eq=False)
class GroupRead:
    """One source's part in one aggregate.

    Attributes:
        scope: its own part of the request's.
        account: None until it is described.
        groups: its groups, of all its records or of those that were counted before a bound.
        failure: what ended it.
    """

    source: Source
    scope: Scope
    account: Account | None = None
    groups: Sequence[GroupRow] = ()
    failure: GatewayError | None = None
    _plan: GroupPlan | None = None
    _folding: Folding | None = None
    _is_exact: bool = True
    _notes: tuple[str, ...] = ()
    _latency_s: float = 0.0
    _fetched_at: str | None = None

    async def read(self, request: AggregateRequest, *, accounts: Accounts, limits: ReadLimits, behind: Behind) -> None:
        """Group or fold; what goes wrong stays with this source."""
        started = perf_counter()
        try:
            with entered(self.scope):
                async with reading(self.source.key):
                    self.account = await accounts.of(self.source)
                    await self._read(request, self.account, limits, behind)
        except GatewayError as error:
            self.failure = error
            if not self.is_cut_short:
                self.source.met(error, is_hurried=request.options.is_hurried)
        else:
            self.source.met(None)
        finally:
            self._latency_s = perf_counter() - started
            if self._folding is not None:
                self.groups = self._folding.rows() if self.has_answer else ()
            if self.groups:
                self._fetched_at = instant_text(datetime.now(UTC))

    async def _read(self, request: AggregateRequest, account: Account, limits: ReadLimits, behind: Behind) -> None:
        rows = await behind.plan(rows_of(request), account, is_alone=True)
        plan = self._plan = plan_groups(request, account, rows)
        if rows.is_void:
            # Ids that were looked up may be what left nothing to ask for.
            self._is_exact, self._notes = rows.means_the_query, rows.notes
            return
        why = plan.why_folded
        if plan.split is not None:
            self._is_exact = plan.split.is_exact and rows.has_exact_ids
            self._notes = (*plan.split.notes, *rows.roads)
            try:
                self.groups = await self._grouped(plan)
            except UnsupportedBySource as error:
                why = error.message
            else:
                return
        require_scan(rows, source=self.source.key, options=request.options)
        folded = (f"its records were read and counted here: {why}",) if why else ()
        self._is_exact, self._notes = rows.means_the_query, (*rows.notes, *folded)
        self._folding = Folding(
            account,
            plan,
            scan_limit=request.options.scan_limit,
            max_groups=limits.max_groups,
            follow=behind.follow,
        )
        await self._folding.run()

    async def _grouped(self, plan: GroupPlan) -> Sequence[GroupRow]:
        connector = self.source.connector
        if not isinstance(connector, Aggregates):
            raise OurBug(f"{self.source.key} describes groups and cannot give them")
        return await connector.aggregate(plan.query)

    @property
    def is_cut_short(self) -> bool:
        """Whether a bound ended a fold that had counted some records by then."""
        folding = self._folding
        if folding is None or not folding.rows_read:
            return False
        return folding.is_limited or (self.failure is not None and is_bound(self.failure))

    @property
    def has_answer(self) -> bool:
        """Whether its groups count."""
        return self.failure is None or self.is_cut_short

    def outcome(self) -> Outcome:
        """How it took part."""
        return Outcome(
            source=self.source.key,
            status=self._status(),
            rows=sum(group.count for group in self.groups),
            has_more=self.is_cut_short,
            is_exact=self._is_exact and not self.is_cut_short,
            is_scan_limited=self._folding is not None and self._folding.is_limited,
            notes=tuple(self._told()),
            upstream_calls=self.scope.data_calls,
            latency_ms=round(self._latency_s * 1000, 3),
            fetched_at=self._fetched_at,
            error=None if self.failure is None else failure_of(self.failure),
        )

    def _status(self) -> OutcomeStatus:
        if self.is_cut_short:
            return OutcomeStatus.PARTIAL
        if self.failure is None:
            return OutcomeStatus.OK
        return OutcomeStatus.SKIPPED if isinstance(self.failure, UnsupportedBySource) else OutcomeStatus.FAILED

    def _told(self) -> Iterator[str]:
        yield from self._notes
        if self._plan is not None and self._plan.unknown:
            names = " and ".join(name.upper() for name in self._plan.unknown)
            yield f"it has no {names}: its records are in the group without one"
        if self.is_cut_short and self._folding is not None:
            yield self._folding.ended_at(self.failure)

"""The state of one list while its sources are read side by side."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter

from connectors.base import Counts
from connectors.scope import entered
from model.errors import GatewayError
from model.page import Page
from model.reading import ListRequest
from model.values import instant_text
from resolvers.accounts import Accounts, NoSuchType
from resolvers.guard import reading
from resolvers.known import Known
from resolvers.lists.behind import Behind
from resolvers.lists.plan import SourcePlan
from resolvers.lists.scans import require_scan, scan_limit
from resolvers.lists.source_read import SourceRead
from resolvers.lists.stream import Stream
from resolvers.settings import ReadLimits

__all__ = ["ListRead"]

_PATIENCE = 0.5


class ListRead:
    """Plans, opens, fills and counts the sources of one list; what goes wrong with one stays with it."""

    def __init__(
        self, request: ListRequest, *, limits: ReadLimits, accounts: Accounts, known: Known, behind: Behind
    ) -> None:
        self.request = request
        self.reads: list[SourceRead] = []
        self._limits = limits
        self._accounts = accounts
        self._known = known
        self._behind = behind

    async def start(self) -> None:
        """Read the first rows of every source that is still in the walk."""
        asked = [read for read in self.reads if not (read.lane.before.is_ended or read.lane.before.is_out)]
        await self._fill_all(asked, self.request.first)

    async def fill(self, read: SourceRead, wanted: int) -> None:
        """Read on until the source has a row again, or ends."""
        await self._fill_all([read], wanted)

    async def _fill_all(self, reads: Sequence[SourceRead], wanted: int) -> None:
        """Fill *reads* side by side; where some are slow, the others read ahead, for afterwards time may be up."""
        if len(self.reads) == 1:
            for read in reads:
                await self._fill(read, wanted)
            return
        async with asyncio.TaskGroup() as group:
            tasks = {group.create_task(self._fill(read, wanted)): read for read in reads}
            if not tasks:
                return
            patience_s = _PATIENCE * max(reads[0].scope.deadline.remaining_s(), 0)
            _, late = await asyncio.wait(tasks, timeout=patience_s)
            if late:
                slow = [tasks[task] for task in late]
                ahead = [group.create_task(self._fill_ahead(read, wanted)) for read in self.reads if read not in slow]
                await asyncio.wait(late)
                for task in ahead:
                    task.cancel()

    async def _fill(self, read: SourceRead, wanted: int) -> None:
        started = perf_counter()
        try:
            with entered(read.scope):
                async with reading(read.source.key):
                    if read.lane.stream is None:
                        read.lane.stream = self._open(read, await self._plan(read))
                    await read.lane.stream.fill(wanted)
        except GatewayError as error:
            read.lane.failure = error
            read.source.met(error, is_hurried=self.request.options.is_hurried)
        else:
            read.source.met(None)
        finally:
            read.latency_s += perf_counter() - started

    async def _fill_ahead(self, read: SourceRead, wanted: int) -> None:
        """Read as many rows as the page may still need; what fails will fail again when it is needed."""
        stream = read.lane.stream
        if stream is None or read.lane.failure is not None:
            return
        with suppress(GatewayError), entered(read.scope):
            async with reading(read.source.key):
                await stream.fill(wanted, least=wanted)

    async def _plan(self, read: SourceRead) -> SourcePlan:
        if read.plan is None:
            account, is_alone = await self._accounts.of(read.source), len(self.reads) == 1
            plan = await self._behind.plan(self.request, account, is_alone=is_alone, before=read.lane.before)
            require_scan(plan, source=read.source.key, options=self.request.options)
            read.plan = plan
        return read.plan

    def _open(self, read: SourceRead, plan: SourcePlan) -> Stream:
        return Stream(
            read.source.key,
            read.source.connector,
            plan,
            start=read.lane.before.position,
            scan_limit=scan_limit(self.request.options, source=read.source, limits=self._limits),
            on_page=lambda page: self._keep(read, plan, page),
            follow=self._behind.follow,
        )

    def _keep(self, read: SourceRead, plan: SourcePlan, page: Page) -> None:
        """Remember what came along with a page."""
        read.fetched_at = instant_text(datetime.now(UTC))
        for record in page.primed:
            self._known.keep(record)
        for (relation, parent), related in page.related.items():
            wanted = plan.query.selection.relations.get(relation)
            if wanted is not None:
                self._known.keep_related(
                    (read.source.key, self.request.entity, relation, parent),
                    first=wanted.first or 1,
                    selection=wanted.selection,
                    page=related,
                )

    async def count(self, read: SourceRead) -> None:
        """The source's total, where it takes a call of its own; a source that is out of the walk is not asked."""
        before, connector = read.lane.before, read.source.connector
        if before.is_out:
            return
        try:
            with entered(read.scope):
                async with reading(read.source.key):
                    plan = await self._plan(read)
                    if plan.is_void:
                        read.counted = 0
                    elif isinstance(connector, Counts) and plan.counts_apart(before):
                        read.counted = await connector.count(plan.query.entity, plan.query.where)
        except NoSuchType:
            read.counted = 0
        except GatewayError as error:
            read.miscount = error

"""One list over several sources: plan each, read them side by side, merge, and say how each went."""

import asyncio
from time import perf_counter

from connectors.base import Counts
from connectors.scope import Deadline, Scope, current_scope, entered
from model.errors import BadCursor, BadRequest, GatewayError, SourceTimeout, UnsupportedBySource
from model.page import Page
from model.reading import ListRequest, ListResult
from resolvers.cursor import Cursors, Place, Walk, fingerprint
from resolvers.known import Known
from resolvers.lists.merge import Lane, Merge
from resolvers.lists.outcomes import all_failed, outcome_of
from resolvers.lists.plan import SourcePlan, check_request, is_everything, plan_source
from resolvers.lists.source_read import SourceRead
from resolvers.lists.stream import Stream
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = ["read_list"]

_GRACE_S = 0.25


class _ListRead:
    """The state of one list while it is read."""

    def __init__(self, request: ListRequest, *, limits: ReadLimits, known: Known) -> None:
        self.request = request
        self.limits = limits
        self.known = known
        self.reads: list[SourceRead] = []

    def scan_limit(self) -> int:
        options = self.request.options
        if not options.allow_scan:
            return min(options.scan_limit or self.limits.scan_rows, self.limits.scan_rows)
        return min(options.scan_limit or self.limits.max_scan_rows, self.limits.max_scan_rows)

    async def plan(self, read: SourceRead) -> SourcePlan:
        """What the source would do; read from its description once."""
        if read.plan is None:
            read.plan = plan_source(
                self.request,
                source=read.source.key,
                connector=read.source.connector,
                description=await read.source.connector.describe(),
                is_alone=len(self.reads) == 1,
            )
        return read.plan

    def open(self, read: SourceRead, plan: SourcePlan) -> Stream:
        """The source's rows from where the walk stands."""
        return Stream(
            read.source.key,
            read.source.connector,
            plan,
            start=read.lane.before.position,
            scan_limit=self.scan_limit(),
            on_page=lambda page: self.keep(read, page),
        )

    def keep(self, read: SourceRead, page: Page) -> None:
        """Remember what came along with a page."""
        for record in page.primed:
            self.known.keep(record)
        for (relation, parent), related in page.related.items():
            wanted = self.request.selection.relations[relation]
            self.known.keep_related(
                read.source.key,
                self.request.entity,
                relation,
                parent,
                first=wanted.first or 1,
                selection=wanted.selection,
                page=related,
            )
            for link in related.links:
                if link.record is not None:
                    self.known.keep(link.record)
        for record in page.records:
            self.known.keep(record)

    async def guarded(self, read: SourceRead, wanted: int) -> None:
        """Fill one lane; what goes wrong stays in that lane."""
        started = perf_counter()
        try:
            with entered(read.scope):
                async with asyncio.timeout_at(read.scope.deadline.at_s + _GRACE_S):
                    await self._fill(read, wanted)
            read.source.failure = None
        except GatewayError as error:
            read.lane.failure = error
        except TimeoutError:
            read.lane.failure = SourceTimeout(
                f"{read.source.key} did not answer before the deadline; ask for less, or raise options.deadlineMs",
                source=read.source.key,
            )
        finally:
            read.latency_s += perf_counter() - started
        if read.lane.failure is not None and not isinstance(read.lane.failure, UnsupportedBySource):
            read.source.failure = read.lane.failure

    async def _fill(self, read: SourceRead, wanted: int) -> None:
        if read.lane.stream is None:
            read.lane.stream = self.open(read, await self.plan(read))
        if read.lane.stream.needs_filling:
            await read.lane.stream.fill(wanted)

    async def count(self, read: SourceRead) -> None:
        """The source's total where it can count exactly what was asked."""
        lane, connector = read.lane, read.source.connector
        if lane.failure is not None or lane.before.is_out:
            return
        if lane.stream is not None and lane.stream.total is not None:
            read.total = lane.stream.total
            return
        try:
            with entered(read.scope):
                plan = await self.plan(read)
                if plan.capability.can_count and is_everything(plan.residual) and isinstance(connector, Counts):
                    read.total = await connector.count(plan.query.entity, plan.query.where)
        except GatewayError as error:
            read.source.failure = error


async def read_list(
    request: ListRequest, *, sources: Sources, cursors: Cursors, limits: ReadLimits, known: Known
) -> ListResult:
    """One page.

    Raises:
        CallerError: the request is wrong, or every source refused it.
        SourceError: every source failed, or one did and the caller wants the field to fail then.
    """
    check_request(request, max_first=limits.max_first)
    query = fingerprint(request.entity, request.shape or repr(request.where), request.order)
    walk, chosen = _start(request, sources, cursors, query)
    reading = _ListRead(request, limits=limits, known=known)
    scope = _scope(request, limits)
    for source in chosen:
        before = walk.places.get(source.key, Place())
        reading.reads.append(SourceRead(source, Lane(source.key, before), scope.part()))
    merge = await _merged(reading, walk)
    if request.wants_total:
        await asyncio.gather(*(reading.count(read) for read in reading.reads))
    return _result(reading, merge, cursors, query, is_first=request.after is None)


def _start(request: ListRequest, sources: Sources, cursors: Cursors, query: str) -> tuple[Walk, list[Source]]:
    if request.after is None:
        return Walk(), sources.chosen(request.sources)
    walk = cursors.decode(request.after, query)
    for key in walk.places:
        if sources.get(key) is None:
            raise BadCursor(f"source {key} of this cursor is no longer connected; start again without it")
    chosen = sources.chosen(tuple(walk.places))
    if request.sources is not None and set(request.sources) != set(walk.places):
        raise BadCursor("this cursor was made over other sources; keep `sources` the same while paging")
    return walk, chosen


def _scope(request: ListRequest, limits: ReadLimits) -> Scope:
    """The request's scope, narrowed by the options; relations behind the list keep a share of the time."""
    outer, options = current_scope(), request.options
    for name, value in (("deadlineMs", options.deadline_ms), ("maxCalls", options.max_calls)):
        if value is not None and value < 1:
            raise BadRequest(f"options.{name} is {value}; it must be at least 1")
    left_s = outer.deadline.remaining_s()
    if request.selection.relations:
        left_s *= 1 - limits.reserve_share
    if options.deadline_ms is not None:
        left_s = min(left_s, options.deadline_ms / 1000)
    return outer.part(deadline=Deadline.after(left_s), max_calls=options.max_calls)


async def _merged(reading: _ListRead, walk: Walk) -> Merge:
    by_lane = {id(read.lane): read for read in reading.reads}
    merge = Merge(
        [read.lane for read in reading.reads],
        entity=reading.request.entity,
        order=reading.request.order,
        fill=lambda lane, wanted: reading.guarded(by_lane[id(lane)], wanted),
        turn=walk.turn,
    )
    first = reading.request.first
    ready = [read for read in reading.reads if not (read.lane.before.is_ended or read.lane.before.is_out)]
    await asyncio.gather(*(reading.guarded(read, first) for read in ready))
    await merge.run(first)
    return merge


def _result(reading: _ListRead, merge: Merge, cursors: Cursors, query: str, *, is_first: bool) -> ListResult:
    request = reading.request
    final = merge.walk_after(len(merge.records) - 1)

    def resume_cursor(read: SourceRead) -> str:
        place = final.places[read.source.key]
        return cursors.encode(Walk({read.source.key: Place(place.position)}), query)

    outcomes = tuple(outcome_of(read, resume_cursor) for read in reading.reads)
    failures = [read.lane.failure for read in reading.reads if read.lane.failure is not None]
    _refuse(request, reading.reads, failures)
    totals = [outcome.total_count for outcome in outcomes]
    is_partial = any(read.lane.failure is not None or read.lane.before.is_out for read in reading.reads)
    has_total = request.wants_total and not is_partial and None not in totals
    return ListResult(
        records=merge.records,
        has_next_page=merge.has_next,
        has_previous_page=not is_first,
        cursor_of=lambda index: cursors.encode(merge.walk_after(index), query),
        outcomes=outcomes,
        total_count=sum(total for total in totals if total is not None) if has_total else None,
        is_partial=is_partial,
    )


def _refuse(request: ListRequest, reads: list[SourceRead], failures: list[GatewayError]) -> None:
    for failure in failures:
        is_unsupported = isinstance(failure, UnsupportedBySource)
        if request.options.fail_on_unsupported if is_unsupported else request.options.fail_on_source:
            raise failure
    has_answer = any(read.lane.taken or not (read.lane.failure or read.lane.before.is_out) for read in reads)
    if failures and not has_answer:
        raise all_failed(failures)

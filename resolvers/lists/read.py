"""One list over several sources: where it starts, its page, and how each source took part."""

import asyncio
from collections.abc import Callable

from connectors.scope import Deadline, Scope, current_scope
from model.errors import BadRequest, GatewayError
from model.reading import ListRequest, ListResult, ReadOptions
from resolvers.accounts import Accounts
from resolvers.cursor import Cursors, Place, Walk, fingerprint
from resolvers.known import Known
from resolvers.lists.behind import Behind
from resolvers.lists.list_read import ListRead
from resolvers.lists.merge import Lane, Merge
from resolvers.lists.outcomes import outcome_of, refuse
from resolvers.lists.plan import START, check_request
from resolvers.lists.source_read import SourceRead
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = ["field_scope", "page_scope", "read_list"]


async def read_list(
    request: ListRequest,
    *,
    sources: Sources,
    accounts: Accounts,
    cursors: Cursors,
    limits: ReadLimits,
    known: Known,
    behind: Behind,
    note: Callable[[str, GatewayError], None],
) -> ListResult:
    """One page; *note* is told of every source that failed, whether the page can be given or not.

    Raises:
        CallerError: the request is wrong, or every source refused it.
        SourceError: every source failed, or one did and the caller wants the field to fail then.
    """
    check_request(request, max_first=limits.max_first)
    query = fingerprint(request)
    walk, chosen = _start(request, sources, cursors, query)
    reading = ListRead(request, limits=limits, accounts=accounts, known=known, behind=behind)
    scope = page_scope(limits, is_followed=bool(request.selection.relations))
    for source in chosen:
        lane = Lane(source.key, walk.places.get(source.key, START))
        reading.reads.append(SourceRead(source, lane, scope.part()))
    merge = await _merged(reading, walk)
    for record in merge.records:
        known.keep(record)
    for read in reading.reads:
        if read.lane.failure is not None:
            note(read.source.key, read.lane.failure)
    return _result(reading, merge, cursors, query)


def _start(request: ListRequest, sources: Sources, cursors: Cursors, query: str) -> tuple[Walk, list[Source]]:
    if request.after is None:
        return Walk(), sources.chosen(request.sources)
    walk = cursors.decode(request.after, query)
    return walk, sources.resumed(walk.places, request.sources)


def field_scope(options: ReadOptions) -> Scope:
    """What one field may use, what lies behind its rows included: a part of the current scope, or one beside it.

    It may ask for more than the others have by default, up to what the whole request has.

    Raises:
        BadRequest: a bound is no bound.
    """
    for name, value in (("deadlineMs", options.deadline_ms), ("maxCalls", options.max_calls)):
        if value is not None and value < 1:
            raise BadRequest(f"options.{name} is {value}; it must be at least 1")
    if options.deadline_ms is None and options.max_calls is None:
        return current_scope().part()
    deadline = None if options.deadline_ms is None else Deadline.after(options.deadline_ms / 1000)
    return current_scope().beside(deadline=deadline, max_calls=options.max_calls)


def page_scope(limits: ReadLimits, *, is_followed: bool) -> Scope:
    """The current scope, less the time that is kept for the relations behind the page where they are followed."""
    scope = current_scope()
    if not is_followed:
        return scope
    return scope.part(deadline=Deadline.after(scope.deadline.remaining_s() * (1 - limits.reserve_share)))


async def _merged(reading: ListRead, walk: Walk) -> Merge:
    by_lane = {id(read.lane): read for read in reading.reads}
    merge = Merge(
        [read.lane for read in reading.reads],
        is_ordered=bool(reading.request.order),
        fill=lambda lane, wanted: reading.fill(by_lane[id(lane)], wanted),
        turn=walk.turn,
    )
    async with asyncio.TaskGroup() as group:
        if reading.request.wants_total:
            for read in reading.reads:
                group.create_task(reading.count(read))
        await reading.start()
        await merge.run(reading.request.first)
    return merge


def _result(reading: ListRead, merge: Merge, cursors: Cursors, query: str) -> ListResult:
    request, final = reading.request, merge.walk_after(len(merge.records) - 1)

    def resume_cursor(read: SourceRead) -> str:
        place = final.places[read.source.key]
        alone = Place(place.position, is_sorted_here=place.is_sorted_here)
        return cursors.encode(Walk({read.source.key: alone}), query)

    failures = [read.lane.failure for read in reading.reads if read.lane.failure is not None]
    refuse(failures, request.options, has_answer=any(read.lane.taken or not read.is_out for read in reading.reads))
    outcomes = tuple(outcome_of(read, resume_cursor, wants_total=request.wants_total) for read in reading.reads)
    totals = [outcome.total_count for outcome in outcomes]
    known_totals = [total for total in totals if total is not None]
    return ListResult(
        records=merge.records,
        has_next_page=merge.has_next,
        has_previous_page=request.after is not None,
        cursor_of=lambda index: cursors.encode(merge.walk_after(index), query),
        outcomes=outcomes,
        total_count=sum(known_totals) if request.wants_total and len(known_totals) == len(totals) else None,
        is_partial=any(read.is_missing for read in reading.reads),
    )

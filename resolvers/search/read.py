"""One page of a search: where it starts, its hits, and how each source took part."""

import asyncio
from collections.abc import Callable

from model.errors import GatewayError
from model.reading import SearchRequest, SearchResult
from resolvers.accounts import Accounts
from resolvers.cursor import Cursors
from resolvers.known import Known
from resolvers.lists.outcomes import refuse
from resolvers.lists.read import page_scope
from resolvers.search.merge import HitLane, HitMerge
from resolvers.search.outcomes import outcome_of
from resolvers.search.places import START, SearchPlace, SearchWalk, decoded, encoded, fingerprint
from resolvers.search.plan import check_request
from resolvers.search.source_search import SourceSearch
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = ["read_search"]


async def read_search(
    request: SearchRequest,
    *,
    sources: Sources,
    accounts: Accounts,
    cursors: Cursors,
    limits: ReadLimits,
    known: Known,
    note: Callable[[str, GatewayError], None],
) -> SearchResult:
    """One page; *note* is told of every source that failed, whether the page can be given or not.

    Raises:
        CallerError: the request is wrong, or every source refused it.
        SourceError: every source failed, or one did and the caller wants the field to fail then.
    """
    check_request(request, max_first=limits.max_first)
    query = fingerprint(request)
    walk, chosen = _start(request, sources, cursors, query)
    scope = page_scope(limits, is_followed=any(wanted.relations for wanted in request.selections.values()))
    searches = [SourceSearch(source, _lanes(request, source, walk), scope.part()) for source in chosen]
    merge = await _merged(request, searches, accounts)
    for hit in merge.hits:
        known.keep(hit.record)
    for search in searches:
        for failure in search.failures:
            note(search.source.key, failure)
    _refuse(request, searches)
    return _result(request, merge, searches, lambda found: encoded(found, cursors, query))


def _start(request: SearchRequest, sources: Sources, cursors: Cursors, query: str) -> tuple[SearchWalk, list[Source]]:
    if request.after is None:
        return SearchWalk(), sources.chosen(request.sources)
    walk = decoded(request.after, cursors, query)
    return walk, sources.resumed(walk.places, request.sources)


def _lanes(request: SearchRequest, source: Source, walk: SearchWalk) -> list[HitLane]:
    places = walk.places.get(source.key, {})
    return [
        HitLane(source.key, entity, order, places.get(entity, START)) for order, entity in enumerate(request.selections)
    ]


async def _merged(request: SearchRequest, searches: list[SourceSearch], accounts: Accounts) -> HitMerge:
    by_source = {search.source.key: search for search in searches}
    merge = HitMerge(
        [lane for search in searches for lane in search.lanes],
        fill=lambda lane: by_source[lane.source].fill(request, accounts),
    )
    async with asyncio.TaskGroup() as group:
        for search in searches:
            group.create_task(search.fill(request, accounts))
    await merge.run(request.first)
    return merge


def _refuse(request: SearchRequest, searches: list[SourceSearch]) -> None:
    failures = [failure for search in searches for failure in search.failures]
    lanes = [lane for search in searches for lane in search.lanes if lane.is_offered]
    refuse(failures, request.options, has_answer=any(lane.taken or not lane.is_out for lane in lanes))


def _result(
    request: SearchRequest, merge: HitMerge, searches: list[SourceSearch], encode: Callable[[SearchWalk], str]
) -> SearchResult:
    last = len(merge.hits) - 1

    def walk_after(index: int) -> SearchWalk:
        return SearchWalk(
            {search.source.key: {lane.entity: lane.place_after(index) for lane in search.lanes} for search in searches}
        )

    def resume_cursor(search: SourceSearch) -> str:
        places = {lane.entity: _resumed(lane, last) for lane in search.lanes}
        return encode(SearchWalk({search.source.key: places}))

    return SearchResult(
        hits=merge.hits,
        has_next_page=any(lane.is_open for search in searches for lane in search.lanes),
        has_previous_page=request.after is not None,
        cursor_of=lambda index: encode(walk_after(index)),
        outcomes=tuple(outcome_of(search, resume_cursor) for search in searches),
        is_partial=any(lane.is_out for search in searches for lane in search.lanes),
    )


def _resumed(lane: HitLane, last: int) -> SearchPlace:
    """What a source that is read alone gives again: of the types that failed, what they had not given."""
    place = lane.place_after(last)
    return SearchPlace(place.rank, is_ended=not place.is_out)

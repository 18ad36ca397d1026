"""How each source took part in a search, as the caller sees it."""

from collections.abc import Callable, Iterator

from model.errors import GatewayError, UnsupportedBySource
from model.reading import Outcome, OutcomeStatus
from resolvers.lists.outcomes import LEFT_OUT, failure_of
from resolvers.search.source_search import SourceSearch

__all__ = ["outcome_of"]


def outcome_of(search: SourceSearch, resume_cursor: Callable[[SourceSearch], str]) -> Outcome:
    """The outcome of one source's search."""
    failures = search.failures
    plan_notes = () if search.plan is None else search.plan.notes
    rows = search.rows
    is_out = any(lane.is_out for lane in search.lanes)
    return Outcome(
        source=search.source.key,
        status=_status(search, failures, rows),
        rows=rows,
        has_more=is_out or any(lane.is_open for lane in search.lanes),
        is_exact=not plan_notes,
        notes=(*plan_notes, *_notes(search)),
        upstream_calls=search.scope.data_calls,
        latency_ms=round(search.latency_s * 1000, 3),
        fetched_at=search.fetched_at if rows else None,
        resume_cursor=resume_cursor(search) if is_out else None,
        error=failure_of(failures[0]) if failures else None,
    )


def _status(search: SourceSearch, failures: list[GatewayError], rows: int) -> OutcomeStatus:
    if rows or not search.is_out:
        return OutcomeStatus.PARTIAL if any(lane.is_out for lane in search.lanes) else OutcomeStatus.OK
    if all(isinstance(failure, UnsupportedBySource) for failure in failures):
        return OutcomeStatus.SKIPPED
    return OutcomeStatus.FAILED


def _notes(search: SourceSearch) -> Iterator[str]:
    for lane in search.lanes:
        if lane.failure is not None and not search.is_out:
            yield f"{lane.entity.value} records could not be searched: {failure_of(lane.failure).message}"
    if any(lane.before.is_out for lane in search.lanes):
        yield LEFT_OUT

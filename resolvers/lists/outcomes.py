"""How each source took part, as the caller sees it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from model.errors import GatewayError, OurBug, SourceError, Unsupported, UnsupportedBySource
from model.reading import Failure, Outcome, OutcomeStatus
from model.values import instant_text
from resolvers.lists.merge import Lane
from resolvers.lists.source_read import SourceRead

__all__ = ["all_failed", "failure_of", "outcome_of"]


def failure_of(error: GatewayError) -> Failure:
    """*error* as the caller sees it."""
    retry_after_s = error.retry_after_s if isinstance(error, SourceError) else None
    return Failure(
        code=error.code,
        message="an internal error; the operator's log has it" if isinstance(error, OurBug) else error.message,
        is_retryable=isinstance(error, SourceError) and error.is_retryable,
        retry_after_s=retry_after_s,
    )


def all_failed(failures: Sequence[GatewayError]) -> GatewayError:
    """The one error that stands for a field no source could answer."""
    if len(failures) == 1:
        return failures[0]
    told = "; ".join(failure_of(failure).message for failure in failures)
    if all(isinstance(failure, UnsupportedBySource) for failure in failures):
        return Unsupported(f"no source can answer this: {told}")
    worst = next((failure for failure in failures if not isinstance(failure, UnsupportedBySource)), failures[0])
    if isinstance(worst, SourceError):
        return type(worst)(f"no source answered: {told}", source=worst.source, retry_after_s=worst.retry_after_s)
    return worst


def outcome_of(read: SourceRead, resume_cursor: Callable[[SourceRead], str]) -> Outcome:
    """The outcome of one source's read."""
    lane, plan = read.lane, read.plan
    status, error = _status(lane)
    is_out = status in {OutcomeStatus.FAILED, OutcomeStatus.SKIPPED} or lane.failure is not None
    stream = lane.stream
    notes = plan.split.notes if plan is not None else ()
    return Outcome(
        source=read.source.key,
        status=status,
        rows=len(lane.taken),
        has_more=lane.is_open,
        total_count=read.total,
        is_exact=plan.split.is_exact if plan is not None else False,
        is_scan_limited=stream is not None and stream.is_limited,
        notes=(*notes, *_further_notes(lane)),
        upstream_calls=sum(1 for call in read.scope.calls if call.kind == "data" and not call.is_cached),
        latency_ms=round(read.latency_s * 1000, 3),
        fetched_at=instant_text(datetime.now(UTC)) if lane.taken else None,
        resume_cursor=resume_cursor(read) if is_out else None,
        error=error,
    )


def _status(lane: Lane) -> tuple[OutcomeStatus, Failure | None]:
    if lane.failure is not None:
        if isinstance(lane.failure, UnsupportedBySource):
            return OutcomeStatus.SKIPPED, failure_of(lane.failure)
        return OutcomeStatus.PARTIAL if lane.taken else OutcomeStatus.FAILED, failure_of(lane.failure)
    if lane.before.is_out:
        return OutcomeStatus.SKIPPED, None
    is_limited = lane.stream is not None and lane.stream.is_limited
    return (OutcomeStatus.PARTIAL if is_limited else OutcomeStatus.OK), None


def _further_notes(lane: Lane) -> tuple[str, ...]:
    if lane.before.is_out and lane.failure is None:
        return ("left out: it failed earlier in this walk; read it alone from resumeCursor",)
    if lane.stream is not None and lane.stream.is_limited:
        return (
            "the scan budget ended before a full page was found; page on, or raise options.scanLimit with allowScan",
        )
    return ()

"""How each source took part, as the caller sees it."""

from collections.abc import Callable, Iterator, Sequence

from model.errors import BadRequest, GatewayError, OurBug, SourceError, Unsupported, UnsupportedBySource
from model.reading import Failure, Outcome, OutcomeStatus, ReadOptions
from resolvers.custom import UnknownField
from resolvers.guard import Broken
from resolvers.lists.source_read import SourceRead

__all__ = ["LEFT_OUT", "all_failed", "failure_of", "outcome_of", "refuse"]

LEFT_OUT = "left out: it failed earlier in this walk; read it alone from resumeCursor"
_LIMITED = "the scan budget ended before a full page was found; page on, or raise options.scanLimit with allowScan"


def failure_of(error: GatewayError) -> Failure:
    """*error* as the caller sees it."""
    is_masked = isinstance(error, OurBug) and not isinstance(error, Broken)
    return Failure(
        code=error.code,
        message="an internal error; the gateway's log has it" if is_masked else error.message,
        is_retryable=isinstance(error, SourceError) and error.is_retryable,
        retry_after_s=error.retry_after_s if isinstance(error, SourceError) else None,
    )


def refuse(failures: Sequence[GatewayError], options: ReadOptions, *, has_answer: bool) -> None:
    """Raise where a field has no answer, for what failed at its sources.

    Raises:
        GatewayError: no source gave an answer, or one failed and the caller wants the field to fail then.
    """
    for failure in failures:
        is_unsupported = isinstance(failure, UnsupportedBySource)
        if options.fail_on_unsupported if is_unsupported else options.fail_on_source:
            raise failure
    if failures and not has_answer:
        raise all_failed(failures)


def all_failed(failures: Sequence[GatewayError]) -> GatewayError:
    """The one error that stands for a field no source could answer."""
    unknown = [failure for failure in failures if isinstance(failure, UnknownField)]
    if len(unknown) == len(failures):
        return _unknown(unknown)
    if len(failures) == 1:
        return failures[0]
    told = "; ".join(failure_of(failure).message for failure in failures)
    if all(isinstance(failure, UnsupportedBySource) for failure in failures):
        return Unsupported(f"no source can answer this: {told}")
    worst = next((failure for failure in failures if not isinstance(failure, UnsupportedBySource)), failures[0])
    if isinstance(worst, SourceError):
        return type(worst)(f"no source answered: {told}", source=worst.source, retry_after_s=worst.retry_after_s)
    return worst


def _unknown(failures: Sequence[UnknownField]) -> BadRequest:
    """What stands for a field that no asked source has: the caller's mistake, and no source's."""
    near = list(dict.fromkeys(key for failure in failures for key in failure.near))
    hint = f"near it are {', '.join(near)}" if near else "nothing there is like it"
    sources = ", ".join(failure.source for failure in failures)
    return BadRequest(f"there is no {failures[0].what} at {sources}; {hint}, and `Source.fields` lists them all")


def outcome_of(read: SourceRead, resume_cursor: Callable[[SourceRead], str], *, wants_total: bool) -> Outcome:
    """The outcome of one source's read."""
    lane, plan = read.lane, read.plan
    return Outcome(
        source=read.source.key,
        status=_status(read),
        rows=len(lane.taken),
        has_more=lane.is_open or _may_have_more(read),
        total_count=read.total if wants_total else None,
        is_exact=plan is None or plan.means_the_query,
        is_scan_limited=lane.is_limited,
        notes=tuple(_notes(read)),
        upstream_calls=read.scope.data_calls,
        latency_ms=round(read.latency_s * 1000, 3),
        fetched_at=read.fetched_at if lane.taken else None,
        resume_cursor=resume_cursor(read) if read.is_missing else None,
        error=failure_of(lane.failure) if lane.failure is not None else None,
    )


def _status(read: SourceRead) -> OutcomeStatus:
    lane = read.lane
    if lane.failure is not None:
        if lane.taken:
            return OutcomeStatus.PARTIAL
        return OutcomeStatus.SKIPPED if isinstance(lane.failure, UnsupportedBySource) else OutcomeStatus.FAILED
    if lane.before.is_out:
        return OutcomeStatus.SKIPPED
    return OutcomeStatus.PARTIAL if lane.is_limited else OutcomeStatus.OK


def _may_have_more(read: SourceRead) -> bool:
    """Whether rows may lie behind a failure."""
    stream = read.lane.stream
    return read.is_out and (stream is None or stream.has_more)


def _notes(read: SourceRead) -> Iterator[str]:
    if read.plan is not None:
        yield from read.plan.notes
    if read.lane.before.is_out:
        yield LEFT_OUT
    if read.lane.is_limited:
        yield _LIMITED
    if read.miscount is not None and read.lane.failure is None:
        yield f"its rows could not be counted: {failure_of(read.miscount).message}"

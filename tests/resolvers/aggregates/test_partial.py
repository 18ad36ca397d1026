"""Folds that end before their records do, and sources that fail: what was counted is told, and never passed as all."""

import pytest

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.entities import Entity
from model.errors import QuotaExhausted, RateLimited, SourceTimeout, SourceUnavailable, Unsupported
from model.query import Compare, Operator
from model.reading import OutcomeStatus, ReadOptions, SourceStatus
from tests.resolvers.aggregates.deals import asked, deal, deals, keys_and_counts
from tests.resolvers.books import record, ref
from tests.resolvers.conftest import Asks
from tests.resolvers.troubled import Faulty, Hanging, Pausing

ROWS = [deal("a", n, "2 EUR", status="WON") for n in range(10)]


async def test_a_fold_ends_at_the_scan_limit(reading: Asks, scope: Scope) -> None:
    """With what it has, in id order, and says so."""
    source = deals("a", *ROWS, page_size=4)

    result = await reading(source).aggregate(asked("status", options=ReadOptions(scan_limit=6)))

    assert keys_and_counts(result) == [("WON", 6)]
    (outcome,) = result.outcomes
    assert (outcome.status, outcome.rows, outcome.is_scan_limited, outcome.has_more) == (
        OutcomeStatus.PARTIAL,
        6,
        True,
        True,
    )
    assert "ended at options.scanLimit after 6 rows in id order: counts and sums cover those alone" in outcome.notes[-1]
    assert (result.is_partial, result.is_exact, outcome.is_exact) == (True, False, False)


@pytest.mark.parametrize("limit", [10, 11])
async def test_a_scan_limit_that_is_not_met_ends_nothing(reading: Asks, scope: Scope, limit: int) -> None:
    """All the records fit."""
    result = await reading(deals("a", *ROWS, page_size=4)).aggregate(asked(options=ReadOptions(scan_limit=limit)))

    assert (result.groups[0].count, result.is_partial) == (10, False)


async def test_a_fold_ends_at_its_budget_of_calls(reading: Asks, scope: Scope) -> None:
    """A field's own bound; the other sources have each their share of nothing less."""
    result = await reading(deals("a", *ROWS, page_size=3)).aggregate(asked(options=ReadOptions(max_calls=2)))

    (outcome,) = result.outcomes
    assert (result.groups[0].count, outcome.upstream_calls, outcome.status) == (6, 2, OutcomeStatus.PARTIAL)
    assert outcome.error is not None
    assert outcome.error.code == "BUDGET_EXCEEDED"
    assert outcome.notes[-1].startswith("ended at the budget of calls after 6 rows")


@pytest.mark.parametrize("page_size", [1, 3])
async def test_a_fold_ends_before_the_deadline_does(reading: Asks, page_size: int) -> None:
    """The answer is there in time; who was hurried is not at fault."""
    slow = Pausing("a", {Entity.DEAL: ROWS}, page_size=page_size)
    slow.pause_s = 0.15

    with entered(Scope(deadline=Deadline.after(5), max_calls=100)):
        reads = reading(slow)
        with entered(Scope(deadline=Deadline.after(0.4), max_calls=100)) as scope:
            result = await reads.aggregate(asked())
            assert scope.deadline.remaining_s() > 0

    (outcome,) = result.outcomes
    assert outcome.status is OutcomeStatus.PARTIAL
    assert result.groups[0].count == 2 * page_size
    assert outcome.notes[-1].startswith(f"ended at the deadline after {2 * page_size} rows in id order")
    assert reads.failures["a"].code == "SOURCE_TIMEOUT"
    assert reads.sources()[0].status is SourceStatus.READY


async def test_a_callers_haste_says_nothing_about_a_source(reading: Asks) -> None:
    """With options.deadlineMs of its own, a timeout before the first row is the caller's."""
    reads = reading(Hanging("a", {Entity.DEAL: ROWS}))

    with entered(Scope(deadline=Deadline.after(5), max_calls=100)), pytest.raises(SourceTimeout):
        await reads.aggregate(asked(options=ReadOptions(deadline_ms=50)))

    assert reads.sources()[0].status is SourceStatus.READY


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RateLimited("busy", source="a"), "the source's rate limit"),
        (QuotaExhausted("used up", source="a"), "the source's quota"),
    ],
)
async def test_a_fold_ends_where_the_source_gives_no_more(
    reading: Asks, scope: Scope, error: Exception, says: str
) -> None:
    """A limit of the source's own is a bound as well."""

    class Limited(Faulty):
        """Raises *error* in place of being down."""

        async def page(self, query, after=None):  # type: ignore[no-untyped-def]  # as the connector's
            """Answer, or refuse."""
            try:
                return await super().page(query, after)
            except SourceUnavailable:
                raise error from None

    source = Limited("a", {Entity.DEAL: ROWS}, page_size=4)
    source.fails_at = 2

    result = await reading(source).aggregate(asked())

    assert result.groups[0].count == 8
    assert f"ended at {says} after 8 rows" in result.outcomes[0].notes[-1]


async def test_a_source_that_fails_adds_nothing(reading: Asks, scope: Scope) -> None:
    """Not even what it gave before: half of a sum that nobody bounded is no answer."""
    failing = Faulty("b", {Entity.DEAL: ROWS}, page_size=4)
    failing.fails_at = 1

    reads = reading(deals("a", *ROWS), failing)
    result = await reads.aggregate(asked("status"))

    assert keys_and_counts(result) == [("WON", 10)]
    failed = result.outcomes[1]
    assert (failed.status, failed.rows, failed.error and failed.error.code) == (
        OutcomeStatus.FAILED,
        0,
        "SOURCE_UNAVAILABLE",
    )
    assert (result.is_partial, reads.failures["b"].code) == (True, "SOURCE_UNAVAILABLE")


async def test_a_fold_that_counted_nothing_before_its_bound_has_failed(reading: Asks) -> None:
    """No record is no part of an answer."""
    with entered(Scope(deadline=Deadline.after(0.2), max_calls=100)), pytest.raises(SourceTimeout):
        await reading(Hanging("a", {Entity.DEAL: ROWS})).aggregate(asked())


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (ReadOptions(fail_on_source=True), SourceUnavailable),
        (ReadOptions(fail_on_unsupported=True), Unsupported),
    ],
)
async def test_the_field_fails_where_the_caller_wants_it_to(
    reading: Asks, scope: Scope, options: ReadOptions, error: type[Exception]
) -> None:
    """As lists do."""
    failing = Faulty("b", {Entity.DEAL: ROWS})
    failing.fails_at = 0
    other = failing if error is SourceUnavailable else MemoryConnector("b", {})

    with pytest.raises(Exception, match=r"b is down|b offers no list of deal records"):
        await reading(deals("a", *ROWS), other).aggregate(asked(options=options))


async def test_a_field_that_no_source_answers_is_an_error(reading: Asks, scope: Scope) -> None:
    """It says of each why; one that answers is enough."""
    lacking = [MemoryConnector(key, {}) for key in "ab"]

    with pytest.raises(Unsupported, match=r"no source can answer this: a offers no list .*; b offers no list"):
        await reading(*lacking).aggregate(asked())
    result = await reading(lacking[0], deals("b", deal("b", 1))).aggregate(asked())

    assert [outcome.status for outcome in result.outcomes] == [OutcomeStatus.SKIPPED, OutcomeStatus.OK]


async def test_what_the_crm_does_not_check_is_checked_here(reading: Asks, scope: Scope) -> None:
    """Rows read and rows counted are two figures."""
    source = deals("a", *ROWS, deal("a", 11, status="LOST"), pushes=False, page_size=3)
    where = Compare("status", Operator.EQ, "LOST")

    result = await reading(source).aggregate(asked(where=where, options=ReadOptions(allow_scan=True)))

    assert (result.groups[0].count, result.outcomes[0].rows) == (1, 1)


async def test_a_relation_that_stands_apart_is_read_in_batches(reading: Asks, scope: Scope) -> None:
    """Where the Ref does not stand on the record, links are read for each page, and that is all it costs."""
    rows = [deal("a", n, company=ref(Entity.COMPANY, n % 2 + 1) if n < 9 else None) for n in range(10)]
    companies = [record(Entity.COMPANY, n, name=f"C{n}") for n in (1, 2)]
    source = MemoryConnector("a", {Entity.DEAL: rows, Entity.COMPANY: companies}, page_size=4, is_keyed=False)

    result = await reading(source).aggregate(asked("company", wants_names=True))

    assert [(group.keys[0].label, group.count) for group in result.groups] == [("C1", 5), ("C2", 4), (None, 1)]
    assert [call.operation for call in scope.calls] == [*["scan", "related"] * 3, "by_ids"]

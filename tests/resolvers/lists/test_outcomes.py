"""What a list says of each source's part in it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.capabilities import Split
from model.entities import Entity
from model.errors import (
    OurBug,
    RateLimited,
    SourceError,
    SourceForbidden,
    SourceUnavailable,
    Unsupported,
    UnsupportedBySource,
)
from model.query import Compare, Operator, Order, Query, Selection
from model.reading import ListRequest, OutcomeStatus, ReadOptions
from resolvers.lists.outcomes import all_failed, failure_of
from tests.resolvers.conftest import Asks, contacts
from tests.resolvers.troubled import Faulty, Hanging

STAMPS = [None, *(f"2026-05-0{day}T00:00:00.000Z" for day in range(1, 6))]
REQUEST = ListRequest(entity=Entity.CONTACT, selection=Selection(frozenset({"last_name"})), first=4)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_an_outcome_is_true_in_every_state(reading: Asks, data: st.DataObject) -> None:
    """Rows, calls, what lies beyond, and how it ended agree with what happened, on every page of any walk."""
    connectors = []
    for key in "abc":
        source = Faulty(
            key,
            contacts(key, data.draw(st.lists(st.sampled_from(STAMPS), max_size=15))),
            page_size=data.draw(st.integers(1, 6)),
            pushes=data.draw(st.booleans()),
            sorts=data.draw(st.booleans()),
        )
        source.fails_at = data.draw(st.none() | st.integers(0, 6))
        connectors.append(source)
    request = replace(
        REQUEST,
        where=Compare("last_name", Operator.NE, "N3"),
        order=data.draw(st.sampled_from([(), (Order("updated_at"),), (Order("last_name"),)])),
        wants_total=data.draw(st.booleans()),
        options=ReadOptions(allow_scan=data.draw(st.booleans())),
    )
    more: ListRequest | None = request
    while more is not None:
        scope = Scope(deadline=Deadline.after(30), max_calls=1_000)
        try:
            with entered(scope):
                page = await reading(*connectors, scan_rows=10, max_scan_rows=10).list(more)
        except (SourceError, Unsupported):
            break
        for outcome in page.outcomes:
            mine = [row for row in page.records if row.source == outcome.source]
            assert outcome.rows == len(mine)
            assert outcome.upstream_calls == sum(call.source == outcome.source for call in scope.calls)
            assert (outcome.fetched_at is not None) is bool(mine)
            assert (outcome.resume_cursor is not None) is (outcome.error is not None or _is_left_out(outcome.notes))
            assert outcome.is_scan_limited is any("scan budget" in note for note in outcome.notes)
            match outcome.status:
                case OutcomeStatus.OK:
                    assert outcome.error is None
                    assert not outcome.is_scan_limited
                case OutcomeStatus.PARTIAL:
                    assert outcome.has_more
                    assert outcome.is_scan_limited if outcome.error is None else mine
                case OutcomeStatus.FAILED:
                    assert (outcome.error is not None, mine) == (True, [])
                case OutcomeStatus.SKIPPED:
                    assert mine == []
                    assert outcome.has_more
                    assert outcome.error is None or outcome.error.code == "UNSUPPORTED"
                    assert outcome.error is not None or outcome.upstream_calls == 0
        troubled = [outcome for outcome in page.outcomes if outcome.resume_cursor is not None]
        assert page.is_partial is bool(troubled)
        assert page.has_next_page is any(outcome.has_more for outcome in page.outcomes if outcome.resume_cursor is None)
        more = replace(request, after=page.cursor_of(len(page.records) - 1)) if page.has_next_page else None


def _is_left_out(notes: tuple[str, ...]) -> bool:
    return any("failed earlier" in note for note in notes)


class Lagging(MemoryConnector):
    """Its search does not mean exactly what the oracle says, and it says so."""

    def plan(self, query: Query) -> Split:
        """Everything, inexactly."""
        return replace(super().plan(query), is_exact=False, notes=("its index lags",))


@pytest.mark.usefixtures("scope")
async def test_an_inexact_source_says_so_while_it_is_read(reading: Asks) -> None:
    """One that has ended or failed gave this page nothing, so nothing on it is inexact."""
    down = Faulty("c", contacts("c", STAMPS))
    down.fails_at = 0
    connectors = [MemoryConnector("a", contacts("a", STAMPS)), Lagging("b", contacts("b", STAMPS[:1])), down]
    first = await reading(*connectors).list(REQUEST)

    second = await reading(*connectors).list(replace(REQUEST, after=first.cursor_of(3)))

    assert [outcome.is_exact for outcome in first.outcomes] == [True, False, True]
    assert first.outcomes[1].notes == ("its index lags",)
    assert [outcome.is_exact for outcome in second.outcomes] == [True, True, True]


async def test_latency_is_each_sources_own(reading: Asks) -> None:
    """A fast source is not charged with its neighbour's delay."""
    connectors = [MemoryConnector("a", contacts("a", STAMPS)), Hanging("b", contacts("b", STAMPS))]
    with entered(Scope(deadline=Deadline.after(0.3), max_calls=9)):
        started = datetime.now(UTC).isoformat()
        page = await reading(*connectors).list(REQUEST)
        ended = datetime.now(UTC).isoformat()

    fast, slow = page.outcomes
    assert fast.latency_ms < 200
    assert 250 < slow.latency_ms < 500
    assert fast.fetched_at is not None
    assert started[:22] <= fast.fetched_at[:22] <= ended[:22]


DOWN = SourceUnavailable("a is down", source="a", retry_after_s=7)
LIMITED = RateLimited("b: wait", source="b", retry_after_s=2)
UNABLE = UnsupportedBySource("c: cannot", source="c")


def test_the_error_of_a_field_that_nobody_answered() -> None:
    """One failure stands for itself; of several the first that is no refusal names the code, and all are told."""
    both = all_failed([UNABLE, DOWN, LIMITED])

    assert all_failed([LIMITED]) is LIMITED
    assert isinstance(both, SourceUnavailable)
    assert (both.source, both.retry_after_s) == ("a", 7)
    assert both.message == "no source answered: c: cannot; a is down; b: wait"
    assert isinstance(all_failed([UNABLE, UNABLE]), Unsupported)


def test_a_failure_is_shown_without_what_is_inside() -> None:
    """A bug's own words are for the log."""
    shown = [failure_of(error) for error in (LIMITED, SourceForbidden("no scope", source="a"), OurBug("self._x"))]

    assert [(item.code, item.is_retryable, item.retry_after_s) for item in shown] == [
        ("RATE_LIMITED", True, 2),
        ("SOURCE_FORBIDDEN", False, None),
        ("INTERNAL", False, None),
    ]
    assert "self._x" not in shown[2].message

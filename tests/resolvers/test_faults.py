"""Sources that fail in the middle of a walk."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.entities import Contact, Entity, Record
from model.errors import BudgetExceeded, OurBug, SourceError, SourceUnavailable, UnsupportedBySource
from model.page import Link, Page, Position, RelatedPage
from model.query import Compare, Direction, Operator, Order, Query, Selection
from model.reading import ListRequest, ListResult, OutcomeStatus, ReadOptions
from model.values import UNSET, Ref
from tests.resolvers.conftest import Asks, contact, contacts
from tests.resolvers.troubled import Collating, Faulty, Raising

UPDATED = (Order("updated_at", Direction.DESC),)
NAMES = Selection(frozenset({"last_name", "updated_at"}))
STAMPS = [None, *(f"2026-05-0{day}T00:00:00.000Z" for day in range(1, 6))]
TEXTS = ["ab", "Ab", "ba", "BA", "aa", "b", None]
generated = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def generous() -> Scope:
    """A scope that ends nothing."""
    return Scope(deadline=Deadline.after(30), max_calls=100_000)


def names(rows: Sequence[Record]) -> list[tuple[str, str]]:
    """Each row as (source, remote id)."""
    return [(row.source, row.remote_id) for row in rows]


async def rest_of(make: Asks, connectors: Sequence[MemoryConnector], request: ListRequest) -> list[Record]:
    """Every row of a walk that nothing disturbs."""
    rows: list[Record] = []
    for _ in range(1_000):
        result = await make(*connectors).list(request)
        rows.extend(result.records)
        if not result.has_next_page:
            return rows
        request = replace(request, after=result.cursor_of(len(result.records) - 1))
    raise AssertionError("the walk does not end")


@st.composite
def accounts(draw: st.DrawFn) -> list[Faulty]:
    """One to three sources, each of which may fail at some page."""
    found = []
    for index in range(draw(st.integers(1, 3))):
        key = f"s{index}"
        rows = contacts(key, draw(st.lists(st.sampled_from(STAMPS), max_size=20)))
        for row in rows[Entity.CONTACT]:
            assert isinstance(row, Contact)
            row.last_name = draw(st.sampled_from(TEXTS))
        kind = draw(st.sampled_from([Faulty, Collating]))
        source = kind(
            key, rows, page_size=draw(st.integers(1, 8)), pushes=draw(st.booleans()), sorts=draw(st.booleans())
        )
        source.fails_at = draw(st.none() | st.integers(0, 5))
        found.append(source)
    return found


@generated
@given(sources=accounts(), data=st.data())
async def test_faults_lose_and_repeat_no_row(reading: Asks, sources: list[Faulty], data: st.DataObject) -> None:
    """Healthy sources give every row once, in order; a failed one's rows and those behind resumeCursor are all of its.

    The same holds for the walk from any row's cursor.
    """
    keys = data.draw(st.sampled_from([("updated_at",), ("last_name",), ("last_name", "updated_at"), ()]))
    request = ListRequest(
        entity=Entity.CONTACT,
        selection=NAMES,
        first=data.draw(st.integers(1, 9)),
        where=Compare("last_name", Operator.NE, "aa"),
        order=tuple(Order(key, data.draw(st.sampled_from(Direction))) for key in keys),
        options=ReadOptions(allow_scan=True),
    )
    failing = {source.source: source.fails_at for source in sources}
    with entered(generous()):
        for source in sources:
            source.fails_at = None
        undisturbed = names(await rest_of(reading, sources, request))
        for source in sources:
            source.fails_at, source.pages = failing[source.source], 0

        rows: list[Record] = []
        resumes: dict[str, str] = {}
        asked: ListRequest | None = request
        while asked is not None:
            result = await _despite(reading, sources, asked)
            start = len(rows)
            rows.extend(result.records)
            for outcome in result.outcomes:
                if outcome.resume_cursor is not None:
                    resumes[outcome.source] = outcome.resume_cursor
            if result.records and data.draw(st.booleans()):
                # Read again from a row inside the page, as if the rest of it had never come.
                index = data.draw(st.integers(0, len(result.records) - 1))
                del rows[start + index + 1 :]
                asked = replace(asked, after=result.cursor_of(index))
                if not result.has_next_page and index == len(result.records) - 1:
                    asked = None
            else:
                asked = _next(result, asked)

        for source in sources:
            source.fails_at = None
        behind = {
            key: names(await rest_of(reading, sources, replace(request, sources=(key,), after=cursor)))
            for key, cursor in resumes.items()
        }

    found = names(rows)
    healthy = {source.source for source in sources} - resumes.keys()
    assert [row for row in undisturbed if row[0] in healthy] == [row for row in found if row[0] in healthy]
    for key, later in behind.items():
        mine = [row for row in found if row[0] == key]
        expected = [row for row in undisturbed if row[0] == key]
        # Alone, a source that gave no row yet orders text as its CRM does.
        in_order = sorted if "last_name" in keys and not mine else list
        assert in_order(expected) == in_order(mine + later)


async def _despite(make: Asks, sources: Sequence[Faulty], request: ListRequest) -> ListResult:
    """A page; where the whole field fails, all sources are healed and it is asked again."""
    try:
        return await make(*sources).list(request)
    except SourceError:
        for source in sources:
            source.fails_at = None
        return await make(*sources).list(request)


def _next(result: ListResult, asked: ListRequest) -> ListRequest | None:
    if not result.has_next_page:
        return None
    return replace(asked, after=result.cursor_of(len(result.records) - 1))


@pytest.mark.usefixtures("scope")
async def test_a_failed_source_is_resumed_in_the_order_it_was_read_in(reading: Asks) -> None:
    """Rows merged by text were sorted here: from resumeCursor on, the CRM's own collation must not take over."""
    rows = contacts("b", [None] * 4)
    for row, text in zip(rows[Entity.CONTACT], ["az", "ba", "cz", "da"], strict=True):
        assert isinstance(row, Contact)
        row.last_name = text
    down = Collating("b", rows)
    connectors = [MemoryConnector("a", contacts("a", [None])), down]
    options = ReadOptions(allow_scan=True)
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, first=2, order=(Order("last_name"),), options=options)
    page = await reading(*connectors).list(request)
    down.fails_at = 0
    after = replace(request, after=page.cursor_of(1))
    failed = await reading(*connectors).list(after)
    down.fails_at = None

    (resume,) = [outcome.resume_cursor for outcome in failed.outcomes if outcome.source == "b"]
    rest = await rest_of(reading, connectors, replace(request, sources=("b",), after=resume))

    assert names(page.records) == [("b", "1"), ("b", "2")]
    assert names(rest) == [("b", "3"), ("b", "4")]


@pytest.mark.usefixtures("scope")
async def test_a_source_too_long_to_sort_here_is_read_alone_in_its_own_order(reading: Asks) -> None:
    """Nothing of it was read, so its resumeCursor starts where the CRM's own order does."""
    connectors = [
        MemoryConnector("a", contacts("a", [None] * 3)),
        MemoryConnector("b", contacts("b", [None] * 40)),
    ]
    options = ReadOptions(allow_scan=True)
    request = ListRequest(
        entity=Entity.CONTACT, selection=NAMES, first=100, order=(Order("last_name"),), options=options
    )
    page = await reading(*connectors, max_scan_rows=30).list(request)

    alone = replace(request, sources=("b",), after=page.outcomes[1].resume_cursor)
    rest = await reading(*connectors, max_scan_rows=30).list(alone)

    assert page.outcomes[1].status is OutcomeStatus.SKIPPED
    assert len(rest.records) == 40


@pytest.mark.usefixtures("scope")
async def test_what_nobody_foresaw_fails_one_source_alone(reading: Asks) -> None:
    """Its outcome is INTERNAL without a word from inside; the log has the cause under the id that the message names."""
    broken = Raising("b", contacts("b", STAMPS))
    broken.where, broken.error = ("page",), KeyError("hs_secret_column")
    healthy = MemoryConnector("a", contacts("a", STAMPS))
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, order=UPDATED)

    with structlog.testing.capture_logs() as logs:
        page = await reading(healthy, broken).list(request)

    error = page.outcomes[1].error
    assert (page.outcomes[1].status, len(page.records)) == (OutcomeStatus.FAILED, 6)
    assert error is not None
    assert error.code == "INTERNAL"
    assert "hs_secret_column" not in error.message
    (event,) = [event for event in logs if event["event"] == "source.broken"]
    assert event["correlation_id"] in error.message
    assert (event["source"], event["log_level"], repr(event["exc_info"])) == ("b", "error", repr(broken.error))


class Unkeyed(MemoryConnector):
    """Forgets to read the keys of the order."""

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Rows without their keys."""
        page = await super().page(query, after)
        for record in page.records:
            record.updated_at = UNSET
        return page


class Circling(MemoryConnector):
    """Promises more rows, has none, and says not where to read on."""

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Nothing, and more of it."""
        del query, after
        return Page(records=(), has_more=True)


class Unasked(MemoryConnector):
    """Brings a relation that nobody asked for."""

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Rows with notes."""
        page = await super().page(query, after)
        return replace(page, related={("notes", "1"): RelatedPage((Link(ref=Ref("note", "1")),))})


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize("kind", [Unkeyed, Circling])
async def test_a_connector_that_breaks_its_promise_fails_alone(reading: Asks, kind: type[MemoryConnector]) -> None:
    """The other sources' rows come, and the request ends."""
    connectors = [MemoryConnector("a", contacts("a", STAMPS)), kind("b", contacts("b", STAMPS))]
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, order=UPDATED)

    with structlog.testing.capture_logs():
        page = await reading(*connectors).list(request)

    assert [outcome.status for outcome in page.outcomes] == [OutcomeStatus.OK, OutcomeStatus.FAILED]
    assert {row.source for row in page.records} == {"a"}
    assert page.outcomes[1].error is not None
    assert page.outcomes[1].error.code == "INTERNAL"


@pytest.mark.usefixtures("scope")
async def test_a_relation_nobody_asked_for_is_left_alone(reading: Asks) -> None:
    """What a page brings beyond the question hurts nobody."""
    page = await reading(Unasked("a", contacts("a", STAMPS))).list(ListRequest(entity=Entity.CONTACT, selection=NAMES))

    assert len(page.records) == 6


@pytest.mark.usefixtures("scope")
async def test_when_all_fail_unforeseen_the_field_fails(reading: Asks) -> None:
    """The cause stays chained for the log."""
    broken = Raising("b", contacts("b", STAMPS))
    broken.where, broken.error = ("page",), KeyError("x")

    with structlog.testing.capture_logs(), pytest.raises(OurBug) as caught:
        await reading(broken).list(ListRequest(entity=Entity.CONTACT, selection=NAMES))

    assert caught.value.__cause__ is broken.error


class Refusing(Faulty):
    """Says after its first page that it cannot answer."""

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Rows, then a refusal."""
        if after is not None:
            raise UnsupportedBySource(f"{self.source}: no further", source=self.source)
        return await super().page(query, after)


@pytest.mark.usefixtures("scope")
async def test_a_source_that_gave_rows_was_not_skipped(reading: Asks) -> None:
    """Whatever ended it, rows on the page make it PARTIAL."""
    connectors = [MemoryConnector("a", contacts("a", STAMPS)), Refusing("b", contacts("b", STAMPS), page_size=2)]

    page = await reading(*connectors).list(ListRequest(entity=Entity.CONTACT, selection=NAMES, order=UPDATED))

    outcome = page.outcomes[1]
    assert (outcome.status, outcome.rows) == (OutcomeStatus.PARTIAL, 2)
    assert outcome.error is not None
    assert outcome.error.code == "UNSUPPORTED"
    assert outcome.resume_cursor is not None


async def test_a_spent_budget_is_told_as_such(reading: Asks) -> None:
    """A source that finds no call left is FAILED with BUDGET_EXCEEDED; where none answered, so is the field."""
    connectors = [MemoryConnector(key, contacts(key, STAMPS)) for key in ("a", "b")]
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES)
    with entered(Scope(deadline=Deadline.after(5), max_calls=1)):
        page = await reading(*connectors).list(request)

        with pytest.raises(BudgetExceeded, match="used its 1 upstream calls"):
            await reading(*connectors).list(request)
    with entered(generous()):
        own = await reading(*connectors).list(replace(request, options=ReadOptions(max_calls=1)))

    for found in (page, own):
        assert sorted(outcome.status.value for outcome in found.outcomes) == ["FAILED", "OK"]
        (error,) = [outcome.error for outcome in found.outcomes if outcome.error is not None]
        assert error.code == "BUDGET_EXCEEDED"
        assert found.is_partial


@pytest.mark.usefixtures("scope")
async def test_one_failure_may_fail_the_field(reading: Asks) -> None:
    """With onSourceFailure FAIL the first failure is the field's."""
    down = Faulty("b", contacts("b", STAMPS))
    down.fails_at = 0
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, options=ReadOptions(fail_on_source=True))

    with pytest.raises(SourceUnavailable, match="b is down"):
        await reading(MemoryConnector("a", contacts("a", STAMPS)), down).list(request)


@pytest.mark.usefixtures("scope")
async def test_a_callers_bounds_say_nothing_about_a_source(reading: Asks) -> None:
    """A spent budget and a refused query leave its status; a failure of its own shows until it answers again."""
    down = Faulty("a", {Entity.CONTACT: [contact("a", 1)]})
    reads = reading(down)
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES)
    statuses = []
    with entered(Scope(deadline=Deadline.after(5), max_calls=0)), pytest.raises(BudgetExceeded):
        await reads.list(request)
    statuses.append(reads.sources()[0].status.value)
    down.fails_at = 0
    with pytest.raises(SourceUnavailable):
        await reads.list(request)
    statuses.append(reads.sources()[0].status.value)
    down.fails_at = None
    await reads.list(request)
    statuses.append(reads.sources()[0].status.value)

    assert statuses == ["READY", "UNREACHABLE", "READY"]

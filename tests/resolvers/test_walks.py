"""Walking a list by cursor."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.entities import Entity, Record
from model.errors import BadCursor, BadRequest, SourceUnavailable, Unsupported
from model.query import Compare, Direction, Operator, Order, Selection
from model.reading import ListRequest, OutcomeStatus, ReadOptions
from tests.resolvers.conftest import Asks, contacts

UPDATED = (Order("updated_at", Direction.DESC),)
NAMES = Selection(frozenset({"last_name", "updated_at"}))
STAMPS = [None, *(f"2026-05-0{day}T00:00:00.000Z" for day in range(1, 6))]


async def walk(make: Asks, connectors: list[MemoryConnector], request: ListRequest) -> list[Record]:
    """Every row, each page asked by a new request."""
    rows: list[Record] = []
    after = None
    for _ in range(1_000):
        asked = ListRequest(
            entity=request.entity,
            selection=request.selection,
            first=request.first,
            after=after,
            where=request.where,
            order=request.order,
            options=request.options,
        )
        result = await make(*connectors).list(asked)
        rows.extend(result.records)
        if not result.has_next_page:
            return rows
        after = result.cursor_of(len(result.records) - 1)
    raise AssertionError("the walk does not end")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_a_walk_visits_every_row_once_in_order(reading: Asks, data: st.DataObject) -> None:
    """Pages concatenate to the whole answer, whatever the page size, ties, short pages, pushing and sorting."""
    lists = data.draw(st.lists(st.lists(st.sampled_from(STAMPS), max_size=25), min_size=1, max_size=3))
    direction = data.draw(st.sampled_from(Direction))
    connectors = [
        MemoryConnector(
            f"s{index}",
            contacts(f"s{index}", stamps),
            page_size=data.draw(st.integers(1, 30)),
            pushes=data.draw(st.booleans()),
            sorts=data.draw(st.booleans()),
        )
        for index, stamps in enumerate(lists)
    ]
    where = Compare("last_name", Operator.NE, "N3")
    first = data.draw(st.integers(1, 12))
    request = ListRequest(
        entity=Entity.CONTACT,
        selection=NAMES,
        first=first,
        where=where,
        order=(Order("updated_at", direction),),
        options=ReadOptions(allow_scan=True),
    )

    with entered(Scope(deadline=Deadline.after(30), max_calls=100_000)):
        rows = await walk(reading, connectors, request)

    keep = [(stamp, f"s{i}", n) for i, stamps in enumerate(lists) for n, stamp in enumerate(stamps, 1) if n % 7 != 3]
    dated = sorted((row for row in keep if row[0]), key=lambda row: (row[1], row[2]))
    dated.sort(key=lambda row: row[0] or "", reverse=direction is Direction.DESC)
    missing = sorted((row for row in keep if not row[0]), key=lambda row: (row[1], row[2]))
    expected = [(source, str(number)) for _, source, number in dated + missing]
    assert expected == [(row.source, row.remote_id) for row in rows]


@pytest.mark.usefixtures("scope")
async def test_without_an_order_sources_take_turns(reading: Asks) -> None:
    """Rows interleave by source, each source's in id order, and the turn survives a page end."""
    connectors = [MemoryConnector(key, contacts(key, [STAMPS[1]] * 4)) for key in ("a", "b")]
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, first=3)

    rows = await walk(reading, connectors, request)

    expected = [("a", "1"), ("b", "1"), ("a", "2"), ("b", "2"), ("a", "3"), ("b", "3"), ("a", "4"), ("b", "4")]
    assert expected == [(row.source, row.remote_id) for row in rows]


@pytest.mark.usefixtures("scope")
async def test_a_page_resumes_from_any_cursor(reading: Asks) -> None:
    """The cursor of every row leads to exactly the rows behind it."""
    connectors = [MemoryConnector(key, contacts(key, STAMPS * 4)) for key in ("a", "b", "c")]
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, first=72, order=UPDATED)
    page = await reading(*connectors).list(request)

    for index in range(0, 71, 5):
        after = ListRequest(
            entity=Entity.CONTACT, selection=NAMES, first=100, order=UPDATED, after=page.cursor_of(index)
        )
        rest = await reading(*connectors).list(after)

        expected = [(row.source, row.remote_id) for row in page.records[index + 1 :]]
        assert expected == [(row.source, row.remote_id) for row in rest.records]


class Failing(MemoryConnector):
    """A source that goes down after some pages."""

    pages_left = 1

    async def page(self, query, after=None):  # type: ignore[no-untyped-def]
        """Fail once the pages are used up."""
        if self.pages_left == 0:
            raise SourceUnavailable(f"{self.source} is down", source=self.source, retry_after_s=5)
        self.pages_left -= 1
        return await super().page(query, after)


@pytest.mark.usefixtures("scope")
async def test_a_source_that_fails_stays_out_and_can_be_read_alone(reading: Asks) -> None:
    """The others go on, the outcome names code and retry, and resumeCursor reads the missing rows."""
    down = Failing("b", contacts("b", STAMPS * 2), page_size=3)
    connectors = [MemoryConnector("a", contacts("a", STAMPS * 2)), down]
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, first=24, order=UPDATED)

    page = await reading(*connectors).list(request)

    a, b = page.outcomes
    assert (a.status, b.status) == (OutcomeStatus.OK, OutcomeStatus.PARTIAL)
    assert b.error is not None
    assert (b.error.code, b.error.is_retryable, b.error.retry_after_s) == ("SOURCE_UNAVAILABLE", True, 5)
    assert page.is_partial
    assert [row.remote_id for row in page.records if row.source == "a"] == [
        row.remote_id for row in (await reading(connectors[0]).list(request)).records
    ]
    down.pages_left = 99
    alone = ListRequest(
        entity=Entity.CONTACT, selection=NAMES, first=24, order=UPDATED, sources=("b",), after=b.resume_cursor
    )
    rest = await reading(*connectors).list(alone)
    got = [row.remote_id for row in [*page.records, *rest.records] if row.source == "b"]
    assert sorted(got, key=int) == [str(number) for number in range(1, 13)]
    assert len(set(got)) == 12


@pytest.mark.usefixtures("scope")
async def test_a_failed_source_is_skipped_for_the_rest_of_the_walk(reading: Asks) -> None:
    """On the next page it is SKIPPED and not asked."""
    down = Failing("b", contacts("b", STAMPS))
    down.pages_left = 0
    connectors = [MemoryConnector("a", contacts("a", STAMPS)), down]
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, first=2, order=UPDATED)
    page = await reading(*connectors).list(request)
    down.pages_left = 99

    after = ListRequest(entity=Entity.CONTACT, selection=NAMES, first=9, order=UPDATED, after=page.cursor_of(1))
    rest = await reading(*connectors).list(after)

    assert [outcome.status for outcome in rest.outcomes] == [OutcomeStatus.OK, OutcomeStatus.SKIPPED]
    assert {row.source for row in rest.records} == {"a"}
    assert rest.outcomes[1].resume_cursor is not None
    assert down.pages_left == 99


@pytest.mark.usefixtures("scope")
async def test_when_every_source_fails_the_field_fails(reading: Asks) -> None:
    """There is no empty list that means failure."""
    down = Failing("b", contacts("b", STAMPS))
    down.pages_left = 0

    with pytest.raises(SourceUnavailable, match="b is down"):
        await reading(down).list(ListRequest(entity=Entity.CONTACT, selection=NAMES))


@pytest.mark.usefixtures("scope")
async def test_the_scan_budget_ends_a_search_and_says_so(reading: Asks) -> None:
    """Rows behind the frontier of a limited source wait for the next page, so the order holds."""
    rare = MemoryConnector("a", contacts("a", [STAMPS[1]] * 50), pushes=False, page_size=10)
    common = MemoryConnector("b", contacts("b", [STAMPS[5]] * 3 + [None] * 3))
    where = Compare("last_name", Operator.EQ, "nobody")
    request = ListRequest(
        entity=Entity.CONTACT,
        selection=NAMES,
        where=where,
        order=UPDATED,
        first=5,
        options=ReadOptions(allow_scan=True),
    )

    page = await reading(rare, common, max_scan_rows=20).list(request)

    assert page.outcomes[0].is_scan_limited
    assert page.outcomes[0].status is OutcomeStatus.PARTIAL
    assert page.has_next_page
    assert page.records == []


@pytest.mark.usefixtures("scope")
async def test_text_order_over_two_sources_sorts_here_within_the_budget(reading: Asks) -> None:
    """Beyond the budget a source is left out with UNSUPPORTED, and alone it sorts by itself."""
    small = MemoryConnector("a", contacts("a", STAMPS))
    large = MemoryConnector("b", contacts("b", STAMPS * 10))
    order = (Order("last_name"),)
    options = ReadOptions(allow_scan=True)
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, order=order, first=50, options=options)

    page = await reading(small, large, max_scan_rows=30).list(request)
    alone = await reading(large, max_scan_rows=30).list(request)

    assert [outcome.status for outcome in page.outcomes] == [OutcomeStatus.OK, OutcomeStatus.SKIPPED]
    assert page.outcomes[1].error is not None
    assert page.outcomes[1].error.code == "UNSUPPORTED"
    assert len(alone.records) == 50
    options = ReadOptions(allow_scan=True, fail_on_unsupported=True)
    strict = ListRequest(entity=Entity.CONTACT, selection=NAMES, order=order, options=options)
    with pytest.raises(Exception, match="more than 30 rows"):
        await reading(small, large, max_scan_rows=30).list(strict)
    with pytest.raises(Unsupported):
        await reading(large, MemoryConnector("c", contacts("c", STAMPS * 10)), max_scan_rows=30).list(request)


@pytest.mark.usefixtures("scope")
async def test_bad_cursors_are_refused(reading: Asks) -> None:
    """Damaged, foreign and mismatched cursors each say what is wrong."""
    connector = MemoryConnector("a", contacts("a", STAMPS))
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, first=2, order=UPDATED)
    cursor = (await reading(connector).list(request)).cursor_of(1)
    flipped = ("A" if cursor[0] != "A" else "B") + cursor[1:]

    for text in ("", "x", "é", flipped, cursor[:-3], "A" * 100_000):
        with pytest.raises(BadCursor):
            await reading(connector).list(
                ListRequest(entity=Entity.CONTACT, selection=NAMES, first=2, order=UPDATED, after=text)
            )
    with pytest.raises(BadCursor, match="another query"):
        await reading(connector).list(ListRequest(entity=Entity.CONTACT, selection=NAMES, after=cursor))
    with pytest.raises(BadCursor, match="another key"):
        await reading(connector, key=b"z" * 32).list(
            ListRequest(entity=Entity.CONTACT, selection=NAMES, first=2, order=UPDATED, after=cursor)
        )


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize("first", [0, -1, 101, 1_000_000])
async def test_first_has_bounds(reading: Asks, first: int) -> None:
    """Too few and too many rows are a caller's mistake."""
    with pytest.raises(BadRequest, match="from 1 to 100"):
        await reading(MemoryConnector("a", contacts("a", STAMPS))).list(
            ListRequest(entity=Entity.CONTACT, selection=NAMES, first=first)
        )


@pytest.mark.usefixtures("scope")
async def test_unknown_sources_are_named(reading: Asks) -> None:
    """The message lists what there is."""
    with pytest.raises(BadRequest, match="the sources are a"):
        await reading(MemoryConnector("a", contacts("a", STAMPS))).list(
            ListRequest(entity=Entity.CONTACT, selection=NAMES, sources=("nope",))
        )

"""Totals: right, or not told."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.capabilities import Split
from model.entities import Entity
from model.errors import RateLimited, SourceError, Unsupported
from model.page import Page, Position
from model.query import Compare, Operator, Order, Query, Selection
from model.reading import ListRequest, ListResult, OutcomeStatus, ReadOptions
from tests.resolvers.conftest import Asks, contacts
from tests.resolvers.troubled import Faulty, Hanging, Raising

STAMPS = [None, *(f"2026-05-0{day}T00:00:00.000Z" for day in range(1, 6))]
COUNTED = ListRequest(entity=Entity.CONTACT, selection=Selection(frozenset({"last_name"})), first=3, wants_total=True)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_a_total_is_never_wrong(reading: Asks, data: st.DataObject) -> None:
    """On any page, whatever a source pushes, sorts, scans or fails at, a total told is the number of matching rows."""
    connectors = []
    for key in "ab":
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
        COUNTED,
        where=Compare("last_name", Operator.NE, data.draw(st.sampled_from(["N3", "nobody"]))),
        order=data.draw(st.sampled_from([(), (Order("updated_at"),), (Order("last_name"),)])),
        options=ReadOptions(allow_scan=data.draw(st.sampled_from([True, True, False]))),
    )

    pages: list[ListResult] = []
    more: ListRequest | None = request
    with entered(Scope(deadline=Deadline.after(30), max_calls=100_000)):
        truth = {source.source: await source.count(Entity.CONTACT, request.where) for source in connectors}
        while more is not None:
            try:
                page = await reading(*connectors, max_scan_rows=12).list(more)
            except (SourceError, Unsupported):
                break
            pages.append(page)
            cursor = page.cursor_of(len(page.records) - 1)
            more = replace(request, after=cursor) if page.has_next_page else None

    for page in pages:
        for outcome in page.outcomes:
            assert outcome.total_count in {None, truth[outcome.source]}
        assert page.total_count in {None, sum(truth.values())}


@pytest.mark.usefixtures("scope")
async def test_every_page_tells_the_total_where_all_can_count(reading: Asks) -> None:
    """The pages behind the first, and sources that have ended, count as well."""
    connectors = [MemoryConnector("a", contacts("a", STAMPS)), MemoryConnector("b", contacts("b", STAMPS[:1]))]
    totals, calls, more = [], [], COUNTED
    while True:
        page = await reading(*connectors).list(more)
        totals.append((page.total_count, [outcome.total_count for outcome in page.outcomes]))
        calls.append([outcome.upstream_calls for outcome in page.outcomes])
        if not page.has_next_page:
            break
        more = replace(COUNTED, after=page.cursor_of(2))

    assert totals == [(7, [6, 1])] * 3
    assert calls == [[2, 2], [2, 1], [2, 1]], "a page and a count each, and of an ended source the count alone"


@pytest.mark.usefixtures("scope")
async def test_a_source_that_is_sorted_here_is_counted_on_the_way(reading: Asks) -> None:
    """While it is read its rows are known, and counting takes a call only after it has ended."""
    connectors = [
        MemoryConnector("a", contacts("a", STAMPS[1:])),
        MemoryConnector("b", contacts("b", STAMPS[1:2]), sorts=False),
    ]
    request = replace(COUNTED, order=(Order("updated_at"),), first=4, options=ReadOptions(allow_scan=True))

    first = await reading(*connectors).list(request)
    second = await reading(*connectors).list(replace(request, after=first.cursor_of(3)))

    told = [[(outcome.total_count, outcome.upstream_calls) for outcome in page.outcomes] for page in (first, second)]
    assert told == [[(5, 2), (1, 1)], [(5, 2), (1, 1)]]
    assert (first.total_count, second.total_count) == (6, 6)


class Remaining(MemoryConnector):
    """Tells with each page how many rows are left, as a search behind a key does."""

    def plan(self, query: Query) -> Split:
        """As promised with the first page."""
        return replace(super().plan(query), brings_total=True)

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Rows, and the number from here on."""
        rest = await super().page(replace(query, limit=200), after)
        return replace(await super().page(query, after), total=len(rest.records))


@pytest.mark.usefixtures("scope")
async def test_a_total_that_came_with_a_later_page_is_not_the_lists(reading: Asks) -> None:
    """Only the first page's total counts the whole list."""
    connector = Remaining("a", contacts("a", STAMPS * 2))

    first = await reading(connector).list(COUNTED)
    second = await reading(connector).list(replace(COUNTED, after=first.cursor_of(2)))

    assert (first.total_count, second.total_count) == (12, 12)


@pytest.mark.usefixtures("scope")
async def test_nothing_is_counted_unless_asked(reading: Asks) -> None:
    """A total that came along is not shown either."""
    page = await reading(MemoryConnector("a", contacts("a", STAMPS))).list(replace(COUNTED, wants_total=False))

    assert (page.total_count, page.outcomes[0].total_count, page.outcomes[0].upstream_calls) == (None, None, 1)


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize("options", [ReadOptions(include_deleted=True), ReadOptions(include_archived=True)])
async def test_deleted_and_archived_rows_are_not_left_out_of_a_total(reading: Asks, options: ReadOptions) -> None:
    """A count by a call of its own does not see them; without a total, no call is spent on it."""
    source, request = MemoryConnector("a", contacts("a", STAMPS)), replace(COUNTED, options=options)
    first = await reading(source).list(request)

    page = await reading(source).list(replace(request, after=first.cursor_of(2)))

    assert (page.total_count, page.outcomes[0].total_count, page.outcomes[0].upstream_calls) == (None, None, 1)


@pytest.mark.usefixtures("scope")
async def test_a_count_that_fails_costs_the_total_alone(reading: Asks) -> None:
    """The rows are there, the outcome is OK, and its notes say why there is no total."""
    moody = Raising("b", contacts("b", STAMPS))
    moody.where, moody.error = ("count",), RateLimited("b: too many counts", source="b")
    request = replace(COUNTED, first=50)
    connectors = [MemoryConnector("a", contacts("a", STAMPS)), moody]
    first = await reading(*connectors).list(replace(request, first=3))

    page = await reading(*connectors).list(replace(request, after=first.cursor_of(2)))

    b = page.outcomes[1]
    assert (page.total_count, b.total_count, b.status, b.rows) == (None, None, OutcomeStatus.OK, 5)
    assert b.notes == ("its rows could not be counted: b: too many counts",)
    assert not page.is_partial


async def test_a_count_that_hangs_delays_no_rows_but_its_own_total(reading: Asks) -> None:
    """Every page is read meanwhile; at the deadline the answer comes without the total."""
    hung = Hanging("b", contacts("b", STAMPS * 3), page_size=4)
    hung.where = ("count",)
    healthy = MemoryConnector("a", contacts("a", STAMPS * 3), page_size=4)
    request = replace(COUNTED, first=36, order=(Order("updated_at"),))
    with entered(Scope(deadline=Deadline.after(0.3), max_calls=100)):
        page = await reading(healthy, hung).list(request)

    assert (len(page.records), page.is_partial) == (36, False)
    assert [outcome.status for outcome in page.outcomes] == [OutcomeStatus.OK] * 2
    assert hung.cancelled == 1


@pytest.mark.usefixtures("scope")
async def test_a_source_that_no_row_can_match_is_not_asked(reading: Asks) -> None:
    """An id belongs to one source: the others have none such, and know it without a call."""
    connectors = [MemoryConnector(key, contacts(key, STAMPS)) for key in "ab"]
    request = replace(COUNTED, where=Compare("remote_id", Operator.IN, ("a\n2", "a\n3")))

    page = await reading(*connectors).list(request)

    assert [row.remote_id for row in page.records] == ["2", "3"]
    assert [(outcome.status.value, outcome.total_count, outcome.has_more) for outcome in page.outcomes] == [
        ("OK", 2, False),
        ("OK", 0, False),
    ]
    assert page.outcomes[1].upstream_calls == 0
    assert (page.total_count, page.has_next_page) == (2, False)

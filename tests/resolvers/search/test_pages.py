"""The order of hits over sources and types, and walks through it."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.memory import MemoryConnector
from connectors.scope import Scope
from model.entities import Entity
from model.errors import BadCursor, BadRequest
from model.query import Selection
from model.reading import ListRequest, OutcomeStatus, SearchRequest
from tests.resolvers.books import NAME, follow, record, settled, small_book
from tests.resolvers.conftest import Asks
from tests.resolvers.search.ranked import TYPES, Ranked, ranks

PERSON, COMPANY, DEAL = TYPES
REQUEST = SearchRequest(text="acme", selections=dict.fromkeys(TYPES, Selection()), first=4)
NAMES = {PERSON: "Contact", COMPANY: "Company", DEAL: "Deal"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_every_cursor_leads_to_the_hits_behind_it(reading: Asks, scope: Scope, data: st.DataObject) -> None:
    """Hits come by rank, then type, then source; any page size, from any hit of any page; none twice, none left out."""
    del scope
    connectors = [
        Ranked(
            key,
            {entity: data.draw(st.lists(st.integers(1, 50), max_size=7, unique=True)) for entity in TYPES},
            page_size=data.draw(st.integers(1, 8)),
        )
        for key in "cab"
    ]
    types = data.draw(st.permutations(TYPES))
    request = replace(REQUEST, selections=dict.fromkeys(types, Selection()), first=data.draw(st.integers(1, 9)))
    expected = [
        (source, NAMES[entity], str(number))
        for _, _, source, entity, number in sorted(
            (rank, types.index(entity), connector.source, entity, number)
            for connector in connectors
            for entity, numbers in connector.found.items()
            for rank, number in enumerate(numbers)
        )
    ]

    found: list[tuple[str, str, str]] = []
    cursors: list[str] = []
    more: SearchRequest | None = request
    while more is not None:
        page = await reading(*connectors).search(more)
        found += ranks(page.hits)
        cursors += [page.cursor_of(index) for index in range(len(page.hits))]
        assert len(page.hits) == request.first or not page.has_next_page
        assert page.has_previous_page is (more.after is not None)
        more = replace(request, after=cursors[-1]) if page.has_next_page else None

    assert found == expected
    for index in data.draw(st.lists(st.sampled_from(range(len(cursors))), max_size=4)) if cursors else []:
        behind = await reading(*connectors).search(replace(request, after=cursors[index], first=99))
        assert ranks(behind.hits) == expected[index + 1 :]
        assert not behind.has_next_page


async def test_a_page_takes_one_search_of_each_source(reading: Asks, scope: Scope) -> None:
    """Whatever is found where; types that have ended are not asked again, nor is a source whose types all have."""
    a, b = Ranked("a", {PERSON: range(1, 9), COMPANY: [1], DEAL: []}), Ranked("b", {entity: [] for entity in TYPES})

    first = await reading(a, b).search(REQUEST)
    second = await reading(a, b).search(replace(REQUEST, after=first.cursor_of(3)))

    assert a.asked == [dict.fromkeys(TYPES, 0), {PERSON: 3}]
    assert b.asked == [dict.fromkeys(TYPES, 0)]
    assert len(scope.calls) == 3
    assert [outcome.upstream_calls for outcome in (*first.outcomes, *second.outcomes)] == [1, 1, 1, 0]
    assert [outcome.has_more for outcome in (*first.outcomes, *second.outcomes)] == [True, False, True, False]
    assert {outcome.status for outcome in second.outcomes} == {OutcomeStatus.OK}


@pytest.mark.usefixtures("scope")
async def test_a_record_found_twice_is_one_hit(reading: Asks) -> None:
    """On one page; the walk goes on behind both."""
    twice = Ranked("a", {PERSON: [1, 2, 1, 3, 3], COMPANY: [], DEAL: []})
    request = replace(REQUEST, first=2)

    first = await reading(twice).search(request)
    second = await reading(twice).search(replace(request, after=first.cursor_of(1)))
    whole = await reading(twice).search(replace(request, first=9))

    assert ranks(first.hits) == [("a", "Contact", "1"), ("a", "Contact", "2")]
    assert ranks(second.hits) == [("a", "Contact", "1"), ("a", "Contact", "3")]
    assert ranks(whole.hits) == [("a", "Contact", "1"), ("a", "Contact", "2"), ("a", "Contact", "3")]
    assert (whole.has_next_page, whole.outcomes[0].rows) == (False, 3)


@pytest.mark.usefixtures("scope")
async def test_records_of_one_id_in_two_sources_or_types_are_two(reading: Asks) -> None:
    """Ids of different tables do not compare."""
    same = {PERSON: [7], COMPANY: [7], DEAL: []}

    page = await reading(Ranked("a", same), Ranked("b", same)).search(REQUEST)

    assert len(page.hits) == 4


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, text="acme "),
        replace(REQUEST, selections=dict.fromkeys((COMPANY, PERSON, DEAL), Selection())),
        replace(REQUEST, selections=dict.fromkeys((COMPANY, PERSON), Selection())),
        replace(REQUEST, sources=("a",)),
    ],
)
async def test_a_cursor_belongs_to_its_search(reading: Asks, other: SearchRequest) -> None:
    """Another text, other types or sources are another search; what is selected of a hit may change."""
    pair = [Ranked(key, {PERSON: range(1, 9), COMPANY: [], DEAL: []}) for key in "ab"]
    cursor = (await reading(*pair).search(REQUEST)).cursor_of(3)
    wider = replace(REQUEST, selections=dict.fromkeys(TYPES, NAME), first=1, after=cursor)

    assert ranks((await reading(*pair).search(wider)).hits) == [("a", "Contact", "3")]
    with pytest.raises(BadCursor):
        await reading(*pair).search(replace(other, after=cursor))


@pytest.mark.usefixtures("scope")
async def test_cursors_of_lists_and_searches_are_apart(reading: Asks) -> None:
    """Neither takes the other's; a source that is gone ends the walk."""
    pair = [MemoryConnector(key, small_book(key)) for key in "ab"]
    listed = ListRequest(entity=PERSON, selection=Selection(), first=1)
    request = replace(REQUEST, text="n", first=1)
    list_cursor = (await reading(*pair).list(listed)).cursor_of(0)
    cursor = (await reading(*pair).search(request)).cursor_of(0)

    for after in (list_cursor, "", "x", cursor[:-2], cursor + "="):
        with pytest.raises(BadCursor):
            await reading(*pair).search(replace(request, after=after))
    with pytest.raises(BadCursor):
        await reading(*pair).list(replace(listed, after=cursor))
    with pytest.raises(BadCursor, match="source b of this cursor is no longer connected"):
        await reading(pair[0]).search(replace(request, after=cursor))


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": ""}, "text is blank"),
        ({"text": " \t\n\u2003"}, "text is blank"),
        ({"text": "x" * 1_001}, "1001 characters; at most 1000"),
        ({"selections": {}}, "types is empty"),
        ({"first": 0}, "first is 0"),
        ({"first": 101}, "first is 101"),
        ({"sources": ("z",)}, "no source 'z'"),
    ],
)
async def test_what_no_source_could_answer_is_refused(reading: Asks, change: dict[str, object], says: str) -> None:
    """Before anybody is asked."""
    source = Ranked("a", {entity: [1] for entity in TYPES})

    with pytest.raises(BadRequest, match=says):
        await reading(source).search(replace(REQUEST, **change))  # type: ignore[arg-type]  # drawn by name

    assert source.asked == []


async def test_relations_of_hits_are_read_in_batches(reading: Asks, scope: Scope) -> None:
    """One call for each relation of each type, however many hits there are, and none when a field asks for it."""
    book = small_book()
    selections = {
        Entity.CONTACT: follow("last_name", company=NAME, owner=NAME),
        Entity.COMPANY: follow("name", owner=NAME),
    }
    reads = reading(MemoryConnector("a", {**book, DEAL: [record(DEAL, 1, name="N C")]}))

    people = await reads.search(SearchRequest(text="n", selections=selections))
    firms = await reads.search(SearchRequest(text="c", selections=selections))
    before = len(scope.calls)
    names = [(await settled(reads.related_one(hit.record, "owner", NAME))).name for hit in (*people.hits, *firms.hits)]

    assert names == [*("U2", "U1") * 3, "U1", "U1", "U1"]
    assert len(scope.calls) == before
    assert [call.operation for call in scope.calls] == ["search", "by_ids", "by_ids", "search"]
    assert people.hits[0].matched_on == ("last_name",)

"""Cursors: what they carry, what they refuse."""

import base64
import hmac
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.memory import MemoryConnector
from model.entities import Entity
from model.errors import BadCursor, BadRequest
from model.page import Position
from model.query import Compare, Direction, Operator, Order, Selection
from model.reading import ListRequest, ReadOptions
from resolvers.cursor import Cursors, Place, Walk
from tests.resolvers.conftest import Asks, contact, contacts

KEY = b"k" * 32
UPDATED = (Order("updated_at", Direction.DESC),)
NAMES = Selection(frozenset({"last_name", "updated_at"}))
STAMPS = [None, *(f"2026-05-0{day}T00:00:00.000Z" for day in range(1, 6))]
REQUEST = ListRequest(entity=Entity.CONTACT, selection=NAMES, first=2, order=UPDATED)

texts = st.text(st.characters(codec=None), max_size=20)
positions = st.builds(Position, st.lists(st.none() | texts, max_size=3).map(tuple), texts)
places = st.builds(Place, st.none() | positions, st.booleans(), st.booleans(), st.booleans())
walks = st.builds(Walk, st.dictionaries(texts, places, max_size=4), st.integers(0, 9))


def signed(body: bytes, key: bytes = KEY) -> str:
    """*body* as a cursor made under *key*."""
    return base64.urlsafe_b64encode(hmac.digest(key, body, "sha256")[:16] + body).decode().rstrip("=")


@given(walk=walks, query=texts)
def test_a_cursor_brings_back_the_walk(walk: Walk, query: str) -> None:
    """Whatever a CRM's keys and ids hold: any character, half a surrogate pair, nothing."""
    cursors = Cursors(KEY)

    assert cursors.decode(cursors.encode(walk, query), query) == walk


@settings(max_examples=400)
@given(walk=walks, data=st.data())
def test_no_other_text_is_that_cursor(walk: Walk, data: st.DataObject) -> None:
    """Whatever is changed, dropped, added or spelled otherwise, it is refused."""
    cursors = Cursors(KEY)
    text = cursors.encode(walk, "q")
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("ABab01-_+/= \n=é\x00") | st.characters())
    changed = data.draw(
        st.sampled_from(
            [
                text[:place] + letter + text[place + 1 :],
                text[:place] + text[place + 1 :],
                text[:place] + letter + text[place:],
                text[:place],
                text + letter,
                text + "=" * (-len(text) % 4),
                text.replace("-", "+").replace("_", "/"),
                text + text,
                text[:-1] + chr(ord(text[-1]) ^ 1),
            ]
        )
    )

    if changed != text:
        with pytest.raises(BadCursor):
            cursors.decode(changed, "q")


@pytest.mark.parametrize("body", [b"[0]", b'[2,{"new":"shape"}]', b'[99,"q",0,{},"more"]', b'["1","q",0,{}]'])
def test_a_cursor_of_another_version_says_so(body: bytes) -> None:
    """However its content is shaped: only the version is looked at."""
    with pytest.raises(BadCursor, match="another version"):
        Cursors(KEY).decode(signed(body), "q")


def test_a_cursor_under_another_key_is_refused() -> None:
    """Nobody else's signature counts."""
    text = signed(json.dumps([1, "q", 0, {}]).encode(), key=b"z" * 32)

    with pytest.raises(BadCursor, match="another key"):
        Cursors(KEY).decode(text, "q")


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize("letters", [300, 20_000, 60_000])
async def test_long_texts_to_sort_by_fit_a_cursor(reading: Asks, letters: int) -> None:
    """A page that gives a cursor takes it back."""
    rows = {Entity.CONTACT: [contact("a", number, last_name="ü" * letters + str(number)) for number in (1, 2, 3)]}
    request = replace(REQUEST, order=(Order("last_name"),))
    if letters == 60_000:
        page = await reading(MemoryConnector("a", rows)).list(request)
        with pytest.raises(BadRequest, match="too long for a cursor; order it by another field"):
            page.cursor_of(1)
        return

    page = await reading(MemoryConnector("a", rows)).list(request)
    rest = await reading(MemoryConnector("a", rows)).list(replace(request, after=page.cursor_of(1)))

    assert [row.remote_id for row in rest.records] == ["3"]


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, order=()),
        replace(REQUEST, order=(Order("updated_at"),)),
        replace(REQUEST, order=(Order("created_at", Direction.DESC),)),
        replace(REQUEST, where=Compare("last_name", Operator.EQ, "N1")),
        replace(REQUEST, shape='{"lastName": {"eq": "N1"}}'),
        replace(REQUEST, options=ReadOptions(include_deleted=True)),
        replace(REQUEST, options=ReadOptions(include_archived=True)),
    ],
)
async def test_a_cursor_belongs_to_its_query(reading: Asks, other: ListRequest) -> None:
    """Another filter, order, or choice of rows is another list."""
    connector = MemoryConnector("a", contacts("a", STAMPS))
    cursor = (await reading(connector).list(REQUEST)).cursor_of(1)

    with pytest.raises(BadCursor, match="another query"):
        await reading(connector).list(replace(other, after=cursor))


@pytest.mark.usefixtures("scope")
async def test_page_size_selection_and_bounds_may_change_in_a_walk(reading: Asks) -> None:
    """They change nothing about which rows follow."""
    connector = MemoryConnector("a", contacts("a", STAMPS))
    cursor = (await reading(connector).list(REQUEST)).cursor_of(1)
    options = ReadOptions(allow_scan=True, deadline_ms=5_000, max_calls=9)
    changed = replace(REQUEST, after=cursor, first=9, selection=Selection(), wants_total=True, options=options)

    rest = await reading(connector).list(changed)

    assert [row.remote_id for row in rest.records] == ["4", "3", "2", "1"]


@pytest.mark.usefixtures("scope")
async def test_a_walk_keeps_its_sources(reading: Asks) -> None:
    """One that joined is not in it, one that left ends it, and naming them in another order changes nothing."""
    a, b, c = (MemoryConnector(key, contacts(key, STAMPS)) for key in "abc")
    cursor = (await reading(a, b).list(REQUEST)).cursor_of(1)
    on = replace(REQUEST, after=cursor, first=99)

    joined = await reading(c, b, a).list(on)
    turned = await reading(a, b).list(replace(on, sources=("b", "a")))

    assert {row.source for row in joined.records} == {"a", "b"}
    assert [outcome.source for outcome in joined.outcomes] == ["b", "a"], "the config's order"
    assert [(row.source, row.remote_id) for row in joined.records] == [
        (row.source, row.remote_id) for row in turned.records
    ]
    with pytest.raises(BadCursor, match="source b of this cursor is no longer connected"):
        await reading(a, c).list(on)
    with pytest.raises(BadCursor, match="made over other sources"):
        await reading(a, b).list(replace(on, sources=("a",)))


@pytest.mark.usefixtures("scope")
async def test_an_empty_page_has_a_cursor_to_read_on_from(reading: Asks) -> None:
    """What was scanned in vain is not scanned again."""
    rare = MemoryConnector("a", contacts("a", [STAMPS[1]] * 50), pushes=False, page_size=10)
    where = Compare("remote_id", Operator.EQ, "a\n45")
    request = replace(REQUEST, where=where, options=ReadOptions(allow_scan=True))

    page = await reading(rare, max_scan_rows=30).list(request)
    rest = await reading(rare, max_scan_rows=30).list(replace(request, after=page.cursor_of(-1)))

    assert (page.records, page.has_next_page) == ([], True)
    assert ([row.remote_id for row in rest.records], rest.has_next_page) == (["45"], False)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_every_cursor_of_every_page_leads_to_the_rows_behind_it(
    reading: Asks, scope: object, data: st.DataObject
) -> None:
    """With ended sources, scan limits, local sorts and turns, from any row of any page."""
    del scope
    order = data.draw(st.sampled_from([(), UPDATED, (Order("last_name"), Order("updated_at"))]))
    sorts = data.draw(st.booleans())
    connectors = [
        MemoryConnector(
            key,
            contacts(key, data.draw(st.lists(st.sampled_from(STAMPS), max_size=20))),
            page_size=data.draw(st.integers(1, 9)),
            pushes=data.draw(st.booleans()),
            sorts=sorts,
        )
        for key in "abc"
    ]
    request = replace(
        REQUEST,
        order=order,
        where=data.draw(st.sampled_from([Compare("last_name", Operator.NE, f"N{n}") for n in range(4)])),
        first=data.draw(st.integers(1, 9)),
        options=ReadOptions(allow_scan=True),
    )
    # A bound below the longest source ends its scans; what is sorted here must be read whole.
    is_sorted_here = bool(order) and (not sorts or len(order) > 1)
    limits = {"max_scan_rows": 20 if is_sorted_here else data.draw(st.integers(1, 20))}

    rows: list[tuple[str, str]] = []
    cursors: list[tuple[int, str]] = []
    after = None
    while True:
        page = await reading(*connectors, **limits).list(replace(request, after=after))
        cursors += [(len(rows) + index, page.cursor_of(index)) for index in range(len(page.records))]
        rows += [(row.source, row.remote_id) for row in page.records]
        if not page.has_next_page:
            break
        after = page.cursor_of(len(page.records) - 1)

    assert len(set(rows)) == len(rows)
    for index, cursor in data.draw(st.permutations(cursors))[:5]:
        behind: list[tuple[str, str]] = []
        more: str | None = cursor
        while more is not None:
            page = await reading(*connectors, **limits).list(replace(request, after=more, first=7))
            behind += [(row.source, row.remote_id) for row in page.records]
            more = page.cursor_of(len(page.records) - 1) if page.has_next_page else None
        expected = rows[index + 1 :]
        # A source whose scan has ended misses its turn, once a page.
        is_limited = not order and limits["max_scan_rows"] < 20
        assert sorted(behind) == sorted(expected) if is_limited else behind == expected

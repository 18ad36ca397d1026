"""Pages in order, by key set, over an index that lags."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.hubspot.search import ALL, Criterion, Kind, SortKey, in_order
from model.entities import Contact, Entity, Record
from model.errors import SourceUnavailable, UnsupportedBySource
from model.evaluate import sort_keys, sorted_records
from model.page import Position
from model.query import Direction, Order
from model.values import instant_text
from tests.connectors.hubspot.late_index import STAMP, LateIndex, Row, stamp

_KEYS = st.one_of(st.none(), st.integers(0, 6).map(stamp))
_DIRECTIONS = st.sampled_from(Direction)
_SIZES = st.integers(1, 9)


def _sort_key(direction: Direction, *, is_growing: bool = False, is_always: bool = False) -> SortKey:
    criterion = Criterion(name=STAMP, kind=Kind.INSTANT, is_growing=is_growing, is_always=is_always)
    return SortKey(criterion, Order("updated_at", direction))


async def _walked(index: LateIndex, key: SortKey, *, size: int, fits: bool = True) -> list[Record]:
    found: list[Record] = []
    after: Position | None = None
    for _ in range(10 * len(index.rows) + 10):
        page = await in_order(index.ask, ALL, key, fits=lambda _: fits, limit=size, after=after)
        assert len(page.records) <= size
        found += page.records
        if not page.has_more:
            return found
        assert page.records or page.resume, "a page with more to come stands still"
        after = page.resume or Position(sort_keys(found[-1], (key.order,)), found[-1].remote_id)
    raise AssertionError("the walk does not end")


def _places(records: list[Record], key: SortKey) -> list[tuple[bool, object, int]]:
    """What the order compares: missing values last, then the key, then the id."""
    return [
        (value is None, 0 if value is None else key.number(value), int(record.remote_id))
        for record in records
        for value in sort_keys(record, (key.order,))
    ]


@given(st.lists(_KEYS, max_size=30), _DIRECTIONS, _SIZES, st.booleans(), st.booleans())
async def test_pages_concatenate_to_the_whole_order(
    keys: list[str | None], direction: Direction, size: int, are_nulls_first: bool, fits: bool
) -> None:
    """Over an index that is up to date the pages are the sorted records, wherever it puts ties and empty values."""
    rows = [Row(number, key, key, stamp(0)) for number, key in enumerate(keys, start=1)]
    key = _sort_key(direction)

    found = await _walked(LateIndex(rows, are_nulls_first=are_nulls_first), key, size=size, fits=fits)

    whole = [Contact(source="s", remote_id=str(row.number), updated_at=row.key) for row in rows]
    expected = sorted_records(whole, entity=Entity.CONTACT, order=(key.order,), id_key=int)
    assert [record.remote_id for record in expected] == [record.remote_id for record in found]


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=40), _DIRECTIONS, _SIZES)
async def test_records_that_did_not_change_lately_are_read_once(
    marks: list[tuple[int, bool]], direction: Direction, size: int
) -> None:
    """By date of change, recent changes that the index has not seen never hide or repeat another record."""
    now = instant_text(datetime.now(UTC))
    rows = [
        Row(number, now if is_changed else stamp(mark), stamp(mark), now if is_changed else stamp(mark))
        for number, (mark, is_changed) in enumerate(marks, start=1)
    ]
    key = _sort_key(direction, is_growing=True, is_always=True)

    try:
        found = await _walked(LateIndex(rows), key, size=size)
    except SourceUnavailable:
        assert any(not row.is_settled for row in rows)
        return

    ids = [record.remote_id for record in found]
    assert len(ids) == len(set(ids))
    assert _places(found, key) == sorted(_places(found, key))
    assert {str(row.number) for row in rows if row.is_settled} <= set(ids)


@given(
    st.lists(st.tuples(_KEYS, _KEYS, st.sampled_from([False, False, False, True])), max_size=40),
    _DIRECTIONS,
    st.booleans(),
)
async def test_a_page_with_one_settled_record_skips_no_other(
    marks: list[tuple[str | None, str | None, bool]], direction: Direction, are_nulls_first: bool
) -> None:
    """By any other property, values edited within the lag do not lead a page past settled records."""
    now = instant_text(datetime.now(UTC))
    rows = [
        Row(number, new if is_changed else old, old, now if is_changed else stamp(0))
        for number, (old, new, is_changed) in enumerate(marks, start=1)
    ]
    changed = sum(row.changed_at == now for row in rows)
    key = _sort_key(direction)

    try:
        found = await _walked(LateIndex(rows, are_nulls_first=are_nulls_first), key, size=changed + 1)
    except SourceUnavailable:
        assert changed
        return

    ids = [record.remote_id for record in found]
    assert len(ids) == len(set(ids))
    assert {str(row.number) for row in rows if row.changed_at != now} <= set(ids)


async def test_a_full_page_takes_one_search() -> None:
    """Without ties at its end a page costs a single call."""
    index = LateIndex([Row(number, stamp(number), stamp(number), stamp(0)) for number in range(1, 300)])

    page = await in_order(index.ask, ALL, _sort_key(Direction.DESC), fits=lambda _: True, limit=100, after=None)

    assert index.asked == 1
    assert len(page.records) == 100


async def test_a_tie_across_the_end_takes_one_more() -> None:
    """A tie that crosses the page's end is read by a second search, and no further one."""
    index = LateIndex([Row(number, stamp(5), stamp(5), stamp(0)) for number in range(1, 900)])

    page = await in_order(index.ask, ALL, _sort_key(Direction.DESC), fits=lambda _: True, limit=100, after=None)

    assert index.asked == 2
    assert [str(number) for number in range(1, 101)] == [record.remote_id for record in page.records]


async def test_ids_that_compare_as_text_are_refused() -> None:
    """Pages by id are not put together where the index sorts ids as text: that would lose records silently."""

    class Lexicographic(LateIndex):
        def _sorted(self, rows: list[Row], sort: object) -> list[Row]:
            del sort
            return sorted(rows, key=lambda row: str(row.number))

    index = Lexicographic([Row(number, None, None, stamp(0)) for number in (7, 8, 9, 10, 11)])

    with pytest.raises(UnsupportedBySource, match="does not sort ids as numbers"):
        await in_order(
            index.ask, ALL, _sort_key(Direction.ASC), fits=lambda _: True, limit=5, after=Position((None,), "1")
        )

"""Pages by key set visit each record once, in order, wherever the vendor puts missing values."""

from random import Random

import pytest

from connectors.tables import Keys, paged
from model.entities import Entity, Record
from model.evaluate import sort_keys, sorted_records
from model.page import Link, Position
from model.query import Direction, Order
from model.values import Ref
from tests.connectors.tables.vendor import Functions, asking, deals, drawn_rows

_NEVER, _FALLING = frozenset[str](), frozenset({"desc"})


@pytest.mark.parametrize("missing_last", [_NEVER, _FALLING], ids=["first", "sql"])
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("name", ["created_at", "expected_close_on", "probability", None])
async def test_a_walk_visits_each_record_once(
    name: str | None, direction: Direction, missing_last: frozenset[str]
) -> None:
    """Pages of any size, each resumed from a position alone, are the whole answer in order."""
    random = Random(f"{name}{direction}")  # noqa: S311 - chances of a test
    found, rows = deals(sorts_missing_last=missing_last), drawn_rows(random, 50)
    order = () if name is None else (Order(name, direction),)
    fields = frozenset({"expected_close_on", "created_at", "probability"})
    read = found.reader(fields, source="toy")
    expected = sorted_records(map(read, rows), entity=Entity.DEAL, order=order, id_key=int)
    keys = Keys(
        language=Functions(),
        identity=found.criteria["remote_id"],
        order=order[0] if order else None,
        criterion=None if name is None else found.criteria[name],
    )
    ask, calls = asking(rows, found, fields, missing_last=missing_last)
    walked: list[Record] = []
    after: Position | None = None
    while True:
        before = len(calls)
        page = await keys.page(ask, None, limit=random.choice((1, 3, 7, 20)), after=after)
        walked += page.records
        assert len(calls) - before <= 1 + keys.is_split
        if not page.has_more:
            break
        last = walked[-1]
        after = Position(sort_keys(last, order), last.remote_id)

    assert [record.remote_id for record in walked] == [record.remote_id for record in expected]
    assert keys.is_split is (
        name in {"expected_close_on", "probability"} and not (missing_last and direction == "DESC")
    )


async def test_a_page_that_ends_with_the_last_value_looks_for_records_without() -> None:
    """Where there are none, it promises no more."""
    found, rows = deals(), drawn_rows(Random(1), 20)  # noqa: S311 - chances of a test
    present = [{**row, "due": "2026-03-01"} for row in rows]
    order = Order("expected_close_on", Direction.ASC)
    criterion = found.criteria["expected_close_on"]
    keys = Keys(language=Functions(), identity=found.criteria["remote_id"], order=order, criterion=criterion)
    for held, has_more in ((present, False), ([*present, {**rows[0], "id": 999, "due": None}], True)):
        ask, _ = asking(held, found, frozenset({"expected_close_on"}), missing_last=frozenset())

        page = await keys.page(ask, None, limit=20, after=None)

        assert (len(page.records), page.has_more) == (20, has_more)


def test_links_come_by_parent_in_the_order_of_ids() -> None:
    """The first of each, without repeats, and whether more follow."""
    links = [("a", _link("10")), ("b", _link("3")), ("a", _link("9")), ("a", _link("10")), ("x", _link("1"))]

    pages = paged(links, ["b", "a", "c"], first=1, after=None, id_key=int)

    assert [[link.ref.remote_id for link in page.links] for page in pages] == [["3"], ["9"], []]
    assert [page.has_more for page in pages] == [False, True, False]
    assert [link.ref.remote_id for link in paged(links, ["a"], first=5, after="9", id_key=int)[0].links] == ["10"]


def _link(remote_id: str) -> Link:
    return Link(ref=Ref("contact", remote_id))

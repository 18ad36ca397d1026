"""Hostile answers and questions: totals that cannot be, lists that go round, texts that cannot be sent."""

from typing import Any

import pytest

from connectors.declarative.calls.answers import Reading
from connectors.declarative.filters import Declared, Term
from connectors.declarative.places import Chunk, Places
from connectors.declarative.spec import FilterSpec, ListSpec, PagingSpec
from connectors.tables import Kind
from model.entities import Contact
from model.errors import SourceUnavailable
from model.page import Position
from model.query import Compare, Operator


@pytest.mark.parametrize("total", [-1, "-7", 1e300, True, "many", []])
def test_a_total_that_cannot_be_is_garbage(total: Any) -> None:
    """Neither shown nor taken for the end of a list."""
    listed = ListSpec(path="/people", rows="data", total="total")
    reading = Reading(listed, PagingSpec(by="offset", max=10), (), limit=1)
    assert reading.rows(({"data": [{}], "total": "3"}, {})).total == 3
    with pytest.raises((TypeError, ValueError)):
        reading.rows(({"data": [{}], "total": total}, {}))


@pytest.mark.parametrize("rel", ['rel="next"', "rel=next", 'title="a, b"; rel="next"'])
def test_a_link_may_hold_commas_and_semicolons(rel: str) -> None:
    """An address ends with its bracket (RFC 8288, 3)."""
    reading = Reading(ListSpec(path="/people", rows=""), PagingSpec(by="link", max=10), (), limit=1)
    header = f'</p?page=1>; rel="prev", </p?fields=a,b;c&page=2>; {rel}, </p?page=9>; rel="last"'
    assert reading.rows(([], {"link": header})).next == "/p?fields=a,b;c&page=2"


@pytest.mark.parametrize("following", [None, "round"])
async def test_a_list_that_goes_round_is_an_outage(following: str | None) -> None:
    """Two reads tell; the rest of the request's calls is not spent on it."""
    places, reads = Places("shop", "cursor", 10), 0

    async def read(_: object, size: int) -> Chunk:
        nonlocal reads
        reads += 1
        return Chunk([Contact(source="shop", remote_id=str(one)) for one in range(size)], has_more=True, next=following)

    with pytest.raises(SourceUnavailable, match="shop gave pages without an end"):
        await places.page(
            read,
            walk="contacts",
            limit=10,
            after=Position((), "99"),
            is_behind=lambda *_: False,
            position=lambda record: Position((), record.remote_id),
        )

    assert reads <= 2


def test_half_a_pair_is_compared_here() -> None:
    """No JSON can carry it."""
    text, spec = Term(column="name", kind=Kind.TEXT), FilterSpec.model_validate({"style": "json", "text": {"eq": "eq"}})

    assert Declared(spec).tell(text, Compare("name", Operator.EQ, "a\ud800"), negate=False) is None

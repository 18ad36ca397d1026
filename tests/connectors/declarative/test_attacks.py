"""Hostile answers: totals that cannot be, and next links that are hard to read."""

from typing import Any

import pytest

from connectors.declarative.calls.answers import Reading
from connectors.declarative.spec import ListSpec, PagingSpec


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

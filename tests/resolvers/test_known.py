"""What one request remembers."""

from model.entities import Entity
from model.page import Link, RelatedPage
from model.query import Selection
from model.values import UNSET
from resolvers.known import Known
from tests.resolvers.books import follow, many, record, ref

NAME = follow("name")
PARENT = ("a", Entity.CONTACT, "deals", "1")


def links(count: int, *, has_more: bool) -> RelatedPage:
    """Deals 1, 2, … by reference."""
    return RelatedPage(tuple(Link(ref=ref(Entity.DEAL, n)) for n in range(count)), has_more=has_more)


def test_a_record_is_found_by_whoever_wants_no_more_than_it_carries() -> None:
    """An unread field is not a missing one."""
    known = Known()
    part = record(Entity.COMPANY, 1, name="Acme", domain=UNSET)
    whole = record(Entity.COMPANY, 1, name="Acme", domain="acme.io")

    known.keep(part)
    before = known.record("a", Entity.COMPANY, "1", frozenset({"domain"}))
    known.keep(whole)

    assert before is None
    assert known.record("a", Entity.COMPANY, "1", frozenset({"name"})) is part
    assert known.record("a", Entity.COMPANY, "1", frozenset({"domain"})) is whole
    assert known.record("b", Entity.COMPANY, "1", frozenset()) is None
    assert known.record("a", Entity.CONTACT, "1", frozenset()) is None


def test_what_comes_a_thousand_times_is_held_once() -> None:
    """Each row of a page brings the same company along."""
    known = Known()

    for _ in range(1_000):
        known.keep(record(Entity.COMPANY, 1, name="Acme"))

    assert [len(held) for held in known._records.values()] == [1]


def test_links_serve_whoever_wants_no_more_of_them() -> None:
    """Fewer are a part of them, and all are there once the end was seen."""
    known = Known()
    known.keep_related(PARENT, first=3, selection=NAME, page=links(3, has_more=True))
    few = known.related(PARENT, first=2, selection=Selection())
    more = known.related(PARENT, first=4, selection=NAME)
    wider = known.related(PARENT, first=2, selection=follow("name", "amount"))
    deeper = known.related(PARENT, first=2, selection=follow("name", owner=NAME))

    known.keep_related(PARENT, first=5, selection=NAME, page=links(4, has_more=False))
    known.keep_related(PARENT, first=1, selection=NAME, page=links(1, has_more=True))
    whole = known.related(PARENT, first=100, selection=NAME)

    assert few is not None
    assert (len(few.links), few.has_more) == (2, True)
    assert (more, wider, deeper) == (None, None, None)
    assert whole is not None
    assert (len(whole.links), whole.has_more) == (4, False)


def test_records_that_came_with_links_are_known() -> None:
    """As any other record."""
    known = Known()
    deal = record(Entity.DEAL, 7, name="Big")
    page = RelatedPage((Link(ref=ref(Entity.DEAL, 7), record=deal),))

    known.keep_related(PARENT, first=3, selection=many(NAME), page=page)

    assert known.record("a", Entity.DEAL, "7", frozenset({"name"})) is deal

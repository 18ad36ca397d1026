"""Conditions on what stands behind relations: the same rows by whatever road, and as few calls as it takes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.capabilities import Split
from model.entities import Entity, Record
from model.evaluate import evaluate, ordering, sort_keys
from model.query import (
    EVERYTHING,
    And,
    Compare,
    Not,
    Operator,
    Or,
    Order,
    Predicate,
    Query,
    Selection,
    comparisons_in,
)
from model.reading import ListRequest, ListResult, ReadOptions
from resolvers.lists.behind import missing_satisfies
from resolvers.lists.localise import for_source
from tests.resolvers.books import Book, record, ref
from tests.resolvers.conftest import Asks

PEOPLE = 9
NAMES = Selection(frozenset({"last_name"}))
IN_C1 = Compare("company.domain", Operator.EQ, "c1.io")
NAMED_C1 = Compare("company.name", Operator.EQ, "C1")
NOWHERE = Compare("company.domain", Operator.EQ, "nowhere")
ANYWHERE = Compare("company.domain", Operator.CONTAINS, ".io")
MISSING = Compare("company.domain", Operator.IS_NULL, operand=True)
OWNED = Compare("owner.email", Operator.EQ, "u1@x.io")


def book(source: str = "a") -> Book:
    """Contacts with a company, without one, and with one that is gone; some have no owner."""
    person, company, user = Entity.CONTACT, Entity.COMPANY, Entity.USER
    return {
        person: [
            record(
                person,
                n,
                source=source,
                last_name=f"N{n % 4}",
                updated_at=None if n % 5 == 0 else f"2026-05-0{n % 3 + 1}T00:00:00.000Z",
                company=None if n % 4 == 0 else ref(company, n % 4 if n != 7 else 99),
                owner=None if n % 3 == 0 else ref(user, n % 3),
            )
            for n in range(1, PEOPLE + 1)
        ],
        company: [
            record(company, n, source=source, name=None if n == 3 else f"C{n}", domain=f"c{n}.io") for n in (1, 2, 3)
        ],
        user: [record(user, n, source=source, name=f"U{n}", email=f"u{n}@x.io") for n in (1, 2)],
    }


def compares(name: str, values: Sequence[str]) -> st.SearchStrategy[Predicate]:
    """Comparisons of one text."""
    one = st.sampled_from(values)
    return (
        st.builds(Compare, st.just(name), st.sampled_from([Operator.EQ, Operator.NE, Operator.CONTAINS]), one)
        | st.builds(
            Compare,
            st.just(name),
            st.sampled_from([Operator.IN, Operator.NOT_IN]),
            st.lists(one, max_size=2).map(tuple),
        )
        | st.builds(Compare, st.just(name), st.just(Operator.IS_NULL), st.booleans())
    )


IDS = st.builds(
    Compare,
    st.just("company.remote_id"),
    st.sampled_from([Operator.IN, Operator.NOT_IN]),
    st.lists(st.sampled_from(["a\n1", "a\n2", "b\n1", "a\n99"]), max_size=2).map(tuple),
)
LEAVES = (
    compares("company.domain", ["c1.io", "c2.io", ".io", "nowhere"])
    | compares("company.name", ["C1", "C2", "c"])
    | compares("owner.email", ["u1@x.io", "u2@x.io", "@"])
    | compares("last_name", ["N1", "N2"])
    | IDS
)
PREDICATES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: And(tuple(items)))
        | st.lists(inner, max_size=3).map(lambda items: Or(tuple(items)))
        | inner.map(Not)
    ),
    max_leaves=6,
)
ORDERS: list[tuple[Order, ...]] = [(), (Order("updated_at"),), (Order("last_name"), Order("updated_at"))]


def connector(source: str = "a", **options: Any) -> MemoryConnector:
    """The book in memory, with what its CRM can do."""
    return MemoryConnector(source, book(source), **options)


@st.composite
def connectors(draw: st.DrawFn) -> list[MemoryConnector]:
    """One or two sources, each able to do something else."""
    return [
        connector(
            source,
            page_size=draw(st.integers(1, 6)),
            pushes=draw(st.booleans()),
            sorts=draw(st.booleans()),
            looks_behind=draw(st.booleans()),
            compares_references=draw(st.booleans()),
            is_keyed=draw(st.booleans()),
            cached=draw(st.sampled_from([frozenset(), frozenset({Entity.USER})])),
        )
        for source in draw(st.sampled_from(["a", "ab"]))
    ]


def matching(source: MemoryConnector, where: Predicate) -> list[Record]:
    """The contacts that satisfy *where*, by the oracle, in id order."""
    rows = book(source.source)
    ends = {(entity, row.remote_id): row for entity, own in rows.items() for row in own}

    def related(row: Record, relation: str) -> Record | None:
        found = getattr(row, relation)
        return None if found is None else ends.get((found.entity, found.remote_id))

    local = for_source(where, entity=Entity.CONTACT, source=source.source, canonical=source.canonical_id)
    return [row for row in rows[Entity.CONTACT] if evaluate(local, row, entity=Entity.CONTACT, related=related)]


def place(row: Record, order: tuple[Order, ...]) -> Any:
    """Where a row stands in the merged list."""
    return ordering(Entity.CONTACT, order)(sort_keys(row, order)), row.source, int(row.remote_id)


async def walked(
    reading: Asks, sources: Sequence[MemoryConnector], request: ListRequest, **limits: int
) -> list[Record]:
    """Every row, page by page, each page a request of its own."""
    rows: list[Record] = []
    more: ListRequest | None = request
    while more is not None:
        page: ListResult = await reading(*sources, **limits).list(more)
        assert not page.is_partial, page.outcomes
        rows += page.records
        more = replace(request, after=page.cursor_of(len(page.records) - 1)) if page.has_next_page else None
    return rows


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sources=connectors(), where=PREDICATES, order=st.sampled_from(ORDERS), most=st.sampled_from([1, 2, 500]))
async def test_rows_and_order_are_the_oracles(
    reading: Asks, sources: list[MemoryConnector], where: Predicate, order: tuple[Order, ...], most: int
) -> None:
    """Whatever each CRM evaluates, and however many ids may be asked first."""
    request = ListRequest(
        entity=Entity.CONTACT,
        selection=NAMES,
        first=4,
        where=where,
        order=order,
        options=ReadOptions(allow_scan=True),
    )
    with entered(Scope(deadline=Deadline.after(30), max_calls=100_000)):
        got = await walked(reading, sources, request, behind_ids=most)

    expected = [row for source in sources for row in matching(source, where)]
    found = [(row.source, row.remote_id) for row in got]
    if order:
        assert found == [(row.source, row.remote_id) for row in sorted(expected, key=lambda row: place(row, order))]
    for source in sources:
        own = [remote_id for key, remote_id in found if key == source.source]
        assert sorted(own, key=int) == [row.remote_id for row in expected if row.source == source.source]
        assert order or own == sorted(own, key=int)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sources=connectors(), where=PREDICATES)
async def test_totals_are_exact_or_not_told(reading: Asks, sources: list[MemoryConnector], where: Predicate) -> None:
    """A condition that became ids counts; one that is checked here does not, unless every row was read."""
    request = ListRequest(
        entity=Entity.CONTACT,
        selection=NAMES,
        first=2,
        where=where,
        wants_total=True,
        options=ReadOptions(allow_scan=True),
    )
    with entered(Scope(deadline=Deadline.after(30), max_calls=100_000)):
        page = await reading(*sources).list(request)

    for source, outcome in zip(sources, page.outcomes, strict=True):
        assert outcome.total_count in {None, len(matching(source, where))}


def calls(scope: Scope) -> Counter[str]:
    """Data calls by operation and type."""
    return Counter(f"{call.operation} {call.entity}" for call in scope.calls)


def asked(where: Predicate, **values: Any) -> ListRequest:
    """Contacts that satisfy *where*."""
    return ListRequest(entity=Entity.CONTACT, selection=NAMES, where=where, **values)


BOTH = {"scan company": 1, "scan contact": 1, "count contact": 1}


@pytest.mark.parametrize(
    ("where", "expected", "made", "first"),
    [
        (IN_C1, "159", BOTH, "company filtered in two steps: 1 company"),
        (Not(IN_C1), "234678", BOTH, "company filtered in two steps: 1 company"),
        (
            Compare("company.domain", Operator.CONTAINS, "."),
            "123569",
            BOTH,
            "company filtered in two steps: 3 companies",
        ),
        (NOWHERE, "", {"scan company": 1}, "company filtered in two steps: 0 companies"),
        (Not(NOWHERE), "123456789", BOTH, "company filtered in two steps: 0 companies"),
        (And((IN_C1, NAMED_C1)), "159", BOTH, "company filtered in two steps: 1 company"),
        (Or((NOWHERE, NAMED_C1)), "159", BOTH, "company filtered in two steps: 1 company"),
        (MISSING, "478", BOTH, "company filtered in two steps: 3 companies"),
        (OWNED, "147", {"scan contact": 1, "count contact": 1}, "owner filtered in two steps: 1 user"),
    ],
)
async def test_two_steps(
    reading: Asks, scope: Scope, *, where: Predicate, expected: str, made: dict[str, int], first: str
) -> None:
    """A call for the ids, a call for the page; users are metadata here and cost none."""
    source = connector(looks_behind=False, cached=frozenset({Entity.USER}))

    page = await reading(source).list(asked(where, wants_total=True))

    assert [row.remote_id for row in page.records] == list(expected)
    assert calls(scope) == made
    (outcome,) = page.outcomes
    assert outcome.notes == (f"{first}, then contacts",)
    assert outcome.upstream_calls == len(scope.calls)
    assert (page.total_count, outcome.is_exact) == (len(expected), True)


async def test_a_crm_that_looks_behind_is_asked_at_once(reading: Asks, scope: Scope) -> None:
    """One call, and no note."""
    page = await reading(connector()).list(asked(And((IN_C1, OWNED))))

    assert [row.remote_id for row in page.records] == ["1"]
    assert calls(scope) == {"scan contact": 1}
    assert page.outcomes[0].notes == ()


async def test_equal_look_ups_of_one_request_are_one(reading: Asks, scope: Scope) -> None:
    """Two lists that ask for the same companies share the call for their ids; another condition has its own."""
    reads = reading(connector(looks_behind=False))

    await reads.list(asked(IN_C1))
    await reads.list(asked(And((IN_C1, Compare("last_name", Operator.EQ, "N1")))))
    await reads.list(asked(Compare("company.domain", Operator.EQ, "c2.io")))

    assert calls(scope) == {"scan company": 2, "scan contact": 3}


@pytest.mark.parametrize("is_keyed", [True, False])
async def test_too_many_ids_are_checked_row_by_row(reading: Asks, scope: Scope, is_keyed: bool) -> None:
    """The companies of a page's contacts are read together, and the note says why."""
    source = connector(looks_behind=False, is_keyed=is_keyed)
    where = And((Compare("company.domain", Operator.CONTAINS, ".io"), Compare("last_name", Operator.NE, "N3")))

    page = await reading(source, behind_ids=2).list(asked(where))

    assert [row.remote_id for row in page.records] == ["1", "2", "5", "6", "9"]
    links = {} if is_keyed else {"related contact": 1}
    assert calls(scope) == {"scan company": 1, "scan contact": 1, "by_ids company": 1, **links}
    assert page.outcomes[0].notes == ("company checked here on every row: it holds for more than 2 companies",)


async def test_what_a_source_has_not_reads_as_missing(reading: Asks, scope: Scope) -> None:
    """A source without companies has no contact of one: nobody is asked what cannot be."""
    rows = {entity: own for entity, own in book().items() if entity is not Entity.COMPANY}
    source = MemoryConnector("a", rows)

    none = await reading(source).list(asked(IN_C1))
    everything = await reading(source).list(asked(Not(IN_C1)))

    assert (none.records, len(everything.records)) == ([], PEOPLE)
    assert calls(scope) == {"scan contact": 1}


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        (IN_C1, False),
        (Not(IN_C1), True),
        (MISSING, True),
        (And((Not(IN_C1), IN_C1)), False),
        (Or((Not(IN_C1), IN_C1)), True),
        (EVERYTHING, True),
    ],
)
def test_what_holds_of_nothing(where: Predicate, holds: bool) -> None:
    """It decides whether the ids are those that match, or those that do not."""
    assert missing_satisfies(where, Entity.CONTACT) is holds


class Terse(MemoryConnector):
    """Takes no list of more than two ids."""

    def plan(self, query: Query) -> Split:
        """Refuse long lists."""
        is_long = any(isinstance(item.operand, tuple) and len(item.operand) > 2 for item in comparisons_in(query.where))
        return replace(super().plan(query), unsupported="the list of ids is too long" if is_long else None)


@pytest.mark.usefixtures("scope")
async def test_ids_that_a_crm_does_not_take_are_not_needed(reading: Asks) -> None:
    """What they stand for is checked here then, and the note says why."""
    source = Terse("a", book(), looks_behind=False)

    page = await reading(source).list(asked(And((ANYWHERE, Compare("last_name", Operator.NE, "N3")))))

    assert [row.remote_id for row in page.records] == ["1", "2", "5", "6", "9"]
    assert page.outcomes[0].notes == ("company checked here on every row: a: the list of ids is too long",)

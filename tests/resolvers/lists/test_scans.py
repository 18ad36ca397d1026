"""A source is read whole only where the caller allows it, and no further than its own bounds."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.memory import MemoryConnector
from connectors.scope import Scope
from model.entities import Entity
from model.errors import Unsupported, UnsupportedBySource
from model.query import And, Compare, Operator, Or, Order, Selection
from model.reading import ListRequest, OutcomeStatus, ReadOptions
from resolvers.cursor import Cursors
from resolvers.reads import Reads
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources
from tests.resolvers.books import record, ref
from tests.resolvers.conftest import MEMORY, Asks, contacts

NAMES = Selection(frozenset({"last_name"}))
REQUEST = ListRequest(entity=Entity.CONTACT, selection=NAMES)
NAMED = Compare("last_name", Operator.EQ, "n3")
NAMELESS = Compare("first_name", Operator.IS_NULL, operand=True)
SCANNING = ReadOptions(allow_scan=True)
BY_NAME, BY_DATE = (Order("last_name"),), (Order("updated_at"),)


def unable(source: str = "a", rows: int = 9, **options: Any) -> MemoryConnector:
    """Contacts that the CRM filters by their e-mail addresses and phone numbers alone."""
    return MemoryConnector(
        source, contacts(source, [None] * rows), **{"pushes": frozenset({"email", "phone"}), **options}
    )


async def refused(reading: Asks, request: ListRequest, *connectors: MemoryConnector) -> str:
    """What a field that no source answers says."""
    with pytest.raises((Unsupported, UnsupportedBySource)) as caught:
        await reading(*connectors).list(request)
    return caught.value.message


async def test_a_filter_that_nothing_narrows_is_refused(reading: Asks, scope: Scope) -> None:
    """The message has the field, the source, what would happen, what the CRM filters by, and the option."""
    told = await refused(reading, replace(REQUEST, where=NAMED), unable())

    assert told == (
        "a cannot evaluate lastName eq: it would be read whole, every one of its contacts;"
        " add a condition on what it filters, such as email or phone, or set options.allowScan"
    )
    assert scope.calls == []


@pytest.mark.usefixtures("scope")
async def test_the_operators_that_help_are_named(reading: Asks) -> None:
    """Where the CRM evaluates others on the same field, they are what to use; one it evaluates is not in the way."""
    exact = unable(operators=frozenset({Operator.EQ, Operator.IN}))
    email = Compare("email", Operator.EQ, "a@x.io")

    containing = await refused(reading, replace(REQUEST, where=Compare("email", Operator.CONTAINS, "@x.io")), exact)
    either = await refused(reading, replace(REQUEST, where=Or((email, NAMED))), exact)

    assert "a cannot evaluate email contains: it would be read whole" in containing
    assert containing.endswith("; it filters email by eq or in, or set options.allowScan")
    assert "a cannot evaluate email eq and lastName eq: it would be read whole" in either
    assert either.endswith("; add a condition on what it filters, such as phone, or set options.allowScan")


@pytest.mark.usefixtures("scope")
async def test_what_narrows_needs_no_leave(reading: Asks) -> None:
    """One condition that the CRM evaluates is enough, and the rest is checked on what it gives."""
    narrowed = And((Compare("email", Operator.IS_NULL, operand=True), NAMED))

    page = await reading(unable()).list(replace(REQUEST, where=narrowed))

    assert [row.remote_id for row in page.records] == ["3"]
    assert page.outcomes[0].status is OutcomeStatus.OK


@pytest.mark.usefixtures("scope")
async def test_a_base_condition_does_not_narrow(reading: Asks) -> None:
    """That leads are the unconverted ones is no condition of the caller's."""
    leads = [record(Entity.LEAD, n, last_name=f"N{n}") for n in range(1, 5)]
    source = MemoryConnector("a", {Entity.LEAD: leads}, pushes=frozenset({"is_converted", "email"}))
    request = ListRequest(entity=Entity.LEAD, selection=NAMES, where=NAMED)

    told = await refused(reading, request, source)
    page = await reading(source).list(replace(request, options=SCANNING))

    assert "every one of its leads" in told
    assert [row.remote_id for row in page.records] == ["3"]


@pytest.mark.usefixtures("scope")
async def test_what_is_read_as_metadata_may_be_read_whole(reading: Asks) -> None:
    """Users cost no data call where they are cached."""
    users = {Entity.USER: [record(Entity.USER, n, name=f"U{n}") for n in (1, 2)]}
    request = ListRequest(
        entity=Entity.USER, selection=Selection(frozenset({"name"})), where=Compare("name", Operator.EQ, "u2")
    )

    page = await reading(MemoryConnector("a", users, pushes=False, cached=frozenset(users))).list(request)

    assert [row.remote_id for row in page.records] == ["2"]
    assert "every one of its users" in await refused(reading, request, MemoryConnector("a", users, pushes=False))


@pytest.mark.usefixtures("scope")
async def test_an_order_that_nothing_narrows_is_refused(reading: Asks) -> None:
    """What a CRM sorts by is named; over several sources, text is sorted here, and one alone gives its own order."""
    alone = await refused(reading, replace(REQUEST, order=BY_DATE), unable(sorts=False))
    several = await refused(reading, replace(REQUEST, order=BY_NAME), unable("a"), unable("b"))

    assert alone == (
        "a cannot sort by updatedAt: it would be read whole, every one of its contacts;"
        " narrow the filter, or set options.allowScan"
    )
    assert several.startswith("no source can answer this: a cannot sort by lastName as the other sources do: it would")
    assert "narrow the filter, ask it alone, order by createdAt, updatedAt, birthDate" in several


@pytest.mark.usefixtures("scope")
async def test_an_order_over_what_is_narrowed_is_made_here(reading: Asks) -> None:
    """As is one that the caller allows."""
    some = Compare("email", Operator.IS_NULL, operand=True)

    narrowed = await reading(unable("a"), unable("b")).list(replace(REQUEST, order=BY_NAME, where=some))
    allowed = await reading(unable("a"), unable("b")).list(replace(REQUEST, order=BY_NAME, options=SCANNING))

    assert [row.last_name for row in narrowed.records] == [row.last_name for row in allowed.records]
    assert len(narrowed.records) == 18


@pytest.mark.usefixtures("scope")
async def test_a_source_that_would_be_read_whole_is_left_out(reading: Asks) -> None:
    """The others answer; with onUnsupported: FAIL the field fails."""
    able = MemoryConnector("b", contacts("b", [None] * 9))
    request = replace(REQUEST, where=NAMED)

    page = await reading(unable("a"), able).list(request)

    a, b = page.outcomes
    assert (a.status, b.status, page.is_partial) == (OutcomeStatus.SKIPPED, OutcomeStatus.OK, True)
    assert a.error is not None
    assert (a.error.code, a.upstream_calls) == ("UNSUPPORTED", 0)
    with pytest.raises(UnsupportedBySource, match="a cannot evaluate lastName eq"):
        await reading(unable("a"), able).list(replace(request, options=ReadOptions(fail_on_unsupported=True)))


@pytest.mark.usefixtures("scope")
async def test_a_walk_needs_leave_on_every_page(reading: Asks) -> None:
    """A cursor carries none: the options are the request's own."""
    request = replace(REQUEST, where=Compare("last_name", Operator.NE, "x"), first=2, options=SCANNING)
    page = await reading(unable()).list(request)

    told = await refused(reading, replace(request, after=page.cursor_of(1), options=ReadOptions()), unable())

    assert "or set options.allowScan" in told


@pytest.mark.parametrize(
    ("options", "scanned"),
    [(ReadOptions(), (4, 20)), (SCANNING, (7, 40)), (ReadOptions(allow_scan=True, scan_limit=5), (5, 5))],
)
async def test_a_source_has_bounds_of_its_own(scope: Scope, options: ReadOptions, scanned: tuple[int, int]) -> None:
    """Where the config gives it some; the settings' hold for the others, and the caller's own narrows either."""
    sources = [Source(key, key, MEMORY, unable(key, rows=60)) for key in "ab"]
    sources[0].scan_rows, sources[0].max_scan_rows = 4, 7
    limits = ReadLimits(scan_rows=20, max_scan_rows=40)
    reads = Reads(sources=Sources(sources), cursors=Cursors(b"k" * 32), limits=limits, platforms=lambda: [MEMORY])
    narrowed = And((Compare("email", Operator.IS_NULL, operand=True), Compare("last_name", Operator.EQ, "nobody")))

    page = await reads.list(replace(REQUEST, where=narrowed, options=options))

    rows = {key: sum(call.rows for call in scope.calls if call.source == key) for key in "ab"}
    assert (rows["a"], rows["b"]) == scanned
    assert [(outcome.status, outcome.is_scan_limited) for outcome in page.outcomes] == [
        (OutcomeStatus.PARTIAL, True),
        (OutcomeStatus.PARTIAL, True),
    ]


@pytest.mark.usefixtures("scope")
async def test_a_condition_behind_a_relation_says_why_it_did_not_become_ids(reading: Asks) -> None:
    """The refusal names the road that was tried."""
    company = Entity.COMPANY
    rows = {
        Entity.CONTACT: [record(Entity.CONTACT, n, company=ref(company, n)) for n in range(1, 5)],
        company: [record(company, n, domain=f"c{n}.io") for n in range(1, 5)],
    }
    source = MemoryConnector("a", rows, looks_behind=False)
    request = replace(REQUEST, where=Compare("company.domain", Operator.CONTAINS, ".io"))

    with pytest.raises(UnsupportedBySource) as caught:
        await reading(source, behind_ids=2).list(request)

    assert caught.value.message.startswith(
        "a cannot evaluate company.domain contains (company checked here on every row: it holds for more than"
        " 2 companies): it would be read whole, every one of its contacts;"
    )

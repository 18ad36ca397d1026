"""Time that runs out, and requests that end early; real clocks, under a second each."""

import asyncio
from time import perf_counter

import pytest

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.entities import Entity
from model.errors import SourceTimeout
from model.query import Order, Selection
from model.reading import ListRequest, OutcomeStatus, ReadOptions, SourceStatus
from tests.resolvers.books import Book, follow, many, record, ref, settled
from tests.resolvers.conftest import Asks, contacts
from tests.resolvers.troubled import Hanging, Pausing

STAMPS = [None, *(f"2026-05-0{day}T00:00:00.000Z" for day in range(1, 6))]
UPDATED = (Order("updated_at"),)
NAMES = Selection(frozenset({"last_name"}))


def scope_of(seconds: float) -> Scope:
    """A request with *seconds* left."""
    return Scope(deadline=Deadline.after(seconds), max_calls=1_000)


def company_book(source: str) -> Book:
    """Three contacts of one company."""
    people = [record(Entity.CONTACT, n, source=source, company=ref(Entity.COMPANY, 9)) for n in (1, 2, 3)]
    return {Entity.CONTACT: people, Entity.COMPANY: [record(Entity.COMPANY, 9, source=source, name="Acme")]}


async def test_a_source_that_hangs_takes_nobody_else_with_it(reading: Asks) -> None:
    """It is FAILED with SOURCE_TIMEOUT and its call cancelled; the others' rows are there, and time for relations."""
    hung = Hanging("b", company_book("b"))
    request = ListRequest(entity=Entity.CONTACT, selection=follow("last_name", company=follow("name")))
    started = perf_counter()

    with entered(scope_of(0.8)):
        reads = reading(MemoryConnector("a", company_book("a")), hung)
        page = await reads.list(request)
        companies = [await settled(reads.related_one(row, "company", follow("name"))) for row in page.records]

    assert perf_counter() - started < 0.8, "a quarter of the time was kept for the relations"
    assert [getattr(company, "name", company) for company in companies] == ["Acme"] * 3
    error = page.outcomes[1].error
    assert (page.outcomes[1].status, error and error.code) == (OutcomeStatus.FAILED, "SOURCE_TIMEOUT")
    assert (hung.waiting, hung.cancelled) == (0, 1)
    assert reads.sources()[1].status is SourceStatus.UNREACHABLE


@pytest.mark.parametrize("is_exact", [True, False])
async def test_sources_read_ahead_while_another_hangs(reading: Asks, is_exact: bool) -> None:
    """Short pages need several calls, for which there would be no time left after the one that hangs."""
    short = Pausing("a", contacts("a", STAMPS * 3), page_size=3, pushes=is_exact)
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, first=17, order=UPDATED)

    with entered(scope_of(0.5)):
        page = await reading(short, Hanging("b", contacts("b", STAMPS))).list(request)

    assert [outcome.status for outcome in page.outcomes] == [OutcomeStatus.OK, OutcomeStatus.FAILED]
    assert len(page.records) == 17
    assert page.has_next_page


async def test_nobody_reads_ahead_of_a_source_that_is_merely_slower(reading: Asks) -> None:
    """Reading ahead is for emergencies: a delay within half of the time costs no call."""
    short = MemoryConnector("a", contacts("a", [STAMPS[5]] * 9), page_size=3)
    slow = Pausing("b", contacts("b", [STAMPS[1]] * 9))
    slow.pause_s = 0.05
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, first=9, order=UPDATED)
    with entered(scope_of(5)):
        page = await reading(short, slow).list(request)

    assert {row.source for row in page.records} == {"b"}
    assert page.outcomes[0].upstream_calls == 1


async def test_a_callers_haste_says_nothing_about_a_source(reading: Asks) -> None:
    """With options.deadlineMs of its own, a timeout is the caller's, and the source stays as it was."""
    hung = Hanging("a", contacts("a", STAMPS))
    reads = reading(hung)
    request = ListRequest(entity=Entity.CONTACT, selection=NAMES, options=ReadOptions(deadline_ms=50))
    started = perf_counter()

    with entered(scope_of(5)), pytest.raises(SourceTimeout, match="ask for less"):
        await reads.list(request)

    assert perf_counter() - started < 0.5
    assert reads.sources()[0].status is SourceStatus.READY


@pytest.mark.parametrize("where", ["by_ids", "related"])
async def test_a_relation_that_hangs_times_out_for_its_own_rows(reading: Asks, where: str) -> None:
    """The list is there; each row of the hung source gets SOURCE_TIMEOUT, those of others get their records."""
    hung = Hanging("b", company_book("b"), links={("companies", str(n)): ["9"] for n in (1, 2, 3)})
    hung.where = (where,)
    fine = MemoryConnector("a", company_book("a"), links={("companies", str(n)): ["9"] for n in (1, 2, 3)})
    wanted = many(follow("last_name"), companies=(5, follow("name")))
    with entered(scope_of(0.4)):
        reads = reading(fine, hung)
        page = await reads.list(ListRequest(entity=Entity.CONTACT, selection=wanted))
        found = [
            await settled(reads.related_many(row, "companies", first=5, after=None, selection=follow("name")))
            for row in page.records
        ]

    kinds = {row.source: type(item).__name__ for row, item in zip(page.records, found, strict=True)}
    assert kinds == {"a": "RelatedList", "b": "SourceTimeout"}
    assert hung.cancelled == 1, "one batch, not tried again by each field"
    assert reads.failures["b"].code == "SOURCE_TIMEOUT"


async def test_a_cancelled_request_leaves_no_task(reading: Asks) -> None:
    """Whether a page or a batch was under way when the caller left."""
    for where in ("page", "count", "by_ids", "related"):
        hung = Hanging("b", company_book("b"), links={("companies", "1"): ["9"]})
        hung.where = (where,)
        wanted = many(follow("last_name", company=follow("name")), companies=(5, follow("name")))
        before = asyncio.all_tasks()
        with entered(scope_of(30)):
            reads = reading(MemoryConnector("a", company_book("a")), hung)
            request = ListRequest(entity=Entity.CONTACT, selection=wanted, wants_total=True)
            task = asyncio.create_task(reads.list(request))
            await hung.hangs.wait()

            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await reads.aclose()

        assert (asyncio.all_tasks() - before, hung.waiting, task.cancelled()) == (set(), 0, True), where


async def test_fields_left_behind_end_with_their_request(reading: Asks) -> None:
    """A field that nobody awaits any more neither waits on nor asks anything after the request has ended."""
    hung = Hanging("a", company_book("a"))
    hung.where = ("by_ids",)
    with entered(scope_of(30)) as scope:
        reads = reading(hung)
        left = [asyncio.create_task(settled(reads.referred("a", ref(Entity.COMPANY, n), NAMES))) for n in (1, 2)]
        await hung.hangs.wait()

        await reads.aclose()
        left.append(asyncio.create_task(settled(reads.referred("a", ref(Entity.COMPANY, 3), NAMES))))
        ended = await asyncio.wait_for(asyncio.gather(*left, return_exceptions=True), 1)

    assert [type(item) for item in ended] == [asyncio.CancelledError] * 3
    assert (hung.waiting, scope.calls) == (0, [])

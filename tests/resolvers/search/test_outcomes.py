"""What a search says of each source's part in it."""

from dataclasses import replace
from time import perf_counter

import pytest

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.entities import Entity
from model.errors import RateLimited, SourceError, SourceUnavailable, Unsupported
from model.page import Searched
from model.query import SearchQuery, Selection
from model.reading import Outcome, OutcomeStatus, ReadOptions, SearchRequest, SourceStatus
from resolvers.search import search_steps
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources
from tests.resolvers.books import follow, small_book
from tests.resolvers.conftest import MEMORY, Asks
from tests.resolvers.search.ranked import TYPES, Ranked, ranks

PERSON, COMPANY, DEAL = TYPES
REQUEST = SearchRequest(text="acme", selections=dict.fromkeys(TYPES, Selection()), first=4)
FULL = {entity: range(1, 6) for entity in TYPES}


def told(outcome: Outcome) -> tuple[OutcomeStatus, int, str | None]:
    """How it ended, its hits, and the code of what it met."""
    return outcome.status, outcome.rows, outcome.error and outcome.error.code


def down(source: str) -> SourceUnavailable:
    """What a source that is down meets."""
    return SourceUnavailable(f"{source} is down", source=source, retry_after_s=5)


@pytest.mark.usefixtures("scope")
async def test_a_source_that_fails_stays_out_and_is_read_alone_later(reading: Asks) -> None:
    """Its neighbours' hits come; its cursor gives what the walk did not have of it."""
    a, b = Ranked("a", FULL), Ranked("b", FULL)
    first = await reading(a, b).search(REQUEST)
    b.error = down("b")
    reads = reading(a, b)
    second = await reads.search(replace(REQUEST, after=first.cursor_of(3)))
    b.error = None
    third = await reading(a, b).search(replace(REQUEST, after=second.cursor_of(3)))
    resume = second.outcomes[1].resume_cursor
    alone = await reading(a, b).search(replace(REQUEST, after=resume, sources=("b",), first=99))

    assert [told(outcome) for outcome in second.outcomes] == [
        (OutcomeStatus.OK, 4, None),
        (OutcomeStatus.FAILED, 0, "SOURCE_UNAVAILABLE"),
    ]
    assert (second.is_partial, second.outcomes[1].has_more, reads.failures["b"].code) == (
        True,
        True,
        "SOURCE_UNAVAILABLE",
    )
    assert told(third.outcomes[1]) == (OutcomeStatus.SKIPPED, 0, None)
    assert "failed earlier in this walk" in third.outcomes[1].notes[0]
    assert {hit.record.source for hit in third.hits} == {"a"}
    assert set(ranks(alone.hits)) | set(ranks([hit for hit in first.hits if hit.record.source == "b"])) == {
        ("b", name, str(number)) for name in ("Contact", "Company", "Deal") for number in FULL[PERSON]
    }
    assert len(alone.hits) == 15 - sum(hit.record.source == "b" for hit in first.hits)


@pytest.mark.usefixtures("scope")
async def test_a_type_that_fails_leaves_the_others(reading: Asks) -> None:
    """The source is PARTIAL and says which; its cursor gives hits of that type alone."""
    source = Ranked("a", FULL)
    source.fails[COMPANY] = RateLimited("a is busy", source="a", retry_after_s=1)

    page = await reading(source).search(replace(REQUEST, first=99))
    source.fails.clear()
    rest = await reading(source).search(replace(REQUEST, after=page.outcomes[0].resume_cursor, first=99))

    assert told(page.outcomes[0]) == (OutcomeStatus.PARTIAL, 10, "RATE_LIMITED")
    assert page.outcomes[0].notes == ("company records could not be searched: a is busy",)
    assert (page.is_partial, page.has_next_page, page.outcomes[0].has_more) == (True, False, True)
    assert ranks(rest.hits) == [("a", "Company", str(number)) for number in FULL[COMPANY]]
    assert rest.outcomes[0].status is OutcomeStatus.OK


@pytest.mark.usefixtures("scope")
async def test_a_source_whose_types_all_fail_has_failed(reading: Asks) -> None:
    """Where nobody else answers, the field fails with its error."""
    source = Ranked("a", FULL)
    source.only = (PERSON, COMPANY)
    source.fails = {PERSON: down("a"), COMPANY: down("a")}
    reads = reading(source, Ranked("b", FULL))

    page = await reads.search(REQUEST)

    assert told(page.outcomes[0]) == (OutcomeStatus.FAILED, 0, "SOURCE_UNAVAILABLE")
    assert reads.sources()[0].status is SourceStatus.UNREACHABLE
    with pytest.raises(SourceUnavailable, match="a is down"):
        await reading(source).search(REQUEST)
    with pytest.raises(SourceUnavailable, match="a is down"):
        await reading(source, Ranked("b", FULL)).search(replace(REQUEST, options=ReadOptions(fail_on_source=True)))


@pytest.mark.usefixtures("scope")
async def test_a_source_without_search_is_skipped(reading: Asks) -> None:
    """With UNSUPPORTED; the field fails where the caller wants that, or where no source can search."""
    mute, none_of_these = MemoryConnector("b", small_book("b"), searches=False), Ranked("c", FULL)
    none_of_these.only = ()
    trio = (Ranked("a", FULL), mute, none_of_these)

    page = await reading(*trio).search(REQUEST)
    strict = replace(REQUEST, options=ReadOptions(fail_on_unsupported=True))

    assert [told(outcome) for outcome in page.outcomes] == [
        (OutcomeStatus.OK, 4, None),
        (OutcomeStatus.SKIPPED, 0, "UNSUPPORTED"),
        (OutcomeStatus.SKIPPED, 0, "UNSUPPORTED"),
    ]
    assert page.is_partial
    assert none_of_these.asked == []
    with pytest.raises(SourceError, match="b has no search of contact records, company records, deal records"):
        await reading(*trio).search(strict)
    with pytest.raises(Unsupported, match="no source can answer this"):
        await reading(*trio[1:]).search(REQUEST)


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize("is_any_type", [True, False])
async def test_a_type_that_a_source_does_not_search_is_told_where_it_was_named(
    reading: Asks, *, is_any_type: bool
) -> None:
    """Whoever names no type gets what there is, and that is exact."""
    source = Ranked("a", FULL)
    source.only = (PERSON,)

    page = await reading(source).search(replace(REQUEST, is_any_type=is_any_type, first=99))

    (outcome,) = page.outcomes
    assert told(outcome) == (OutcomeStatus.OK, 5, None)
    assert source.asked == [{PERSON: 0}]
    assert outcome.is_exact is is_any_type
    assert outcome.notes == (() if is_any_type else ("no search of company records, deal records here",))
    assert not page.is_partial


@pytest.mark.usefixtures("scope")
async def test_deviations_are_told(reading: Asks) -> None:
    """The CRM's own, such as a lagging index, and what a search never finds."""
    lagging = Ranked("a", FULL)
    lagging.notes = ("its index lags",)

    page = await reading(lagging, Ranked("b", FULL)).search(REQUEST)
    binned = await reading(Ranked("b", FULL)).search(replace(REQUEST, options=ReadOptions(include_archived=True)))

    assert [(outcome.is_exact, outcome.notes) for outcome in page.outcomes] == [
        (False, ("its index lags",)),
        (True, ()),
    ]
    assert binned.outcomes[0].notes == ("deleted and archived records are not searched",)
    assert not binned.outcomes[0].is_exact


async def test_a_search_keeps_its_bounds(reading: Asks) -> None:
    """A source that hangs is SOURCE_TIMEOUT at the deadline, with time left for relations; calls are counted."""
    hung, slow = Ranked("a", FULL), Ranked("b", FULL, page_size=1)
    hung.hangs = True
    request = replace(REQUEST, selections={PERSON: follow("last_name", company=follow("name"))}, first=3)
    started = perf_counter()

    with entered(Scope(deadline=Deadline.after(0.4), max_calls=9)):
        page = await reading(hung, slow).search(request)
    with entered(Scope(deadline=Deadline.after(30), max_calls=9)):
        few = await reading(slow).search(replace(request, options=ReadOptions(max_calls=2)))

    assert perf_counter() - started < 0.4
    assert [told(outcome) for outcome in page.outcomes] == [
        (OutcomeStatus.FAILED, 0, "SOURCE_TIMEOUT"),
        (OutcomeStatus.OK, 3, None),
    ]
    assert told(few.outcomes[0]) == (OutcomeStatus.PARTIAL, 2, "BUDGET_EXCEEDED")


class Endless(Ranked):
    """Promises more and gives nothing, or leaves a type out."""

    answers: bool = True

    async def search(self, query: SearchQuery, after: object = None) -> dict[Entity, Searched | SourceError]:
        """As told."""
        return dict.fromkeys(query.selections, Searched((), has_more=True)) if self.answers else {}


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize("answers", [True, False])
async def test_a_search_that_leads_nowhere_is_our_bug(reading: Asks, *, answers: bool) -> None:
    """It ends, as that source's own failure."""
    broken = Endless("a", FULL)
    broken.answers = answers

    page = await reading(broken, Ranked("b", FULL)).search(REQUEST)

    assert told(page.outcomes[0]) == (OutcomeStatus.FAILED, 0, "INTERNAL")


@pytest.mark.usefixtures("scope")
async def test_the_calls_made_are_those_declared(reading: Asks, scope: Scope) -> None:
    """By the search and by the relations behind its hits; what cannot take part has no step."""
    pair = [MemoryConnector("a", small_book("a")), MemoryConnector("b", small_book("b"), searches=False)]
    sources = Sources(Source(item.source, item.source, MEMORY, item) for item in pair)
    request = SearchRequest(
        text="n", selections={PERSON: follow("last_name", company=follow("name")), COMPANY: follow("name")}
    )

    steps = (await search_steps(request, sources=sources, limits=ReadLimits())).steps
    declared = sum(step.estimated_calls for step in steps)
    await reading(*pair).search(request)

    assert declared == len(scope.calls) == 2
    assert (steps[0].operation, steps[0].entity, steps[0].vendor_query) == ("search", None, "search n")
    assert steps[0].pushed == ("contact matches 'n'", "company matches 'n'")
    assert {step.source for step in steps} == {"a"}

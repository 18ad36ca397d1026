"""Decisions about matches, on each kind of database."""

import asyncio

from sqlalchemy import URL

from gateway.store import Database, MatchDecisions
from model.ids import GlobalId
from model.reading import MatchState

A, B, C = (GlobalId("contact", source, number) for source, number in (("s", "1"), ("h", "2"), ("d", "3")))


async def said(decisions: MatchDecisions, *records: GlobalId) -> dict[frozenset[GlobalId], MatchState]:
    """What was decided about *records*."""
    return {frozenset((item.a, item.b)): item.state for item in await decisions.of(records)}


async def test_pair_has_no_order(database: Database) -> None:
    """Whoever is named first, a pair has one decision, found from either end."""
    decisions = MatchDecisions(database)

    await decisions.confirm(A, B)
    await decisions.reject(B, A)
    await decisions.confirm(C, A)

    assert await said(decisions, A) == {frozenset((A, B)): MatchState.REJECTED, frozenset((A, C)): MatchState.CONFIRMED}
    assert await said(decisions, B) == {frozenset((A, B)): MatchState.REJECTED}
    assert await said(decisions, GlobalId("company", "s", "1")) == {}
    assert await said(decisions) == {}


async def test_saying_the_same_again_changes_nothing(database: Database) -> None:
    """Not even when it was said."""
    decisions = MatchDecisions(database)
    await decisions.confirm(A, B)
    first = await decisions.of([A])

    await decisions.confirm(B, A)

    assert await decisions.of([A]) == first


async def test_decisions_outlive_the_process(url: URL) -> None:
    """Another process with the same database knows them."""
    one, other = Database(url), Database(url)
    await MatchDecisions(one).confirm(A, B)
    await one.aclose()

    assert await said(MatchDecisions(other), B) == {frozenset((A, B)): MatchState.CONFIRMED}
    await other.aclose()


async def test_writers_wait_for_each_other(url: URL) -> None:
    """Two processes that decide at once both succeed."""
    databases = [Database(url), Database(url)]
    pairs = [(GlobalId("contact", "s", str(n)), GlobalId("contact", "h", str(n))) for n in range(20)]

    await asyncio.gather(
        *(MatchDecisions(databases[index % 2]).reject(a, b) for index, (a, b) in enumerate([*pairs, *pairs]))
    )

    assert len(await said(MatchDecisions(databases[0]), *(a for a, _ in pairs))) == len(pairs)
    for database in databases:
        await database.aclose()


async def test_many_records_are_asked_at_once(database: Database) -> None:
    """A page of the largest size fits one question, whatever its ids are spelled like."""
    decisions = MatchDecisions(database)
    odd = GlobalId("contact", "s", "o'brien % _ \\ ü")
    await decisions.confirm(odd, B)

    asked = [GlobalId("contact", "s", str(n)) for n in range(1_000)]

    assert await said(decisions, odd, *asked) == {frozenset((odd, B)): MatchState.CONFIRMED}

"""A report tells a stranger what broke, on which query, on which rows, and how to see it again."""

import pytest

from connectors.conformance import LAWS, Report, name_of, run_laws
from tests.connectors.conformance.mutants import MUTANTS, Mutant

NAME = "a filter selects what the oracle does"
LAW = [law for law in LAWS if name_of(law) == NAME]


async def broken_report(*, first_case: int = 0, rounds: int = 120) -> Report:
    """The report on a connector that reads lte as lt."""
    return await run_laws(Mutant(MUTANTS[NAME]), seed=11, laws=LAW, first_case=first_case, rounds=rounds)


async def test_a_violation_tells_law_query_and_rows() -> None:
    """The text holds the seed, the law in a sentence, the query in words and the rows that differ."""
    report = await broken_report()
    text = str(report)

    assert "1 of 1 laws broken (seed 11)" in text
    assert "selects the oracle's rows" in text
    assert " lte " in text
    assert "missing:" in text


async def test_a_violation_is_drawn_again_by_seed_and_case() -> None:
    """The same seed and the violation's case alone break the same law on the same query."""
    violation = (await broken_report()).violations[0]

    again = (await broken_report(first_case=violation.case, rounds=1)).violations[0]

    assert again == violation


async def test_a_broken_query_is_made_small() -> None:
    """What does not matter is left out of the query that is told."""
    name = "pushed and residual mean the query"
    law = [item for item in LAWS if name_of(item) == name]
    report = await run_laws(Mutant(MUTANTS[name]), seed=11, rounds=40, laws=law)
    query = report.violations[0].query

    assert (query.order, query.selection.fields, query.selection.relations) == ((), frozenset(), {})


async def test_a_broken_report_fails_a_test() -> None:
    """What a test calls raises the whole text."""
    report = await broken_report()

    with pytest.raises(AssertionError, match="seed 11"):
        report.require_none_broken()

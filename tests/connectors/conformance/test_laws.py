"""Laws hold for a right connector, and each notices a connector that is wrong in its way."""

from typing import Any

import pytest

from connectors.conformance import LAWS, Law, Report, name_of, run_laws
from model.errors import SourceUnavailable
from tests.connectors.conformance.account import WholeConnector
from tests.connectors.conformance.mutants import MUTANTS, Mutant, Wrongs

SECRET = "hunter2+hunter2/hunter2"
BY_NAME = {name_of(law): law for law in LAWS}


async def laws_over(connector: Mutant, *names: str, rounds: int = 120) -> Report:
    """The report on some laws, for a connector that can be troubled and has a secret."""
    laws = [BY_NAME[name] for name in names]
    return await run_laws(
        connector, seed=11, rounds=rounds, laws=laws, secrets=[SECRET], troubles={"away": connector.trouble}
    )


@pytest.mark.parametrize(
    "options",
    [{}, {"pushes": False}, {"sorts": False}, {"page_size": 1}],
    ids=["pushes", "residual", "unsorted", "short"],
)
async def test_a_right_connector_keeps_every_law(options: dict[str, Any]) -> None:
    """No law is stricter than the contract, whatever a connector leaves to the host."""
    report = await run_laws(WholeConnector(**options), seed=5, rounds=8, again=lambda: WholeConnector(**options))

    report.require_none_broken()


async def test_every_law_is_tried_on_a_whole_connector() -> None:
    """A law that says nothing about the account in memory would pass without a look."""
    connector = Mutant(Wrongs())

    report = await laws_over(connector, *BY_NAME, rounds=12)

    assert [name for name, tried in report.tried.items() if tried == 0] == []
    report.require_none_broken()


@pytest.mark.parametrize("name", sorted(MUTANTS))
async def test_each_law_catches_its_mutant(name: str) -> None:
    """A connector that is wrong in one way breaks the law about it."""
    connector = Mutant(MUTANTS[name])

    report = await laws_over(connector, name)

    for task in connector.left:
        task.cancel()
    assert [violation.law for violation in report.violations] == [name]


TROUBLED = {
    "trouble has a name and passes": "page",
    "counts in trouble are right or fail by name": "count",
    "groups in trouble are right or fail by name": "aggregate",
    "hits in trouble are right or fail by name": "search",
}
"""The method that each law about trouble looks at."""


@pytest.mark.parametrize("error", [KeyError("properties"), SourceUnavailable("away", source="other")], ids=repr)
@pytest.mark.parametrize("name", TROUBLED)
async def test_trouble_without_a_name_is_caught(name: str, error: Exception) -> None:
    """What a source's misbehaviour raises is a SourceError that names the source."""
    connector = Mutant(Wrongs())
    report = await run_laws(
        connector,
        seed=1,
        rounds=12,
        laws=[BY_NAME[name]],
        troubles={"away": lambda: connector.trouble(error, method=TROUBLED[name])},
    )

    assert len(report.violations) == 1


@pytest.mark.parametrize(
    "shown",
    [SECRET, SECRET[::-1], "aHVudGVyMitodW50ZXIyL2h1bnRlcjI", "hunter2%2Bhunter2%2Fhunter2", SECRET.encode().hex()],
)
async def test_a_secret_in_an_error_is_caught(shown: str) -> None:
    """A secret is found in a cause of an error, plain or encoded, and the report does not show it."""
    connector = Mutant(Wrongs())
    error = SourceUnavailable("away", source=connector.source)
    error.__cause__ = OSError(f"GET /?key={shown}")
    report = await run_laws(
        connector,
        seed=1,
        rounds=1,
        laws=[BY_NAME["secrets stay secret"]],
        secrets=[SECRET],
        troubles={"away": lambda: connector.trouble(error)},
    )

    assert len(report.violations) == 1
    assert shown not in str(report)


def test_no_law_is_without_its_mutant() -> None:
    """Every law is shown to notice something; those about trouble and secrets have tests of their own."""
    apart = {*TROUBLED, "secrets stay secret"}

    assert set(MUTANTS) | apart == set(BY_NAME)


@pytest.mark.parametrize("law", LAWS, ids=name_of)
def test_every_law_says_what_it_is(law: Law) -> None:
    """A law's docstring is one sentence, for the report shows it."""
    said = " ".join((law.__doc__ or "").split())

    assert said.endswith(".")
    assert ". " not in said

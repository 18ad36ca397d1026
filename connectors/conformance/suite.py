"""Runs the laws over a connector with drawn queries, and reports what breaks with how to reproduce it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random

from connectors.base import Connector
from connectors.conformance.bench import Bench, Trouble
from connectors.conformance.laws import LAWS, Law, meaning_of, name_of
from connectors.conformance.report import Broken, Report, Untested, Violation
from connectors.conformance.shrink import smaller
from model.entities import Entity
from model.query import Query

__all__ = ["run_laws"]

_MOST_STEPS = 60


async def run_laws(
    connector: Connector,
    *,
    seed: int,
    rounds: int = 20,
    first_case: int = 0,
    laws: Sequence[Law] = LAWS,
    entities: Sequence[Entity] | None = None,
    again: Callable[[], Connector] | None = None,
    secrets: Sequence[str] = (),
    troubles: Mapping[str, Trouble] | None = None,
    tie_calls: int = 0,
    on_law: Callable[[str, int, Violation | None], None] | None = None,
) -> Report:
    """The report on *connector*, whose account nobody changes meanwhile.

    Args:
        connector: any that keeps the contract; it stays open.
        seed: draws every query; a report's seed and case draw its query again.
        rounds: cases for each law.
        first_case: where the numbering of cases begins; with one round, the only case.
        laws: those to try.
        entities: types to ask for; all that it lists when None.
        again: makes another connector to the same account, closed by the suite.
        secrets: texts that no error and no event may show, whole or encoded.
        troubles: by name, contexts in which the source misbehaves.
        tie_calls: data calls that a page may make beyond its plan where its end cuts a group of ties.
        on_law: told of each law when it has been tried: its name, how many cases tried it, and what broke it.

    Raises:
        SourceError: the account cannot be described or read at all.
    """
    bench = Bench(connector, again=again, secrets=secrets, troubles=troubles, tie_calls=tie_calls)
    await bench.open()
    types = sorted(entities) if entities is not None else bench.entities()
    tried: dict[str, int] = {}
    violations: list[Violation] = []
    for law in laws:
        cases = range(first_case, first_case + rounds)
        tried[name_of(law)], violation = await _try_law(bench, law, types, seed=seed, cases=cases)
        if violation is not None:
            violations.append(violation)
        if on_law is not None:
            on_law(name_of(law), tried[name_of(law)], violation)
    return Report(source=connector.source, seed=seed, tried=tried, violations=tuple(violations))


async def _try_law(
    bench: Bench, law: Law, types: Sequence[Entity], *, seed: int, cases: range
) -> tuple[int, Violation | None]:
    """How many of *cases* said something, and the first that broke the law, made small."""
    tried = 0
    for case in cases:
        key = f"{seed}/{name_of(law)}/{case}"
        random = Random(key)  # noqa: S311 - draws test cases
        draw = await bench.draw(random, types[case % len(types)])
        query = draw.query()
        broken = await _outcome(bench, law, query, key)
        if isinstance(broken, Untested):
            continue
        tried += 1
        if broken is not None:
            if not broken.is_smallest:
                query, broken = await _smallest(bench, law, query, broken, key)
            return tried, Violation(
                law=name_of(law),
                meaning=meaning_of(law),
                case=case,
                query=broken.query or query,
                message=broken.message,
            )
    return tried, None


async def _outcome(bench: Bench, law: Law, query: Query, key: str) -> Broken | Untested | None:
    try:
        await law(bench, query, Random(f"{key}/law"))  # noqa: S311 - draws test cases
    except (Broken, Untested) as outcome:
        return outcome
    except Exception as error:  # noqa: BLE001 - whatever a connector raises breaks the law, and the run goes on
        return Broken(f"raised {type(error).__name__}: {error}")
    return None


async def _smallest(bench: Bench, law: Law, query: Query, broken: Broken, key: str) -> tuple[Query, Broken]:
    """The smallest query that still breaks *law*, found by simplifying step by step."""
    steps = 0
    is_smaller = True
    while is_smaller and steps < _MOST_STEPS:
        is_smaller = False
        for candidate in smaller(query):
            steps += 1
            outcome = await _outcome(bench, law, replace(candidate), key)
            if isinstance(outcome, Broken):
                query, broken, is_smaller = candidate, outcome, True
                break
            if steps >= _MOST_STEPS:
                break
    return query, broken

"""Costly documents are refused before they run, for less CPU than an answer takes."""

import time

import pytest

from gateway.executor import Executor, Operation
from gateway.limits import merged, parsed
from model.errors import QueryTooComplex
from schema import build_schema
from tests.gateway.limits.attacks import ATTACKS, BOMBS, COMPANY, Attack
from tests.gateway.serving import Served, settings_with

LIMITS = settings_with().limits
SCHEMA = build_schema()._schema
attacks = pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())


def prepared(document: str) -> tuple[Operation | list[dict[str, object]], float]:
    """What preparing says, and the milliseconds of CPU it took; the best of three, since the machine is shared."""
    best = float("inf")
    for _ in range(3):
        executor = Executor(SCHEMA, LIMITS, introspection=False, sources=2)
        started = time.thread_time()
        found = executor.prepare(document, None, {})
        best = min(best, time.thread_time() - started)
    return found, best * 1000


@attacks
def test_attack_is_refused(opened: Served, attack: Attack) -> None:
    """The client gets one coded error that says what is too much, and no data."""
    answer = opened.post(attack.document)

    assert "data" not in answer
    assert attack.says in answer["errors"][0]["message"]
    assert {error["extensions"]["code"] for error in answer["errors"]} <= {"QUERY_TOO_COMPLEX", "BAD_REQUEST"}


@attacks
def test_legal_document_of_the_same_kind_runs(opened: Served, attack: Attack) -> None:
    """What is refused is the excess and not the feature."""
    assert "errors" not in opened.post(attack.legal, {"v": "x"})


@attacks
def test_refusal_takes_little_cpu(attack: Attack) -> None:
    """100 ms at most, whatever the document."""
    found, took_ms = prepared(attack.document)

    assert isinstance(found, list)
    assert took_ms <= 300


@pytest.mark.parametrize("bomb", BOMBS.keys())
def test_fragment_bomb_is_defused(opened: Served, bomb: str) -> None:
    """A chain of n fragments takes time in proportion to n: 50 ms at most, refused or run; a short one runs."""
    large, small = BOMBS[bomb]

    _, took_ms = prepared(large)
    answer = opened.post(large)

    assert took_ms <= 50
    assert answer.get("data") == {"__typename": "Query"} or answer["errors"][0]["message"]
    assert "errors" not in opened.post(small)


def worst(width: int, leaves: int) -> str:
    """The slowest kind of document to validate that the limits let through, found by search."""
    names = ["id", "name", "domain", "website", "phone", "industry", "employeeCount", "description"]
    rows = [[f"...f{row}_{n}" for n in range(width)] for row in range(3)]
    own = " ".join(names[:leaves])
    parts = [f"{{ {COMPANY} {{ {' '.join(rows[0])} }} }}"]
    for row in (0, 1):
        parts += [
            f"fragment f{row}_{n} on Company {{ {own} parent {{ {' '.join(rows[row + 1])} }} }}" for n in range(width)
        ]
    parts += [f"fragment f2_{n} on Company {{ {own} }}" for n in range(width)]
    return " ".join(parts)


def test_slowest_legal_document_is_validated_in_time() -> None:
    """What the limits let through is validated in about 100 ms of CPU; a busy machine may take twice that."""
    found, took_ms = prepared(worst(13, 8))

    assert isinstance(found, Operation)
    assert took_ms <= 100


def test_operations_share_one_ceiling() -> None:
    """Twenty operations may not each open the fragments up to the ceiling."""
    document = "".join(f"query q{n} {{ ...f }} " for n in range(20)) + "fragment f on Query { " + "a { b } " * 15
    document += "".join(f"a{n} {{ b c d e f g h }} " for n in range(40)) + "}"

    with pytest.raises(QueryTooComplex, match="more than 5000 fields"):
        merged(parsed(document, LIMITS), LIMITS)


def test_words_of_a_document_are_not_taken_for_a_limit(opened: Served) -> None:
    """A syntax error that quotes the client's own `tokens` stays a syntax error."""
    answer = opened.post('query tokens "Parsing aborted." { __typename }')

    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert "Syntax Error" in answer["errors"][0]["message"]

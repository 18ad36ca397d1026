"""Documents are prepared once, and what is kept of them is bounded."""

import pytest

from gateway.executor import Executor, Operation, Preparer
from schema import build_schema
from tests.gateway.serving import settings_with

SCHEMA = build_schema()._schema
LIMITS = settings_with().limits


@pytest.fixture
def preparer() -> Preparer:
    """A preparer that has seen nothing."""
    return Preparer(SCHEMA, LIMITS, introspection=False)


def test_same_text_is_prepared_once(preparer: Preparer) -> None:
    """The second time the very same document comes back; another text is another document."""
    first = preparer.prepare("{ __typename }")

    assert preparer.prepare("{ __typename }") is first
    assert preparer.prepare("{ __typename  }") is not first


def test_wrong_documents_are_not_kept(preparer: Preparer) -> None:
    """Nobody can fill the store with what never runs."""
    first = preparer.prepare("{ nope }")

    assert first.errors
    assert preparer.prepare("{ nope }") is not first


def test_least_used_documents_are_forgotten(preparer: Preparer) -> None:
    """The store is bounded, and what is used again stays."""
    often = preparer.prepare("{ __typename }")
    once = preparer.prepare("{ a: __typename }")
    for number in range(30):
        preparer.prepare(f"{{ a{number}: __typename }} #" + "x" * 14_000)
        assert preparer.prepare("{ __typename }") is often

    assert preparer.prepare("{ a: __typename }") is not once


def test_short_documents_that_stand_for_many_fields_count_as_large(preparer: Preparer) -> None:
    """The store is bounded by what it holds and not by the text: fragments that double fill no memory."""
    chain = " ".join(
        f"fragment f{level} on Company {{ a: parent {{ ...f{level + 1} }} b: parent {{ ...f{level + 1} }} }}"
        for level in range(9)
    )
    bombs = [f'{{ company(id: "{n}") {{ ...f0 }} }} {chain} fragment f9 on Company {{ id }}' for n in range(120)]
    plain = [f"{{ a{n}: __typename }} #" + "x" * len(chain) for n in range(120)]

    for documents, is_kept in ((plain, True), (bombs, False)):
        first, *_ = [preparer.prepare(document) for document in documents]
        assert not first.errors
        assert (preparer.prepare(documents[0]) is first) is is_kept


def test_price_follows_the_variables() -> None:
    """A document that passed once with small numbers does not pass with large ones, nor the other way round."""
    executor = Executor(SCHEMA, LIMITS, introspection=False, sources=2)
    document = (
        "query ($n: Int) { contacts(first: $n) { nodes { deals(first: $n) { nodes { notes(first: $n)"
        " { nodes { title } } } } } } }"
    )

    results = [executor.prepare(document, None, {"n": n}) for n in (5, 100, 5)]

    assert [isinstance(found, Operation) for found in results] == [True, False, True]


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "'$n' has invalid value"),
        ({"n": "1"}, "Int cannot represent non-integer value"),
        ({"n": 2**31}, "Int cannot represent non 32-bit signed integer value"),
        ({"n": [1]}, "Int cannot represent"),
        ({"n": None}, "'$n' has invalid value"),
    ],
)
def test_variables_are_checked_before_anything_runs(variables: dict[str, object], says: str) -> None:
    """A value that does not fit its type is one coded error."""
    executor = Executor(SCHEMA, LIMITS, introspection=False, sources=2)

    found = executor.prepare("query ($n: Int!) { contacts(first: $n) { isPartial } }", None, variables)

    assert isinstance(found, list)
    assert says in found[0]["message"]
    assert found[0]["extensions"] == {"code": "BAD_REQUEST"}


def test_many_wrong_values_are_told_up_to_a_bound() -> None:
    """A body full of mistakes does not become an answer full of errors."""
    executor = Executor(SCHEMA, LIMITS, introspection=False, sources=2)
    document = "query ($where: ContactFilter) { contacts(where: $where) { isPartial } }"

    found = executor.prepare(document, None, {"where": {"email": {"in": [7] * 4_000}}})

    assert isinstance(found, list)
    assert len(found) <= 21

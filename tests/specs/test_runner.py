"""The runner notices what does not happen as told: without this, no story would mean anything."""

from contextlib import nullcontext
from typing import Any

import pytest

from tests.specs.checks import at, check, differences, filled
from tests.specs.stage import Answers
from tests.specs.stories import Step, read_story
from tests.specs.test_specs import run

BODY: dict[str, Any] = {
    "data": {
        "rows": [
            {"name": "Ada", "at": "2026-01-01T00:00:00.000Z", "is": True, "in": [{"n": 1}]},
            {"name": "Bob", "at": "2026-01-01T00:00:00Z", "is": True, "in": []},
            {"name": None, "at": None, "is": False, "in": [{"n": 2}, {"n": 3}]},
        ],
        "none": None,
    }
}


class OneAnswer:
    """A stage that always answers the same, and declares what it did."""

    def __init__(self, *calls: dict[str, Any], journal: dict[str, int]) -> None:
        self._calls = list(calls)
        self._journal = journal

    def ask(self, query: str, variables: object, *, copies: int) -> Answers:
        """The answer."""
        del query, variables, copies
        return Answers([{**BODY, "extensions": {"calls": self._calls}}], self._journal)

    def declared(self, query: str, variables: object) -> dict[str, int]:
        """One call at one source."""
        del query, variables
        return {"hubspot": 1}

    def disturbed(self, faults: object) -> Any:
        """No fault."""
        del faults
        return nullcontext()


def call(kind: str = "data", *, cached: bool = False, retries: int = 0) -> dict[str, Any]:
    """A call at HubSpot."""
    return {"source": "hubspot", "kind": kind, "cached": cached, "retries": retries}


def wrongs(stage: OneAnswer, **expected: Any) -> list[str]:
    """What a step that expects *expected* says of the stage."""
    return run(Step(title="a step", query="{ a }", **expected), stage, {})  # type: ignore[arg-type]


def test_paths_reach_into_lists() -> None:
    """A star is every item, a number is one, and a path that leads nowhere says so."""
    assert at(BODY, "data.rows.*.in.*.n") == [1, 2, 3]
    assert at(BODY, "data.rows.1.name") == "Bob"
    assert check(BODY, "data.nowhere.*.n", "absent", {}) is not None
    assert check(BODY, "data.nowhere", "absent", {}) is None


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("data.rows", "3 items"),
        ("data.rows", "at least 2 items"),
        ("data.none", "is null"),
        ("errors", "absent"),
        ("data.rows.0.name", "present"),
        ("data.rows.*.name", "ascending"),
        ("data.rows.*.at", "descending"),
        ("data.rows.*.name", "distinct"),
        ("data.rows.*.name", "some null"),
        ("data.rows.*.name", "some is Ada"),
        ("data.rows.*.name", "none is Cy"),
        ("data.rows.*.in.*.n", "each present"),
        ("data.rows.*.is", "some is true"),
        ("data.rows.0.name", "is Ada"),
        ("data.rows.0.name", "is not Bob"),
        ("data.rows.0.at", "contains 2026"),
    ],
)
def test_what_is_so_is_accepted(path: str, said: str) -> None:
    """A check that holds says nothing."""
    assert check(BODY, path, said, {}) is None


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("data.rows", "2 items"),
        ("data.rows", "at least 4 items"),
        ("data.rows.0.name", "is null"),
        ("data.none", "absent"),
        ("data.none", "present"),
        ("data.rows.*.name", "descending"),
        ("data.rows.*.is", "distinct"),
        ("data.rows.*.name", "each present"),
        ("data.rows.*.is", "some null"),
        ("data.rows.*.name", "some is Cy"),
        ("data.rows.*.name", "none is Ada"),
        ("data.rows.*.is", "each is true"),
        ("data.rows.0.name", "is Bob"),
        ("data.rows.0.name", "is not Ada"),
        ("data.rows.0.at", "contains 2027"),
        ("data.nowhere.*.n", "each is 1"),
        ("data.nowhere.*.n", "ascending"),
        ("data.nowhere.*.n", "distinct"),
    ],
)
def test_what_is_not_so_is_told(path: str, said: str) -> None:
    """A check that does not hold says where and what; one of nothing never holds."""
    told = check(BODY, path, said, {})

    assert told is not None
    assert told.startswith(path)


def test_an_unknown_check_is_refused() -> None:
    """A check that is misspelt is no check."""
    with pytest.raises(ValueError, match="unknown"):
        check(BODY, "data", "exists", {})


def test_a_value_is_kept_for_later_steps() -> None:
    """What a step kept stands in variables, answers and checks of the next ones."""
    kept: dict[str, Any] = {}

    assert check(BODY, "data.rows.0.name", "keep as first", kept) is None
    assert filled({"names": ["<first>", "<other>"]}, kept) == {"names": ["Ada", "<other>"]}
    assert check(BODY, "data.rows.0.name", "is <first>", kept) is None
    assert check(BODY, "data.rows.1.name", "is <first>", kept) is not None


def test_a_part_of_an_answer_is_compared() -> None:
    """Objects may hold more than is told; values and the length of lists may not differ."""
    assert differences({"data": {"none": None}}, BODY) == []
    assert differences({"data": {"rows": [{"name": "Ada"}, {"name": "Bob"}, {"is": False}]}}, BODY) == []
    assert len(differences({"data": {"rows": [{"name": "Ada"}]}}, BODY)) == 1
    assert differences({"data": {"rows": [{"name": "Eve"}, {}, {}]}}, BODY) == [
        "data.rows.0.name: expected 'Eve', got 'Ada'"
    ]


def test_calls_are_counted_three_times() -> None:
    """The story, `explain` and the emulators' own journal have to agree."""
    right = OneAnswer(call(), call("metadata", retries=1), call(cached=True), journal={"hubspot": 3})

    assert wrongs(right, calls={"hubspot": 1}) == []
    assert len(wrongs(right, calls={"hubspot": 2})) == 2
    assert len(wrongs(right, calls={"hubspot": 1}, explain={"hubspot": 2})) == 1
    assert len(wrongs(OneAnswer(call(), journal={"hubspot": 2}), calls={"hubspot": 1})) == 1
    assert len(wrongs(OneAnswer(journal={"hubspot": 1}), checks={"data": "present"})) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# No step\n", "needs a step"),
        ("## A\n```graphql\n{ a }\n```\n", "expects nothing"),
        ("## A\n```yaml calls\na: 1\n```\n", "has no query"),
        ("## A\n```yaml call\na: 1\n```\n", "is unknown"),
        ("```yaml setup\nscalee: 1\n```\n## A\n", "unknown keys"),
        ("## A\n```graphql\n{ a }\n```\n```yaml calls\na: 1\n```\n```yaml calls\na: 1\n```\n", "two blocks"),
        ("## A\n```graphql\n{ a }\n", "no end"),
    ],
)
def test_a_story_that_cannot_be_run_is_refused(text: str, why: str) -> None:
    """Nothing that a story says is passed over."""
    with pytest.raises(ValueError, match=why):
        read_story("story", text)

"""docs/queries.md: each query runs over both emulated CRMs as it stands, and finds something."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.docs.pages import fenced, page
from tests.specs.stage import Stage, staged
from tests.specs.stories import Setup

QUERIES = fenced(page("docs/queries.md"), "graphql")
ELSEWHERE = ("query Projects",)
"""What neither CRM has; tests/gateway/test_projects.py runs it."""


def name_of(query: str) -> str:
    """The operation's name."""
    found = re.match(r"query (\w+)", query)
    assert found is not None, f"a query without a name: {query[:60]}"
    return found[1]


def troubles(value: Any) -> Iterator[str]:
    """Every source's failure within an answer."""
    if isinstance(value, dict):
        if value.get("status") in {"FAILED", "SKIPPED", "PARTIAL"}:
            yield f"{value['source']['key']}: {value['status']} {value.get('error')} {value.get('notes')}"
        for item in value.values():
            yield from troubles(item)
    elif isinstance(value, list):
        for item in value:
            yield from troubles(item)


def is_empty(field: Any) -> bool:
    """Whether a root field gave no rows where it could have."""
    return isinstance(field, dict) and any(field.get(name) == [] for name in ("nodes", "groups", "steps"))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Both CRMs as the demo has them, told around today."""
    rates = ({"date": "2020-01-01", "base": "EUR", "rates": {"USD": "1.10", "GBP": "0.85", "JPY": "165"}},)
    with staged(Setup(scale=0.3, today="now", exchange_rates=rates), tmp_path_factory.mktemp("queries")) as running:
        yield running


@pytest.mark.parametrize("query", [one for one in QUERIES if not one.startswith(ELSEWHERE)], ids=name_of)
def test_query_runs(query: str, stage: Stage) -> None:
    """No error, every source answers whole, and no root field is empty."""
    (body,) = stage.ask(query, {}).bodies

    assert "errors" not in body, body["errors"]
    assert list(troubles(body["data"])) == []
    assert [name for name, field in body["data"].items() if is_empty(field)] == []


def test_names_are_distinct() -> None:
    """Each query can be named."""
    names = [name_of(query) for query in QUERIES]

    assert len(set(names)) == len(names) > 10


def test_troubles_are_seen() -> None:
    """A failed source is found however deep, and an empty list of a root field is."""
    outcome = {"source": {"key": "a"}, "status": "FAILED", "error": {"code": "X"}}

    assert len(list(troubles({"deals": [{"sources": [outcome]}]}))) == 1
    assert is_empty({"nodes": []})
    assert not is_empty({"nodes": [1]})

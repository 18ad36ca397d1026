"""Every contact of both CRMs, once and in order, by cursor, whatever the page size and the process."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from tests.walks.processes import Served, config_for, served

PAGE = """
query ($first: Int!, $after: String) {
  contacts(first: $first, after: $after, orderBy: [{field: UPDATED_AT, direction: DESC}]) {
    nodes { remoteId updatedAt source { key } }
    pageInfo { hasNextPage endCursor }
    isPartial
    sources { source { key } status error { code message } }
  }
}
"""
Row = tuple[str, str, str]


def page(gateway: Served, first: int, after: str | None) -> tuple[list[Row], str | None]:
    """Rows as (updatedAt, source, remote id), and the next cursor."""
    found: dict[str, Any] = gateway.query(PAGE, first=first, after=after)["contacts"]
    assert not found["isPartial"], found["sources"]
    rows = [(node["updatedAt"], node["source"]["key"], node["remoteId"]) for node in found["nodes"]]
    return rows, found["pageInfo"]["endCursor"] if found["pageInfo"]["hasNextPage"] else None


def walk(gateway: Served, first: int, after: str | None = None) -> list[Row]:
    """Every row behind *after*."""
    rows, after = page(gateway, first, after)
    while after is not None:
        further, after = page(gateway, first, after)
        rows += further
    return rows


def in_order(rows: list[Row]) -> list[Row]:
    """*rows* by time descending, then source, then id as the source compares ids."""
    by_id = sorted(rows, key=lambda row: (row[1], int(row[2]) if row[2].isdecimal() else 0, row[2]))
    return sorted(by_id, key=lambda row: row[0], reverse=True)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Path]]:
    """600 contacts over two CRMs, at a hundred times the vendors' pace."""
    with Sandbox(["salesforce", "hubspot"], scale=0.3, time_scale=100) as sandbox:
        yield sandbox, config_for(sandbox, tmp_path_factory.mktemp("small"), time_scale=100)


@pytest.fixture(scope="module")
def gateway(small: tuple[Sandbox, Path]) -> Iterator[Served]:
    """One process for the tests that need no more."""
    with served(*small) as found:
        yield found


@pytest.mark.parametrize("first", [1, pytest.param(7, marks=pytest.mark.slow), 100])
def test_600_contacts_are_visited_once_in_order(gateway: Served, first: int) -> None:
    """Page ends fall inside groups of equal timestamps, and no row is lost or repeated there."""
    rows = walk(gateway, first)

    assert len(rows) == 600
    assert len(set(rows)) == 600
    assert in_order(rows) == rows
    ends = [index for index in range(first, 600, first) if rows[index - 1][0] == rows[index][0]]
    assert ends, "no page ended inside a tie group: the walk proved less than it says"


@pytest.mark.slow
def test_a_new_process_resumes_from_any_cursor(small: tuple[Sandbox, Path], gateway: Served) -> None:
    """A cursor outlives the process that made it."""
    rows: list[Row] = []
    cursors: list[tuple[int, str]] = []
    after = None
    while True:
        further, after = page(gateway, 41, after)
        rows += further
        if after is None:
            break
        cursors.append((len(rows), after))

    with served(*small) as other:
        for count, cursor in cursors[::4]:
            assert rows[count:] == walk(other, 100, cursor)


@pytest.mark.slow
def test_20000_contacts_are_visited_once_in_flat_memory(tmp_path: Path) -> None:
    """Twenty thousand rows pass through a process that does not grow with them."""
    with Sandbox(["salesforce", "hubspot"], scale=10, time_scale=50) as sandbox:
        config = config_for(sandbox, tmp_path, time_scale=50)
        with served(sandbox, config) as gateway:
            rows, after = page(gateway, 100, None)
            memory: list[int] = []
            while after is not None:
                further, after = page(gateway, 100, after)
                rows += further
                memory.append(gateway.memory_kib())

    assert len(rows) >= 20_000
    assert len(set(rows)) == len(rows)
    assert in_order(rows) == rows
    early, late = max(memory[20:40]), max(memory[-20:])
    assert late - early < 8_192, f"grew from {early} to {late} KiB"


@pytest.mark.slow
def test_the_vendors_own_pace_is_kept(tmp_path: Path) -> None:
    """Unscaled, a walk waits for HubSpot's five searches a second instead of running into a refusal."""
    with Sandbox(["hubspot"], scale=0.3) as sandbox:
        config = config_for(sandbox, tmp_path, time_scale=1)
        with served(sandbox, config) as gateway:
            sandbox.clear_calls()
            started = time.monotonic()
            rows = walk(gateway, 20)
            took_s = time.monotonic() - started
            searches = [call for call in sandbox.calls("hubspot") if call.path.endswith("/search")]

    assert len(rows) == 300
    assert {200} == {call.status for call in searches}
    # The first five go at once; every further five wait for the second to pass.
    assert len(searches) >= 15
    assert took_s >= (len(searches) - 5) // 5

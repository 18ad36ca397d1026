"""Every contact of all CRMs, once and in order, by cursor."""

from collections.abc import Iterator

import pytest

from sandbox import Sandbox
from tests.walks.processes import Served, config_for, served
from tests.walks.test_walks import walk

CRMS = [
    "salesforce",
    "hubspot",
    "dynamics365",
    "pipedrive",
    "zoho",
    "freshsales",
    "generic_rest",
    "generic_graphql",
]
LIFTED = {
    "pipedrive": {"daily": 10**9, "burst": 10**6},
    "freshsales": {"hourly": 100_000},
    "zoho": {"daily": 10**9},
    "generic_rest": {"burst": 10**9},
    "generic_graphql": {"minute": 10**9},
}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """800 contacts over eight CRMs, fewer in the one whose leads are contacts."""
    with Sandbox(CRMS, scale=0.1, time_scale=100, options=LIFTED) as sandbox:
        config = config_for(sandbox, tmp_path_factory.mktemp("eight"), time_scale=100)
        with served(sandbox, config) as found:
            yield found


@pytest.mark.parametrize(
    "first", [100, pytest.param(7, marks=pytest.mark.slow), pytest.param(1, marks=pytest.mark.slow)]
)
def test_every_contact_is_visited_once_in_order(gateway: Served, first: int) -> None:
    """Whatever the vendors have for pages: key sets, cursors or page numbers."""
    rows = walk(gateway, first)

    by_source = {source: sum(row[1] == source for row in rows) for source in {row[1] for row in rows}}
    assert len(by_source) == 8
    assert set(by_source.values()) == {100}
    assert len({row[1:] for row in rows}) == len(rows)
    stamps = [row[0] for row in rows]
    assert stamps == sorted(stamps, reverse=True)

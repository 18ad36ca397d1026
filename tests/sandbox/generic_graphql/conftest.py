"""An emulator that the tests of one module share."""

from collections.abc import Iterator

import pytest

from tests.sandbox.generic_graphql.workspace import Workspace, running_workspace


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    """One with its default options, but for the limits."""
    with running_workspace() as one:
        yield one

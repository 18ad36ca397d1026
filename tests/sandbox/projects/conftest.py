"""An emulator that the tests of one module share."""

from collections.abc import Iterator

import pytest

from tests.sandbox.projects.desk import Desk, running_desk


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """One with its default options, but for the minute's limit."""
    with running_desk() as one:
        yield one

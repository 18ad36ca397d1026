"""An emulator that the tests of one module share."""

from collections.abc import Iterator

import pytest

from tests.sandbox.salesforce.desk import Client, Desk, connected


@pytest.fixture
def desk() -> Desk:
    """Empty tables."""
    return Desk()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A client of an emulator with its default options."""
    with connected() as one:
        yield one

"""One organisation for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.sandbox.zoho.orgs import Client, running_org


@pytest.fixture(scope="module")
def org() -> Iterator[Client]:
    """Serves the book of `orgs`."""
    with running_org() as client:
        yield client

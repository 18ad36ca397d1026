"""One organisation for most of these tests."""

from collections.abc import Iterator

import pytest

from tests.sandbox.dynamics365.organization import Organization, running_organization


@pytest.fixture(scope="module")
def organization() -> Iterator[Organization]:
    """The usual one."""
    with running_organization() as running:
        yield running

"""An emulator that the tests of one module share."""

from collections.abc import Iterator

import pytest

from tests.sandbox.freshsales.accounts import Account, running_account


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An account with its default options, but for the hour's limit."""
    with running_account() as one:
        yield one

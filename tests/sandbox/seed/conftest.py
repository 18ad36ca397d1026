"""The books that the tests of this folder read."""

import pytest

from sandbox.seed import Book, build_book


@pytest.fixture(scope="session")
def book() -> Book:
    """A book at scale 1."""
    return build_book("salesforce")


@pytest.fixture(scope="session")
def other() -> Book:
    """Another platform's book of the same world."""
    return build_book("hubspot", home_currency="USD")

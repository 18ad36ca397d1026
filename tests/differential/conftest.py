"""One running world for all differential tests."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.differential.world import EVERYWHERE, SETUP, World, opened
from tests.specs.stories import Setup


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A gateway over two emulators, limits off."""
    yield from silently(SETUP, tmp_path_factory)


@pytest.fixture(scope="package")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A gateway over all emulators, limits off."""
    yield from silently(EVERYWHERE, tmp_path_factory)


def silently(setup: Setup, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world of *setup*: thousands of requests are not worth a line each."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        with opened(tmp_path_factory.mktemp("world"), setup) as found:
            yield found
    finally:
        structlog.configure(**before)

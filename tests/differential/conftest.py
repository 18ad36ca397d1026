"""One running world for all differential tests."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.differential.world import World, opened


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A gateway over both emulators, limits off, silent: thousands of requests are not worth a line each."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        with opened(tmp_path_factory.mktemp("world")) as found:
            yield found
    finally:
        structlog.configure(**before)

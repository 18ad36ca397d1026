"""Gateways that the tests of one module share: one as shipped, one with everything turned on."""

from collections.abc import Iterator

import pytest

from tests.gateway.records import memory_source
from tests.gateway.serving import EVERYTHING_ON, Served, gateway_over, serving, settings_with


@pytest.fixture(scope="module")
def shipped() -> Iterator[Served]:
    """A gateway over two sources, with the features as they are by default: off."""
    with serving(gateway_over([memory_source("alpha"), memory_source("beta")])) as found:
        yield found


@pytest.fixture(scope="module")
def opened() -> Iterator[Served]:
    """The same with GraphiQL, introspection and explanations."""
    settings = settings_with(features=EVERYTHING_ON)
    with serving(gateway_over([memory_source("alpha"), memory_source("beta")], settings)) as found:
        yield found

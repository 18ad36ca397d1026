"""The catalog's file for PostGraphile over a real one."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from connectors.base import Connector
from connectors.conformance import run_laws
from connectors.credentials import Login
from connectors.http import AddressPolicy, Pace, Wire
from connectors.registry import SourceConfig, platforms
from tests.real.addresses import PostGraphileAddress
from tests.real.relay import relayed

pytestmark = pytest.mark.real


def connecting(postgraphile: PostGraphileAddress) -> Callable[[], Connector]:
    """Makes connectors to the account."""
    platform = platforms()["postgraphile"]
    config = SourceConfig(
        key="postgraphile",
        name="PostGraphile",
        platform="postgraphile",
        base_url=postgraphile.url.removesuffix("/graphql"),
        auth=Login.model_validate({"kind": "login", "username": postgraphile.email, "password": postgraphile.password}),
        options=platform.options.model_validate({}),
    )
    return lambda: platform.connect(config, Wire(pace=Pace(), addresses=AddressPolicy(allow_loopback=True)))


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_law_is_kept(seed: int, postgraphile: PostGraphileAddress) -> None:
    """Drawn queries find no case that breaks a law, whatever becomes of the answers on their way."""
    async with relayed(postgraphile.url.removesuffix("/graphql")) as (url, relay):
        connect = connecting(replace(postgraphile, url=url))
        connector = connect()
        try:
            report = await run_laws(
                connector,
                seed=seed,
                rounds=8,
                again=connect,
                secrets=(postgraphile.password,),
                troubles=relay.troubles,
                tie_calls=1,  # by an instant, the end of a page may cut a millisecond
            )
        finally:
            await connector.aclose()
    report.require_none_broken()

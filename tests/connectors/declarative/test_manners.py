"""A file can speak to every manner of API there is in the shop: the laws hold over each."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from connectors.base import Connector
from connectors.conformance import run_laws
from connectors.credentials import Auth
from connectors.declarative import load
from connectors.http import AddressPolicy, Wire
from connectors.registry import SourceConfig
from tests.connectors.declarative.manners import file_for
from tests.connectors.declarative.shop import (
    API_KEY,
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    REFRESH_TOKEN,
    USER,
    Manner,
    Shop,
    draw_companies,
    draw_people,
)

MANNERS: Mapping[str, Manner] = {
    "usual": Manner(),
    "pages, basic": Manner(paging="page", auth="basic"),
    "cursors, query": Manner(paging="cursor", auth="query"),
    "links, bearer": Manner(paging="link", auth="bearer"),
    "next addresses, nested": Manner(paging="next_url", envelope="nested"),
    "bare arrays": Manner(envelope="bare", sort="words"),
    "triples, log-in": Manner(filters="json", auth="login", missing="high"),
    "prefix lists": Manner(filters="prefix", missing="low", ids="uuid"),
    "odata, one key": Manner(filters="odata", sort="two_parameters"),
    "flat keys": Manner(filters="flat_keys", ids="text"),
    "orders as objects": Manner(sort="objects", auth="client_credentials"),
    "own dates": Manner(days="%d/%m/%Y", instants="%Y-%m-%d %H:%M:%S", filter_days="iso", filter_instants="iso"),
    "empty texts, pairs, numbers": Manner(empties="", company="pair", status="number"),
    "false for nothing": Manner(empties=False, auth="refresh"),
    "one at a time, errors in 200": Manner(gets="one", errors="body200"),
    "ids": Manner(gets="ids"),
    "search strings": Manner(filters="search"),
    "resources with attributes": Manner(envelope="jsonapi"),
    "seconds since 1970": Manner(instants="epoch"),
    "odata, bare ids": Manner(filters="odata", ids="uuid"),
    "odata, quoted times": Manner(filters="odata", filter_days="%d/%m/%Y", filter_instants="%Y-%m-%d %H:%M:%S"),
}
_AUTHS: Mapping[str, Mapping[str, str]] = {
    **{name: {"kind": "bearer", "token": API_KEY} for name in ("header", "query", "bearer")},
    "basic": {"kind": "basic", "username": USER, "password": PASSWORD},
    "login": {"kind": "login", "username": USER, "password": PASSWORD},
    "client_credentials": {"kind": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
    "refresh": {
        "kind": "refresh_token",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "refresh_token": REFRESH_TOKEN,
    },
}


def connecting(manner: Manner, folder: Path, url: str) -> Callable[[], Connector]:
    """Makes connectors to the shop, told by a file."""
    path = folder / "shop.yaml"
    path.write_text(json.dumps(file_for(manner)))
    platform = load(path)
    auth: Any = TypeAdapter(Auth).validate_python(_AUTHS[manner.auth])
    config = SourceConfig(
        key="shop",
        name="Shop",
        platform="shop",
        base_url=url,
        auth=auth,
        options=platform.options.model_validate({}),
    )
    return lambda: platform.connect(config, Wire(addresses=AddressPolicy(allow_loopback=True)))


async def require_laws(manner: Manner, folder: Path, *, rounds: int) -> None:
    """Raise an AssertionError that tells which law is broken."""
    people, companies = draw_people(3, count=60), draw_companies(3)
    async with Shop(people, manner, companies=companies).listening() as shop:
        connect = connecting(manner, folder, shop.url)
        connector = connect()
        # A rotated refresh token is known to one connector alone.
        again = None if manner.auth == "refresh" else connect
        try:
            report = await run_laws(connector, seed=5, rounds=rounds, again=again, secrets=(PASSWORD, CLIENT_SECRET))
        finally:
            await connector.aclose()
    report.require_none_broken()


@pytest.mark.parametrize("name", MANNERS)
async def test_a_file_tells_this_manner(name: str, tmp_path: Path) -> None:
    """Drawn queries find no case that breaks a law."""
    await require_laws(MANNERS[name], tmp_path, rounds=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", MANNERS)
async def test_a_file_tells_this_manner_with_more_queries(name: str, tmp_path: Path) -> None:
    """Many more find none either."""
    await require_laws(MANNERS[name], tmp_path, rounds=6)

"""A shop that listens, and a client beside it."""

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.connectors.declarative.shop.gate import API_KEY
from tests.connectors.declarative.shop.manner import Manner
from tests.connectors.declarative.shop.rows import Row
from tests.connectors.declarative.shop.server import Shop

__all__ = ["ids_of", "visiting"]

# Nothing here is served over TLS, and making a context for each client costs more than a test.
_TLS = ssl.create_default_context()


@asynccontextmanager
async def visiting(
    rows: Sequence[Row], companies: Sequence[Row] = (), **words: Any
) -> AsyncIterator[tuple[Shop, httpx.AsyncClient]]:
    """A shop whose manner has *words*, and a client that shows the key where the manner of signing is the usual one."""
    async with (
        Shop(rows, Manner(**words), companies=companies).listening() as shop,
        httpx.AsyncClient(base_url=shop.url, headers={"X-Api-Key": API_KEY}, verify=_TLS) as http,
    ):
        yield shop, http


def ids_of(answer: httpx.Response) -> list[Any]:
    """The ids on a page in the envelope `data`."""
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["data"]]

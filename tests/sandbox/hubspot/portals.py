"""A HubSpot emulator behind a socket, with a client that knows its token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpx

from sandbox.clock import Clock
from sandbox.emulator import Emulator, Running, Setup
from sandbox.faults import Faults
from sandbox.hubspot import EMULATOR
from sandbox.run import Option, Sandbox
from sandbox.seed import Book

__all__ = ["Portal", "running_portal"]

_NO_LIMITS: dict[str, Option] = {"burst_private": 100_000, "search_rate": 100_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """What tests need of a running emulator; *http* sends the private app's token."""

    url: str
    http: httpx.Client
    clock: Clock
    faults: Faults
    secrets: dict[str, str]
    connect: dict[str, object]

    def get(self, path: str, **query: str | int | list[str]) -> httpx.Response:
        """GET *path*."""
        return self.http.get(path, params=query or None)

    def post(self, path: str, body: object) -> httpx.Response:
        """POST *body* as JSON."""
        return self.http.post(path, json=body)

    def search(self, kind: str, **body: object) -> httpx.Response:
        """Search *kind*."""
        return self.post(f"/crm/v3/objects/{kind}/search", body)

    def found(self, kind: str, **body: object) -> list[str]:
        """The ids that a search finds, in its order."""
        answer = self.search(kind, **body)
        assert answer.status_code == 200, answer.text
        return [record["id"] for record in answer.json()["results"]]


@contextmanager
def running_portal(book: Book, *, limits: bool = False, time_scale: float = 1.0, **options: Option) -> Iterator[Portal]:
    """Serves *book*; without rate limits unless *limits*."""

    def build(setup: Setup) -> Running:
        return EMULATOR.build(replace(setup, book=book))

    emulator = Emulator(platform="hubspot", port_offset=EMULATOR.port_offset, build=build)
    switches = {"hubspot": {**({} if limits else _NO_LIMITS), **options}}
    with Sandbox([emulator], options=switches, time_scale=time_scale, scale=0.01) as sandbox:
        url, token = sandbox.url("hubspot"), sandbox.secrets["HUBSPOT_TOKEN"]
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as http:
            yield Portal(
                url=url,
                http=http,
                clock=sandbox.clock,
                faults=sandbox.faults("hubspot"),
                secrets=sandbox.secrets,
                connect=sandbox.connect("hubspot"),
            )

"""A Pipedrive emulator behind a socket, with a client that knows its API token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.run import Option, Sandbox
from sandbox.seed import Book, build_book

__all__ = ["Account", "running_account"]

_NO_LIMITS: dict[str, Option] = {"burst": 1_000_000, "search_rate": 1_000_000, "daily": 100_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What tests need of a running emulator; *http* sends the API token, *book* is what it holds."""

    url: str
    http: httpx.Client
    clock: Clock
    faults: Faults
    secrets: dict[str, str]
    book: Book

    def get(self, path: str, **query: str | int) -> httpx.Response:
        """GET *path*."""
        return self.http.get(path, params=query or None)

    def walk(self, path: str, **query: str | int) -> list[dict[str, Any]]:
        """All rows of a list of version 2."""
        rows, answer = [], self._good(path, **query)
        rows += answer["data"]
        while (cursor := answer["additional_data"]["next_cursor"]) is not None:
            answer = self._good(path, **query, cursor=cursor)
            rows += answer["data"]
        return rows

    def walk_v1(self, path: str, **query: str | int) -> list[dict[str, Any]]:
        """All rows of a list of version 1."""
        rows, page = [], {"next_start": 0}
        while "next_start" in page:
            answer = self._good(path, **query, start=page["next_start"])
            rows, page = rows + answer["data"], answer["additional_data"]["pagination"]
        return rows

    def _good(self, path: str, **query: str | int) -> Any:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def running_account(*, limits: bool = False, scale: float = 0.1, **options: Option) -> Iterator[Account]:
    """Serves the seeded book; without rate limits unless *limits*, and then on a clock that hardly runs by itself."""
    switches = {"pipedrive": {**({} if limits else _NO_LIMITS), **options}}
    with Sandbox(["pipedrive"], options=switches, scale=scale, time_scale=0.01 if limits else 1.0) as sandbox:
        url, token = sandbox.url("pipedrive"), sandbox.secrets["PIPEDRIVE_API_TOKEN"]
        with httpx.Client(base_url=url, headers={"x-api-token": token}) as http:
            yield Account(
                url=url,
                http=http,
                clock=sandbox.clock,
                faults=sandbox.faults("pipedrive"),
                secrets=sandbox.secrets,
                book=build_book("pipedrive", scale=scale, home_currency="EUR"),
            )

"""A Freshsales emulator behind a socket, with a client that knows its key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox import Clock, Faults, Sandbox
from sandbox.run import Option
from sandbox.seed import Book, build_book

__all__ = ["PREFIX", "Account", "running_account", "told_book"]

PREFIX = "/crm/sales/api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What tests need of a running emulator; *http* sends the key."""

    url: str
    http: httpx.Client
    clock: Clock
    faults: Faults
    secrets: dict[str, str]
    connect: dict[str, object]

    def get(self, path: str, **query: str | int) -> httpx.Response:
        """GET *path* below the API's prefix."""
        return self.http.get(PREFIX + path, params=query or None)

    def read(self, path: str, **query: str | int) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def view(self, plural: str, name: str) -> str:
        """The path of the view *name*."""
        found = self.read(f"/{plural}/filters")["filters"]
        return f"/{plural}/view/{next(one['id'] for one in found if one['name'] == name)}"

    def all(self, plural: str, name: str, **query: str | int) -> list[dict[str, Any]]:
        """Every record of a view, page by page."""
        return self.pages(self.view(plural, name), plural, **query)

    def pages(self, path: str, key: str, **query: str | int) -> list[dict[str, Any]]:
        """Every record of a list, page by page."""
        first = self.read(path, per_page=100, **query)
        rest = [
            self.read(path, per_page=100, page=page, **query) for page in range(2, first["meta"]["total_pages"] + 1)
        ]
        return [row for page in (first, *rest) for row in page[key]]

    def search(self, singular: str, *rules: tuple[str, str, object], **query: str | int) -> httpx.Response:
        """A filtered search."""
        told = [{"attribute": name, "operator": operator, "value": value} for name, operator, value in rules]
        path = f"{PREFIX}/filtered_search/{singular}"
        return self.http.post(path, params=query or None, json={"filter_rule": told})

    def found(self, singular: str, *rules: tuple[str, str, object], **query: str | int) -> list[dict[str, Any]]:
        """The records of a filtered search's page."""
        answer = self.search(singular, *rules, **query)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()[f"{singular}s"]
        return rows


@contextmanager
def running_account(
    *, scale: float = 0.1, time_scale: float = 1.0, tls: bool = False, **options: Option
) -> Iterator[Account]:
    """Serves the usual book; the hour's limit is lifted unless *options* set it."""
    switches = {"freshsales": {"hourly": 1_000_000, **options}}
    with Sandbox(["freshsales"], options=switches, time_scale=time_scale, scale=scale) as sandbox:
        url, key = sandbox.url("freshsales"), sandbox.secrets["FRESHSALES_API_KEY"]
        with httpx.Client(base_url=url, headers={"Authorization": f"Token token={key}"}) as http:
            yield Account(
                url=url,
                http=http,
                clock=sandbox.clock,
                faults=sandbox.faults("freshsales"),
                secrets=sandbox.secrets,
                connect=sandbox.connect("freshsales"),
            )


def told_book(scale: float = 0.1) -> Book:
    """The book that `running_account` serves."""
    return build_book("freshsales", scale=scale, home_currency="EUR")

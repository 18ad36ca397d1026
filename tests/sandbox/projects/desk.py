"""A running emulator, with a client that is logged in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox import Clock, Faults, Sandbox
from sandbox.run import Option
from sandbox.seed import Book, build_book

__all__ = ["BOOK", "Desk", "running_desk"]

SCALE = 0.2
BOOK: Book = build_book("projects", scale=SCALE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What tests need of a running emulator; *http* sends the token of the last log-in."""

    http: httpx.Client
    clock: Clock
    faults: Faults
    password: str

    def log_in(self, **instead: object) -> httpx.Response:
        """The answer to a log-in, with keys of its body replaced."""
        body = {"email": "gateway@projects.example", "password": self.password, **instead}
        answer = self.http.post("/auth/login", json=body)
        if answer.status_code == 200:
            self.http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return answer

    def get(self, path: str) -> httpx.Response:
        """The answer to a GET below `/api`."""
        return self.http.get(path)

    def page(self, path: str) -> Any:
        """The JSON of a list that must succeed."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def all(self, resource: str, query: str = "") -> list[Any]:
        """The rows of every page."""
        first = self.page(f"/{resource}?perPage=7&{query}")
        pages = (self.page(f"/{resource}?perPage=7&page={page}&{query}") for page in range(2, first["pages"] + 1))
        return [row for page in (first, *pages) for row in page["items"]]


@contextmanager
def running_desk(*, time_scale: float = 1.0, **options: Option) -> Iterator[Desk]:
    """Serves `BOOK`; the minute's limit is lifted unless *options* set it."""
    switches = {"projects": {"minute": 10**6, **options}}
    with (
        Sandbox(["projects"], scale=SCALE, time_scale=time_scale, options=switches) as sandbox,
        httpx.Client(base_url=f"{sandbox.url('projects')}/api") as http,
    ):
        secret, faults = sandbox.secrets["PROJECTS_PASSWORD"], sandbox.faults("projects")
        desk = Desk(http=http, clock=sandbox.clock, faults=faults, password=secret)
        desk.log_in()
        yield desk

"""A Zoho emulator behind a socket, with a client that knows its token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from sandbox.run import Option, Sandbox
from sandbox.seed import Book, build_book

__all__ = ["BOOK", "SCALE", "Client", "running_org"]

SCALE = 0.1
BOOK: Book = build_book("zoho", scale=SCALE)
"""What `running_org` serves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """What tests need of a running emulator; *http* sends an access token."""

    http: httpx.Client
    sandbox: Sandbox

    def get(self, path: str, **query: str | int) -> httpx.Response:
        """GET below /crm/v8."""
        return self.http.get(f"/crm/v8/{path}", params=query or None)

    def rows(self, path: str, **query: str | int) -> list[dict[str, object]]:
        """The `data` of a page; none where there is no content."""
        answer = self.get(path, **query)
        assert answer.status_code in {200, 204}, answer.text
        return [] if answer.status_code == 204 else answer.json()["data"]

    def coql(self, query: str) -> httpx.Response:
        """Run a statement."""
        return self.http.post("/crm/v8/coql", json={"select_query": query})

    def found(self, query: str) -> list[dict[str, object]]:
        """The rows of a statement."""
        answer = self.coql(query)
        assert answer.status_code in {200, 204}, answer.text
        return [] if answer.status_code == 204 else answer.json()["data"]

    def refresh(self, **changes: str) -> httpx.Response:
        """Ask for an access token, with *changes* in the form."""
        secrets = self.sandbox.secrets
        form = {
            "grant_type": "refresh_token",
            "client_id": secrets["ZOHO_CLIENT_ID"],
            "client_secret": secrets["ZOHO_CLIENT_SECRET"],
            "refresh_token": secrets["ZOHO_REFRESH_TOKEN"],
        }
        return self.http.post("/oauth/v2/token", data={**form, **changes})


@contextmanager
def running_org(*, time_scale: float = 1.0, **options: Option) -> Iterator[Client]:
    """Serves `BOOK`."""
    sandbox = Sandbox(["zoho"], options={"zoho": options}, time_scale=time_scale, scale=SCALE)
    with sandbox, httpx.Client() as http:
        http.base_url = sandbox.url("zoho")
        client = Client(http=http, sandbox=sandbox)
        http.headers["Authorization"] = f"Zoho-oauthtoken {client.refresh().json()['access_token']}"
        yield client

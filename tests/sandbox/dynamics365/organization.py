"""A Dynamics 365 emulator behind a socket, with a client that has a token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox import Sandbox
from sandbox.run import Option
from sandbox.seed import Book, build_book

__all__ = ["SCALE", "Organization", "running_organization"]

SCALE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """What tests need of a running emulator; *http* is at the Web API, with a token."""

    sandbox: Sandbox
    book: Book
    http: httpx.Client

    def get(self, path: str, prefer: str = "") -> httpx.Response:
        """GET *path*, which may be a link."""
        return self.http.get(path, headers={"Prefer": prefer} if prefer else None)

    def rows(self, path: str, prefer: str = "") -> list[dict[str, Any]]:
        """The rows of every page behind *path*."""
        found, link = [], path
        while link:
            answer = self.get(link, prefer)
            assert answer.status_code == 200, answer.text
            found += answer.json()["value"]
            link = answer.json().get("@odata.nextLink", "")
        return found

    def token(self, **form: str) -> httpx.Response:
        """POST the token endpoint: client credentials, with *form* on top."""
        return httpx.post(token_url(self.sandbox), data={**credentials(self.sandbox), **form})


@contextmanager
def running_organization(scale: float = SCALE, **options: Option) -> Iterator[Organization]:
    """An organisation with a tenth of the usual rows, or with the share *scale* of them."""
    with Sandbox(["dynamics365"], scale=scale, options={"dynamics365": options}) as sandbox:
        token = httpx.post(token_url(sandbox), data=credentials(sandbox)).json()["access_token"]
        url = f"{sandbox.url('dynamics365')}/api/data/v9.2/"
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as http:
            yield Organization(sandbox=sandbox, book=build_book("dynamics365", scale=scale), http=http)


def token_url(sandbox: Sandbox) -> str:
    """Where tokens are issued."""
    auth: Any = sandbox.connect("dynamics365")["auth"]
    return str(auth["token_url"])


def credentials(sandbox: Sandbox) -> dict[str, str]:
    """The form of client credentials."""
    auth: Any = sandbox.connect("dynamics365")["auth"]
    return {
        "grant_type": "client_credentials",
        "client_id": sandbox.secrets["DYNAMICS365_CLIENT_ID"],
        "client_secret": sandbox.secrets["DYNAMICS365_CLIENT_SECRET"],
        "scope": auth["scope"],
    }

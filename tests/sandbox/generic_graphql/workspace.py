"""A running emulator, with a client that knows its key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox import Clock, Faults, Sandbox
from sandbox.run import Option
from sandbox.seed import Book, build_book

__all__ = ["BOOK", "Workspace", "running_workspace"]

SCALE = 0.2
BOOK: Book = build_book("generic_graphql", scale=SCALE, home_currency="USD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What tests need of a running emulator; *http* sends the key."""

    http: httpx.Client
    clock: Clock
    faults: Faults
    connect: dict[str, object]

    def ask(self, query: str, **variables: object) -> Any:
        """The body that answers a document; it always comes with 200."""
        answer = self.http.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def data(self, query: str, **variables: object) -> Any:
        """The data of a document that must succeed."""
        body = self.ask(query, **variables)
        assert "errors" not in body, body
        return body["data"]

    def codes(self, query: str, **variables: object) -> list[str]:
        """The codes of the errors."""
        return [error["extensions"]["code"] for error in self.ask(query, **variables)["errors"]]

    def all(self, plural: str, fields: str, **variables: object) -> list[Any]:
        """Every node of a list, page by page; *variables* are `filter`, `orderBy`, `first`."""
        document = (
            f"query Q($filter: {_TYPES[plural]}FilterInput, $orderBy: [{_TYPES[plural]}OrderByInput!],"
            "$first: Int, $after: String) {"
            f"page: {plural}(filter: $filter, orderBy: $orderBy, first: $first, after: $after)"
            f"{{ totalCount pageInfo {{ hasNextPage endCursor }} edges {{ node {{ {fields} }} }} }} }}"
        )
        nodes: list[Any] = []
        after = None
        while True:
            page = self.data(document, **{"first": 200, **variables}, after=after)["page"]
            nodes += [edge["node"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                assert len(nodes) == page["totalCount"]
                return nodes


@contextmanager
def running_workspace(*, time_scale: float = 1.0, tls: bool = False, **options: Option) -> Iterator[Workspace]:
    """Serves `BOOK`; the minute's limit is lifted unless *options* set it."""
    switches = {"generic_graphql": {"minute": 10**6, "daily": 10**6, **options}}
    with Sandbox(["generic_graphql"], scale=SCALE, time_scale=time_scale, tls=tls, options=switches) as sandbox:
        key = sandbox.secrets["GENERIC_GRAPHQL_KEY"]
        url, headers = sandbox.url("generic_graphql"), {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=url, headers=headers, verify=not tls) as http:
            yield Workspace(
                http=http,
                clock=sandbox.clock,
                faults=sandbox.faults("generic_graphql"),
                connect=sandbox.connect("generic_graphql"),
            )


_TYPES = {
    "people": "Person",
    "companies": "Company",
    "opportunities": "Opportunity",
    "notes": "Note",
    "tasks": "Task",
    "calendarEvents": "CalendarEvent",
    "workspaceMembers": "WorkspaceMember",
    "noteTargets": "NoteTarget",
    "taskTargets": "TaskTarget",
    "calendarEventParticipants": "CalendarEventParticipant",
}

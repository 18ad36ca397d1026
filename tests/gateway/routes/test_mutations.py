"""Operations that write: by POST alone, whatever schema will have them."""

from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from graphql import build_schema
from starlette.applications import Starlette
from starlette.routing import Route

from gateway.config import Features
from gateway.executor import Executor, Operation
from gateway.routes.body import GraphQLRequest
from gateway.routes.graphql import GraphQLRoute
from tests.gateway.serving import Served, serving_by, settings_with

SCHEMA = build_schema("type Query { a: Int } type Mutation { erase: Int }")
MIXED = "query Q { a } mutation M { erase }"


class Ledger:
    """Runs operations, and counts those that write."""

    def __init__(self) -> None:
        self.executor = Executor(SCHEMA, settings_with().limits, introspection=True, sources=0)
        self.writes = 0

    async def run(self, operation: Operation, _: GraphQLRequest) -> dict[str, object]:
        """One operation."""
        self.writes += not operation.is_query
        return await self.executor.run(operation, None, deadline_s=5)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """The ledger behind the client."""
    return Ledger()


@pytest.fixture(scope="module")
def client(ledger: Ledger) -> Iterator[httpx.Client]:
    """A client of the route over a schema with a mutation."""
    route = GraphQLRoute(executor=ledger.executor, run=ledger.run, max_body_bytes=10_000, features=Features())
    app = Starlette(routes=[Route("/graphql", route)])
    with serving_by(uvicorn.Server(uvicorn.Config(app, log_config=None))) as (_, client, _):
        yield client


@pytest.mark.parametrize(
    ("query", "name"),
    [("mutation { erase }", ""), (MIXED, "M"), ("mutation M { ...f } fragment f on Mutation { erase }", "M")],
)
def test_mutation_by_get_is_refused(client: httpx.Client, ledger: Ledger, query: str, name: str) -> None:
    """405, and nothing is written."""
    before = ledger.writes

    response = client.get("/graphql", params={"query": query, "operationName": name})

    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert ledger.writes == before


def test_mutation_by_post_runs(client: httpx.Client, ledger: Ledger) -> None:
    """The same document by POST writes once."""
    before = ledger.writes

    response = client.post("/graphql", json={"query": MIXED, "operationName": "M"})

    assert response.json() == {"data": {"erase": None}}
    assert ledger.writes == before + 1


def test_query_beside_a_mutation_runs_by_get(client: httpx.Client) -> None:
    """The operation that is chosen decides, not what else stands in the document."""
    response = client.get("/graphql", params={"query": MIXED, "operationName": "Q"})

    assert response.json() == {"data": {"a": None}}


def test_schema_without_such_operations_says_so(shipped: Served) -> None:
    """Today's schema watches nothing."""
    assert shipped.code("subscription { __typename }") == "BAD_REQUEST"

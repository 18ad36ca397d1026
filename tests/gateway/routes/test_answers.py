"""How an answer looks: its media type, its status, and which methods give one."""

import json

import httpx
import pytest

from tests.gateway.serving import Served

PLAIN, GRAPHQL = "application/json", "application/graphql-response+json"
# As urql's documentation has it: https://github.com/urql-graphql/urql, packages/core/src/internal/fetchOptions.ts.
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)


def ask(served: Served, accept: str | None, query: str = "{ sources { key } }") -> httpx.Response:
    """One query by POST."""
    headers = {"content-type": "application/json"}
    request = served.client.build_request("POST", "/graphql", content=json.dumps({"query": query}), headers=headers)
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept
    return served.client.send(request)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, PLAIN),
        ("", PLAIN),
        ("*/*", PLAIN),
        ("application/*", PLAIN),
        (PLAIN, PLAIN),
        (GRAPHQL, GRAPHQL),
        (URQL, GRAPHQL),
        (f"{PLAIN}, {GRAPHQL}", PLAIN),
        (f"{PLAIN};q=0.5, {GRAPHQL}", GRAPHQL),
        (f"{PLAIN};q=0.9, {GRAPHQL};q=0.1", PLAIN),
        (f"{GRAPHQL};q=0, */*;q=0.1", PLAIN),
        ("APPLICATION/JSON", PLAIN),
        (f"{GRAPHQL};charset=utf-8, {PLAIN}", GRAPHQL),
        ("text/html, */*;q=0.8", PLAIN),
        ("text/event-stream, application/json", PLAIN),
    ],
)
def test_media_type_is_the_clients_first_choice(shipped: Served, accept: str | None, media_type: str) -> None:
    """The most wanted of our two types, whatever else stands in the header."""
    response = ask(shipped, accept)

    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.json()["data"]["sources"]


@pytest.mark.parametrize(
    "accept", ["text/html", "text/event-stream", "multipart/mixed", "image/*", f"{PLAIN};q=0", "x"]
)
def test_nothing_we_have_is_not_acceptable(shipped: Served, accept: str) -> None:
    """406 says which types there are."""
    response = ask(shipped, accept)

    assert response.status_code == 406
    assert GRAPHQL in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "status"),
    [("{ sources { key } }", 200), ("{ nope }", 400), ("{", 400), ('{ node(id: "x") { id } }', 200)],
)
def test_status_in_graphqls_own_media_type(shipped: Served, query: str, status: int) -> None:
    """A document that cannot run is 400 there; one that ran is 200, with errors as well."""
    assert ask(shipped, GRAPHQL, query).status_code == status
    assert ask(shipped, PLAIN, query).status_code == 200


def test_answers_are_not_cached_or_guessed(shipped: Served) -> None:
    """No cache keeps an answer, and no browser takes it for something else."""
    headers = ask(shipped, None).headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["vary"] == "Accept"
    assert "server" not in headers


def test_query_by_get(shipped: Served) -> None:
    """The query string carries what a body would."""
    response = shipped.client.get(
        "/graphql",
        params={
            "query": "query A($key: String!) { source(key: $key) { key } } query B { __typename }",
            "variables": '{"key": "beta"}',
            "operationName": "A",
            "extensions": "{}",
        },
    )

    assert response.json() == {"data": {"source": {"key": "beta"}}}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "query=",
        "query={__typename}&query={__typename}",
        "query={__typename}&variables=x",
        "query={__typename}&variables=[]",
        "query={__typename}&variables=%FF",
        "query=%ff%fe",
        "query=%C0%AF",
        "&".join(f"a{number}=" for number in range(200)),
    ],
)
def test_malformed_get_is_refused(shipped: Served, query: str) -> None:
    """Missing, repeated, undecodable and wrongly typed parts are 400."""
    assert shipped.client.get(f"/graphql?{query}").status_code == 400


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(shipped: Served, method: str) -> None:
    """405 says which methods there are."""
    response = shipped.client.request(method, "/graphql")

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


def test_operation_is_chosen_by_name(shipped: Served) -> None:
    """With several operations a name is needed, and it must be one of them."""
    document = "query A { a: __typename } query B { b: __typename }"

    assert shipped.post(document, operationName="B") == {"data": {"b": "Query"}}
    assert shipped.code(document) == "BAD_REQUEST"
    assert shipped.code(document, operationName="C") == "BAD_REQUEST"
    assert shipped.post("query A { a: __typename }", operationName="") == {"data": {"a": "Query"}}

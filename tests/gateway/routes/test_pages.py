"""What stands beside the endpoint: the query page, its files, health, and nothing where it is turned off."""

import pytest

from gateway.graphiql import CONTENT_SECURITY_POLICY, page
from tests.gateway.serving import Served

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def test_browser_gets_the_page(opened: Served) -> None:
    """A browser's GET gives the page with its fence of headers."""
    response = opened.client.get("/graphql", headers={"accept": BROWSER})

    assert response.content == page()
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/json, text/html;q=0.5"])
def test_program_without_a_query_gets_no_page(opened: Served, accept: str) -> None:
    """A program that forgot the query learns so."""
    response = opened.client.get("/graphql", headers={"accept": accept})

    assert response.status_code == 400


def test_query_wins_over_the_page(opened: Served) -> None:
    """A link with a query in it is answered where the client takes JSON as well."""
    response = opened.client.get("/graphql?query={__typename}", headers={"accept": BROWSER})

    assert response.json() == {"data": {"__typename": "Query"}}


def test_every_file_of_the_page_is_served(opened: Served) -> None:
    """The page's scripts and styles come with their types and the fence."""
    names = [part.split('"')[0] for part in page().decode().split("/graphql/assets/")[1:]]

    assert len(names) >= 3
    for name in names:
        response = opened.client.get(f"/graphql/assets/{name}")
        assert response.status_code == 200, name
        assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert response.headers["content-type"].split(";")[0] in {"text/javascript", "text/css", "image/svg+xml"}


@pytest.mark.parametrize(
    "name",
    ["nope.js", "../__init__.py", "..%2f__init__.py", "%2e%2e/__init__.py", "%2fetc%2fpasswd", "index.html%00", ""],
)
def test_no_other_file_is_served(opened: Served, name: str) -> None:
    """Only names of the bundle lead to a file."""
    assert opened.client.get(f"/graphql/assets/{name}").status_code == 404


def test_root_leads_to_the_page(opened: Served) -> None:
    """The address without a path is the page's."""
    response = opened.client.get("/")

    assert (response.status_code, response.headers["location"]) == (307, "/graphql")


def test_page_is_off_by_default(shipped: Served) -> None:
    """Without the feature there is no page, no file and no redirect."""
    statuses = [
        shipped.client.get(path, headers={"accept": BROWSER}).status_code
        for path in ("/graphql", "/graphql/assets/index.html", "/")
    ]

    assert statuses == [400, 404, 404]


def test_health_is_told(shipped: Served) -> None:
    """A process that answers is live; one that has read its sources' metadata is ready."""
    live, ready = (shipped.client.get(f"/health/{name}") for name in ("live", "ready"))

    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})

"""Who may ask: a page of another site must not make a browser ask, and no other name than ours leads here."""

import httpx
import pytest

from gateway.config import Server
from tests.gateway.records import memory_source
from tests.gateway.serving import Served, gateway_over, serving, settings_with

BODY = b'{"query": "{ sources { key } }"}'


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/plain;charset=utf-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "",
        "application/jsonx",
        "text/plain, application/json",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "*/*",
        None,
    ],
)
def test_other_content_types_are_refused(shipped: Served, content_type: str | None) -> None:
    """What a page can send without the browser asking first is 415."""
    headers = {} if content_type is None else {"content-type": content_type}

    response = shipped.client.post("/graphql", content=BODY, headers=headers)

    assert response.status_code == 415
    assert response.headers["accept-post"] == "application/json"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"; a=b',
    ],
)
def test_json_is_taken(shipped: Served, content_type: str) -> None:
    """JSON in UTF-8, however it is spelt."""
    response = shipped.client.post("/graphql", content=BODY, headers={"content-type": content_type})

    assert response.json()["data"]["sources"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_get_from_pages_of_other_sites_is_refused(opened: Served, site: str) -> None:
    """An image or script tag elsewhere cannot spend the sources' quotas; links to the page still work."""
    headers = {"sec-fetch-site": site}

    asked = opened.client.get("/graphql", params={"query": "{ sources { key } }"}, headers=headers)
    linked = opened.client.get("/graphql", headers={**headers, "accept": "text/html"})

    assert (asked.status_code, asked.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    assert linked.status_code == 200


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_get_from_the_own_page_is_answered(shipped: Served, site: str) -> None:
    """The own page, and the address bar, may ask."""
    response = shipped.client.get("/graphql", params={"query": "{ sources { key } }"}, headers={"sec-fetch-site": site})

    assert response.status_code == 200


def test_no_answer_is_shared_with_other_origins(shipped: Served) -> None:
    """No CORS header is sent, not even to a preflight."""
    origin = {"origin": "https://evil.example", "access-control-request-method": "POST"}

    preflight = shipped.client.options("/graphql", headers=origin)
    answer = shipped.client.post("/graphql", json={"query": "{ __typename }"}, headers=origin)

    assert preflight.status_code == 405
    assert answer.status_code == 200
    assert [name for response in (preflight, answer) for name in response.headers if "access-control" in name] == []


@pytest.mark.parametrize("path", ["/graphql?query={__typename}", "/health/live", "/", "/graphql/assets/index.html"])
@pytest.mark.parametrize("name", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "a@127.0.0.1"])
def test_foreign_names_lead_nowhere(opened: Served, path: str, name: str) -> None:
    """A name that was made to point to this machine is refused: no page of that name can read on."""
    response = opened.client.get(path, headers={"host": name})

    assert response.status_code == 400
    assert "alpha" not in response.text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST:1", "[::1]:80"])
def test_own_names_lead_here(shipped: Served, name: str) -> None:
    """This machine's own names, with any port."""
    response = shipped.client.get("/graphql?query={__typename}", headers={"host": name})

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("server", "answered"),
    [
        (Server(names=("crm.example.org",)), {"crm.example.org"}),
        (Server(names=("*.example.org",)), {"crm.example.org"}),
        (Server(host="192.0.2.1"), {"crm.example.org", "127.0.0.1"}),
        (Server(), {"127.0.0.1"}),
        (Server(host="::1"), {"127.0.0.1"}),
        (Server(host="127.8.9.10"), {"127.0.0.1"}),
        (Server(host="localhost"), {"127.0.0.1"}),
    ],
)
def test_operator_names_the_names(server: Server, answered: set[str]) -> None:
    """Named names replace this machine's own; on an outward address every name is fine unless some are named."""
    with serving(gateway_over([memory_source("alpha")], settings_with(server=server))) as found:
        statuses = {
            name: httpx.get(f"http://127.0.0.1:{found.port}/health/live", headers={"host": name}).status_code
            for name in ("crm.example.org", "127.0.0.1")
        }

    assert {name for name, status in statuses.items() if status == 200} == answered


def test_no_redirect_follows_the_clients_host() -> None:
    """A path with a slash too many is not found, instead of redirected to whatever host was named."""
    settings = settings_with(server=Server(host="192.0.2.1"))
    with serving(gateway_over([memory_source("alpha")], settings)) as found:
        response = found.client.get("/graphql/", headers={"host": "evil.example"})

    assert response.status_code == 404
    assert "location" not in response.headers

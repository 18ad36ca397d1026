"""Tokens, credits, concurrency and faults, in virtual time."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.sandbox.zoho.orgs import Client, running_org

SLOW = 0.001
"""Virtual seconds per second: the clock all but stands, so that only `advance` moves the windows."""


def test_credits_are_counted_over_a_rolling_day() -> None:
    """COQL costs by its limit; what is refused costs nothing; the header comes when half is used."""
    with running_org(time_scale=SLOW, daily=12, token_ttl_s=200_000) as org:
        first = org.get("users")
        for limit in (200, 1000, 2000):
            told = org.coql(f"select id from Contacts where id > 1 limit {limit}")
        clock = org.sandbox.clock
        clock.advance(3600)
        rest = [org.get("org").headers["x-api-credits-remaining"] for _ in range(5)]
        over = org.get("users")
        clock.advance(86_400 - 3600)
        again = org.get("users")

    assert "x-api-credits-remaining" not in first.headers
    assert told.headers["x-api-credits-remaining"] == "5"
    assert rest == ["4", "3", "2", "1", "0"]
    assert (over.status_code, over.json()["code"], over.json()["status"]) == (429, "TOO_MANY_REQUESTS", "error")
    assert "retry-after" not in over.headers
    assert again.status_code == 200


def test_a_composite_costs_what_its_parts_cost() -> None:
    """Two parts, two credits."""
    part = {"method": "GET", "uri": "/crm/v8/org"}
    with running_org(time_scale=SLOW, daily=4) as org:
        answer = org.http.post("/crm/v8/__composite_requests", json={"__composite_requests": [part, part]})

    assert answer.headers["x-api-credits-remaining"] == "2"


@pytest.mark.parametrize(("path", "passes"), [("org", 4), ("Contacts/search?word=a", 2)])
async def test_calls_at_once_are_limited(path: str, passes: int) -> None:
    """Searches have a limit of their own below that of all calls."""
    with running_org(concurrency=4, sub_concurrency=2) as org:
        org.sandbox.faults("zoho").set("latency", value=0.4)
        async with httpx.AsyncClient(base_url=org.http.base_url, headers=org.http.headers) as http:
            answers = await asyncio.gather(*(http.get(f"/crm/v8/{path}") for _ in range(6)))

    assert sorted(one.status_code for one in answers) == [200] * passes + [429] * (6 - passes)
    assert {one.json()["code"] for one in answers if one.status_code == 429} == {"TOO_MANY_REQUESTS"}


def test_access_tokens_expire_and_are_refreshed() -> None:
    """After an hour; a refresh hands out no new refresh token, and its api_domain is the emulator itself."""
    with running_org(time_scale=SLOW) as org:
        org.sandbox.clock.advance(3599)
        before = org.get("org").status_code
        org.sandbox.clock.advance(2)
        after = org.get("org")
        told = org.refresh().json()
        url = org.sandbox.url("zoho")

    assert (before, after.status_code) == (200, 401)
    assert after.json() == {
        "code": "INVALID_TOKEN",
        "details": {},
        "message": "invalid oauth token",
        "status": "error",
    }
    assert set(told) == {"access_token", "scope", "api_domain", "token_type", "expires_in"}
    assert (told["api_domain"], told["token_type"], told["expires_in"]) == (url, "Bearer", 3600)
    assert told["access_token"].startswith("1000.")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "x"}, "invalid_client"),
        ({"client_secret": "x"}, "invalid_client_secret"),
        ({"refresh_token": "x"}, "invalid_code"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_code"),
    ],
)
def test_the_token_endpoint_refuses_with_status_200(org: Client, changes: dict[str, str], error: str) -> None:
    """Only `error` tells."""
    answer = org.refresh(**changes)

    assert (answer.status_code, answer.json()) == (200, {"error": error})


def test_too_many_token_requests_are_refused() -> None:
    """Ten in ten minutes, one of which the fixture's client took."""
    with running_org(time_scale=SLOW) as org:
        answers = [org.refresh() for _ in range(10)]
        org.sandbox.clock.advance(600)
        again = org.refresh()

    assert [one.status_code for one in answers] == [200] * 9 + [400]
    assert answers[-1].json()["error"] == "Access Denied"
    assert "access_token" in again.json()


def test_a_code_is_good_once_and_a_revoked_token_never(org: Client) -> None:
    """The callback tells the accounts server; the code gives a refresh token, which can be revoked."""
    secrets, url = org.sandbox.secrets, org.sandbox.url("zoho")
    asked = {"client_id": secrets["ZOHO_CLIENT_ID"], "redirect_uri": "https://app.example/back", "state": "s"}
    told = org.http.get("/oauth/v2/auth", params=asked).headers["location"]
    back = parse_qs(urlsplit(told).query)
    form = {"grant_type": "authorization_code", "code": back["code"][0], "redirect_uri": asked["redirect_uri"]}
    first, second = org.refresh(**form).json(), org.refresh(**form).json()
    revoked = org.http.post("/oauth/v2/token/revoke", params={"token": first["refresh_token"]}).json()
    after = org.refresh(refresh_token=first["refresh_token"]).json()
    call = org.http.get("/crm/v8/org", headers={"Authorization": f"Zoho-oauthtoken {first['access_token']}"})

    assert (back["accounts-server"], back["state"]) == ([url], ["s"])
    assert second == {"error": "invalid_code"}
    assert (revoked, after, call.status_code) == ({"status": "success"}, {"error": "invalid_code"}, 401)


def test_the_sixteenth_token_kills_the_first() -> None:
    """15 live access tokens for one refresh token."""
    with running_org(token_requests=100) as org:
        alive = [org.get("org").status_code for _ in range(15) if org.refresh()]

    assert alive == [200] * 14 + [401]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("rate_limited", 429, "TOO_MANY_REQUESTS"),
        ("quota_exhausted", 429, "TOO_MANY_REQUESTS"),
        ("unauthorized", 401, "INVALID_TOKEN"),
        ("revoked", 401, "INVALID_TOKEN"),
        ("forbidden", 403, "NO_PERMISSION"),
    ],
)
def test_faults_are_told_in_zohos_words(org: Client, fault: str, status: int, code: str) -> None:
    """Each once, with a token of its own."""
    headers = {"Authorization": f"Zoho-oauthtoken {org.refresh().json()['access_token']}"}
    org.sandbox.faults("zoho").set(fault, times=1)
    answer = org.http.get("/crm/v8/org", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_faults_of_the_token_endpoint(org: Client) -> None:
    """A revoked refresh token, and too many requests."""
    answers = []
    for fault in ("revoked", "rate_limited"):
        org.sandbox.faults("zoho").set(fault, times=1, path="/oauth/")
        answers.append(org.refresh())

    assert [(one.status_code, one.json()["error"]) for one in answers] == [
        (200, "invalid_code"),
        (400, "Access Denied"),
    ]


def test_scopes_are_asked_for() -> None:
    """A call outside the granted scopes is refused, a header without a token too."""
    with running_org(scopes="ZohoCRM.modules.contacts.READ ZohoCRM.settings.ALL") as org:
        statuses = [org.get(path, fields="id").status_code for path in ("Contacts", "Deals", "users")]
        fields = org.get("settings/fields", module="Deals").status_code
        code = org.get("users").json()["code"]
        bare = httpx.get(f"{org.sandbox.url('zoho')}/crm/v8/org")

    assert (statuses, fields, code) == ([200, 401, 401], 200, "OAUTH_SCOPE_MISMATCH")
    assert (bare.status_code, bare.json()["code"]) == (401, "AUTHENTICATION_FAILURE")

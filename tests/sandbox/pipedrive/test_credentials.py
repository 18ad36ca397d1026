"""Who may call: API tokens, OAuth tokens, and faults in Pipedrive's words."""

from collections.abc import Iterator

import httpx
import pytest

from sandbox.pipedrive.options import Options
from tests.sandbox.pipedrive.accounts import Account, running_account

PIPELINES = "/api/v2/pipelines"


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """The seeded account."""
    with running_account(scale=0.01) as running:
        yield running


def token(account: Account, **form: str) -> httpx.Response:
    """What the token endpoint answers to the app."""
    secrets = account.secrets
    client = (secrets["PIPEDRIVE_CLIENT_ID"], secrets["PIPEDRIVE_CLIENT_SECRET"])
    return httpx.post(f"{account.url}/oauth/token", data=form, auth=client)


def code(account: Account) -> str:
    """A code that the account's admin consented to."""
    query = {"client_id": account.secrets["PIPEDRIVE_CLIENT_ID"], "redirect_uri": "https://app.example/", "state": "s"}
    answer = httpx.get(f"{account.url}/oauth/authorize", params=query)
    assert answer.status_code == 302
    return httpx.URL(answer.headers["location"]).params["code"]


def status_with(account: Account, path: str = PIPELINES, **headers: str) -> int:
    """The status of a call with *headers* alone."""
    return httpx.get(f"{account.url}{path}", headers=headers).status_code


def test_an_api_token_is_no_bearer_token(account: Account) -> None:
    """It goes in its own header, or in the query of version 1; nothing else is let in."""
    known = account.secrets["PIPEDRIVE_API_TOKEN"]
    refused = httpx.get(f"{account.url}{PIPELINES}", headers={"Authorization": f"Bearer {known}"})

    assert account.get(PIPELINES).status_code == 200
    assert (refused.status_code, refused.headers["x-401-by-gw"]) == (401, "true")
    assert refused.json()["error"] == "unauthorized access"
    assert status_with(account, f"/v1/users/me?api_token={known}") == 200
    assert status_with(account, f"{PIPELINES}?api_token={known}") == 401
    assert status_with(account, **{"x-api-token": "wrong"}) == 401


def test_tokens_live_an_hour_and_refresh_tokens_once(account: Account) -> None:
    """A code buys tokens, once; a refresh voids its refresh token; an hour later the access token is over."""
    answer = token(account, grant_type="authorization_code", code=code(account), redirect_uri="https://app.example/")
    first = answer.json()
    second = token(account, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    again = token(account, grant_type="refresh_token", refresh_token=first["refresh_token"])

    assert (first["token_type"], first["expires_in"], first["api_domain"]) == ("Bearer", 3600, account.url)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert status_with(account, Authorization=f"Bearer {second['access_token']}") == 200
    account.clock.advance(3600)
    assert status_with(account, Authorization=f"Bearer {second['access_token']}") == 401


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_grant"),
    ],
)
def test_the_token_endpoint_says_what_is_wrong(account: Account, form: dict[str, str], error: str) -> None:
    """Always 400."""
    answer = token(account, **form)

    assert (answer.status_code, answer.json()["error"], answer.json()["success"]) == (400, error, False)


def test_codes_end_and_clients_are_checked(account: Account) -> None:
    """A code lives five minutes; wrong client credentials and JSON bodies are refused."""
    late = code(account)
    account.clock.advance(301)

    answer = token(account, grant_type="authorization_code", code=late, redirect_uri="https://app.example/")
    stranger = httpx.post(f"{account.url}/oauth/token", data={"grant_type": "refresh_token"}, auth=("a", "b"))
    json_body = httpx.post(f"{account.url}/oauth/token", json={"grant_type": "refresh_token"})

    assert answer.json()["error"] == "invalid_grant"
    assert stranger.json()["error"] == "invalid_client"
    assert json_body.json()["error"] == "invalid_request"


def test_a_revoked_refresh_token_takes_its_access_tokens_along(account: Account) -> None:
    """It uninstalls the app."""
    secrets = account.secrets
    client = (secrets["PIPEDRIVE_CLIENT_ID"], secrets["PIPEDRIVE_CLIENT_SECRET"])
    held = token(account, grant_type="refresh_token", refresh_token=secrets["PIPEDRIVE_REFRESH_TOKEN"]).json()
    form = {"token": held["refresh_token"], "token_type_hint": "refresh_token"}

    answer = httpx.post(f"{account.url}/oauth/revoke", data=form, auth=client)

    assert answer.status_code == 200
    assert status_with(account, Authorization=f"Bearer {held['access_token']}") == 401


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ("rate_limited", 429, "rate limit exceeded"),
        ("quota_exhausted", 429, "daily request budget exceeded"),
        ("unauthorized", 401, "unauthorized access"),
        ("revoked", 401, "unauthorized access"),
        ("forbidden", 403, "Scope and URL mismatch"),
    ],
)
def test_faults_are_told_in_pipedrives_words(account: Account, fault: str, status: int, error: str) -> None:
    """Once each, then calls pass again."""
    account.faults.set(fault, times=1)

    answer = account.get(PIPELINES)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert account.get(PIPELINES).status_code == 200


@pytest.mark.parametrize("options", [{"plam": "lite"}, {"plan": "free"}, {"daily": "many"}, {"burst": -1}], ids=str)
def test_a_wrong_option_is_refused(options: dict[str, str | int | float | bool]) -> None:
    """Unknown names, and values that a switch does not take."""
    with pytest.raises(ValueError, match="pipedrive emulator"):
        Options.from_mapping(options)

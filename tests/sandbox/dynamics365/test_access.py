"""Tokens, limits, faults and batches."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from sandbox import Sandbox
from sandbox.dynamics365 import EMULATOR
from tests.sandbox.dynamics365.organization import Organization, credentials, running_organization, token_url

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def fresh() -> Iterator[Organization]:
    """One whose clock and limits a test may spoil."""
    with running_organization(scale=0.01, burst=5, concurrent=2) as running:
        yield running


def test_a_token_ends_and_the_answer_says_where_to_get_one(fresh: Organization) -> None:
    """The 401 has no JSON, and names the authority and the resource."""
    assert fresh.get("WhoAmI").status_code == 200

    fresh.sandbox.clock.advance(3_600)
    answer = fresh.get("WhoAmI")

    assert (answer.status_code, answer.content) == (401, b"")
    url = fresh.sandbox.url("dynamics365")
    assert answer.headers["WWW-Authenticate"].startswith(f"Bearer authorization_uri={url}/")
    assert answer.headers["WWW-Authenticate"].endswith(f"resource_id={url}/")


def test_requests_beyond_the_window_wait_as_told(fresh: Organization) -> None:
    """The sixth of five in 300 s is refused, and taken after Retry-After."""
    taken = [fresh.get("WhoAmI") for _ in range(5)]

    refused = fresh.get("WhoAmI")

    assert [one.headers["x-ms-ratelimit-burst-remaining-xrm-requests"] for one in taken] == ["4", "3", "2", "1", "0"]
    assert refused.status_code == 429
    assert refused.json()["error"] == {
        "code": "0x80072322",
        "message": "Number of requests exceeded the limit of 5 over time window of 300 seconds.",
    }
    fresh.sandbox.clock.advance(int(refused.headers["Retry-After"]))
    assert fresh.get("WhoAmI").status_code == 200


async def test_too_many_requests_at_one_time_are_refused() -> None:
    """And long ones use up the execution time."""
    with running_organization(scale=0.01, concurrent=2, work_s=0.2, execution_s=0.3) as organization:
        url, headers = str(organization.http.base_url), dict(organization.http.headers)
        async with httpx.AsyncClient(base_url=url, headers=headers) as http:
            answers = await asyncio.gather(*(http.get("WhoAmI") for _ in range(4)))
        last = organization.get("WhoAmI")

    refused = [one.json()["error"]["code"] for one in answers if one.status_code == 429]
    assert refused == ["0x80072326"] * 2
    assert last.json()["error"]["code"] == "0x80072321"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("rate_limited", 429, "0x80072322"),
        ("quota_exhausted", 429, "0x80072321"),
        ("forbidden", 403, "0x80040220"),
        ("unauthorized", 401, None),
        ("revoked", 401, None),
    ],
)
def test_faults_speak_as_the_vendor_does(fresh: Organization, fault: str, status: int, code: str | None) -> None:
    """A 401 ends the token, if it is one that signing in again helps."""
    fresh.sandbox.faults("dynamics365").set(fault, times=1)

    answer = fresh.get("WhoAmI")

    assert answer.status_code == status
    assert (answer.json()["error"]["code"] if answer.content else None) == code
    assert ("Retry-After" in answer.headers) == (status == 429)
    assert fresh.get("WhoAmI").status_code == (401 if fault == "unauthorized" else 200)


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"client_secret": "no"}, 401, 7000215),
        ({"client_id": str(uuid4())}, 400, 700016),
        ({"scope": "https://elsewhere.crm.dynamics.com/.default"}, 400, 500011),
        ({"grant_type": "password"}, 400, 70003),
        ({"grant_type": "refresh_token", "refresh_token": "no"}, 400, 700082),
        ({"grant_type": "authorization_code", "code": "no"}, 400, 70008),
    ],
)
def test_tokens_are_refused_as_entra_id_does(
    organization: Organization, form: dict[str, str], status: int, code: int
) -> None:
    """With a code that says why."""
    answer = organization.token(**form)

    assert answer.status_code == status
    assert answer.json()["error_codes"] == [code]
    assert answer.json()["error_description"].startswith(f"AADSTS{code}: ")


def test_a_refresh_gives_a_new_refresh_token(organization: Organization) -> None:
    """Each may be used; the access token works."""
    given = organization.sandbox.secrets["DYNAMICS365_REFRESH_TOKEN"]
    url = organization.sandbox.url("dynamics365")
    form = {"grant_type": "refresh_token", "scope": f"{url}/user_impersonation offline_access"}
    first = organization.token(**form, refresh_token=given).json()

    second = organization.token(**form, refresh_token=first["refresh_token"]).json()

    assert len({given, first["refresh_token"], second["refresh_token"]}) == 3
    headers = {"Authorization": f"Bearer {second['access_token']}"}
    assert httpx.get(f"{url}/api/data/v9.2/WhoAmI", headers=headers).status_code == 200


def test_a_code_is_redeemed_once(organization: Organization) -> None:
    """With the address that it was sent to."""
    redirect = "http://127.0.0.1:1/back"
    asked = {"client_id": credentials(organization.sandbox)["client_id"], "redirect_uri": redirect, "state": "s"}
    sent = httpx.get(token_url(organization.sandbox).replace("/token", "/authorize"), params=asked)
    code = httpx.URL(sent.headers["location"]).params["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}

    answers = [organization.token(**form) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 400]
    assert "refresh_token" in answers[0].json()


def batch(organization: Organization, *paths: str, prefer: str = "") -> httpx.Response:
    """POST $batch with GETs of *paths*."""
    head = "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    part = head + "GET {} HTTP/1.1\r\n\r\n\r\n"
    body = "\r\n" + "".join(part.format(path) for path in paths) + "--b--\r\n"
    headers = {"Content-Type": 'multipart/mixed; boundary="b"', "Prefer": prefer}
    return organization.http.post("$batch", content=body, headers=headers)


def test_a_batch_ends_at_its_first_failure_unless_told_otherwise(organization: Organization) -> None:
    """Addresses may be whole or below the root."""
    paths = ["WhoAmI", f"contacts({NOBODY})", f"{organization.http.base_url}contacts/$count"]

    stopped, whole = batch(organization, *paths), batch(organization, *paths, prefer="odata.continue-on-error")

    assert (stopped.status_code, whole.status_code) == (404, 200)
    assert [text.count("HTTP/1.1 ") for text in (stopped.text, whole.text)] == [2, 3]
    assert f"\r\n\r\n{len(organization.book.people)}\r\n" in whole.text


def test_a_batch_has_a_thousand_requests_at_most(organization: Organization) -> None:
    """And no more."""
    assert batch(organization, *["WhoAmI"] * 1001).status_code == 400
    assert batch(organization, *["WhoAmI"] * 1000).status_code == 200


def test_nothing_is_written(organization: Organization) -> None:
    """Methods other than GET are refused, as for a resource that has none of them."""
    assert organization.http.post("contacts", json={"lastname": "a"}).status_code == 405
    assert organization.http.get("/api/data/v8.0/contacts").status_code == 404


@pytest.mark.parametrize("options", [{"brust": 1}, {"burst": -1}, {"burst": 1.5}, {"work_s": True}])
def test_options_are_checked(options: dict[str, Any]) -> None:
    """An unknown name is refused, with the one that was meant."""
    sandbox = Sandbox(["dynamics365"], scale=0.01, options={"dynamics365": options})

    with pytest.raises(ValueError, match=r"burst|work_s"), sandbox:
        pass


def test_counts_stop_at_five_thousand() -> None:
    """Neither count tells more; the annotation says so, and so does the page."""
    counts = {"people": 5_001, "companies": 1, "deals": 1, "leads": 1, "appointments": 1, "notes": 1, "tasks": 1}
    with Sandbox([EMULATOR], counts=counts) as sandbox:
        token = httpx.post(token_url(sandbox), data=credentials(sandbox)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Prefer": 'odata.include-annotations="*"'}
        with httpx.Client(base_url=f"{sandbox.url('dynamics365')}/api/data/v9.2/", headers=headers) as http:
            page = http.get("contacts?$select=contactid&$count=true").json()

            assert (page["@odata.count"], http.get("contacts/$count").text) == (5_000, "5000")
            assert page["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is True
            assert len(page["value"]) == 5_000
            assert len(http.get(page["@odata.nextLink"]).json()["value"]) == 1

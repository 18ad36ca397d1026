"""Who is let in: tokens, OAuth, scopes, and the faults around them."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.sandbox.hubspot.books import book, person, user
from tests.sandbox.hubspot.portals import Portal, running_portal

BOOK = book(users=[user(1)], people=[person(1)])
CONTACTS = "/crm/v3/objects/contacts"


@pytest.fixture
def portal() -> Iterator[Portal]:
    """The book above."""
    with running_portal(BOOK) as running:
        yield running


def token_answer(portal: Portal, path: str = "/oauth/v1/token", **form: str) -> httpx.Response:
    """The token endpoint's answer to a refresh, with *form* in place of its fields."""
    told = {
        "grant_type": "refresh_token",
        "client_id": portal.secrets["HUBSPOT_CLIENT_ID"],
        "client_secret": portal.secrets["HUBSPOT_CLIENT_SECRET"],
        "refresh_token": portal.secrets["HUBSPOT_REFRESH_TOKEN"],
    }
    return portal.http.post(path, data={**told, **form})


def read(portal: Portal, token: str) -> httpx.Response:
    """A list of contacts with *token*."""
    return portal.http.get(CONTACTS, headers={"Authorization": f"Bearer {token}"})


def test_the_config_entry_reaches_the_portal_with_its_secret(portal: Portal):
    """`connect` names the platform, the url and a reference that `secrets` resolves."""
    assert portal.connect == {
        "key": "hubspot",
        "platform": "hubspot",
        "base_url": portal.url,
        "auth": {"kind": "bearer", "token": "env:HUBSPOT_TOKEN"},
        "leads": "object",
    }
    assert portal.secrets["HUBSPOT_TOKEN"].startswith("pat-na1-")
    assert read(portal, portal.secrets["HUBSPOT_TOKEN"]).status_code == 200


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer nope", "Basic x"])
def test_a_call_without_a_valid_token_is_a_401(portal: Portal, header: str | None):
    """The category is INVALID_AUTHENTICATION, and no rate headers are sent."""
    answer = httpx.get(portal.url + CONTACTS, headers={"Authorization": header} if header else {})

    assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")
    assert not [name for name in answer.headers if "ratelimit" in name]


@pytest.mark.parametrize("path", ["/oauth/v1/token", "/oauth/v3/token", "/oauth/2026-09/token"])
def test_a_refresh_gives_a_token_for_half_an_hour(portal: Portal, path: str):
    """Every version refreshes; the refresh token stays the same."""
    answer = token_answer(portal, path).json()

    assert (answer["token_type"], answer["expires_in"], answer["token_use"]) == ("bearer", 1800, "access_token")
    assert answer["refresh_token"] == portal.secrets["HUBSPOT_REFRESH_TOKEN"]
    assert read(portal, answer["access_token"]).status_code == 200


def test_version_1_takes_secrets_from_the_query_and_later_ones_do_not(portal: Portal):
    """The form alone counts from version 3 on."""
    query = {name.removeprefix("HUBSPOT_").lower(): value for name, value in portal.secrets.items()}
    form = {"grant_type": "refresh_token", "client_id": query["client_id"]}
    secrets = {name: query[name] for name in ("client_secret", "refresh_token")}

    assert portal.http.post("/oauth/v1/token", params=secrets, data=form).status_code == 200
    assert portal.http.post("/oauth/v3/token", params=secrets, data=form).status_code == 400


def test_an_access_token_expires_in_virtual_time(portal: Portal):
    """After 1,800 virtual seconds the answer is EXPIRED_AUTHENTICATION, and a refresh helps."""
    token = token_answer(portal).json()["access_token"]
    portal.clock.advance(1799)
    before = read(portal, token)
    portal.clock.advance(10)
    after = read(portal, token)

    assert before.status_code == 200
    assert (after.status_code, after.json()["category"]) == (401, "EXPIRED_AUTHENTICATION")
    assert after.json()["message"].startswith("The OAuth token used to make this call expired 9 second(s) ago")
    assert read(portal, token_answer(portal).json()["access_token"]).status_code == 200


def test_the_lifetime_of_tokens_is_a_switch():
    """`token_ttl_s` is what `expires_in` says."""
    with running_portal(BOOK, token_ttl_s=60.0) as portal:
        answer = token_answer(portal).json()
        portal.clock.advance(61)

        assert answer["expires_in"] == 60
        assert read(portal, answer["access_token"]).status_code == 401


def test_refresh_tokens_can_rotate():
    """With the switch each refresh gives another refresh token and voids the old one."""
    with running_portal(BOOK, rotates_refresh_token=True) as portal:
        first = token_answer(portal).json()["refresh_token"]
        again = token_answer(portal)
        second = token_answer(portal, refresh_token=first)

    assert first != portal.secrets["HUBSPOT_REFRESH_TOKEN"]
    assert (again.status_code, again.json()["status"]) == (400, "BAD_REFRESH_TOKEN")
    assert second.status_code == 200


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("client_id", "BAD_CLIENT_ID"),
        ("client_secret", "BAD_CLIENT_SECRET"),
        ("refresh_token", "BAD_REFRESH_TOKEN"),
        ("grant_type", "BAD_GRANT_TYPE"),
    ],
)
def test_a_wrong_field_is_named_in_status(portal: Portal, field: str, status: str):
    """400 with a code for each field."""
    answer = token_answer(portal, **{field: "wrong"})

    assert (answer.status_code, answer.json()["status"]) == (400, status)


def test_client_credentials_give_no_refresh_token(portal: Portal):
    """The token works; its use is told."""
    answer = token_answer(portal, grant_type="client_credentials").json()

    assert (answer["token_use"], "refresh_token" in answer) == ("client_credentials", False)
    assert read(portal, answer["access_token"]).status_code == 200


def test_a_code_is_redeemed_once_and_for_its_redirect_uri(portal: Portal):
    """Consent sends a code and the state back; the code buys tokens once, for the same redirect uri."""
    redirect_uri = "http://localhost/callback?x=1"

    def consent() -> str:
        asked = {"client_id": portal.secrets["HUBSPOT_CLIENT_ID"], "redirect_uri": redirect_uri, "state": "s t"}
        answer = portal.http.get("/oauth/authorize", params=asked)
        back = parse_qs(urlsplit(answer.headers["location"]).query)
        assert (answer.status_code, back["state"], back["x"]) == (302, ["s t"], ["1"])
        return back["code"][0]

    def redeem(code: str, uri: str) -> httpx.Response:
        return token_answer(portal, grant_type="authorization_code", code=code, redirect_uri=uri)

    code = consent()
    good, used = redeem(code, redirect_uri), redeem(code, redirect_uri)
    other_uri = redeem(consent(), "http://localhost/other")

    assert read(portal, good.json()["access_token"]).status_code == 200
    assert token_answer(portal, refresh_token=good.json()["refresh_token"]).status_code == 200
    assert (used.status_code, used.json()["status"]) == (400, "BAD_AUTH_CODE")
    assert (other_uri.status_code, other_uri.json()["status"]) == (400, "BAD_REDIRECT_URI")
    assert portal.http.get("/oauth/authorize", params={"client_id": "x"}).status_code == 400


def test_a_token_tells_what_it_is(portal: Portal):
    """Account, scopes and the seconds that are left; a private app's token is not told."""
    token = token_answer(portal).json()["access_token"]
    portal.clock.advance(100)

    info = portal.get(f"/oauth/v1/access-tokens/{token}").json()

    assert (info["token"], info["hub_id"], info["token_type"]) == (token, 40_817_229, "access")
    assert 1690 <= info["expires_in"] <= 1700
    assert "crm.objects.contacts.read" in info["scopes"]
    assert portal.get(f"/oauth/v1/access-tokens/{portal.secrets['HUBSPOT_TOKEN']}").status_code == 404


def test_calls_need_the_scope_of_what_they_read():
    """403 names what is missing; activities ride on contacts, and an association needs both ends."""
    with running_portal(BOOK, scopes="crm.objects.contacts.read") as portal:
        owners = portal.get("/crm/v3/owners")
        statuses = {
            path: portal.get(path).status_code
            for path in (
                CONTACTS,
                "/crm/v3/objects/notes",
                "/crm/v3/objects/deals",
                "/crm/v3/pipelines/deals",
                "/crm/v3/properties/0-3",
                "/crm/v4/associations/contacts/deals/labels",
                "/account-info/v3/details",
            )
        }

    assert list(statuses.values()) == [200, 200, 403, 403, 403, 403, 200]
    assert (owners.status_code, owners.json()["category"]) == (403, "MISSING_SCOPES")
    context = owners.json()["errors"][0]["context"]
    assert context == {"requiredGranularScopes": ["crm.objects.owners.read"]}


def test_unauthorized_ends_an_oauth_token_until_it_is_refreshed(portal: Portal):
    """One hit of the fault, and the token stays expired; a refresh gives one that works."""
    token = token_answer(portal).json()["access_token"]
    portal.faults.set("unauthorized", times=1)

    answers = [read(portal, token) for _ in range(2)]

    assert [one.status_code for one in answers] == [401, 401]
    assert {one.json()["category"] for one in answers} == {"EXPIRED_AUTHENTICATION"}
    assert read(portal, token_answer(portal).json()["access_token"]).status_code == 200


def test_revoked_refuses_calls_and_refreshes(portal: Portal):
    """401 for the API, 400 for the token endpoint, until it is cleared."""
    portal.faults.set("revoked")
    call, refresh = portal.get(CONTACTS), token_answer(portal)
    portal.faults.clear("revoked")

    assert (call.status_code, call.json()["category"]) == (401, "INVALID_AUTHENTICATION")
    assert (refresh.status_code, refresh.json()["status"]) == (400, "BAD_REFRESH_TOKEN")
    assert portal.get(CONTACTS).status_code == 200


def test_forbidden_tells_the_missing_scope(portal: Portal):
    """The fault's value, or else the scope that the call needs."""
    portal.faults.set("forbidden", times=1, value="crm.objects.custom.read")
    told = portal.get(CONTACTS)
    portal.faults.set("forbidden", times=1)
    needed = portal.get(CONTACTS)

    scopes = [one.json()["errors"][0]["context"]["requiredGranularScopes"] for one in (told, needed)]
    assert [told.status_code, needed.status_code] == [403, 403]
    assert scopes == [["crm.objects.custom.read"], ["crm.objects.contacts.read"]]


def test_migrating_and_locked_are_faults_of_this_vendor(portal: Portal):
    """477 tells when to come back, 423 does not."""
    portal.faults.set("migrating", times=1, value=30)
    migrating = portal.get(CONTACTS)
    portal.faults.set("locked", times=1)
    locked = portal.get(CONTACTS)

    assert (migrating.status_code, migrating.headers["retry-after"]) == (477, "30")
    assert (locked.status_code, "retry-after" in locked.headers) == (423, False)

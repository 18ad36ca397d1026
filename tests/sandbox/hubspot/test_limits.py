"""Rate limits, in virtual time."""

from collections.abc import Callable

import httpx
import pytest

from sandbox.seed import TODAY
from tests.sandbox.hubspot.books import book, company, note, person
from tests.sandbox.hubspot.portals import Portal, running_portal

BOOK = book(people=[person(1, company=1)], companies=[company(1)], notes=[note(1)])
CONTACTS = "/crm/v3/objects/contacts"
SLOW = 0.001
"""Virtual seconds per second: the clock all but stands, so that only `advance` moves the windows."""


def batch(portal: Portal) -> httpx.Response:
    """An association batch."""
    return portal.post("/crm/v4/associations/contacts/companies/batch/read", {"inputs": [{"id": "101"}]})


def statuses(call: Callable[[], httpx.Response], times: int) -> list[int]:
    """The statuses of *times* calls."""
    return [call().status_code for _ in range(times)]


def test_the_burst_window_rolls():
    """190 calls in any 10 s, then 429 until the oldest is 10 s old."""
    with running_portal(BOOK, limits=True, time_scale=SLOW) as portal:
        first = statuses(lambda: portal.get(CONTACTS), 190)
        over = portal.get(CONTACTS)
        portal.clock.advance(9)
        still = portal.get(CONTACTS)
        portal.clock.advance(1)
        again = portal.get(CONTACTS)

    assert set(first) == {200}
    assert [over.status_code, still.status_code, again.status_code] == [429, 429, 200]
    assert {name: over.json()[name] for name in ("status", "message", "errorType", "policyName")} == {
        "status": "error",
        "message": "You have reached your ten_secondly_rolling limit.",
        "errorType": "RATE_LIMIT",
        "policyName": "TEN_SECONDLY_ROLLING",
    }
    assert "category" not in over.json()
    assert "retry-after" not in over.headers


def test_an_oauth_app_has_its_own_smaller_window():
    """110 calls; those of the private app do not count in it, and there is no daily header."""
    with running_portal(BOOK, limits=True, time_scale=SLOW) as portal:
        form = {
            "grant_type": "client_credentials",
            "client_id": portal.secrets["HUBSPOT_CLIENT_ID"],
            "client_secret": portal.secrets["HUBSPOT_CLIENT_SECRET"],
        }
        token = portal.http.post("/oauth/v1/token", data=form).json()["access_token"]
        private = statuses(lambda: portal.get(CONTACTS), 150)
        headers = {"Authorization": f"Bearer {token}"}
        answers = [portal.http.get(CONTACTS, headers=headers) for _ in range(111)]

    assert set(private) == {200}
    assert [one.status_code for one in answers] == [200] * 110 + [429]
    assert answers[0].headers["x-hubspot-ratelimit-max"] == "110"
    assert "x-hubspot-ratelimit-daily" not in answers[0].headers


def test_searches_have_a_window_of_their_own():
    """5 in any second for the whole account; ordinary calls neither count in it nor are counted."""
    with running_portal(BOOK, limits=True, time_scale=SLOW, burst_private=3) as portal:
        ordinary = statuses(lambda: portal.get(CONTACTS), 3)
        searches = [portal.search(kind) for kind in ("contacts", "notes", "contacts", "companies", "deals", "leads")]
        portal.clock.advance(1)
        later = portal.search("contacts").status_code

    assert ordinary == [200] * 3
    assert [one.status_code for one in searches] == [200] * 5 + [429]
    over = searches[-1].json()
    assert (over["message"], over["policyName"]) == ("You have reached your secondly limit.", "SECONDLY")
    assert later == 200
    assert not [name for answer in searches for name in answer.headers if "ratelimit" in name]


def test_association_batches_are_exempt_from_the_burst():
    """They pass beyond it; lists of one record do not."""
    with running_portal(BOOK, limits=True, time_scale=SLOW, burst_private=1) as portal:
        ordinary = statuses(lambda: portal.get(CONTACTS), 2)
        batches = statuses(lambda: batch(portal), 5)
        single = portal.get("/crm/v4/objects/contacts/101/associations/companies").status_code

    assert (ordinary, batches, single) == ([200, 429], [200] * 5, 429)


def test_every_call_counts_for_the_day_until_midnight_of_the_account():
    """Searches and batches too; the clock starts at noon UTC, 07:00 in New York, so the day lasts 17 h more."""
    with running_portal(BOOK, limits=True, time_scale=SLOW, daily=4) as portal:
        first = [portal.get(CONTACTS), portal.search("contacts"), batch(portal), portal.get(CONTACTS)]
        over = portal.get(CONTACTS), portal.search("contacts")
        portal.clock.advance(17 * 3600 - 60)
        still = portal.get(CONTACTS).status_code
        portal.clock.advance(60)
        tomorrow = portal.get(CONTACTS).status_code

    assert TODAY.month == 11
    assert [one.status_code for one in first] == [200] * 4
    assert [one.status_code for one in over] == [429, 429]
    assert (over[0].json()["message"], over[0].json()["policyName"]) == ("You have reached your daily limit.", "DAILY")
    assert (still, tomorrow) == (429, 200)


def test_headers_tell_what_is_left():
    """Of the burst, of the day, and the deprecated ones of a second."""
    with running_portal(BOOK, limits=True, time_scale=SLOW) as portal:
        portal.get(CONTACTS)
        headers = portal.get(CONTACTS).headers

    assert {name: value for name, value in headers.items() if "ratelimit" in name} == {
        "x-hubspot-ratelimit-max": "190",
        "x-hubspot-ratelimit-remaining": "188",
        "x-hubspot-ratelimit-interval-milliseconds": "10000",
        "x-hubspot-ratelimit-secondly": "19",
        "x-hubspot-ratelimit-secondly-remaining": "19",
        "x-hubspot-ratelimit-daily": "625000",
        "x-hubspot-ratelimit-daily-remaining": "624998",
    }


def test_retry_after_is_a_switch_on_the_api():
    """With it a 429 says how many seconds to wait under its own policy."""
    switches = {"retry_after": True, "burst_private": 1, "search_rate": 1, "daily": 3}
    with running_portal(BOOK, limits=True, time_scale=SLOW, **switches) as portal:
        portal.get(CONTACTS)
        portal.clock.advance(3)
        burst = portal.get(CONTACTS).headers["retry-after"]
        portal.search("contacts")
        search = portal.search("contacts").headers["retry-after"]
        batch(portal)
        daily = portal.get(CONTACTS).headers["retry-after"]

    assert (burst, search) == ("7", "1")
    assert 61_000 < int(daily) <= 61_200


@pytest.mark.parametrize(
    ("fault", "searched", "policy"),
    [
        ("rate_limited", False, "TEN_SECONDLY_ROLLING"),
        ("rate_limited", True, "SECONDLY"),
        ("quota_exhausted", False, "DAILY"),
        ("quota_exhausted", True, "DAILY"),
    ],
)
def test_limits_can_be_switched_on_as_faults(fault: str, searched: bool, policy: str):
    """The refusal is the one that the call's own window would give."""
    with running_portal(BOOK) as portal:
        portal.faults.set(fault, times=1)
        answer = portal.search("contacts") if searched else portal.get(CONTACTS)

    assert (answer.status_code, answer.json()["policyName"]) == (429, policy)


def test_a_fault_can_tell_how_long_to_wait():
    """The value of `rate_limited` is the Retry-After, switch or no switch."""
    with running_portal(BOOK) as portal:
        portal.faults.set("rate_limited", times=1, value=3)
        answer = portal.get(CONTACTS)

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")


def test_the_token_endpoint_says_when_to_come_back():
    """Its 429 has its own text and always a Retry-After."""
    with running_portal(BOOK) as portal:
        portal.faults.set("rate_limited", times=1, value=4, path="/oauth/")
        answer = portal.http.post("/oauth/v1/token", data={})

    assert (answer.status_code, answer.json()["message"]) == (429, "You have reached your rate limit.")
    assert answer.headers["retry-after"] == "4"

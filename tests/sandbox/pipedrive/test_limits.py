"""Limits of a middle plan: bursts, searches, the day's tokens, and the end of patience."""

from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox.pipedrive.accounts import Account, running_account

PIPELINES = "/api/v2/pipelines"


@pytest.fixture(scope="module")
def limited() -> Iterator[Account]:
    """An account with its limits."""
    with running_account(limits=True, scale=0.01) as running:
        yield running


def tokens_left(answer: httpx.Response) -> int:
    """Tokens of the day that are left after a call."""
    assert answer.status_code == 200
    return int(answer.headers["x-daily-ratelimit-token-remaining"])


def test_a_burst_ends_with_429_and_starts_anew_after_two_seconds() -> None:
    """The hundred-and-first call of a user in 2 s is refused; the headers count down to it."""
    with running_account(limits=True, scale=0.01) as account:
        answers = [account.get(PIPELINES) for _ in range(100)]
        refused = account.get(PIPELINES)
        account.clock.advance(2)
        after = account.get(PIPELINES)

    left = [int(one.headers["x-ratelimit-remaining"]) for one in answers]
    assert left == list(range(99, -1, -1))
    assert (refused.status_code, refused.json()["errorCode"], refused.json()["success"]) == (429, 429, False)
    assert (refused.headers["x-ratelimit-limit"], refused.headers["x-ratelimit-reset"]) == ("100", "2")
    assert "retry-after" not in refused.headers
    assert after.status_code == 200


def test_searches_have_a_window_of_their_own() -> None:
    """Ten in 2 s, whatever the plan; other calls go on."""
    with running_account(limits=True, scale=0.01) as account:
        answers = [account.get("/api/v2/itemSearch", term="zz").status_code for _ in range(11)]
        other = account.get(PIPELINES).status_code

    assert answers == [200] * 10 + [429]
    assert other == 200


@pytest.mark.parametrize(
    ("path", "cost"),
    [
        ("/api/v2/persons", 10),
        ("/api/v2/pipelines", 5),
        ("/api/v2/stages", 5),
        ("/api/v2/deals/archived", 20),
        ("/api/v2/personFields", 10),
        ("/api/v2/persons/search?term=zz", 20),
        ("/api/v2/pipelines/1", 1),
        ("/v1/leads", 20),
        ("/v1/users/me", 2),
    ],
)
def test_calls_cost_what_the_table_says(limited: Account, path: str, cost: int) -> None:
    """Premium with ten seats has 1.5 million tokens a day; a list costs the same whatever its limit."""
    before = tokens_left(limited.get("/api/v2/pipelines/1"))
    limited.clock.advance(2)

    after = tokens_left(limited.get(path))

    assert before - after == cost
    assert limited.get(path).headers["x-daily-ratelimit-token-limit"] == "1500000"


def test_a_spent_day_is_told_until_midnight() -> None:
    """Its own text, nothing left, and the seconds until midnight UTC, after which calls pass."""
    with running_account(limits=True, scale=0.01, daily=25) as account:
        statuses = [account.get("/api/v2/persons").status_code for _ in range(3)]
        refused = account.get("/api/v2/persons")
        wait_s = int(refused.headers["retry-after"])
        account.clock.advance(wait_s)
        after = account.get("/api/v2/persons")

    assert statuses == [200, 200, 429]
    assert refused.json()["error"] == "daily request budget exceeded"
    assert refused.headers["x-daily-ratelimit-token-remaining"] == "0"
    assert 11 * 3600 < wait_s <= 12 * 3600
    assert after.status_code == 200


def test_who_goes_on_calling_meets_cloudflare() -> None:
    """After many refusals comes an HTML page with 403, until a minute is over."""
    with running_account(limits=True, scale=0.01, burst=1, blocked_after=3) as account:
        statuses = [account.get(PIPELINES).status_code for _ in range(4)]
        blocked = account.get(PIPELINES)
        account.clock.advance(60)
        after = account.get(PIPELINES)

    assert statuses == [200, 429, 429, 429]
    assert (blocked.status_code, blocked.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert after.status_code == 200

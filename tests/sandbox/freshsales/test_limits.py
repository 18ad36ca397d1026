"""The key, the hour's limit in virtual time, faults and options."""

import httpx
import pytest

from sandbox import Sandbox
from sandbox.freshsales.options import Options
from tests.sandbox.freshsales.accounts import PREFIX, Account, running_account

SLOW = 0.001
"""Virtual seconds per second: the clock all but stands, so that only `advance` moves the hour."""


def test_an_hour_has_its_calls() -> None:
    """The answers tell what is left; a call too many waits until the hour ends, and does not count."""
    with running_account(scale=0.02, time_scale=SLOW, hourly=3) as account:
        answers = [account.get("/selector/owners") for _ in range(4)]
        account.clock.advance(3_000)
        still = account.get("/selector/owners")
        account.clock.advance(600)
        again = account.get("/selector/owners")

    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert answers[3].json() == {"errors": {"code": 429, "message": ["Too many requests"]}}
    assert 3_590 < int(answers[3].headers["retry-after"]) <= 3_600
    assert 590 < int(still.headers["retry-after"]) <= 600
    assert (still.status_code, again.status_code, again.headers["x-ratelimit-limit"]) == (429, 200, "3")


def test_a_429_need_not_say_when_to_come_back() -> None:
    """By option."""
    with running_account(scale=0.02, hourly=0, retry_after=False) as account:
        answer = account.get("/selector/owners")

    assert answer.status_code == 429
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize("authorization", [None, "Token token=wrong", "Bearer KEY", "token=KEY"])
def test_a_wrong_key_fails_to_log_in(account: Account, authorization: str | None) -> None:
    """So does the right one in another scheme."""
    key = account.secrets["FRESHSALES_API_KEY"]
    headers = {} if authorization is None else {"Authorization": authorization.replace("KEY", key)}
    answer = httpx.get(f"{account.url}{PREFIX}/selector/owners", headers=headers)

    assert (answer.status_code, answer.json()["login"]) == (401, "failed")


@pytest.mark.parametrize(
    ("fault", "status"),
    [("rate_limited", 429), ("quota_exhausted", 429), ("unauthorized", 401), ("revoked", 401), ("forbidden", 403)],
)
def test_faults_are_told_in_the_vendors_words(account: Account, fault: str, status: int) -> None:
    """Once each."""
    account.faults.set(fault, times=1, path="/selector", value=7 if fault == "rate_limited" else None)
    answer = account.get("/selector/currencies")
    account.clock.advance(3_600)

    assert answer.status_code == status
    assert status != 403 or "not authorized" in answer.json()["errors"]["message"][0]
    assert fault != "rate_limited" or answer.headers["retry-after"] == "7"
    assert account.get("/selector/currencies").status_code == 200


def test_the_gateway_is_told_how_to_reach_it(account: Account) -> None:
    """The key is a secret by reference."""
    assert account.connect == {
        "key": "freshsales",
        "platform": "freshsales",
        "base_url": account.url,
        "auth": {"kind": "bearer", "token": "env:FRESHSALES_API_KEY"},
    }


def test_deals_may_lack_a_view_of_all() -> None:
    """And filtered searches the attribute id, by option."""
    with running_account(scale=0.02, all_deals=False, id_attribute=False) as account:
        names = [one["name"] for one in account.read("/deals/filters")["filters"]]
        status = account.search("deal", ("id", "is_in", [1])).status_code

    assert "All Deals" not in names
    assert "Open Deals" in names
    assert status == 400


def test_it_serves_tls() -> None:
    """As any emulator."""
    with Sandbox(["freshsales"], scale=0.02, tls=True) as sandbox:
        status = httpx.get(f"{sandbox.url('freshsales')}{PREFIX}/selector/owners", verify=False).status_code  # noqa: S501 - its authority is new

    assert status == 401


@pytest.mark.parametrize("options", [{"hour": 1}, {"hourly": -1}, {"hourly": True}, {"all_deals": 1}], ids=str)
def test_a_wrong_option_is_refused(options: dict[str, int | bool]) -> None:
    """Unknown names, and values that a switch does not take."""
    with pytest.raises(ValueError, match="freshsales emulator"):
        Options.from_mapping(options)

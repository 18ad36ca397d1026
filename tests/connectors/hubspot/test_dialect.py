"""How replies are judged: by status, category and policy, and never by their words."""

from typing import Any

import orjson
import pytest

from connectors.http import Accepted, Call, Failed, Refresh, Reply, Retry
from connectors.hubspot.dialect import HubSpotDialect, limits_of
from connectors.hubspot.manifest import manifest
from model.errors import (
    QuotaExhausted,
    RateLimited,
    ReauthRequired,
    Rejected,
    SchemaDrift,
    SourceError,
    SourceForbidden,
    SourceUnavailable,
)

DIALECT = HubSpotDialect("hs")


def a_call(limit_class: str = "default") -> Call[Any]:
    """A call of a limit class."""
    return Call(operation="search", method="GET", path="/crm", parse=dict, limit_class=limit_class)


def a_reply(status: int, body: object = None, **headers: str) -> Reply:
    """A reply; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, content=orjson.dumps(body) if body is not None else b"")


@pytest.mark.parametrize("status", [200, 201, 204, 207])
def test_partial_success_is_success(status: int) -> None:
    """A 207 is an answer whose errors are read inside."""
    assert Accepted() == DIALECT.verdict(a_call(), a_reply(status, {}))


@pytest.mark.parametrize(
    ("category", "verdict"),
    [("EXPIRED_AUTHENTICATION", Refresh), ("INVALID_AUTHENTICATION", Failed), (None, Refresh)],
)
def test_only_an_expired_token_is_renewed(category: str | None, verdict: type) -> None:
    """An invalid token is nobody's to renew: somebody has to connect the account again."""
    found = DIALECT.verdict(a_call(), a_reply(401, {"status": "error", "category": category}))

    assert isinstance(found, verdict)
    assert isinstance(getattr(found, "error", None), ReauthRequired)


@pytest.mark.parametrize(
    ("body", "limit_class", "headers", "after_s"),
    [
        ({"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}, "default", {}, 10.0),
        ({"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}, "default", {"retry_after": "3"}, 3.0),
        ({"errorType": "RATE_LIMIT", "policyName": "SECONDLY"}, "default", {}, 1.0),
        ({"message": "You have reached your secondly limit."}, "search", {}, 1.0),
        (None, "associations", {}, 10.0),
    ],
)
def test_a_full_window_is_waited_for(body: object, limit_class: str, headers: dict[str, str], after_s: float) -> None:
    """By the policy's length, or as long as the reply says; only the class that was too fast waits."""
    found = DIALECT.verdict(a_call(limit_class), a_reply(429, body, **headers))

    assert isinstance(found, Retry)
    assert isinstance(found.error, RateLimited)
    assert (after_s, limit_class) == (found.after_s, found.pauses)


def test_a_used_up_day_is_not_waited_for() -> None:
    """The daily limit comes back at midnight: nothing is tried again before."""
    found = DIALECT.verdict(a_call(), a_reply(429, {"policyName": "DAILY"}))

    assert isinstance(found, Failed)
    assert isinstance(found.error, QuotaExhausted)


@pytest.mark.parametrize(
    ("status", "headers", "after_s"),
    [(423, {}, 2.0), (477, {"retry_after": "120"}, 120.0), (502, {}, None), (503, {}, None), (524, {}, None)],
)
def test_what_passes_is_tried_again(status: int, headers: dict[str, str], after_s: float | None) -> None:
    """A lock, a move to another data centre and a tired server pass."""
    found = DIALECT.verdict(a_call(), a_reply(status, **headers))

    assert isinstance(found, Retry)
    assert isinstance(found.error, SourceUnavailable)
    assert after_s == found.after_s


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Rejected),
        (403, SourceForbidden),
        (404, SchemaDrift),
        (409, Rejected),
        (414, Rejected),
        (525, SourceUnavailable),
    ],
)
def test_refusals_are_not_repeated(status: int, error: type[SourceError]) -> None:
    """What HubSpot says no to it will say no to again."""
    found = DIALECT.verdict(a_call(), a_reply(status, {"message": "no\x1b[31m" + "x" * 900}))

    assert isinstance(found, Failed)
    assert type(found.error) is error
    assert found.error.message.isprintable()
    assert len(found.error.message) < 300


def test_missing_scopes_are_named() -> None:
    """The error says which scopes to grant."""
    context = {"requiredGranularScopes": ["crm.objects.leads.read"]}
    body = {"category": "MISSING_SCOPES", "errors": [{"message": "…", "context": context}]}

    found = DIALECT.verdict(a_call(), a_reply(403, body))

    assert isinstance(found, Failed)
    assert "crm.objects.leads.read" in found.error.message


@pytest.mark.parametrize("body", [[1], {"errors": 5}, {"errors": [{"context": None}]}, {"policyName": 7}, "x"])
def test_strange_bodies_are_still_judged(body: object) -> None:
    """Every part of an error body is optional, and may be anything."""
    for status in (400, 401, 403, 429):
        assert not isinstance(DIALECT.verdict(a_call(), a_reply(status, body)), Accepted)


def test_headers_tell_of_the_burst_and_the_day() -> None:
    """Limits are learned; a reply without such headers, as of a search, teaches nothing."""
    told = {
        "x-hubspot-ratelimit-max": "110",
        "x-hubspot-ratelimit-remaining": "108",
        "x-hubspot-ratelimit-interval-milliseconds": "10000",
        "x-hubspot-ratelimit-daily": "250000",
        "x-hubspot-ratelimit-daily-remaining": "249000",
    }

    burst, daily = DIALECT.observed(a_call(), Reply(status=200, headers=told, content=b""))

    assert (burst.name, burst.limit, burst.remaining, burst.window_s) == ("burst", 110, 108, 10.0)
    assert (daily.name, daily.limit, daily.remaining) == ("daily", 250_000, 249_000)
    assert DIALECT.observed(a_call("search"), a_reply(200)) == ()


@pytest.mark.parametrize("plan", ["free", "professional", "enterprise", "oauth"])
def test_searches_and_associations_stay_out_of_the_burst(plan: str) -> None:
    """Only ordinary calls count against the burst; all count towards the day, where a plan has one."""
    classes = {one.name: one for one in limits_of(plan).classes}

    assert [manifest().plans[plan].burst] == [window.limit for window in classes["default"].windows]
    assert [(window.limit, window.window_s) for window in classes["search"].windows] == [(5, 1.0)]
    assert classes["associations"].windows == ()
    assert all(classes[name].shares == ("daily",) for name in ("default", "search", "associations"))
    assert (plan == "oauth") is (classes["daily"].windows == ())

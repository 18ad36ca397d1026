"""What goes wrong on the way ends in one typed error, after as many attempts as help and no more."""

import asyncio
from collections.abc import Iterator

import pytest

from connectors.salesforce import Options
from connectors.scope import Deadline, Scope, entered
from model.entities import Entity
from model.errors import (
    BudgetExceeded,
    QuotaExhausted,
    RateLimited,
    ReauthRequired,
    SourceError,
    SourceForbidden,
    SourceTimeout,
    SourceUnavailable,
)
from sandbox.faults import Faults
from sandbox.run import Sandbox
from tests.connectors.salesforce.org import Org, connected, query

PAGE = query(Entity.CONTACT, "email", limit=3)


@pytest.fixture
def unruly() -> Iterator[Sandbox]:
    """An org of the test's own, fast enough for its back-offs."""
    with Sandbox(["salesforce"], scale=0.05, time_scale=20) as running:
        yield running


def faults_of(sandbox: Sandbox) -> Faults:
    """The org's switches."""
    return sandbox.faults("salesforce")


async def page_error(org: Org) -> SourceError:
    """What a page ends in."""
    with pytest.raises(SourceError) as caught:
        await org.connector.page(PAGE)
    return caught.value


async def test_expired_session_is_renewed_once(unruly: Sandbox) -> None:
    """Readers that meet it together renew it together, and all get their rows."""
    async with connected(unruly, time_scale=20) as org:
        faults_of(unruly).set("unauthorized", times=1)
        pages = await asyncio.gather(
            *(org.connector.page(query(Entity.CONTACT, "email", limit=limit)) for limit in range(1, 6))
        )

    assert [len(page.records) for page in pages] == [1, 2, 3, 4, 5]
    assert [event.kind for event in org.scope.calls].count("auth") == 1


async def test_revoked_credential_needs_a_human(unruly: Sandbox) -> None:
    """When a new token is refused as well, waiting would not help."""
    async with connected(unruly, time_scale=20) as org:
        faults_of(unruly).set("unauthorized")
        faults_of(unruly).set("revoked")
        error = await page_error(org)

    assert isinstance(error, ReauthRequired)
    assert not error.is_retryable


async def test_missing_permission_is_forbidden(unruly: Sandbox) -> None:
    """It is not tried again."""
    async with connected(unruly, time_scale=20) as org:
        faults_of(unruly).set("forbidden")
        error = await page_error(org)

    assert isinstance(error, SourceForbidden)
    assert [event.retries for event in org.calls()] == [0]


async def test_used_up_quota_is_said_at_once() -> None:
    """Nobody waits for tomorrow."""
    with Sandbox(["salesforce"], scale=0.05, options={"salesforce": {"daily_requests": 5}}) as sandbox:
        async with connected(sandbox) as org:
            while org.connector.quotas()[0].remaining:
                await org.connector.page(PAGE)
            error = await page_error(org)
            (quota,) = org.connector.quotas()

    assert isinstance(error, QuotaExhausted)
    assert (quota.limit, quota.remaining) == (5, 0)


async def test_concurrency_limit_is_waited_for(unruly: Sandbox) -> None:
    """It has no Retry-After: back off and ask again; when it lasts, say so."""
    async with connected(unruly, time_scale=20) as org:
        faults_of(unruly).set("rate_limited", times=2)
        page = await org.connector.page(PAGE)
        calls = org.calls()
        faults_of(unruly).set("rate_limited")
        error = await page_error(org)

    assert len(page.records) == 3
    assert [event.retries for event in calls] == [2]
    assert isinstance(error, RateLimited)


@pytest.mark.parametrize("fault", ["status", "reset", "maintenance"])
async def test_passing_failures_are_tried_again(unruly: Sandbox, fault: str) -> None:
    """Server errors as HTML, closed connections and maintenance pass."""
    async with connected(unruly, time_scale=20) as org:
        faults_of(unruly).set(fault, times=1, value=503 if fault == "status" else None)
        page = await org.connector.page(PAGE)

    assert len(page.records) == 3


@pytest.mark.parametrize("fault", ["html_200", "garbage", "wrong_types", "truncate"])
async def test_garbage_is_no_empty_answer(unruly: Sandbox, fault: str) -> None:
    """An answer that is none fails the source, and quotes nothing of it."""
    async with connected(unruly, time_scale=20) as org:
        faults_of(unruly).set(fault)
        error = await page_error(org)

    assert isinstance(error, SourceUnavailable)
    assert "<" not in error.message


async def test_silence_ends_at_the_deadline(unruly: Sandbox) -> None:
    """An org that never answers costs the request's time and no more."""
    async with connected(unruly, time_scale=20) as org:
        faults_of(unruly).set("hang")
        with entered(Scope(Deadline.after(0.2), max_calls=5)):
            error = await page_error(org)

    assert isinstance(error, SourceTimeout)


async def test_spent_budget_is_no_fault_of_the_source(unruly: Sandbox) -> None:
    """The request's own bound is told as such, from inside concurrent reads too."""
    async with connected(unruly, time_scale=20) as org:
        ids = [f"003Zz{number:010d}" for number in range(4_001)]
        with entered(Scope(Deadline.after(10), max_calls=1)), pytest.raises(BudgetExceeded):
            await org.connector.by_ids(Entity.CONTACT, ids, PAGE.selection)


async def test_quota_is_learned_from_answers(unruly: Sandbox) -> None:
    """What the org says of its day replaces what the config guessed."""
    async with connected(unruly, Options(daily_requests=7), time_scale=20) as org:
        (quota,) = org.connector.quotas()

    assert quota.name == "daily"
    assert quota.is_observed
    assert (quota.limit or 0) > 100_000
    assert quota.window_s == 86_400


async def test_source_that_was_closed_is_unavailable(unruly: Sandbox) -> None:
    """A reader that comes late is told, and no connection is opened."""
    async with connected(unruly, time_scale=20) as org:
        await org.connector.aclose()
        error = await page_error(org)

    assert isinstance(error, SourceUnavailable)

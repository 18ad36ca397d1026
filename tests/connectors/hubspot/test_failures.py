"""What becomes of HubSpot's refusals, over a socket: waited for, renewed, or told in words that help."""

from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr

from connectors.credentials import ClientCredentials, RefreshToken
from model.entities import Entity, Record
from model.errors import (
    QuotaExhausted,
    RateLimited,
    ReauthRequired,
    SourceError,
    SourceForbidden,
    SourceUnavailable,
)
from model.query import Query, Selection
from sandbox.run import Sandbox
from tests.connectors.hubspot.accounts import UNLIMITED, Account, account

CONTACTS = Query(entity=Entity.CONTACT, selection=Selection(frozenset({"email"})), limit=3)


@pytest.fixture(scope="module")
def shaky() -> Iterator[Sandbox]:
    """An account whose faults a test may set."""
    with Sandbox(["hubspot"], scale=0.02, time_scale=200, options={"hubspot": UNLIMITED}) as running:
        yield running


@pytest.fixture
async def hubspot(shaky: Sandbox) -> AsyncIterator[Account]:
    """A described connector to it; faults are cleared when the test is over."""
    async with account(shaky) as connected:
        yield connected
    shaky.faults("hubspot").clear()


def _oauth(sandbox: Sandbox) -> RefreshToken:
    secrets = sandbox.secrets
    return RefreshToken(
        kind="refresh_token",
        client_id=SecretStr(secrets["HUBSPOT_CLIENT_ID"]),
        client_secret=SecretStr(secrets["HUBSPOT_CLIENT_SECRET"]),
        refresh_token=SecretStr(secrets["HUBSPOT_REFRESH_TOKEN"]),
    )


@pytest.mark.parametrize("fault", ["rate_limited", "locked", "migrating", "reset", "truncate"])
async def test_what_passes_is_waited_for(shaky: Sandbox, hubspot: Account, fault: str) -> None:
    """A full window, a lock, a move and a lost answer are tried again, and the page is there."""
    shaky.faults("hubspot").set(fault, times=1, path="/objects/")

    page = await hubspot.connector.page(CONTACTS)

    assert len(page.records) == 3
    assert hubspot.scope.calls[-1].retries == 1


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("quota_exhausted", QuotaExhausted, "midnight"),
        ("forbidden", SourceForbidden, "grant"),
        ("html_200", SourceUnavailable, "JSON"),
        ("garbage", SourceUnavailable, "JSON"),
        ("wrong_types", SourceUnavailable, "shape"),
        ("revoked", ReauthRequired, "connect"),
    ],
)
async def test_what_does_not_pass_is_told(
    shaky: Sandbox, hubspot: Account, fault: str, error: type[SourceError], words: str
) -> None:
    """Each refusal has the class that says who can help, and never the token in its words."""
    shaky.faults("hubspot").set(fault, path="/objects/")

    with pytest.raises(error, match=words) as caught:
        await hubspot.connector.page(CONTACTS)

    assert shaky.secrets["HUBSPOT_TOKEN"] not in caught.value.message
    assert caught.value.source == "hubspot"


async def test_a_window_that_stays_full_ends_with_the_deadline(shaky: Sandbox) -> None:
    """What cannot be waited for within the deadline is a rate limit, with the time to wait."""
    async with account(shaky, deadline_s=2) as hubspot:
        shaky.faults("hubspot").set("rate_limited", path="/objects/")
        try:
            with pytest.raises(RateLimited) as caught:
                await hubspot.connector.page(CONTACTS)
        finally:
            shaky.faults("hubspot").clear()

    assert (caught.value.retry_after_s or 0) > 0


async def test_an_expired_token_is_renewed_once(shaky: Sandbox) -> None:
    """OAuth: the token endpoint is below the account's address, and an expired token costs one renewal."""
    async with account(shaky, auth=_oauth(shaky), plan="oauth") as hubspot:
        shaky.clear_calls()
        shaky.faults("hubspot").set("unauthorized", times=1, path="/objects/")

        page = await hubspot.connector.page(CONTACTS)

        tokens = [call for call in shaky.calls("hubspot") if call.path == "/oauth/v1/token"]
        assert len(page.records) == 3
        assert len(tokens) == 1


async def test_an_app_can_sign_in_by_itself(shaky: Sandbox) -> None:
    """Client credentials get their token below the account's address."""
    secrets = shaky.secrets
    auth = ClientCredentials(
        kind="client_credentials",
        client_id=SecretStr(secrets["HUBSPOT_CLIENT_ID"]),
        client_secret=SecretStr(secrets["HUBSPOT_CLIENT_SECRET"]),
    )
    async with account(shaky, auth=auth) as hubspot:
        assert len((await hubspot.connector.page(CONTACTS)).records) == 3


async def test_a_refused_refresh_asks_for_a_human(shaky: Sandbox) -> None:
    """A revoked grant cannot be mended here."""
    async with account(shaky, auth=_oauth(shaky), plan="oauth") as hubspot:
        shaky.faults("hubspot").set("unauthorized", path="/objects/")
        shaky.faults("hubspot").set("revoked", path="/oauth/")
        try:
            with pytest.raises(ReauthRequired):
                await hubspot.connector.page(CONTACTS)
        finally:
            shaky.faults("hubspot").clear()


async def test_one_failing_batch_fails_its_own_ids_alone(shaky: Sandbox, hubspot: Account) -> None:
    """Of two batches the one that fails has errors in its places, the other its records."""
    known = [row.remote_id for row in (await hubspot.connector.page(CONTACTS)).records]
    asked = [*known, *(str(number) for number in range(90_000_000, 90_000_200))]
    shaky.faults("hubspot").set("forbidden", times=1, path="/batch/read")

    found = await hubspot.connector.by_ids(Entity.CONTACT, asked, Selection())

    kinds = {type(one).__name__ for one in found}
    assert len(asked) == len(found)
    assert "SourceForbidden" in kinds
    assert len(kinds) > 1


async def test_quotas_are_what_headers_say(shaky: Sandbox, hubspot: Account) -> None:
    """The burst and the day are learned from answers; searches tell nothing, and have their own window."""
    await hubspot.connector.page(CONTACTS)

    quotas = {quota.name: quota for quota in hubspot.connector.quotas()}
    assert {"burst", "daily", "search"} == set(quotas)
    assert quotas["burst"].is_observed
    assert UNLIMITED["burst_private"] == quotas["burst"].limit
    assert not quotas["search"].is_observed


async def test_reads_leave_nothing_running(shaky: Sandbox, hubspot: Account) -> None:
    """Records are plain values: what was read stays when the account goes."""
    records = (await hubspot.connector.page(CONTACTS)).records
    await hubspot.connector.aclose()

    assert all(isinstance(record, Record) for record in records)
    with pytest.raises(SourceUnavailable):
        await hubspot.connector.page(CONTACTS)

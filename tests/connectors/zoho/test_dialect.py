"""What becomes of Zoho's limits and refusals, over a socket."""

from collections.abc import Iterator

import orjson
import pytest

from connectors.http import Call, Failed, Reply, Retry
from connectors.zoho.dialect import ZohoDialect
from model.capabilities import RelationMode
from model.entities import Entity, Record
from model.errors import QuotaExhausted, ReauthRequired, SourceError, SourceForbidden
from model.query import Query, Selection
from sandbox.run import Sandbox
from tests.connectors.zoho.accounts import Account, account

CALL = Call(operation="coql", method="POST", path="/crm/v8/coql", parse=bool)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A small account whose faults a test may set."""
    with Sandbox(["zoho"], scale=0.03, time_scale=50, options={"zoho": {"token_requests": 1000}}) as running:
        yield running


def _contacts(limit: int) -> Query:
    return Query(entity=Entity.CONTACT, selection=Selection(), limit=limit)


@pytest.mark.parametrize("fault", ["rate_limited", "reset", "truncate", "unauthorized"])
async def test_what_passes_is_tried_again(fault: str, sandbox: Sandbox) -> None:
    """Too many calls at a time, a lost answer and an old token do not fail a page."""
    async with account(sandbox) as zoho:
        sandbox.faults("zoho").set(fault, times=1, path="/coql")

        page = await zoho.connector.page(_contacts(2))

        assert len(page.records) == 2
        assert zoho.scope.calls[-1].retries == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [("quota_exhausted", QuotaExhausted), ("forbidden", SourceForbidden), ("revoked", ReauthRequired)],
)
async def test_what_does_not_pass_is_told(fault: str, error: type[SourceError], sandbox: Sandbox) -> None:
    """Each refusal has the class that says who can help."""
    async with account(sandbox) as zoho:
        sandbox.faults("zoho").set(fault)
        try:
            with pytest.raises(error):
                await zoho.connector.page(_contacts(2))
        finally:
            sandbox.faults("zoho").clear()


async def test_used_up_credits_are_told_and_not_waited_for() -> None:
    """The header of credits is learned from; without credits nothing is called."""
    with Sandbox(["zoho"], scale=0.02, options={"zoho": {"daily": 30}}) as sandbox:
        async with account(sandbox) as zoho:
            with pytest.raises(QuotaExhausted):
                await _read_on(zoho)
            called = len(sandbox.calls("zoho"))
            with pytest.raises(QuotaExhausted):
                await zoho.connector.page(_contacts(50))

            (quota,) = zoho.connector.quotas()
            assert (quota.remaining, quota.is_observed) == (0, True)
            assert len(sandbox.calls("zoho")) == called


async def _read_on(zoho: Account) -> None:
    for limit in range(1, 40):
        await zoho.connector.page(_contacts(limit))


@pytest.mark.parametrize(
    ("left", "message", "verdict"),
    [
        ("0", "", Failed),
        (None, "You have exceeded the API credits of your organization", Failed),
        ("900", "You have exceeded the API credits of your organization", Retry),
        (None, "You have reached the maximum number of concurrent API calls", Retry),
    ],
)
def test_one_status_and_code_stand_for_credits_and_for_calls_at_a_time(
    left: str | None, message: str, verdict: type
) -> None:
    """The header of credits tells them apart, and words where it is missing."""
    headers = {} if left is None else {"x-api-credits-remaining": left}
    content = orjson.dumps({"code": "TOO_MANY_REQUESTS", "details": {}, "message": message, "status": "error"})

    found = ZohoDialect("zoho").verdict(CALL, Reply(status=429, headers=headers, content=content))

    assert isinstance(found, verdict)


async def test_a_refused_sign_in_comes_with_status_200(sandbox: Sandbox) -> None:
    """What has an error and no token is no sign-in."""
    sandbox.secrets["ZOHO_CLIENT_SECRET"], secret = "wrong", sandbox.secrets["ZOHO_CLIENT_SECRET"]
    try:
        with pytest.raises(ReauthRequired, match="invalid_client_secret"):
            async with account(sandbox):
                pass
    finally:
        sandbox.secrets["ZOHO_CLIENT_SECRET"] = secret


async def test_a_missing_scope_is_named() -> None:
    """Without COQL's own scope nothing is listed, and the error says what is lacking."""
    scopes = "ZohoCRM.modules.ALL ZohoCRM.settings.ALL ZohoCRM.users.READ ZohoCRM.org.READ"
    with Sandbox(["zoho"], scale=0.02, time_scale=100, options={"zoho": {"scopes": scopes}}) as sandbox:
        async with account(sandbox) as zoho:
            with pytest.raises(SourceForbidden, match="OAUTH_SCOPE_MISMATCH"):
                await zoho.connector.page(_contacts(1))


async def test_notes_without_coql_are_read_in_related_lists() -> None:
    """Where COQL does not know notes there is no list of them, and each record has its own."""
    with Sandbox(["zoho"], scale=0.05, time_scale=100, options={"zoho": {"coql_notes": False}}) as sandbox:
        async with account(sandbox) as zoho:
            described = (await zoho.connector.describe()).types
            contacts = (await zoho.connector.page(_contacts(100))).records
            parents, selection = [row.remote_id for row in contacts], Selection(frozenset({"body"}))
            found = await zoho.connector.related(Entity.CONTACT, "notes", parents, selection=selection, first=5)

            assert not described[Entity.NOTE].can_list
            assert described[Entity.CONTACT].relations["notes"].mode is RelationMode.PER_PARENT
            pages = [page for page in found if not isinstance(page, SourceError)]
            assert len(pages) == len(parents)
            assert any(isinstance(link.record, Record) for page in pages for link in page.links)

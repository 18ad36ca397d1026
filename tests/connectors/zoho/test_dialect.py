"""What becomes of Zoho's limits and refusals, over a socket."""

import asyncio
from collections.abc import Iterator

import pytest

from connectors.http import Call, Failed, Reply, Retry
from connectors.zoho.dialect import ZohoDialect
from model.capabilities import RelationMode
from model.entities import Entity, Record
from model.errors import QuotaExhausted, ReauthRequired, SourceError, SourceForbidden
from model.query import Query, Selection
from sandbox.run import Sandbox
from tests.connectors.zoho.accounts import Account, account

BUSY = b'{"code":"TOO_MANY_REQUESTS","details":{},"message":"","status":"error"}'
CALL = Call(operation="coql", method="POST", path="/crm/v8/coql", parse=bool)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A small account that takes one query at a time."""
    with Sandbox(["zoho"], scale=0.03, time_scale=100, options={"zoho": {"sub_concurrency": 1}}) as running:
        yield running


def _contacts(limit: int) -> Query:
    return Query(entity=Entity.CONTACT, selection=Selection(), limit=limit)


async def test_too_many_queries_at_a_time_wait(sandbox: Sandbox) -> None:
    """Zoho refuses those beyond its limit, and takes them a moment later."""
    async with account(sandbox) as zoho:
        pages = await asyncio.gather(*(zoho.connector.page(_contacts(limit)) for limit in (1, 2, 3)))

        assert [len(page.records) for page in pages] == [1, 2, 3]
        assert sum(event.retries for event in zoho.scope.calls) > 0


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


def test_a_refusal_is_read_by_its_header() -> None:
    """One status and one code stand for used-up credits and for too many calls at a time."""
    headers = {"x-api-credits-remaining": "0"}

    used_up = ZohoDialect("zoho").verdict(CALL, Reply(status=429, headers=headers, content=BUSY))
    busy = ZohoDialect("zoho").verdict(CALL, Reply(status=429, headers={}, content=BUSY))

    assert isinstance(used_up, Failed)
    assert isinstance(used_up.error, QuotaExhausted)
    assert isinstance(busy, Retry)


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

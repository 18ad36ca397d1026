"""The emulator behind simple-salesforce, a client that many programs use, as it is published."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from sandbox import Sandbox
from tests.sandbox.salesforce.desk import emulator


class ToSandbox(HTTPAdapter):
    """Sends what is meant for Salesforce's hosts, which are reached over TLS alone, to an emulator."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """The response of the emulator."""
        asked = urlsplit(request.url or "")
        request.url = asked._replace(scheme=self._target.scheme, netloc=self._target.netloc).geturl()
        return super().send(request, *args, **options)


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    """An emulator with more contacts than a page holds."""
    with emulator(scale=2.2) as one:
        yield one


@pytest.fixture
def session(running: Sandbox) -> Iterator[requests.Session]:
    """A session of the client's own library whose connections end at the emulator."""
    running.faults("salesforce").clear()
    with requests.Session() as one:
        one.mount("https://", ToSandbox(running.url("salesforce")))
        yield one


@pytest.fixture
def org(running: Sandbox, session: requests.Session) -> Salesforce:
    """The client, logged in by client credentials against the org's own domain."""
    return Salesforce(
        consumer_key=running.secrets["SALESFORCE_CLIENT_ID"],
        consumer_secret=running.secrets["SALESFORCE_CLIENT_SECRET"],
        domain="acme.my",
        session=session,
    )


def test_client_logs_in_by_password(running: Sandbox, session: requests.Session) -> None:
    """With the app's key and secret."""
    org = Salesforce(
        username="integration@example.com",
        password="sandbox-password",
        consumer_key=running.secrets["SALESFORCE_CLIENT_ID"],
        consumer_secret=running.secrets["SALESFORCE_CLIENT_SECRET"],
        session=session,
    )

    assert org.query("SELECT Id FROM Account LIMIT 1")["totalSize"] == 1
    assert org.is_sandbox() is False


def test_client_sees_a_refused_login(running: Sandbox, session: requests.Session) -> None:
    """Error and description arrive."""
    with pytest.raises(SalesforceAuthenticationFailed) as caught:
        Salesforce(
            username="integration@example.com",
            password="wrong",
            consumer_key=running.secrets["SALESFORCE_CLIENT_ID"],
            consumer_secret=running.secrets["SALESFORCE_CLIENT_SECRET"],
            session=session,
        )

    assert (caught.value.code, caught.value.auth_message) == ("invalid_grant", "authentication failure")


def test_client_queries_pages(org: Salesforce) -> None:
    """The first page, the next one by its address, and all of them."""
    first = org.query("SELECT Id, Account.Name FROM Contact ORDER BY Id")
    second = org.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    whole = org.query_all("SELECT Id FROM Contact ORDER BY Id")

    assert (first["totalSize"], len(first["records"]), first["done"]) == (2_200, 2_000, False)
    assert (len(second["records"]), second["done"]) == (200, True)
    ids = [one["Id"] for one in whole["records"]]
    assert ids == [one["Id"] for one in (*first["records"], *second["records"])]
    assert len(set(ids)) == 2_200


def test_client_queries_with_deleted_records(org: Salesforce) -> None:
    """Its `include_deleted` is the other resource."""
    statement = "SELECT Id FROM Contact WHERE IsDeleted = true"

    assert org.query(statement)["totalSize"] == 0
    assert org.query(statement, include_deleted=True)["totalSize"] == 22
    assert len(list(org.query_all_iter("SELECT Id FROM Contact", include_deleted=True))) == 2_222


def test_client_reads_records(org: Salesforce) -> None:
    """By id, by external key, and their descriptions."""
    one = org.query("SELECT Id, External_Id__c FROM Contact WHERE External_Id__c != null LIMIT 1")["records"][0]

    assert org.Contact.get(one["Id"])["External_Id__c"] == one["External_Id__c"]
    assert org.Contact.get_by_custom_id("External_Id__c", one["External_Id__c"])["Id"] == one["Id"]
    assert "LastName" in {field["name"] for field in org.Contact.describe()["fields"]}
    assert org.Contact.metadata()["objectDescribe"]["keyPrefix"] == "003"
    described = org.describe()
    assert described is not None
    assert "Contact" in {each["name"] for each in described["sobjects"]}


def test_client_reads_the_orgs_own_fields(org: Salesforce) -> None:
    """A record by its customer number, and a query by every type of field."""
    wanted = "NPS__c >= 9 AND VIP__c = true AND Preferred_Channel__c != null AND Interests__c INCLUDES ('Support')"
    statement = f"SELECT Id, Customer_Number__c FROM Contact WHERE {wanted} AND Renewal_Date__c > 2026-12-31"
    found = [one for one in org.query(statement)["records"] if one["Customer_Number__c"]]

    contact = org.Contact.get_by_custom_id("Customer_Number__c", found[0]["Customer_Number__c"])
    assert contact["Id"] == found[0]["Id"]
    assert contact["NPS__c"] in {9.0, 10.0}


def test_client_reads_changes(org: Salesforce) -> None:
    """Updated and deleted ids of a span."""
    start, end = datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 2, 11, tzinfo=UTC)

    assert org.Contact.updated(start, end)["ids"]
    assert org.Contact.deleted(start, end)["deletedRecords"]


def test_client_searches(org: Salesforce) -> None:
    """By a statement, and by words alone."""
    found = org.search("FIND {pilot} IN NAME FIELDS RETURNING Opportunity(Id, Name LIMIT 2)")

    assert [sorted(one) for one in found["searchRecords"]] == [["Id", "Name", "attributes"]] * 2
    assert org.quick_search("pilot")["searchRecords"]
    with pytest.raises(SalesforceMalformedRequest, match="longer than one character"):
        org.quick_search("p")


def test_client_reads_limits_and_usage(org: Salesforce) -> None:
    """The body, and the header after every call."""
    limits = org.limits()

    usage = org.api_usage["api-usage"]
    assert usage.total == limits["DailyApiRequests"]["Max"]
    assert usage.used == usage.total - limits["DailyApiRequests"]["Remaining"]


def test_client_logs_in_again_when_the_session_expired(org: Salesforce, running: Sandbox) -> None:
    """By itself, and the call succeeds."""
    before = org.session_id
    running.clock.advance(7_201)

    assert org.query("SELECT Id FROM Account LIMIT 1")["totalSize"] == 1
    assert org.session_id != before


def test_client_cannot_renew_a_session_it_was_given(running: Sandbox, session: requests.Session) -> None:
    """Then the expiry is an error of its own class."""
    org = Salesforce(session_id="00D!dead", instance_url=running.url("salesforce"), session=session)

    with pytest.raises(SalesforceExpiredSession) as caught:
        org.query("SELECT Id FROM Account")

    assert caught.value.content[0]["errorCode"] == "INVALID_SESSION_ID"  # type: ignore[index]


def test_client_raises_its_classes(org: Salesforce, running: Sandbox) -> None:
    """By the status of the answer."""
    faults = running.faults("salesforce")

    with pytest.raises(SalesforceMalformedRequest, match="No such column 'Foo'"):
        org.query("SELECT Foo FROM Contact")
    with pytest.raises(SalesforceResourceNotFound):
        org.Contact.get("003Qy000000zzzzIAA")
    faults.set("rate_limited", times=1)
    with pytest.raises(SalesforceRefusedRequest, match="REQUEST_LIMIT_EXCEEDED"):
        org.query("SELECT Id FROM Contact")
    faults.set("maintenance", times=1)
    with pytest.raises(SalesforceGeneralError, match="down for maintenance"):
        org.query("SELECT Id FROM Contact")
    with pytest.raises(SalesforceGeneralError, match="URI Too Long"):
        org.query(f"SELECT Id FROM Contact WHERE LastName IN ({', '.join(['%27a+name%27'] * 2_000)})")

"""The emulator serves Microsoft's own Python clients, unmodified, over TLS."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.seed import build_book
from tests.sandbox.dynamics365.organization import SCALE, credentials, token_url

_MISSING = "the clients dependency group is not installed"
identity = pytest.importorskip("azure.identity", reason=_MISSING)
msal = pytest.importorskip("msal", reason=_MISSING)
dataverse = pytest.importorskip("PowerPlatform.Dataverse.client", reason=_MISSING)
errors = pytest.importorskip("PowerPlatform.Dataverse.core.errors", reason=_MISSING)

pytestmark = pytest.mark.clients

BOOK = build_book("dynamics365", scale=SCALE)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """An organisation behind TLS."""
    with Sandbox(["dynamics365"], scale=SCALE, tls=True) as running:
        yield running


@pytest.fixture
def bundle(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with the authority's certificate, which the clients take from the environment."""
    path = tmp_path / "ca.pem"
    path.write_bytes(sandbox.ca_pem or b"")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    return str(path)


@pytest.fixture
def client(sandbox: Sandbox, bundle: str) -> Iterator[Any]:
    """Microsoft's Dataverse client, signed in by azure-identity."""
    form, url = credentials(sandbox), sandbox.url("dynamics365")
    credential = identity.ClientSecretCredential(
        token_url(sandbox).split("/")[3],
        form["client_id"],
        form["client_secret"],
        authority=url,
        disable_instance_discovery=True,
        connection_verify=bundle,
    )
    with dataverse.DataverseClient(url, credential) as one:
        yield one
    credential.close()


def test_list_walks_every_page(client: Any) -> None:
    """All people of the book come, page by page, filtered and sorted."""
    people = client.records.list("contact", select=["lastname", "emailaddress1"], orderby=["lastname"], page_size=30)

    assert sorted(one["lastname"] for one in people) == sorted(one.last_name for one in BOOK.people)
    wanted = next(one for one in BOOK.people if one.email)
    found = client.records.list("contact", filter=f"emailaddress1 eq '{wanted.email}'", select=["fullname"])
    assert len(list(found)) == 1


def test_a_record_is_retrieved_or_missing(client: Any) -> None:
    """By its id, with annotations; another id is the client's own error or None."""
    key = next(iter(client.records.list("account", select=["accountid"], top=1)))["accountid"]

    row = client.records.retrieve("account", key, select=["name", "statecode"])

    assert row["name"] in {one.name for one in BOOK.companies}
    assert client.records.retrieve("account", "00000000-0000-0000-0000-000000000000") is None


def test_metadata_is_understood(client: Any) -> None:
    """Tables, and columns with their types."""
    table = client.tables.get("contact")
    columns = client.tables.list_columns("contact", select=["LogicalName", "AttributeType"])

    assert table["entity_set_name"] == "contacts"
    assert {"new_isvip": "Boolean", "parentcustomerid": "Customer"}.items() <= {
        one["LogicalName"]: one["AttributeType"] for one in columns
    }.items()
    assert len(client.tables.list()) > 10


def test_a_batch_is_carried_out(client: Any) -> None:
    """The parts' answers come in order, a failure among them."""
    batch = client.batch.new()
    batch.records.list("contact", select=["lastname"], top=2)
    batch.records.retrieve("account", "00000000-0000-0000-0000-000000000000")
    batch.tables.get("contact")

    result = batch.execute(continue_on_error=True)

    assert [one.status_code for one in result.responses] == [200, 404, 200]
    assert len(result.responses[0].data["value"]) == 2


def test_errors_carry_the_services_code(client: Any) -> None:
    """A refused condition is the client's HttpError."""
    with pytest.raises(errors.HttpError, match="Could not find a property") as raised:
        client.records.list("contact", filter="nothing eq 1")

    assert raised.value.details["service_error_code"] == "0x80060888"


def test_msal_gets_tokens(sandbox: Sandbox, bundle: str) -> None:
    """By client credentials and by a refresh token, and reads the error of a wrong secret."""
    form, url = credentials(sandbox), sandbox.url("dynamics365")
    authority = f"{url}/{token_url(sandbox).split('/')[3]}"
    options: dict[str, Any] = {"authority": authority, "instance_discovery": False, "verify": bundle}
    app = msal.ConfidentialClientApplication(form["client_id"], client_credential=form["client_secret"], **options)
    wrong = msal.ConfidentialClientApplication(form["client_id"], client_credential="no", **options)

    told = app.acquire_token_for_client([f"{url}/.default"])
    given = sandbox.secrets["DYNAMICS365_REFRESH_TOKEN"]
    refreshed = app.acquire_token_by_refresh_token(given, [f"{url}/user_impersonation"])
    refused = wrong.acquire_token_for_client([f"{url}/.default"])

    assert told["expires_in"] == 3599
    assert refreshed["access_token"] != told["access_token"]
    assert (refused["error"], refused["error_codes"]) == ("invalid_client", [7000215])

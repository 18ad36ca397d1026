"""The emulator serves Zoho's own Python client, unmodified."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.zoho.orgs import BOOK, Client, running_org

pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]

REASON = "the clients dependency group is not installed"
sdk = pytest.importorskip("zohocrmsdk.src.com.zoho.crm.api", reason=REASON)
auth = pytest.importorskip("zohocrmsdk.src.com.zoho.api.authenticator", reason=REASON)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Zoho's client, initialised with this organisation's refresh token."""
    from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore  # noqa: PLC0415 (only where it is installed)
    from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter  # noqa: PLC0415 (as above)
    from zohocrmsdk.src.com.zoho.crm.api.sdk_config import SDKConfig  # noqa: PLC0415 (as above)

    with running_org() as org:
        url, secrets = org.sandbox.url("zoho"), org.sandbox.secrets
        folder: Path = tmp_path_factory.mktemp("zoho")
        sdk.Initializer.initialize(
            environment=DataCenter.Environment(url, f"{url}/oauth/v2/token", url),
            token=auth.OAuthToken(
                client_id=secrets["ZOHO_CLIENT_ID"],
                client_secret=secrets["ZOHO_CLIENT_SECRET"],
                refresh_token=secrets["ZOHO_REFRESH_TOKEN"],
                find_user=False,
            ),
            store=FileStore(str(folder / "tokens.csv")),
            sdk_config=SDKConfig(),
            resource_path=str(folder),
        )
        yield org


def read(module: str, fields: str) -> list[Any]:
    """Every record of a module's first page, by ascending id."""
    from zohocrmsdk.src.com.zoho.crm.api.record import GetRecordsParam, RecordOperations  # noqa: PLC0415 (as above)

    asked = sdk.ParameterMap()
    for name, value in {"fields": fields, "sort_by": "id", "sort_order": "asc", "per_page": 200}.items():
        asked.add(getattr(GetRecordsParam, name), value)
    return RecordOperations(module).get_records(asked, sdk.HeaderMap()).get_object().get_data()


@pytest.mark.usefixtures("client")
def test_client_reads_contacts_with_their_types() -> None:
    """Field metadata, look-ups, picklists and dates are understood."""
    names = "Last_Name,Email,Account_Name,Interests,Date_of_Birth,NPS_Score,VIP,Modified_Time"
    found = [one.get_key_values() for one in read("Contacts", names)]

    assert [one["Last_Name"] for one in found] == [person.last_name for person in BOOK.people]
    assert [one["Date_of_Birth"] for one in found] == [person.birth_date for person in BOOK.people]
    assert [one["NPS_Score"] for one in found] == [person.nps for person in BOOK.people]
    assert [[choice.get_value() for choice in one["Interests"]] for one in found] == [
        list(person.interests) for person in BOOK.people
    ]
    assert [one["Modified_Time"] for one in found] == [
        person.updated_at.replace(microsecond=0) for person in BOOK.people
    ]
    assert sum(one["Account_Name"] is None for one in found) == sum(one.company is None for one in BOOK.people)


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize(
    ("module", "fields", "count"),
    [
        ("Accounts", "Account_Name,Annual_Revenue,Parent_Account,Currency", len(BOOK.companies)),
        ("Deals", "Deal_Name,Amount,Stage,Pipeline,Closing_Date,Contact_Name,Exchange_Rate", len(BOOK.deals)),
        ("Events", "Event_Title,Start_DateTime,End_DateTime,All_day,Participants,Who_Id,What_Id", 40),
        ("Tasks", "Subject,Status,Priority,Due_Date,Closed_Time,What_Id", len(BOOK.tasks)),
        ("Notes", "Note_Title,Note_Content,Parent_Id", len(BOOK.notes)),
    ],
)
def test_client_reads_every_module(module: str, fields: str, count: int) -> None:
    """Whatever the fields' types, the client finds what it expects."""
    assert len(read(module, fields)) == count


@pytest.mark.usefixtures("client")
def test_client_runs_coql() -> None:
    """The query's rows and its info are understood."""
    from zohocrmsdk.src.com.zoho.crm.api.coql import BodyWrapper, CoqlOperations  # noqa: PLC0415 (as above)

    body = BodyWrapper()
    body.set_select_query("select Deal_Name, Closing_Date from Deals where Closing_Date >= '2026-01-01' limit 7")
    answer = CoqlOperations().get_records(body).get_object()

    assert answer.get_info().get_count() == 7
    assert all(date.fromisoformat(str(one.get_key_value("Closing_Date"))).year >= 2026 for one in answer.get_data())


@pytest.mark.usefixtures("client")
def test_client_reads_users_and_related_lists() -> None:
    """Users, and the contact roles of a deal that has some."""
    from zohocrmsdk.src.com.zoho.crm.api.related_lists import GetRelatedListsParam, RelatedListsOperations  # noqa: PLC0415
    from zohocrmsdk.src.com.zoho.crm.api.users import UsersOperations  # noqa: PLC0415 (as above)

    users = UsersOperations().get_users(sdk.ParameterMap(), sdk.HeaderMap()).get_object().get_users()
    asked = sdk.ParameterMap()
    asked.add(GetRelatedListsParam.module, "Deals")
    lists = RelatedListsOperations(None).get_related_lists(asked).get_object().get_related_lists()

    assert len(users) == sum(one.kind == "user" for one in BOOK.users) + 1
    assert "Contact_Roles" in {one.get_api_name() for one in lists}

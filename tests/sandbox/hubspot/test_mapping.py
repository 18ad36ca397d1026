"""How a book's rows are told in HubSpot's words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest

from sandbox.hubspot.options import Options
from sandbox.run import Sandbox, platforms
from sandbox.seed import LEAD_SOURCES, LIFECYCLES, build_book
from tests.sandbox.hubspot.books import appointment, book, company, deal, lead, note, person, task, user
from tests.sandbox.hubspot.portals import Portal, running_portal

CREATED = datetime(2025, 12, 31, 23, 59, 59, 7000, tzinfo=UTC)

BOOK = book(
    users=[
        user(1, name="Ann Marie Lee"),
        user(2, is_active=False),
        user(3, kind="queue", name="Support", email=None),
        user(4, is_active=False),
        user(5, is_active=False, name="Gone Away"),
    ],
    companies=[
        company(1, domain="acme.example", industry="Software", employees=12, annual_revenue=Decimal("1250000.50")),
        company(2, parent=1, customer_number="F-000012", tier="silver"),
    ],
    people=[
        person(
            1,
            email="Ada@Acme.example",
            other_emails=("A@x.example", "b@x.example"),
            birth_date=date(1990, 2, 3),
            company=1,
            owner=1,
            email_opt_out=True,
            lifecycle="qualified",
            lead_source="Trade show",
            created_at=CREATED,
            nps=7,
            customer_number="K-004711",
            renewal_on=date(2027, 3, 1),
            is_vip=False,
            preferred_channel="visit",
            interests=("product", "support"),
        ),
        person(2, lifecycle="qualified"),
    ],
    deals=[
        deal(1, amount=Decimal("1000.50"), currency="EUR", deal_type="renewal", owner=2),
        deal(2, stage="won", closed_at=CREATED, amount=Decimal("1200.00"), company=1),
        deal(3, stage="lost", lost_reason="Price", contract_months=24, competitor='Köhler "Premium" AG'),
        deal(4, pipeline="renewals", stage="due"),
    ],
    leads=[
        lead(number, status=status, person=1, rating="warm")
        for number, status in enumerate(("new", "working", "working", "qualified", "disqualified", "converted"), 1)
    ],
    appointments=[
        appointment(1, meeting_url="https://meet.example/1", outcome="no_show", owner=2),
        appointment(2, starts_at=None, ends_at=None, starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 3)),
    ],
    notes=[note(1, title="On <us>", body="one & two\nthree")],
    tasks=[
        task(1, due_on=date(2026, 4, 2), status="in_progress", priority="high"),
        task(2, status="canceled", priority="low"),
        task(3, status="done", completed_at=CREATED),
    ],
)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """The book above."""
    with running_portal(BOOK, ties="id") as running:
        yield running


def properties(portal: Portal, kind: str, *names: str) -> list[dict[str, str | None]]:
    """The properties *names* of all records of *kind*, oldest last."""
    sort = [{"propertyName": "hs_lastmodifieddate" if kind != "contacts" else "lastmodifieddate"}]
    answer = portal.search(kind, properties=list(names), sorts=sort, limit=100).json()
    return [one["properties"] for one in answer["results"]]


def test_all_values_are_strings_or_null(portal: Portal):
    """Numbers, booleans, dates and times too."""
    for kind in ("contacts", "companies", "deals", "leads", "meetings", "notes", "tasks"):
        names = [one["name"] for one in portal.get(f"/crm/v3/properties/{kind}").json()["results"]]
        for found in properties(portal, kind, *names):
            assert set(found) == set(names)
            assert {type(value) for value in found.values()} <= {str, type(None)}


def test_a_contact_is_told(portal: Portal):
    """Addresses in lower case, the company as text and as id, HubSpot's own words for enumerations."""
    names = (
        "email hs_additional_emails company associatedcompanyid hubspot_owner_id lifecyclestage hs_analytics_source"
        " hs_email_optout date_of_birth createdate hs_object_id hs_lead_status nps_score website"
    )

    assert properties(portal, "contacts", *names.split())[0] == {
        "email": "ada@acme.example",
        "hs_additional_emails": "a@x.example;b@x.example",
        "company": "Company 1",
        "associatedcompanyid": "101",
        "hubspot_owner_id": "70000101",
        "lifecyclestage": "marketingqualifiedlead",
        "hs_analytics_source": "OFFLINE",
        "hs_email_optout": "true",
        "date_of_birth": "1990-02-03",
        "createdate": "2025-12-31T23:59:59.007Z",
        "hs_object_id": "101",
        "hs_lead_status": "OPEN_DEAL",
        "nps_score": "7",
        "website": None,
    }


def test_the_accounts_own_properties_are_told(portal: Portal):
    """Dates as days, choices by their values, several of them with semicolons between; nothing said is null."""
    names = ["nps_score", "customer_number", "renewal_date", "is_vip", "preferred_channel", "interests"]
    told, silent = properties(portal, "contacts", *names)

    assert list(told.values()) == ["7", "K-004711", "2027-03-01", "false", "visit", "product;support"]
    assert list(silent.values()) == [None] * len(names)
    assert list(properties(portal, "companies", "customer_number", "tier")[1].values()) == ["F-000012", "silver"]
    deals = properties(portal, "deals", "contract_months", "main_competitor")
    assert list(deals[2].values()) == ["24", 'Köhler "Premium" AG']


def test_companies_are_told(portal: Portal):
    """Decimals keep no idle zeros; the parent is an id; won deals make a customer."""
    names = "name domain industry numberofemployees annualrevenue hs_parent_company_id lifecyclestage erp_id"
    first, second = properties(portal, "companies", *names.split())

    assert list(first.values()) == [
        *("Company 1", "acme.example", "COMPUTER_SOFTWARE", "12", "1250000.5", None, "customer", "ERP-000001")
    ]
    assert (second["hs_parent_company_id"], second["industry"], second["lifecyclestage"]) == ("101", None, "lead")


def test_deals_are_told_with_stage_ids_and_flags(portal: Portal):
    """The first pipeline is HubSpot's own, the second has numbers; the currency is the deal's."""
    names = (
        "pipeline dealstage hs_is_closed hs_is_closed_won hs_deal_stage_probability amount deal_currency_code"
        " amount_in_home_currency closedate dealtype"
    )
    rows = [list(one.values()) for one in properties(portal, "deals", *names.split())]

    due = "2026-06-01T00:00:00.000Z"
    assert rows[0] == [
        *("default", "appointmentscheduled", "false", "false", "0.2"),
        *("1000.5", "EUR", "1080.54", due, "existingbusiness"),
    ]
    assert rows[1] == [
        *("default", "closedwon", "true", "true", "1"),
        *("1200", "USD", "1200", "2025-12-31T23:59:59.007Z", None),
    ]
    assert rows[2][:5] == ["default", "closedlost", "true", "false", "0"]
    assert rows[3][:5] == ["75103117", "139922500", "false", "false", "0.65"]


def test_stage_ids_belong_to_the_pipelines(portal: Portal):
    """Every stage of a record is among the stages of its pipeline."""
    for kind, pipeline, stage in (("deals", "pipeline", "dealstage"), ("leads", "hs_pipeline", "hs_pipeline_stage")):
        told = portal.get(f"/crm/v3/pipelines/{kind}").json()["results"]
        stages = {(one["id"], step["id"]) for one in told for step in one["stages"]}
        assert {(row[pipeline], row[stage]) for row in properties(portal, kind, pipeline, stage)} <= stages


def test_leads_stand_in_stages_of_hubspots_lead_pipeline(portal: Portal):
    """A converted lead is a qualified one; both creation names give one value."""
    names = "hs_pipeline hs_pipeline_stage hs_lead_label hs_associated_contact_email createdate hs_createdate"
    rows = properties(portal, "leads", *names.split())

    assert [one["hs_pipeline_stage"] for one in rows] == [
        "new-stage-id",
        "attempting-stage-id",
        "connected-stage-id",
        "qualified-stage-id",
        "unqualified-stage-id",
        "qualified-stage-id",
    ]
    assert {one["hs_pipeline"] for one in rows} == {"lead-pipeline-id"}
    assert (rows[0]["hs_lead_label"], rows[0]["hs_associated_contact_email"]) == ("WARM", "ada@acme.example")
    assert all(one["createdate"] == one["hs_createdate"] for one in rows)


def test_whole_days_go_from_midnight_to_midnight_utc(portal: Portal):
    """There is no all-day flag; the end stays exclusive."""
    names = "hs_meeting_start_time hs_meeting_end_time hs_timestamp hs_meeting_outcome hs_meeting_external_url"
    timed, whole = (list(one.values()) for one in properties(portal, "meetings", *names.split()))

    assert timed == [
        *("2026-03-01T12:00:00.000Z", "2026-03-01T13:00:00.000Z", "2026-03-01T12:00:00.000Z"),
        *("NO_SHOW", "https://meet.example/1"),
    ]
    assert whole[:4] == [
        *("2026-05-01T00:00:00.000Z", "2026-05-03T00:00:00.000Z", "2026-05-01T00:00:00.000Z"),
        "SCHEDULED",
    ]


def test_notes_are_html(portal: Portal):
    """Text is escaped, lines are broken, the title comes first."""
    body = properties(portal, "notes", "hs_note_body")[0]["hs_note_body"]

    assert body == "<div><p><strong>On &lt;us&gt;</strong></p><p>one &amp; two<br>three</p></div>"


def test_tasks_are_told(portal: Portal):
    """Status and priority in HubSpot's words; a task without a due day is due when it was made."""
    names = "hs_task_status hs_task_priority hs_timestamp hs_task_completion_date hs_task_type"

    assert [list(one.values()) for one in properties(portal, "tasks", *names.split())] == [
        ["IN_PROGRESS", "HIGH", "2026-04-02T00:00:00.000Z", None, "TODO"],
        ["DEFERRED", "LOW", "2026-03-01T14:00:00.000Z", None, "TODO"],
        ["COMPLETED", "MEDIUM", "2026-03-01T15:00:00.000Z", "2025-12-31T23:59:59.007Z", "TODO"],
    ]


def test_owners_are_people_and_queues(portal: Portal):
    """Active ones have a user id unless they are queues; archived ones keep it under another name, some nameless."""
    active = portal.get("/crm/v3/owners").json()["results"]
    archived = portal.get("/crm/v3/owners", archived="true").json()["results"]

    assert [(one["type"], one["firstName"], one["lastName"], one["userId"]) for one in active] == [
        ("PERSON", "Ann", "Marie Lee", 9_000_007),
        ("QUEUE", "Support", "", None),
    ]
    assert [(one["firstName"], one["userId"], one["userIdIncludingInactive"]) for one in archived] == [
        ("", None, 9_000_014),
        ("", None, 9_000_028),
        ("Gone", None, 9_000_035),
    ]
    by_email = portal.get("/crm/v3/owners/", email="USER1@crew.example").json()["results"]
    assert [one["id"] for one in by_email] == ["70000101"]


@pytest.mark.parametrize("path", ["/account-info/v3/details", "/account-info/2026-09/details"])
def test_the_account_tells_zone_and_currencies(portal: Portal, path: str):
    """New York in November is five hours behind."""
    details = portal.get(path).json()

    assert (details["portalId"], details["timeZone"]) == (40_817_229, "America/New_York")
    assert (details["utcOffset"], details["utcOffsetMilliseconds"]) == ("-05:00", -18_000_000)
    assert (details["companyCurrency"], details["additionalCurrencies"]) == ("USD", ["EUR"])


@pytest.mark.parametrize(
    "path",
    [
        "/crm/owners/2026-09",
        "/crm/owners/2026-09/70000101",
        "/crm/pipelines/2026-09/deals",
        "/crm/pipelines/2026-09/deals/default",
        "/crm/properties/2026-09/contacts",
        "/crm/properties/2026-09/contacts/email",
    ],
)
def test_metadata_is_served_in_the_dated_version_too(portal: Portal, path: str):
    """The same answers as under version 3."""
    _, _, kind, _, *further = path.split("/")

    assert portal.get(path).json() == portal.get("/".join(["/crm/v3", kind, *further])).json()


@pytest.mark.parametrize(
    "path", ["/crm/v3/properties/contacts/nope", "/crm/v3/pipelines/deals/nope", "/crm/v3/owners/1"]
)
def test_unknown_metadata_is_a_404(portal: Portal, path: str):
    """Properties, pipelines and owners."""
    assert portal.get(path).status_code == 404


def test_owners_attend_meetings_by_owner_id(portal: Portal):
    """The one who holds it and, at times, a colleague; queues hold and attend nothing."""
    rows = properties(portal, "meetings", "hubspot_owner_id", "hs_attendee_owner_ids")

    assert [(row["hubspot_owner_id"], row["hs_attendee_owner_ids"]) for row in rows] == [
        ("70000202", "70000202"),
        (None, None),
    ]


def test_the_seeded_account_tells_who_made_what():
    """User ids, which are no owner ids; some rows name nobody, and some a user who owns nothing."""
    with running_portal(build_book("hubspot", scale=0.2)) as portal:
        owners = [
            owner
            for archived in ("false", "true")
            for owner in portal.get("/crm/v3/owners", limit=500, archived=archived).json()["results"]
        ]
        owner_ids = {owner["id"] for owner in owners}
        user_ids = {str(owner["userIdIncludingInactive"]) for owner in owners if owner["type"] == "PERSON"}
        for kind in ("contacts", "companies", "deals", "leads", "meetings", "notes", "tasks"):
            names = ("hs_created_by_user_id", "hs_updated_by_user_id")
            rows = properties(portal, kind, *names)
            for name in names:
                found = {row[name] for row in rows}
                assert None in found
                assert found & user_ids
                assert found - user_ids - {None}
                assert not found & owner_ids
            assert any(row[names[0]] != row[names[1]] for row in rows)
        attending = [row["hs_attendee_owner_ids"] for row in properties(portal, "meetings", "hs_attendee_owner_ids")]

    assert any(text and ";" in text for text in attending)
    assert {one for text in attending for one in (text or "").split(";")} - {""} <= owner_ids


def test_the_seeded_book_fits():
    """Every word of the seed's vocabularies is an option of its property."""
    with running_portal(build_book("hubspot", scale=0.2)) as portal:
        for name, words in (("lifecyclestage", LIFECYCLES), ("hs_analytics_source", LEAD_SOURCES)):
            options = {one["value"] for one in portal.get(f"/crm/v3/properties/contacts/{name}").json()["options"]}
            found = {row[name] for row in properties(portal, "contacts", name)} - {None}
            assert found <= options
            assert len(words) > len(found) / 2 > 1


def test_the_sandbox_runs_it_by_its_key():
    """The seeded account is found by name, 102 ports above the gateway's."""
    offsets = {one.platform: one.port_offset for one in platforms()}
    with Sandbox(["hubspot"], scale=0.05) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.secrets['HUBSPOT_TOKEN']}"}
        answer = httpx.get(f"{sandbox.url('hubspot')}/crm/v3/objects/contacts?limit=100", headers=headers)

    assert offsets["hubspot"] == 102
    assert len(answer.json()["results"]) == 50


@pytest.mark.parametrize("options", [{"tie": "id"}, {"ties": "random"}, {"daily": "many"}, {"daily": -1}], ids=str)
def test_a_wrong_option_is_refused(options: dict[str, str | int | float | bool]):
    """Unknown names, and values that a switch does not take."""
    with pytest.raises(ValueError, match="hubspot emulator"):
        Options.from_mapping(options)

"""The emulator tells its book, in the vendor's own columns and value forms."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.dynamics365.organization import Organization

OUTCOMES = {0: "open", 1: "won", 2: "lost"}
ANNOTATED = 'odata.include-annotations="*"'
FORMATTED = "@OData.Community.Display.V1.FormattedValue"


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("accounts", "companies"),
        ("contacts", "people"),
        ("leads", "leads"),
        ("opportunities", "deals"),
        ("appointments", "appointments"),
        ("tasks", "tasks"),
        ("annotations", "notes"),
        ("systemusers?$filter=applicationid eq null", "users"),
    ],
)
def test_every_row_of_the_book_is_there(organization: Organization, path: str, listed: str) -> None:
    """Each list of the book has its entity set; queues are teams."""
    told = [one for one in getattr(organization.book, listed) if getattr(one, "kind", "user") == "user"]

    assert len(organization.rows(path)) == len(told)


def test_sums_of_deals_equal_the_book(organization: Organization) -> None:
    """Amounts by currency and state: estimated while open, actual afterwards."""
    expected: Counter[tuple[str, str]] = Counter()
    for deal in organization.book.deals:
        stage = next(
            s for p in organization.book.pipelines if p.key == deal.pipeline for s in p.stages if s.key == deal.stage
        )
        expected[deal.currency, stage.outcome] += deal.amount or Decimal()

    answer = organization.get(
        "opportunities?$select=statecode,estimatedvalue,actualvalue&$expand=transactioncurrencyid($select=isocurrencycode)"
    )
    found: Counter[tuple[str, str]] = Counter()
    for row in json.loads(answer.text, parse_float=Decimal)["value"]:
        value = row["estimatedvalue" if row["statecode"] == 0 else "actualvalue"]
        found[row["transactioncurrencyid"]["isocurrencycode"], OUTCOMES[row["statecode"]]] += value or Decimal()

    assert found == expected


def test_a_contact_has_the_vendors_value_forms(organization: Organization) -> None:
    """Choices are numbers, dates have no time, instants whole seconds, lookups are GUIDs with the table beside."""
    person = next(one for one in organization.book.people if one.company and len(one.interests) == 3 and one.renewal_on)
    row = _contact(organization, person.email or "")

    assert row["createdon"] == person.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert row["new_renewalon"] == person.renewal_on.isoformat() if person.renewal_on else None
    assert row["new_interests"] == "1,2,3"
    assert row[f"new_interests{FORMATTED}"] == "product; pricing; support"
    assert (row["statecode"], row[f"statecode{FORMATTED}"]) == (0, "Active")
    assert row["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "account"
    company = organization.get(f"accounts({row['_parentcustomerid_value']})?$select=name").json()
    assert company["name"] == organization.book.companies[(person.company or 0) - 1].name


def _contact(organization: Organization, email: str) -> dict[str, Any]:
    text = email.replace("'", "''")
    (row,) = organization.rows(f"contacts?$filter=emailaddress1 eq '{text}'", ANNOTATED)
    return row


def test_an_owner_is_a_user_a_team_or_the_app_itself(organization: Organization) -> None:
    """A queue of the book is a team; what has no owner there is the app's own."""
    found = Counter(
        row["_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"]
        for row in organization.rows("leads?$select=_ownerid_value", ANNOTATED)
    )
    app = organization.get("WhoAmI").json()["UserId"]
    kinds = Counter(
        organization.book.users[lead.owner - 1].kind if lead.owner else "user" for lead in organization.book.leads
    )

    assert found == {"systemuser": kinds["user"], "team": kinds["queue"]}
    own = organization.rows(f"contacts?$select=fullname&$filter=_ownerid_value eq {app}")
    assert len(own) == sum(person.owner is None for person in organization.book.people)


def test_stakeholders_stand_in_two_rows_each(organization: Organization) -> None:
    """A deal's roles are connections from it, and the same ones from the contacts."""
    deals = {one.name: one for one in organization.book.deals}
    rows = organization.rows(
        "opportunities?$select=name&$expand=opportunity_connections1($select=_record2id_value,_record2roleid_value),"
        "opportunity_connections2($select=_record1id_value)"
    )

    assert {row["name"]: len(row["opportunity_connections1"]) for row in rows} == {
        name: len(deal.roles) for name, deal in deals.items()
    }
    assert all(
        {one["_record2id_value"] for one in row["opportunity_connections1"]}
        == {one["_record1id_value"] for one in row["opportunity_connections2"]}
        for row in rows
    )


def test_converted_leads_lead_to_their_records(organization: Organization) -> None:
    """A converted lead is qualified and knows its opportunity, which knows the lead."""
    rows = organization.rows(
        "leads?$filter=statecode eq 1 and _qualifyingopportunityid_value ne null&$select=leadid"
        "&$expand=qualifyingopportunityid($select=_originatingleadid_value)"
    )

    assert len(rows) == sum(lead.status == "converted" for lead in organization.book.leads) > 0
    assert all(row["qualifyingopportunityid"]["_originatingleadid_value"] == row["leadid"] for row in rows)


def test_people_of_appointments_are_parties(organization: Organization) -> None:
    """Contacts are required or optional; strangers have an address alone; organizer and owner stand there too."""
    parties = organization.rows(
        "activityparties?$select=_partyid_value,participationtypemask,addressused,_activityid_value", ANNOTATED
    )
    invited = [one for one in parties if one["participationtypemask"] in {5, 6}]

    known = [one for one in invited if one["_partyid_value"]]
    assert len(known) == sum(len(one.people) for one in organization.book.appointments)
    strangers = [one for one in invited if not one["_partyid_value"]]
    assert strangers
    assert all(one["addressused"].endswith("@visitors.example") for one in strangers)
    assert Counter(one["participationtypemask"] for one in parties)[7] == len(organization.book.appointments)


def test_all_day_appointments_end_at_a_midnight(organization: Organization) -> None:
    """The last day is the one before the end."""
    rows = organization.rows("appointments?$filter=isalldayevent eq true&$select=scheduledstart,scheduledend")
    expected = {
        (f"{one.starts_on}T00:00:00Z", f"{one.ends_on}T00:00:00Z")
        for one in organization.book.appointments
        if one.starts_on
    }

    assert {(row["scheduledstart"], row["scheduledend"]) for row in rows} == expected != set()


def test_stages_belong_to_processes(organization: Organization) -> None:
    """Each deal pipeline is a business process flow with its open stages, and deals know stage and flow."""
    flows = organization.rows(
        "workflows?$filter=category eq 4 and primaryentity eq 'opportunity'&$select=name"
        "&$expand=process_processstage($select=stagename)"
    )
    told = {row["name"]: {one["stagename"] for one in row["process_processstage"]} for row in flows}

    assert told == {
        one.label: {stage.label for stage in one.stages if stage.outcome == "open"}
        for one in organization.book.pipelines
        if one.kind == "deal"
    }
    deal = organization.rows(
        "opportunities?$top=1&$select=stepname,stageid,processid&$expand=stageid_processstage($select=stagename,_processid_value)"
    )[0]
    assert deal["stageid_processstage"]["stagename"] == deal["stepname"]
    assert deal["stageid_processstage"]["processstageid"] == deal["stageid"]
    assert deal["stageid_processstage"]["_processid_value"] == deal["processid"]
    active = organization.rows("opportunitysalesprocesses?$select=statecode&$expand=activestageid($select=stagename)")
    assert len(active) == len(organization.book.deals)


def test_choices_of_definitions_have_labels(organization: Organization) -> None:
    """Own columns are in the definitions, with the labels of their choices."""
    path = "EntityDefinitions(LogicalName='contact')/Attributes"
    picklists = organization.rows(
        f"{path}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)"
    )
    labels = {
        row["LogicalName"]: [one["Label"]["UserLocalizedLabel"]["Label"] for one in row["OptionSet"]["Options"]]
        for row in picklists
    }
    own = organization.rows(f"{path}?$select=LogicalName,AttributeType&$filter=IsCustomAttribute eq true")

    assert labels["new_preferredchannel"] == ["email", "phone", "visit"]
    assert {row["LogicalName"]: row["AttributeType"] for row in own} == {
        "new_customernumber": "String",
        "new_npsscore": "Integer",
        "new_renewalon": "DateTime",
        "new_isvip": "Boolean",
        "new_preferredchannel": "Picklist",
        "new_interests": "Virtual",
    }

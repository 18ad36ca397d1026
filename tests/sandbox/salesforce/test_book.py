"""How a book is told in Salesforce's words."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import pytest

from sandbox.salesforce.org.ids import id_of, number_of
from sandbox.seed import Book, build_book
from tests.sandbox.salesforce.desk import NOW, Client, Json, connected

SCALE = 0.3


@lru_cache
def book() -> Book:
    """The content of the emulators below."""
    return build_book("salesforce", scale=SCALE)


@pytest.fixture(scope="module")
def org() -> Iterator[Client]:
    """An org with default options."""
    with connected(scale=SCALE) as one:
        yield one


@pytest.fixture(scope="module")
def large_org() -> Iterator[Client]:
    """An org with several currencies and shared activities, which archives nothing."""
    with connected(scale=SCALE, multi_currency=True, shared_activities=True, archive_after_days=0) as one:
        yield one


def by_number(client: Client, statement: str) -> dict[int, Json]:
    """Records by the number in their Id."""
    return {number_of(str(one["Id"])): one for one in client.query(statement)}


def wire(instant: datetime) -> str:
    """A whole second on the wire."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def test_people_are_contacts(org: Client) -> None:
    """Every one of them, with names, address, company and owner."""
    statement = (
        "SELECT Id, FirstName, LastName, Name, Email, MobilePhone, MailingCity, MailingState, Birthdate, AccountId, "
        "OwnerId, DoNotCall, HasOptedOutOfEmail, CreatedDate, SystemModstamp FROM Contact"
    )
    contacts = by_number(org, statement)

    assert contacts.keys() == {person.number for person in book().people}
    for person in book().people:
        contact = contacts[person.number]
        assert (contact["FirstName"], contact["LastName"]) == (person.first_name, person.last_name)
        assert contact["Name"] == " ".join(filter(None, (person.first_name, person.last_name)))
        assert (contact["Email"], contact["MobilePhone"]) == (person.email, person.mobile)
        assert (contact["MailingCity"], contact["MailingState"]) == (person.city, person.region)
        assert contact["Birthdate"] == (person.birth_date and person.birth_date.isoformat())
        assert contact["AccountId"] == (person.company and id_of("001", person.company))
        assert (contact["DoNotCall"], contact["HasOptedOutOfEmail"]) == (person.do_not_call, person.email_opt_out)
        assert (contact["CreatedDate"], contact["SystemModstamp"]) == (wire(person.created_at), wire(person.updated_at))


def test_nobody_is_without_an_owner(org: Client) -> None:
    """What nobody owns belongs to the integration user, and what a queue cannot own too."""
    integration = org.http.get("/services/oauth2/userinfo").json()["user_id"]
    contacts = by_number(org, "SELECT Id, OwnerId FROM Contact")

    expected = {one.number: id_of("005", one.owner) if one.owner else integration for one in book().people}
    assert {number: one["OwnerId"] for number, one in contacts.items()} == expected


def test_companies_are_accounts(org: Client) -> None:
    """With their website, figures and parent."""
    fields = "Id, Name, Website, NumberOfEmployees, AnnualRevenue, Industry, ParentId, BillingCountry"
    accounts = by_number(org, f"SELECT {fields} FROM Account")

    for company in book().companies:
        account = accounts[company.number]
        revenue = None if company.annual_revenue is None else float(company.annual_revenue)
        assert (account["Name"], account["Industry"]) == (company.name, company.industry)
        assert account["Website"] == (company.domain and f"https://{company.domain}")
        assert (account["NumberOfEmployees"], account["AnnualRevenue"]) == (company.employees, revenue)
        assert account["ParentId"] == (company.parent and id_of("001", company.parent))
        assert account["BillingCountry"] == company.country


def test_leads_say_what_they_became(org: Client) -> None:
    """A converted lead names its account, contact and opportunity; queues own some."""
    fields = "Id, Status, IsConverted, ConvertedDate, ConvertedContactId, ConvertedOpportunityId, Company, Rating"
    leads = by_number(org, f"SELECT {fields}, OwnerId, Owner.Type FROM Lead")
    status = org.query("SELECT MasterLabel FROM LeadStatus WHERE IsConverted = true")[0]["MasterLabel"]

    for lead in book().leads:
        told = leads[lead.number]
        is_converted = lead.status == "converted"
        assert (told["IsConverted"], told["Status"] == status) == (is_converted, is_converted)
        assert told["ConvertedContactId"] == (id_of("003", lead.person) if is_converted and lead.person else None)
        assert told["ConvertedOpportunityId"] == (id_of("006", lead.deal) if is_converted and lead.deal else None)
        assert told["Rating"] == (lead.rating and lead.rating.title())
        kind = "User" if lead.owner is None else book().users[lead.owner - 1].kind.title()
        assert isinstance(told["Owner"], dict)
        assert told["Owner"]["Type"] == kind


def test_stages_of_all_pipelines_are_one_list(org: Client) -> None:
    """In the order of the pipelines, with their flags, and every deal's stage is among them."""
    stages = org.query(
        "SELECT ApiName, MasterLabel, IsClosed, IsWon, DefaultProbability, SortOrder "
        "FROM OpportunityStage ORDER BY SortOrder"
    )
    by_label = {one["ApiName"]: one for one in stages}
    pipelines = [one for one in book().pipelines if one.kind == "deal"]

    assert list(by_label) == [stage.label for pipeline in pipelines for stage in pipeline.stages]
    fields = "Id, StageName, IsClosed, IsWon, Probability FROM Opportunity"
    for deal in org.query(f"SELECT {fields}"):
        stage = by_label[deal["StageName"]]
        flags = (deal["IsClosed"], deal["IsWon"], deal["Probability"])
        assert flags == (stage["IsClosed"], stage["IsWon"], stage["DefaultProbability"])


def test_amounts_of_a_single_currency_org_are_in_its_currency(org: Client) -> None:
    """Those of home deals as they are, others converted; nobody says a code."""
    deals = by_number(org, "SELECT Id, Amount, CloseDate FROM Opportunity")

    for deal in book().deals:
        amount = deals[deal.number]["Amount"]
        assert deals[deal.number]["CloseDate"] == deal.close_on.isoformat()
        assert (amount is None) == (deal.amount is None)
        if deal.currency == "EUR" and deal.amount is not None:
            assert amount == float(deal.amount)
        if deal.currency == "JPY" and deal.amount is not None:
            assert Decimal(str(amount)) == round(deal.amount / 170, 2)


def test_amounts_of_a_multi_currency_org_keep_their_code(large_org: Client) -> None:
    """And the currencies are a table, with the corporate one marked."""
    deals = by_number(large_org, "SELECT Id, Amount, CurrencyIsoCode FROM Opportunity")
    currencies = large_org.query("SELECT IsoCode, ConversionRate, IsCorporate FROM CurrencyType")

    assert {one.number: one.currency for one in book().deals} == {
        number: one["CurrencyIsoCode"] for number, one in deals.items()
    }
    assert [one["IsoCode"] for one in currencies if one["IsCorporate"]] == ["EUR"]
    assert {one["IsoCode"] for one in currencies} == set(book().currencies)


def test_roles_join_deals_and_contacts(org: Client) -> None:
    """One primary at most, who is the deal's contact too."""
    fields = "Opportunity.ContactId, OpportunityId, ContactId, Role, IsPrimary"
    roles = org.query(f"SELECT {fields} FROM OpportunityContactRole")

    told = {(one["OpportunityId"], one["ContactId"], one["Role"], one["IsPrimary"]) for one in roles}
    assert told == {
        (id_of("006", deal.number), id_of("003", one.person), one.role, one.is_primary)
        for deal in book().deals
        for one in deal.roles
    }
    for one in roles:
        assert isinstance(one["Opportunity"], dict)
        assert not one["IsPrimary"] or one["Opportunity"]["ContactId"] == one["ContactId"]


def test_other_companies_are_indirect_relations(org: Client) -> None:
    """The own company is the direct one."""
    relations = org.query("SELECT ContactId, AccountId, IsDirect FROM AccountContactRelation")

    told = {(one["ContactId"], one["AccountId"], one["IsDirect"]) for one in relations}
    direct = {(id_of("003", one.number), id_of("001", one.company), True) for one in book().people if one.company}
    others = {
        (id_of("003", one.number), id_of("001", other), False) for one in book().people for other in one.other_companies
    }
    assert told == direct | others


def test_meetings_are_events(large_org: Client) -> None:
    """Instants, or days of which the last is in; their people are one who and invitees."""
    fields = (
        "Id, Subject, IsAllDayEvent, StartDateTime, EndDateTime, DurationInMinutes, ActivityDate, WhoId, WhatId, "
        "EventWhoIds, (SELECT RelationId FROM EventRelations WHERE IsInvitee = true)"
    )
    events = by_number(large_org, f"SELECT {fields} FROM Event WHERE IsChild = false")

    for meeting in book().appointments:
        event = events[meeting.number]
        if meeting.starts_on and meeting.ends_on:
            days = (meeting.ends_on - meeting.starts_on).days
            assert (event["IsAllDayEvent"], event["DurationInMinutes"]) == (True, days * 1440)
            assert event["ActivityDate"] == meeting.starts_on.isoformat()
            last = meeting.ends_on - timedelta(days=1)
            assert str(event["EndDateTime"]) == f"{last.isoformat()}T00:00:00.000+0000"
        elif meeting.starts_at and meeting.ends_at:
            assert (event["StartDateTime"], event["EndDateTime"]) == (wire(meeting.starts_at), wire(meeting.ends_at))
            minutes = (meeting.ends_at - meeting.starts_at).total_seconds() / 60
            assert (event["IsAllDayEvent"], event["DurationInMinutes"]) == (False, minutes)
        people = [id_of("003", one) for one in meeting.people]
        assert event["WhoId"] == (people[0] if people else (meeting.lead and id_of("00Q", meeting.lead)))
        assert [one for one in event["EventWhoIds"] if one.startswith("003")] == people  # type: ignore[attr-defined]
        relations = event["EventRelations"]
        invited = {one["RelationId"] for one in relations["records"]} if isinstance(relations, dict) else set()
        assert set(people[1:]) <= invited


def test_lead_as_who_leaves_no_what(large_org: Client) -> None:
    """Salesforce relates an event of a lead to nothing else."""
    assert large_org.query("SELECT Id FROM Event WHERE Who.Type = 'Lead' AND WhatId != null") == []
    assert large_org.query("SELECT Id FROM Event WHERE Who.Type = 'Lead' LIMIT 1") != []


def test_invited_users_have_copies(large_org: Client) -> None:
    """A copy is a child of another owner; every tenth meeting has one."""
    copies = large_org.query("SELECT Subject, OwnerId FROM Event WHERE IsChild = true")
    relations = large_org.query("SELECT RelationId FROM EventRelation WHERE Relation.Type = 'User'")

    assert len(copies) == len(book().appointments) // 10
    assert Counter(one["OwnerId"] for one in copies) == Counter(one["RelationId"] for one in relations)


def test_old_activities_are_archived(org: Client, large_org: Client) -> None:
    """What ended more than a year ago is for queryAll alone, unless the switch keeps it."""
    year_ago = NOW - timedelta(days=365)
    old = f"IsChild = false AND IsDeleted = false AND EndDateTime < {year_ago:%Y-%m-%dT%H:%M:%SZ}"
    statement = f"SELECT Id, IsArchived FROM Event WHERE {old}"

    archived = org.get("/queryAll", q=statement).json()["records"]

    assert org.query(statement) == []
    assert archived
    assert all(one["IsArchived"] for one in archived)
    assert len(large_org.query(statement)) == len(archived)


def test_tasks_keep_status_priority_and_queue(large_org: Client) -> None:
    """Done and canceled are closed."""
    tasks = by_number(large_org, "SELECT Id, Subject, Status, Priority, IsClosed, ActivityDate, WhoId FROM Task")

    for task in book().tasks:
        told = tasks[task.number]
        assert told["IsClosed"] == (task.status in {"done", "canceled"})
        assert told["Priority"] == task.priority.title()
        assert told["ActivityDate"] == (task.due_on and task.due_on.isoformat())
        assert told["WhoId"] == (id_of("003", task.people[0]) if task.people else None)


def test_notes_are_html_linked_to_what_they_are_about(org: Client) -> None:
    """Lines are paragraphs, the preview is plain, and the first link is the owner's."""
    notes = by_number(org, "SELECT Id, Title, TextPreview, FileType, Content FROM ContentNote")
    listed = ", ".join(f"'{one['Id']}'" for one in notes.values())
    links = org.query(
        "SELECT ContentDocumentId, LinkedEntityId, ShareType FROM ContentDocumentLink "
        f"WHERE ContentDocumentId IN ({listed})"
    )

    for note in book().notes:
        told = notes[note.number]
        linked = {(one["LinkedEntityId"], one["ShareType"]) for one in links if one["ContentDocumentId"] == told["Id"]}
        about = [id_of("003", one) for one in note.people]
        about += [id_of("001", note.company)] if note.company else []
        about += [id_of("006", note.deal)] if note.deal else []
        assert told["TextPreview"] == note.body[:255]
        assert {entity for entity, share in linked if share == "V"} == set(about)
        assert len([1 for _, share in linked if share == "I"]) == 1
    content = org.http.get(str(notes[1]["Content"])).text
    assert content.count("<p>") == len(book().notes[0].body.split("\n"))


def test_recycle_bin_holds_recent_losers(org: Client) -> None:
    """Deleted records are copies, some lost a merge, and all went in the last days."""
    gone = org.get("/queryAll", q="SELECT Id, MasterRecordId, SystemModstamp FROM Contact WHERE IsDeleted = true")

    records = gone.json()["records"]
    assert len(records) >= 2
    assert any(one["MasterRecordId"] for one in records)
    assert all(str(one["SystemModstamp"]) > wire(NOW - timedelta(days=15)) for one in records)
    assert all(number_of(str(one["Id"])) > len(book().people) for one in records)


def test_users_and_queues_are_apart(org: Client) -> None:
    """Users with their activity, queues as groups."""
    users = org.query("SELECT Name, IsActive FROM User WHERE Username != 'integration@example.com'")
    queues = org.query("SELECT Name FROM Group WHERE Type = 'Queue'")

    expected = {(one.name, one.is_active) for one in book().users if one.kind == "user"}
    assert {(one["Name"], one["IsActive"]) for one in users} == expected
    assert {one["Name"] for one in queues} == {one.name for one in book().users if one.kind == "queue"}


def test_org_says_who_it_is(org: Client) -> None:
    """One row, no sandbox."""
    (row,) = org.query("SELECT Id, IsSandbox, TimeZoneSidKey FROM Organization")

    assert (row["IsSandbox"], row["TimeZoneSidKey"]) == (False, "Europe/Berlin")
    assert org.token()["access_token"].startswith(str(row["Id"])[:15])


def test_the_orgs_own_fields_are_told(org: Client) -> None:
    """Picklists with their labels, a checkbox that is never null, several choices with semicolons between."""
    fields = "NPS__c, Customer_Number__c, Renewal_Date__c, VIP__c, Preferred_Channel__c, Interests__c"
    contacts = by_number(org, f"SELECT Id, {fields} FROM Contact")
    accounts = by_number(org, "SELECT Id, Customer_Number__c, Tier__c FROM Account")
    deals = by_number(org, "SELECT Id, Contract_Months__c, Competitor__c FROM Opportunity")

    for person in book().people:
        assert list(contacts[person.number].values())[2:] == [
            person.nps,
            person.customer_number,
            None if person.renewal_on is None else person.renewal_on.isoformat(),
            bool(person.is_vip),
            person.preferred_channel and person.preferred_channel.title(),
            ";".join(one.title() for one in person.interests) or None,
        ]
    for company in book().companies:
        told = (company.customer_number, company.tier and company.tier.title())
        assert (accounts[company.number]["Customer_Number__c"], accounts[company.number]["Tier__c"]) == told
    for deal in book().deals:
        told_deal = deals[deal.number]
        assert (told_deal["Contract_Months__c"], told_deal["Competitor__c"]) == (deal.contract_months, deal.competitor)

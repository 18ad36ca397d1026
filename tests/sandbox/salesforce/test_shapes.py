"""What the records of an answer look like."""

from datetime import UTC, date, datetime

import pytest

from sandbox.salesforce.soql import Json
from tests.sandbox.salesforce.desk import Desk


def only(answer: Json) -> Json:
    """The one record of an answer."""
    records = answer["records"]
    assert isinstance(records, list)
    assert len(records) == 1
    record: Json = records[0]
    return record


@pytest.fixture
def firm(desk: Desk) -> Desk:
    """An account with two contacts and two deals, an event about the first of both, and a lead of a queue."""
    (boss,) = desk.add("User", {"Name": "Bo Boss", "FirstName": "Bo", "LastName": "Boss", "Email": "bo@crew.example"})
    (queue,) = desk.add("Group", {"Name": "Inbound", "Type": "Queue"})
    (account,) = desk.add("Account", {"Name": "Acme", "Phone": "1", "OwnerId": boss})
    contact, _ = desk.add(
        "Contact",
        {"LastName": "a", "Name": "A a", "AccountId": account, "OwnerId": boss, "MailingCity": "Köln"},
        {"LastName": "b", "Name": "b", "AccountId": account, "OwnerId": boss, "Email": "b@acme.example"},
    )
    deal, _ = desk.add("Opportunity", {"Name": "D", "AccountId": account, "Amount": 5.0}, {"Name": "E"})
    desk.add(
        "Event",
        {"Subject": "about deal", "WhoId": contact, "WhatId": deal, "OwnerId": boss},
        {"Subject": "about firm", "WhatId": account, "OwnerId": boss},
        {"Subject": "about nothing", "OwnerId": boss},
    )
    desk.add("Lead", {"LastName": "l", "OwnerId": queue}, {"LastName": "m", "OwnerId": boss})
    return desk


def test_record_has_attributes_and_the_selected_fields_in_order(firm: Desk) -> None:
    """Names come in their canonical case, whatever the statement's."""
    record = only(firm.run("SELECT lastname, ID FROM contact WHERE LastName = 'a'"))

    assert list(record) == ["attributes", "LastName", "Id"]
    assert record["attributes"] == {
        "type": "Contact",
        "url": f"/services/data/v60.0/sobjects/Contact/{record['Id']}",
    }


def test_values_have_their_wire_form(desk: Desk) -> None:
    """Instants carry an offset without a colon, days none, checkboxes are never null."""
    at = datetime(2024, 5, 1, 12, 34, 56, tzinfo=UTC)
    row = {"LastName": "a", "CreatedDate": at, "Birthdate": date(2000, 2, 29), "NPS__c": 7.0, "Title": ""}
    desk.add("Contact", row)

    record = only(desk.run("SELECT CreatedDate, Birthdate, NPS__c, DoNotCall, Title FROM Contact"))

    assert list(record.values())[1:] == ["2024-05-01T12:34:56.000+0000", "2000-02-29", 7.0, False, None]


def test_parent_is_a_record_or_null(firm: Desk) -> None:
    """Paths of several steps nest; a missing parent is null, not left out."""
    firm.add("Contact", {"LastName": "free"})
    statement = "SELECT Account.Name, Account.Owner.Email FROM Contact WHERE LastName = '{}'"

    with_parent, without = (only(firm.run(statement.format(name))) for name in ("a", "free"))

    assert with_parent["Account"] == {
        "attributes": {"type": "Account", "url": "/services/data/v60.0/sobjects/Account/001Qy0000000001IAA"},
        "Name": "Acme",
        "Owner": {
            "attributes": {"type": "User", "url": "/services/data/v60.0/sobjects/User/005Qy0000000001IAA"},
            "Email": "bo@crew.example",
        },
    }
    assert without["Account"] is None


def test_polymorphic_parent_is_a_name(firm: Desk) -> None:
    """Only the fields of Name are there; the address is that of the record itself."""
    record = only(firm.run("SELECT What.Name, What.Type, Who.Type FROM Event WHERE Subject = 'about deal'"))

    assert record["What"] == {
        "attributes": {"type": "Name", "url": "/services/data/v60.0/sobjects/Opportunity/006Qy0000000001IAA"},
        "Name": "D",
        "Type": "Opportunity",
    }
    assert record["Who"] == {
        "attributes": {"type": "Name", "url": "/services/data/v60.0/sobjects/Contact/003Qy0000000001IAA"},
        "Type": "Contact",
    }


def test_owner_of_a_lead_is_a_user_or_a_queue(firm: Desk) -> None:
    """Type tells which, and can be asked for."""
    owners = firm.run("SELECT Owner.Name, Owner.Type FROM Lead ORDER BY Id")["records"]

    assert isinstance(owners, list)
    assert [(one["Owner"]["Name"], one["Owner"]["Type"]) for one in owners] == [
        ("Inbound", "Queue"),
        ("Bo Boss", "User"),
    ]
    assert owners[0]["Owner"]["attributes"]["url"].startswith("/services/data/v60.0/sobjects/Group/00G")
    assert firm.column("SELECT LastName FROM Lead WHERE Owner.Type = 'Queue'") == ["l"]


def test_name_has_no_email_of_a_contact(firm: Desk) -> None:
    """Email of Name is that of a user or a group."""
    firm.add("Event", {"Subject": "with b", "WhoId": "003Qy0000000002IAA"})

    record = only(firm.run("SELECT Who.Email, Who.Name FROM Event WHERE Subject = 'with b'"))

    assert isinstance(record["Who"], dict)
    assert (record["Who"]["Email"], record["Who"]["Name"]) == (None, "b")


def test_typeof_chooses_fields_by_object(firm: Desk) -> None:
    """Each branch has its own fields; without ELSE other objects are null."""
    statement = (
        "SELECT TYPEOF What WHEN Opportunity THEN Amount, Account.Name WHEN Account THEN Phone END "
        "FROM Event ORDER BY Subject"
    )

    deal, account, nothing = firm.column(statement)

    assert isinstance(deal, dict)
    assert isinstance(account, dict)
    assert (deal["attributes"]["type"], deal["Amount"], deal["Account"]["Name"]) == ("Opportunity", 5.0, "Acme")
    assert (account["attributes"]["type"], account["Phone"]) == ("Account", "1")
    assert nothing is None


def test_typeof_falls_back(firm: Desk) -> None:
    """ELSE gives the fields of Name to every other object."""
    statement = "SELECT TYPEOF What WHEN Account THEN Phone ELSE Name END FROM Event WHERE Subject = 'about deal'"

    what = only(firm.run(statement))["What"]

    assert isinstance(what, dict)
    assert what["Name"] == "D"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT TYPEOF Owner WHEN User THEN Name END FROM Contact",
        "SELECT TYPEOF What WHEN Contact THEN Name END FROM Event",
        "SELECT What.Name, TYPEOF What WHEN Account THEN Name END FROM Event",
        "SELECT TYPEOF Foo WHEN Account THEN Name END FROM Event",
    ],
)
def test_typeof_needs_a_polymorphic_parent(desk: Desk, statement: str) -> None:
    """It is refused elsewhere, and for objects that the reference cannot point to."""
    assert desk.refusal(statement).status == 400


def test_compound_address_is_an_object(firm: Desk) -> None:
    """Its members have names of their own; without any part it is null."""
    addresses = firm.column("SELECT MailingAddress FROM Contact ORDER BY Id")

    assert addresses[0] == {
        "street": None,
        "city": "Köln",
        "state": None,
        "postalCode": None,
        "country": None,
        "latitude": None,
        "longitude": None,
        "geocodeAccuracy": None,
    }
    assert addresses[1] is None


def test_children_come_as_a_nested_answer(firm: Desk) -> None:
    """With their own condition and order; no children is null."""
    firm.add("Account", {"Name": "Empty"})

    full, empty = firm.column(
        "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName DESC) FROM Account ORDER BY Id"
    )

    assert isinstance(full, dict)
    assert (full["totalSize"], full["done"]) == (2, True)
    assert [one["LastName"] for one in full["records"]] == ["b", "a"]
    assert empty is None


def test_limit_of_children_counts_per_parent(desk: Desk) -> None:
    """Every parent gets its own first rows, however the parents are chosen."""
    accounts = desk.add("Account", *({"Name": name} for name in "xyz"))
    rows = [{"LastName": f"{place}", "AccountId": account} for account in accounts for place in range(5)]
    desk.add("Contact", *rows)
    listed = ", ".join(f"'{one}'" for one in accounts)

    blocks = desk.column(
        "SELECT Id, (SELECT LastName FROM Contacts WHERE LastName != '0' ORDER BY LastName LIMIT 2) "
        f"FROM Account WHERE Id IN ({listed})"
    )

    told = [[one["LastName"] for one in block["records"]] for block in blocks if isinstance(block, dict)]
    assert told == [["1", "2"]] * 3


def test_children_have_parents_and_children(firm: Desk) -> None:
    """Blocks nest, and their records have parents of their own."""
    statement = "SELECT (SELECT Owner.Name, (SELECT Subject FROM Events) FROM Contacts ORDER BY Id) FROM Account"

    block = only(firm.run(statement))["Contacts"]

    assert isinstance(block, dict)
    first, second = block["records"]
    assert first["Owner"]["Name"] == "Bo Boss"
    assert [one["Subject"] for one in first["Events"]["records"]] == ["about deal"]
    assert second["Events"] is None


@pytest.mark.parametrize(("version", "levels"), [(57, 2), (58, 5)])
def test_children_nest_to_a_depth(desk: Desk, version: int, levels: int) -> None:
    """Two levels before v58, five since, the root counted."""

    def nested(depth: int) -> str:
        inner = f", ({nested(depth - 1)})" if depth > 1 else ""
        return f"SELECT Id{inner} FROM ChildAccounts"

    allowed, refused = (f"SELECT Id, ({nested(depth)}) FROM Account" for depth in (levels - 1, levels))

    assert desk.run(allowed, version=version)["totalSize"] == 0
    assert desk.refusal(refused, version=version).code == "MALFORMED_QUERY"


def test_offset_of_children_needs_one_parent(desk: Desk) -> None:
    """OFFSET in a sub-query is refused unless the parent query has LIMIT 1."""
    (account,) = desk.add("Account", {"Name": "x"})
    desk.add("Contact", *({"LastName": name, "AccountId": account} for name in "abc"))
    statement = "SELECT (SELECT LastName FROM Contacts ORDER BY LastName LIMIT 1 OFFSET 1) FROM Account"

    block = only(desk.run(f"{statement} LIMIT 1"))["Contacts"]

    assert isinstance(block, dict)
    assert [one["LastName"] for one in block["records"]] == ["b"]
    assert desk.refusal(statement).code == "MALFORMED_QUERY"


def test_fields_function_names_groups_of_fields(desk: Desk) -> None:
    """STANDARD and CUSTOM share all fields among them; all but STANDARD need a small LIMIT."""
    desk.contacts("a")

    every, standard, custom = (
        list(only(desk.run(f"SELECT FIELDS({group}) FROM Contact LIMIT 200")))
        for group in ("ALL", "STANDARD", "CUSTOM")
    )

    assert set(every) == set(standard) | set(custom)
    assert custom[0] == "attributes"
    assert {"External_Id__c", "NPS__c", "Interests__c"} < set(custom[1:])
    assert all(name.endswith("__c") for name in custom[1:])
    assert desk.run("SELECT FIELDS(STANDARD) FROM Contact")["totalSize"] == 1
    for clause in ("", " LIMIT 201"):
        refusal = desk.refusal(f"SELECT FIELDS(ALL) FROM Contact{clause}")
        assert refusal.message.endswith("The SOQL FIELDS function must have a LIMIT of at most 200")


def test_fields_function_is_younger_than_the_api(desk: Desk) -> None:
    """It came with v51."""
    statement = "SELECT FIELDS(STANDARD) FROM Contact"

    assert desk.run(statement, version=51)["totalSize"] == 0
    assert desk.refusal(statement, version=50).code == "UNSUPPORTED_API_VERSION"


def test_note_content_is_an_address_or_inline(desk: Desk) -> None:
    """A blob field is the address of its bytes, unless the switch says base64."""
    desk.add("ContentNote", {"Title": "n", "Content": "<p>é</p>"})
    inline = type(desk.engine)(desk.store, lambda: desk.now, content_inline=True)
    statement = "SELECT Content FROM ContentNote"

    assert (
        only(desk.run(statement))["Content"] == "/services/data/v60.0/sobjects/ContentNote/069Qy0000000001IAA/Content"
    )
    assert only(inline.query(statement, desk.context()))["Content"] == "PHA+w6k8L3A+"


def test_labels_are_the_values(desk: Desk) -> None:
    """ToLabel and FORMAT keep the field's name unless an alias says otherwise."""
    desk.add("Lead", {"LastName": "a", "Status": "Qualified"})

    record = only(desk.run("SELECT toLabel(Status), FORMAT(LastName) shown FROM Lead"))

    assert list(record.items())[1:] == [("Status", "Qualified"), ("shown", "a")]


def test_shared_activities_bring_lists_of_people() -> None:
    """EventWhoIds exists there, first the WhoId."""
    desk = Desk(features=["shared_activities"])
    ids = desk.contacts("a", "b")
    desk.add("Event", {"Subject": "s", "WhoId": ids[0], "EventWhoIds": ids})

    assert only(desk.run("SELECT EventWhoIds FROM Event"))["EventWhoIds"] == ids

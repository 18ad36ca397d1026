"""What conditions mean: null, case, ids, patterns, dates, and values of the wrong kind."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.sandbox.salesforce.desk import Desk

WRONG_KINDS = (
    ("LastName = 5", "field 'LastName' must be of type string and should be enclosed in quotes"),
    ("LastName = true", "field 'LastName' must be of type string and should be enclosed in quotes"),
    ("DoNotCall = 'true'", "field 'DoNotCall' must be of type boolean and should not be enclosed in quotes"),
    ("NPS__c = '5'", "field 'NPS__c' must be of type double and should not be enclosed in quotes"),
    ("Birthdate = '2024-01-01'", "field 'Birthdate' must be of type date and should not be enclosed in quotes"),
    ("Birthdate > 2024-01-01T00:00:00Z", "field 'Birthdate' must be of type date and should not be enclosed in quotes"),
    ("CreatedDate > 2024-01-01", "field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes"),
    ("AccountId = 5", "field 'AccountId' must be of type string and should be enclosed in quotes"),
    ("LastName = TODAY", "field 'LastName' must be of type string and should be enclosed in quotes"),
)

# Today is Monday 2 November 2026.
SPANS = (
    ("TODAY", "2026-11-02", "2026-11-02"),
    ("YESTERDAY", "2026-11-01", "2026-11-01"),
    ("TOMORROW", "2026-11-03", "2026-11-03"),
    ("THIS_WEEK", "2026-11-01", "2026-11-07"),
    ("LAST_WEEK", "2026-10-25", "2026-10-31"),
    ("NEXT_WEEK", "2026-11-08", "2026-11-14"),
    ("THIS_MONTH", "2026-11-01", "2026-11-30"),
    ("LAST_MONTH", "2026-10-01", "2026-10-31"),
    ("NEXT_MONTH", "2026-12-01", "2026-12-31"),
    ("THIS_QUARTER", "2026-10-01", "2026-12-31"),
    ("LAST_QUARTER", "2026-07-01", "2026-09-30"),
    ("THIS_YEAR", "2026-01-01", "2026-12-31"),
    ("LAST_FISCAL_YEAR", "2025-01-01", "2025-12-31"),
    ("LAST_90_DAYS", "2026-08-04", "2026-11-02"),
    ("NEXT_90_DAYS", "2026-11-03", "2027-01-31"),
    ("LAST_N_DAYS:7", "2026-10-26", "2026-11-02"),
    ("NEXT_N_DAYS:7", "2026-11-03", "2026-11-09"),
    ("N_DAYS_AGO:7", "2026-10-26", "2026-10-26"),
    ("LAST_N_WEEKS:2", "2026-10-18", "2026-10-31"),
    ("LAST_N_MONTHS:2", "2026-09-01", "2026-10-31"),
    ("N_MONTHS_AGO:13", "2025-10-01", "2025-10-31"),
    ("NEXT_N_QUARTERS:1", "2027-01-01", "2027-03-31"),
    ("LAST_N_YEARS:1", "2025-01-01", "2025-12-31"),
)


def matching(desk: Desk, condition: str) -> list[object]:
    """Last names of the contacts that *condition* is true of, sorted."""
    return desk.column(f"SELECT LastName FROM Contact WHERE {condition} ORDER BY LastName")


@pytest.fixture
def people(desk: Desk) -> Desk:
    """Three contacts, of whom b has neither a title nor a score nor a birthday."""
    desk.add(
        "Contact",
        {"LastName": "a", "Title": "CEO", "NPS__c": 1.0, "Birthdate": date(2000, 1, 1), "DoNotCall": True},
        {"LastName": "b", "Title": "", "NPS__c": None},
        {"LastName": "c", "Title": "CTO", "NPS__c": 3.0, "Birthdate": date(2001, 1, 1), "DoNotCall": False},
    )
    return desk


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("Title = null", ["b"]),
        ("Title = ''", ["b"]),
        ("Title != null", ["a", "c"]),
        ("Title != ''", ["a", "c"]),
        ("Title != 'CEO'", ["b", "c"]),
        ("NPS__c != 1", ["b", "c"]),
        ("Birthdate != 2000-01-01", ["b", "c"]),
        ("(NOT Title = 'CEO')", ["b", "c"]),
        ("(NOT Title LIKE 'C%')", ["b"]),
        ("(NOT NPS__c < 2)", ["b", "c"]),
        ("Title < 'D'", ["a", "c"]),
        ("NPS__c <= 3", ["a", "c"]),
        ("NPS__c > null", []),
        ("Title IN ('CEO', null)", ["a", "b"]),
        ("Title IN ('CEO', '')", ["a", "b"]),
        ("Title NOT IN ('CEO')", ["b", "c"]),
        ("Title NOT IN ('CEO', null)", ["c"]),
        ("NPS__c NOT IN (1, 2)", ["b", "c"]),
        ("Title LIKE '%'", ["a", "c"]),
    ],
)
def test_null_is_a_value_that_differs(people: Desk, condition: str, names: list[object]) -> None:
    """`!=` and `NOT IN` keep rows without a value, other comparisons leave them out, and '' is null."""
    assert matching(people, condition) == names


def test_not_in_may_leave_nulls_out(people: Desk) -> None:
    """The switch `not_in_keeps_null` off, rows without a value do not pass."""
    statement = "SELECT LastName FROM Contact WHERE Title NOT IN ('CEO')"

    records = people.engine.query(statement, people.context(keeps_null=False))["records"]

    assert isinstance(records, list)
    assert [one["LastName"] for one in records] == ["c"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("DoNotCall = true", ["a"]),
        ("DoNotCall = false", ["b", "c"]),
        ("DoNotCall != true", ["b", "c"]),
        ("DoNotCall = null", ["b", "c"]),
        ("DoNotCall != null", ["a"]),
        ("DoNotCall IN (true, false)", ["a", "b", "c"]),
    ],
)
def test_checkbox_has_no_null(people: Desk, condition: str, names: list[object]) -> None:
    """`= null` is `= false` and `!= null` is `= true` on a checkbox."""
    assert matching(people, condition) == names


def test_missing_parent_is_a_null_value(desk: Desk) -> None:
    """A condition on a parent's field is asked of rows without that parent too."""
    (account,) = desk.add("Account", {"Name": "Acme"})
    desk.add("Contact", {"LastName": "with", "AccountId": account}, {"LastName": "without"})

    assert matching(desk, "Account.Name = null") == ["without"]
    assert matching(desk, "Account.Name != 'Other'") == ["with", "without"]
    assert matching(desk, "Account.Name = 'acme'") == ["with"]
    assert matching(desk, "LastName = 'x' OR Account.Name = 'Acme'") == ["with"]


@pytest.mark.parametrize(
    ("stored", "asked"),
    [("Müller", "MÜLLER"), ("ÅKE", "åke"), ("Şahin", "şahin"), ("Straße", "STRASSE"), ("ΣΊΣΥΦΟΣ", "σίσυφος")],
)
def test_text_is_compared_without_case(desk: Desk, stored: str, asked: str) -> None:
    """Unicode letters too, with every operator."""
    desk.contacts(stored)

    for condition in (f"= '{asked}'", f"IN ('{asked}')", f"LIKE '{asked}'", f"LIKE '%{asked[1:]}'", f">= '{asked}'"):
        assert matching(desk, f"LastName {condition}") == [stored], condition
    assert matching(desk, f"LastName != '{asked}'") == []


def test_case_sensitive_field_is_compared_with_case(desk: Desk) -> None:
    """A unique case-sensitive field is the exception."""
    desk.add("Contact", {"LastName": "a", "External_Id__c": "Key"})

    assert matching(desk, "External_Id__c = 'Key'") == ["a"]
    assert matching(desk, "External_Id__c = 'key'") == []


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("100\\%%", ["100%"]),
        ("100%", ["100%", "1000"]),
        ("a_c", ["abc", "a_c"]),
        ("a\\_c", ["a_c"]),
        ("%B%", ["abc", "back\\slash"]),
        ("abc%", ["abc"]),
        ("back\\\\slash", ["back\\slash"]),
    ],
)
def test_like_has_two_wildcards(desk: Desk, pattern: str, names: list[object]) -> None:
    """`%` is any text, `_` one character, and a backslash takes that away."""
    desk.contacts("100%", "1000", "a_c", "abc", "back\\slash")

    assert matching(desk, f"LastName LIKE '{pattern}'") == names


def test_ids_are_compared_in_both_lengths(desk: Desk) -> None:
    """15 and 18 characters name the same record; ids sort by their numbers."""
    ids = desk.contacts("a", "b", "c")

    assert matching(desk, f"Id = '{ids[1]}'") == ["b"]
    assert matching(desk, f"Id = '{ids[1][:15]}'") == ["b"]
    assert matching(desk, f"Id > '{ids[0]}'") == ["b", "c"]
    assert matching(desk, f"Id IN ('{ids[0][:15]}', '{ids[2]}')") == ["a", "c"]


@pytest.mark.parametrize("value", ["x", "003", "003Qy0000000001XXX", "003Qy00000000ü1"])
def test_malformed_id_is_refused(desk: Desk, value: str) -> None:
    """Text that is no id cannot be compared with ids; a wrong checksum is no id."""
    refusal = desk.refusal(f"SELECT Id FROM Contact WHERE AccountId = '{value}'")

    assert refusal.code == "INVALID_QUERY_FILTER_OPERATOR"
    assert refusal.message.endswith(f"invalid ID field: {value}")


@pytest.mark.parametrize(("condition", "reason"), WRONG_KINDS)
def test_value_of_another_kind_is_refused(desk: Desk, condition: str, reason: str) -> None:
    """A value is written as its field's type asks; the message points at the field."""
    refusal = desk.refusal(f"SELECT Id FROM Contact WHERE {condition}")

    assert refusal.code == "INVALID_FIELD"
    assert refusal.message.endswith(f"value of filter criterion for {reason}")
    assert "ERROR at Row:1:Column:30\n" in refusal.message


@pytest.mark.parametrize(
    "condition",
    ["Id LIKE '003%'", "NPS__c LIKE '1%'", "DoNotCall > false", "Interests__c LIKE 'a'", "Birthdate LIKE '2%'"],
)
def test_operator_that_a_type_lacks_is_refused(desk: Desk, condition: str) -> None:
    """LIKE is for text, order for what has one."""
    assert desk.refusal(f"SELECT Id FROM Contact WHERE {condition}").code == "INVALID_QUERY_FILTER_OPERATOR"


def test_unknown_span_is_refused(desk: Desk) -> None:
    """A word that names no span of days is no value."""
    refusal = desk.refusal("SELECT Id FROM Contact WHERE CreatedDate = SOMEDAY")

    assert refusal.code == "MALFORMED_QUERY"
    assert refusal.message.endswith("unexpected token: 'SOMEDAY'")


@pytest.mark.parametrize("value", ["2024-02-30", "LAST_N_DAYS:99999999"])
def test_impossible_date_is_refused(desk: Desk, value: str) -> None:
    """A day outside the calendar is an error, not an empty answer."""
    assert desk.refusal(f"SELECT Id FROM Contact WHERE Birthdate = {value}").code == "MALFORMED_QUERY"


@pytest.mark.parametrize(("span", "first", "last"), SPANS)
def test_span_is_days_of_a_date_and_local_days_of_an_instant(desk: Desk, span: str, first: str, last: str) -> None:
    """Both ends are in, the days around them out; instants follow the user's zone."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    days = sorted({start - timedelta(days=1), start, end, end + timedelta(days=1)})
    # Noon in Berlin is on the same day as noon in UTC; 23:30 UTC is on the next one.
    late = datetime(start.year, start.month, start.day, 23, 30, tzinfo=UTC) - timedelta(days=1)
    desk.add("Contact", *({"LastName": str(day), "Birthdate": day} for day in days))
    desk.add("Account", {"Name": "late", "LastModifiedDate": late})

    assert set(matching(desk, f"Birthdate = {span}")) == {first, last}
    assert matching(desk, f"Birthdate < {span}") == [str(days[0])]
    assert matching(desk, f"Birthdate > {span}") == [str(days[-1])]
    assert matching(desk, f"Birthdate <= {span}") == [str(day) for day in days[:-1]]
    assert matching(desk, f"Birthdate >= {span}") == [str(day) for day in days[1:]]
    assert matching(desk, f"Birthdate != {span}") == [str(days[0]), str(days[-1])]
    assert desk.column(f"SELECT Name FROM Account WHERE LastModifiedDate = {span}") == ["late"]


def test_instants_are_compared_exactly(desk: Desk) -> None:
    """An offset moves the instant, and milliseconds count."""
    at = datetime(2024, 5, 1, 10, 0, 0, 500_000, tzinfo=UTC)
    desk.add("Contact", {"LastName": "a", "EmailBouncedDate": at})

    assert matching(desk, "EmailBouncedDate = 2024-05-01T12:00:00.500+02:00") == ["a"]
    assert matching(desk, "EmailBouncedDate > 2024-05-01T10:00:00Z") == ["a"]
    assert matching(desk, "EmailBouncedDate < 2024-05-01T10:00:00.501Z") == ["a"]
    assert matching(desk, "EmailBouncedDate IN (2024-05-01T10:00:00.500Z, TODAY)") == ["a"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("INCLUDES ('Product')", ["a", "b"]),
        ("INCLUDES ('Product;Pricing')", ["a"]),
        ("INCLUDES ('Product;Pricing', 'Support')", ["a", "c"]),
        ("EXCLUDES ('product')", ["c", "d"]),
        ("= 'Product;Pricing'", ["a"]),
        ("= null", ["d"]),
    ],
)
def test_multiple_picklist_is_a_set(desk: Desk, condition: str, names: list[object]) -> None:
    """A semicolon asks for all values of a group, a comma for one of the groups."""
    chosen = ("Product;Pricing", "Product", "Support", None)
    desk.add("Contact", *({"LastName": name, "Interests__c": one} for name, one in zip("abcd", chosen, strict=True)))

    assert matching(desk, f"Interests__c {condition}") == names


@pytest.fixture
def firms(desk: Desk) -> Desk:
    """Two accounts, one with a contact, and a contact without an account."""
    busy, _ = desk.add("Account", {"Name": "busy"}, {"Name": "idle"})
    desk.add("Contact", {"LastName": "employed", "AccountId": busy}, {"LastName": "free"})
    return desk


def test_joins_ask_another_object(firms: Desk) -> None:
    """Semi-joins keep what the sub-query names, anti-joins the rest, rows without a reference included."""
    joined = "SELECT Name FROM Account WHERE Id {} (SELECT AccountId FROM Contact)"
    named = "SELECT LastName FROM Contact WHERE AccountId {} (SELECT Id FROM Account WHERE Name = 'busy')"

    assert firms.column(joined.format("IN")) == ["busy"]
    assert firms.column(joined.format("NOT IN")) == ["idle"]
    assert firms.column(named.format("IN")) == ["employed"]
    assert firms.column(named.format("NOT IN")) == ["free"]


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("Name = 'a' OR Id IN (SELECT AccountId FROM Contact)", "only allowed at the top level"),
        ("(NOT Id IN (SELECT AccountId FROM Contact))", "only allowed at the top level"),
        ("Id IN (SELECT Id FROM Account)", "should not be on the same object type"),
        ("Id IN (SELECT LastName FROM Contact)", "can only query id fields, cannot use: 'LastName'"),
        ("Name IN (SELECT AccountId FROM Contact)", "must be an id field"),
        ("Parent.Id IN (SELECT AccountId FROM Contact)", "cannot use relationships"),
        ("Id IN (SELECT AccountId FROM Contact LIMIT 5)", "cannot order, limit or group"),
        ("Id IN (SELECT AccountId FROM Contact WHERE Id IN (SELECT ContactId FROM Opportunity))", "Nesting"),
    ],
)
def test_join_has_rules(desk: Desk, condition: str, reason: str) -> None:
    """A join stands alone among ANDs, and asks for ids of another object."""
    assert reason in desk.refusal(f"SELECT Id FROM Account WHERE {condition}").message


def test_two_joins_are_the_most(desk: Desk) -> None:
    """The third is refused."""
    join = "Id IN (SELECT AccountId FROM Contact)"

    assert desk.run(f"SELECT Id FROM Account WHERE {join} AND {join}")["totalSize"] == 0
    assert "Maximum 2" in desk.refusal(f"SELECT Id FROM Account WHERE {join} AND {join} AND {join}").message


@pytest.mark.parametrize(
    ("statement", "code", "reason"),
    [
        ("SELECT Foo FROM Contact", "INVALID_FIELD", "No such column 'Foo' on entity 'Contact'."),
        ("SELECT Id FROM Contact WHERE Foo = 1", "INVALID_FIELD", "No such column 'Foo' on entity 'Contact'."),
        ("SELECT Id FROM Contact ORDER BY Foo", "INVALID_FIELD", "No such column 'Foo' on entity 'Contact'."),
        ("SELECT Foo.Name FROM Contact", "INVALID_FIELD", "Didn't understand relationship 'Foo' in field path."),
        ("SELECT Account.Foo FROM Contact", "INVALID_FIELD", "No such column 'Foo' on entity 'Account'."),
        ("SELECT Who.Amount FROM Event", "INVALID_FIELD", "No such column 'Amount' on entity 'Name'."),
        ("SELECT Id FROM Foo", "INVALID_TYPE", "sObject type 'Foo' is not supported."),
        ("SELECT Id FROM Name", "INVALID_TYPE", "sObject type 'Name' is not supported."),
        ("SELECT Id, (SELECT Id FROM Foos) FROM Account", "INVALID_FIELD", "Didn't understand relationship 'Foos'"),
        ("SELECT CurrencyIsoCode FROM Opportunity", "INVALID_FIELD", "No such column 'CurrencyIsoCode'"),
        ("SELECT EventWhoIds FROM Event", "INVALID_FIELD", "No such column 'EventWhoIds' on entity 'Event'."),
        ("SELECT Id FROM Contact WHERE Description = 'x'", "INVALID_FIELD", "'Description' can not be filtered"),
        ("SELECT Id FROM Contact WHERE MailingAddress = 'x'", "INVALID_FIELD", "can not be filtered"),
        ("SELECT Id FROM Contact ORDER BY Description", "INVALID_FIELD", "'Description' can not be sorted"),
        ("SELECT Id FROM Contact ORDER BY Interests__c", "INVALID_FIELD", "'Interests__c' can not be sorted"),
        ("SELECT Id FROM ContentNote WHERE Content = 'x'", "INVALID_FIELD", "'Content' can not be filtered"),
        ("SELECT Id, Id FROM Contact", "MALFORMED_QUERY", "duplicate field selected: Id"),
        ("SELECT Id FROM Contact LIMIT 1 OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset"),
        ("SELECT Id i FROM Contact", "MALFORMED_QUERY", "aliasing"),
    ],
)
def test_names_and_limits_are_checked(desk: Desk, statement: str, code: str, reason: str) -> None:
    """What does not exist, or may not stand where it does, is refused with the vendor's code."""
    refusal = desk.refusal(statement)

    assert (refusal.code, refusal.status) == (code, 400)
    assert reason in refusal.message


def test_paths_have_five_steps_at_most(desk: Desk) -> None:
    """The sixth relationship is one too many."""
    assert desk.run(f"SELECT Id FROM Account WHERE {'Parent.' * 5}Name = 'a'")["totalSize"] == 0
    assert desk.refusal(f"SELECT Id FROM Account WHERE {'Parent.' * 6}Name = 'a'").code == "MALFORMED_QUERY"


@pytest.mark.parametrize(
    "condition", ["LinkedEntityId = '{}'", "ContentDocumentId IN ('{}')", "ShareType = 'V' AND LinkedEntityId = '{}'"]
)
def test_document_links_are_read_for_given_ends(desk: Desk, condition: str) -> None:
    """A filter by either end suffices."""
    statement = f"SELECT Id FROM ContentDocumentLink WHERE {condition.format('001Qy0000000001IAA')}"

    assert desk.run(statement)["totalSize"] == 0


@pytest.mark.parametrize(
    "condition",
    ["", "WHERE ShareType = 'V'", "WHERE LinkedEntityId != null", "WHERE LinkedEntityId = '{}' OR ShareType = 'V'"],
)
def test_document_links_are_not_listed(desk: Desk, condition: str) -> None:
    """Without that filter the vendor refuses."""
    refusal = desk.refusal(f"SELECT Id FROM ContentDocumentLink {condition.format('001Qy0000000001IAA')}")

    assert refusal.code == "MALFORMED_QUERY"
    assert refusal.message.startswith("Implementation restriction: ContentDocumentLink requires a filter")


def test_trash_and_archive_are_seen_by_query_all_alone(desk: Desk) -> None:
    """A plain query lacks deleted and archived records, even when it asks for them."""
    desk.add(
        "Event", {"Subject": "live"}, {"Subject": "old", "IsArchived": True}, {"Subject": "gone", "IsDeleted": True}
    )

    assert desk.column("SELECT Subject FROM Event") == ["live"]
    assert desk.column("SELECT Subject FROM Event WHERE IsArchived = true") == []
    assert sorted(map(str, desk.column("SELECT Subject FROM Event", with_trash=True))) == ["gone", "live", "old"]
    assert desk.column("SELECT Subject FROM Event WHERE IsArchived = true", with_trash=True) == ["old"]


def test_hidden_field_does_not_exist(desk: Desk) -> None:
    """Field-level security looks like a missing field, in every clause."""
    context = replace(desk.context(), catalog=desk.catalog.without(frozenset({("contact", "email")})))

    for statement in ("SELECT Email FROM Contact", "SELECT Id FROM Contact WHERE Email = 'x'"):
        with pytest.raises(Exception, match="No such column 'Email' on entity 'Contact'"):
            desk.engine.query(statement, context)

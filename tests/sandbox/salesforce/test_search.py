"""Text searches: their language, what they find, in which order, and how they are refused."""

from datetime import timedelta

import pytest

from sandbox.salesforce.answers import ApiError
from sandbox.salesforce.soql import Json
from sandbox.salesforce.sosl import Searcher, parse_find
from tests.sandbox.salesforce.desk import NOW, Client, Desk, connected

PEOPLE = (
    {"FirstName": "Ada", "LastName": "Müller", "Email": "ada@acme-corp.example", "Phone": "+49 30 555-1234"},
    {"LastName": "Adam", "Title": "Friend of Ada", "Description": "Said: call back, or write to Zoë."},
    {"FirstName": "John", "LastName": "Smith", "Title": "Head of R&D", "MailingCity": "Berlin"},
    {"FirstName": "Joan", "LastName": "Smythe", "MailingCity": "Bern", "Department": "100% {fun}"},
)
ADA, ADAM, JOHN, JOAN = "Ada Müller", "Adam", "John Smith", "Joan Smythe"


@pytest.fixture
def people(desk: Desk) -> Desk:
    """Four contacts, a company and a lead."""
    named = [{**one, "Name": " ".join(filter(None, (one.get("FirstName"), one["LastName"])))} for one in PEOPLE]
    desk.add("Contact", *named)
    desk.add("Account", {"Name": "Ada Works", "Website": "https://acme-corp.example", "Industry": "Software"})
    desk.add("Lead", {"Name": "Ada Byron", "LastName": "Byron", "Company": "Smith & Sons"})
    return desk


def found(desk: Desk, statement: str) -> list[Json]:
    """The records that *statement* finds."""
    return searching(Searcher(desk.store, lambda: desk.now), desk, statement)


def searching(searcher: Searcher, desk: Desk, statement: str) -> list[Json]:
    """The records that *statement* finds in *searcher*."""
    return searcher.search(parse_find(statement), desk.context(), statement=statement)


def names(desk: Desk, search: str, scope: str = "ALL") -> list[object]:
    """The names of the contacts that *search* finds."""
    return [one["Name"] for one in found(desk, f"FIND {{{search}}} IN {scope} FIELDS RETURNING Contact(Name)")]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("ada", [ADA, ADAM]),
        ("ADA", [ADA, ADAM]),
        ("MÜLLER", [ADA]),
        ("muller", []),
        ("ad", []),
        ("ad*", [ADA, ADAM]),
        ("jo?n", [JOHN, JOAN]),
        ("s*th", [JOHN]),
        ("*smith", [JOHN]),
        ("smith berlin", [JOHN]),
        ("smith AND bern", []),
        ("smith or bern", [JOHN, JOAN]),
        ("ber* and not joan", [JOHN]),
        ("(ada OR john) AND (friend OR berlin)", [ADAM, JOHN]),
        ('"friend of ada"', [ADAM]),
        ('"ada of friend"', []),
        ('"john berlin"', []),
        (r"ada@acme\-corp.example", [ADA]),
        ("acme", [ADA]),
        (" OR ".join(f"w{number}" for number in range(300)) + " OR zoë", [ADAM]),
        (r"R\&D", [JOHN]),
        (r"100% \{fun\}", [JOAN]),
        (r"said\: call \& back", [ADAM]),
        ("zoë", [ADAM]),
        ("5551234", []),
        ("49305551234", [ADA]),
        ("555", [ADA]),
    ],
)
def test_search_finds_words(people: Desk, search: str, expected: list[str]) -> None:
    """Whole words without case, prefixes only where a star says so; all of them unless OR stands between."""
    assert sorted(map(str, names(people, search))) == sorted(expected)


@pytest.mark.parametrize(
    ("scope", "search", "expected"),
    [
        ("NAME", "ada", [ADA]),
        ("EMAIL", "ada", [ADA]),
        ("PHONE", "555", [ADA]),
        ("PHONE", "ada", []),
        ("EMAIL", "berlin", []),
        ("NAME", "friend", []),
        ("SIDEBAR", "ada", [ADA]),
        ("name", "ada", [ADA]),
    ],
)
def test_scope_chooses_fields(people: Desk, scope: str, search: str, expected: list[str]) -> None:
    """Names, addresses, phone numbers, or all text."""
    assert names(people, search, scope) == expected


def test_names_come_first_and_then_ids(desk: Desk) -> None:
    """A match in the name is worth more than one anywhere else; equal ones come by id."""
    rows = [("Other", "gold"), ("Gold", None), ("More", "gold"), ("gold mine", None)]
    desk.add("Contact", *({"Name": name, "LastName": name, "Title": title} for name, title in rows))

    assert names(desk, "gold") == ["Gold", "gold mine", "Other", "More"]


def test_objects_come_in_the_order_of_the_statement(people: Desk) -> None:
    """Each with its own fields, condition, order and limit."""
    contacts = "Contact(Name, Email WHERE Email = null ORDER BY Name DESC LIMIT 5)"
    statement = f"FIND {{ada}} RETURNING Lead(Company), {contacts}, Account"

    lead, contact, account = found(people, statement)

    assert lead == {"attributes": lead["attributes"], "Company": "Smith & Sons"}
    assert contact["attributes"]["type"] == "Contact"  # type: ignore[index]
    assert (contact["Name"], contact["Email"]) == (ADAM, None)
    assert list(account) == ["attributes", "Id"]
    assert account["attributes"]["url"] == f"/services/data/v60.0/sobjects/Account/{account['Id']}"  # type: ignore[index]


def test_without_returning_every_object_gives_ids(people: Desk) -> None:
    """Records of all searchable objects."""
    kinds = [one["attributes"]["type"] for one in found(people, "FIND {ada}")]  # type: ignore[index]

    assert sorted(kinds) == ["Account", "Contact", "Contact", "Lead"]


def test_limits_and_offsets_cut(desk: Desk) -> None:
    """An overall limit is shared evenly; what one object does not need is the others'."""
    searcher = Searcher(desk.store, lambda: desk.now)
    desk.contacts(*(f"word n{number}" for number in range(30)))
    desk.add("Account", *({"Name": "word"} for _ in range(3)))

    def kinds(clauses: str) -> list[str]:
        return [one["attributes"]["type"] for one in searching(searcher, desk, f"FIND {{word}} {clauses}")]  # type: ignore[index]

    assert kinds("RETURNING Contact, Account LIMIT 4") == ["Contact"] * 2 + ["Account"] * 2
    assert kinds("RETURNING Contact, Account LIMIT 10") == ["Contact"] * 7 + ["Account"] * 3
    assert kinds("RETURNING Contact(Id LIMIT 2), Account") == ["Contact"] * 2 + ["Account"] * 3
    paged = "FIND {word} RETURNING Contact(Id LIMIT 20 OFFSET %d)"
    pages = [[one["Id"] for one in searching(searcher, desk, paged % offset)] for offset in (0, 20)]
    assert [len(page) for page in pages] == [20, 10]
    assert sorted({*map(str, pages[0]), *map(str, pages[1])}) == [*map(str, pages[0]), *map(str, pages[1])]


def test_no_search_gives_more_than_2000(desk: Desk) -> None:
    """Whatever LIMIT says."""
    desk.contacts(*("word" for _ in range(2_010)))

    assert len(found(desk, "FIND {word} RETURNING Contact LIMIT 5000")) == 2_000


def test_deleted_records_are_not_found(desk: Desk) -> None:
    """They left the index."""
    desk.add("Contact", {"Name": "Ada", "LastName": "Ada", "IsDeleted": True})

    assert names(desk, "ada") == []


def test_index_may_lag(desk: Desk) -> None:
    """Then what changed a moment ago is not found yet."""
    desk.add("Contact", {"Name": "Ada", "LastName": "Ada", "SystemModstamp": NOW})
    searcher = Searcher(desk.store, lambda: desk.now, lag_s=60)

    assert searching(searcher, desk, "FIND {ada}") == []
    desk.now += timedelta(seconds=60)
    assert len(searching(searcher, desk, "FIND {ada}")) == 1


@pytest.mark.parametrize(
    ("statement", "code", "reason"),
    [
        ("FIND joe", "MALFORMED_SEARCH", "The search term must be enclosed in braces."),
        ("SELECT Id FROM Contact", "MALFORMED_SEARCH", "No search term found."),
        ("FIND {joe", "MALFORMED_SEARCH", "no viable alternative at character '{'"),
        ("FIND {a}", "INVALID_SEARCH", "search term must be longer than one character: a"),
        ("FIND {a*}", "INVALID_SEARCH", "search term must be longer than one character"),
        ("FIND {}", "INVALID_SEARCH", "search term must be longer than one character"),
        ("FIND {acme-corp}", "MALFORMED_SEARCH", "no viable alternative at character '-'"),
        ("FIND {it's}", "MALFORMED_SEARCH", "no viable alternative at character '''"),
        ('FIND {"joe}', "MALFORMED_SEARCH", "no viable alternative"),
        ("FIND {joe or}", "MALFORMED_SEARCH", "unexpected token: '<EOF>'"),
        ("FIND {joe} IN SOME FIELDS", "MALFORMED_SEARCH", "unexpected token: 'SOME'"),
        ("FIND {joe} RETURNING Contact(Id LIMIT 5 WHERE Id != null)", "MALFORMED_SEARCH", "unexpected token: 'WHERE'"),
        ("FIND {joe} RETURNING Contact(Foo)", "INVALID_FIELD", "No such column 'Foo' on entity 'Contact'"),
        ("FIND {joe} RETURNING Contact(Id WHERE Description = 'a')", "INVALID_FIELD", "can not be filtered"),
        ("FIND {joe} RETURNING Nope", "INVALID_TYPE", "sObject type 'Nope' is not supported."),
        ("FIND {joe} RETURNING LeadStatus", "INVALID_TYPE", "entity type LeadStatus does not support search"),
        ("FIND {joe} RETURNING Contact(Id OFFSET 2001)", "MALFORMED_SEARCH", "SOSL offset should be between 0 to 2000"),
        ("FIND {joe} RETURNING Contact(Id OFFSET 1), Lead", "MALFORMED_SEARCH", "only when querying a single object"),
    ],
)
def test_searches_have_rules(people: Desk, statement: str, code: str, reason: str) -> None:
    """What the reference calls an error is refused with the vendor's code."""
    with pytest.raises(ApiError) as caught:
        found(people, statement)

    assert (caught.value.status, caught.value.code) == (400, code)
    assert reason in caught.value.message


def test_search_resource_answers_with_search_records(client: Client) -> None:
    """An object since version 37, the bare array before."""
    statement = "FIND {pilot} IN NAME FIELDS RETURNING Opportunity(Id, Name LIMIT 3)"

    answer = client.get("/search", q=statement).json()
    older = client.http.get("/services/data/v36.0/search", params={"q": statement}).json()

    assert [sorted(one) for one in answer["searchRecords"]] == [["Id", "Name", "attributes"]] * 3
    assert all("pilot" in one["Name"].lower() for one in answer["searchRecords"])
    assert [one["Id"] for one in older] == [one["Id"] for one in answer["searchRecords"]]
    assert client.get("/search").json()[0]["errorCode"] == "MALFORMED_SEARCH"
    assert client.http.post("/services/data/v60.0/search", json={}).status_code == 405


def test_parameters_in_a_body_search_the_same(client: Client) -> None:
    """Fields of the whole search or of one object, condition, order, limits as numbers or text."""
    body = {
        "q": "pilot",
        "in": "NAME",
        "fields": ["Id", "Name"],
        "sobjects": [
            {"name": "Opportunity", "where": "Amount != null", "orderBy": "Name DESC NULLS_LAST", "limit": "4"},
            {"name": "Lead", "fields": ["Email"]},
        ],
        "defaultLimit": 2,
        "overallLimit": 10,
    }

    answer = client.http.post("/services/data/v60.0/parameterizedSearch/", json=body)

    records = answer.json()["searchRecords"]
    names = [one["Name"] for one in records if one["attributes"]["type"] == "Opportunity"]
    assert len(names) == 4
    assert names == sorted(names, key=str.upper, reverse=True)
    assert all(list(one) == ["attributes", "Email"] for one in records if one["attributes"]["type"] == "Lead")


def test_parameters_in_the_address_search_the_same(client: Client) -> None:
    """`sobject`, and its fields and limit by its name."""
    asked = {"q": "pilot", "sobject": "Opportunity", "Opportunity.fields": "id,name", "Opportunity.limit": "2"}

    first = client.get("/parameterizedSearch", **asked).json()["searchRecords"]
    second = client.get("/parameterizedSearch", **asked, offset="2").json()["searchRecords"]

    assert [sorted(one) for one in first] == [["Id", "Name", "attributes"]] * 2
    assert not {one["Id"] for one in first} & {one["Id"] for one in second}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"sobjects": [{"name": "Contact"}]}, "MISSING_ARGUMENT"),
        ({"q": "a"}, "INVALID_SEARCH"),
        ({"q": "joe", "in": "SOME"}, "INVALID_SEARCH_SCOPE"),
        ({"q": "joe", "sobjects": [{"name": "Contact", "offset": 5}]}, "JSON_PARSER_ERROR"),
        ({"q": "joe", "overallLimit": 2_001}, "INVALID_SEARCH"),
        ({"q": "joe", "sobjects": [{"name": "Contact"}, {"name": "Lead"}], "offset": 5}, "INVALID_SEARCH"),
        ({"q": "joe", "sobjects": [{"name": "Contact", "where": "Foo = 1"}]}, "INVALID_FIELD"),
        ({"q": "joe", "sobjects": [{"name": "Contact", "where": "Id != null) , Lead(Id"}]}, "MALFORMED_SEARCH"),
        ({"q": "joe", "sobjects": "Contact"}, "JSON_PARSER_ERROR"),
    ],
)
def test_parameters_have_rules(client: Client, body: dict[str, object], code: str) -> None:
    """The refusals of the resource; one object's condition cannot reach beyond it."""
    answer = client.http.post("/services/data/v60.0/parameterizedSearch", json=body)

    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_reserved_characters_in_a_parameter_are_text(client: Client) -> None:
    """Only in a statement do they need backslashes."""
    answer = client.get("/parameterizedSearch", q="roll-out", sobject="Opportunity", **{"Opportunity.fields": "Name"})

    assert all("roll-out" in one["Name"].lower() for one in answer.json()["searchRecords"])
    assert answer.json()["searchRecords"]


def test_notes_are_found_by_their_content() -> None:
    """Beyond the preview, without the tags."""
    with connected(scale=0.3) as client:
        found = client.get("/search", q="FIND {budget approved} RETURNING ContentNote(Title)").json()["searchRecords"]
        tags = client.get("/search", q="FIND {br} RETURNING ContentNote(Title)").json()["searchRecords"]

    assert found
    assert tags == []


def test_describe_names_what_can_be_searched(client: Client) -> None:
    """And which field is the name."""
    told = {one["name"]: one["searchable"] for one in client.get("/sobjects").json()["sobjects"]}
    fields = client.get("/sobjects/Contact/describe").json()["fields"]

    assert (told["Contact"], told["LeadStatus"], told["OpportunityContactRole"]) == (True, False, False)
    assert [one["name"] for one in fields if one["nameField"]] == ["Name"]

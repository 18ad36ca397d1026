"""The REST resources besides queries, and what the web tier in front of them does."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import httpx
import pytest

from sandbox import Clock, Faults, Setup
from sandbox.salesforce import EMULATOR
from sandbox.salesforce.org.ids import id_of
from sandbox.seed import build_book
from tests.sandbox.salesforce.desk import DATA, NOW, Client, connected


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of an error."""
    return answer.status_code, answer.json()[0]["errorCode"]


def some_id(client: Client, name: str = "Contact") -> str:
    """The id of a record."""
    return str(client.query(f"SELECT Id FROM {name} ORDER BY Id LIMIT 1")[0]["Id"])


def test_versions_are_told_to_anybody(client: Client) -> None:
    """The list needs no session, is not counted, and names releases as the vendor does."""
    answer = httpx.get(f"{client.running.url('salesforce')}/services/data/")

    assert {"label": "Spring '24", "url": "/services/data/v60.0", "version": "60.0"} in answer.json()
    assert "Sforce-Limit-Info" not in answer.headers


def test_version_lists_its_resources(client: Client) -> None:
    """Each with its address, and who the user is."""
    resources = client.get("/").json()

    assert resources["query"] == "/services/data/v60.0/query"
    assert client.http.get(resources["identity"]).json()["active"] is True


@pytest.mark.parametrize(
    ("version", "status"), [("v31.0", 200), ("v68.0", 200), ("v69.0", 404), ("v30.0", 410), ("latest", 404)]
)
def test_versions_in_support_answer(client: Client, version: str, status: int) -> None:
    """Retired ones are gone, future ones do not exist."""
    assert client.http.get(f"/services/data/{version}/limits").status_code == status


@pytest.mark.parametrize("path", ["/query", "/query/", "/queryAll", "/queryAll/"])
def test_queries_answer_with_and_without_a_slash(client: Client, path: str) -> None:
    """Clients differ."""
    assert client.get(path, q="SELECT Id FROM Account LIMIT 1").json()["totalSize"] == 1


def test_query_needs_a_statement(client: Client) -> None:
    """Without `q` there is nothing to run."""
    answer = client.get("/query")

    assert answer.json() == [{"message": "A query string has to be specified", "errorCode": "MALFORMED_QUERY"}]
    assert answer.status_code == 400


def test_refused_statement_is_an_array_of_errors(client: Client) -> None:
    """The body has the vendor's form."""
    answer = client.get("/query", q="SELECT Foo FROM Contact")

    assert answer.status_code == 400
    (error,) = answer.json()
    assert error["errorCode"] == "INVALID_FIELD"
    assert error["message"].startswith(
        "\nSELECT Foo FROM Contact\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo' on entity 'Contact'."
    )


@pytest.mark.parametrize("path", ["/query", "/limits", "/sobjects/Contact/describe"])
def test_reading_resources_take_get_alone(client: Client, path: str) -> None:
    """A statement cannot travel in a body."""
    answer = client.http.post(f"{DATA}{path}", json={"q": "SELECT Id FROM Contact"})

    assert refusal(answer) == (405, "METHOD_NOT_ALLOWED")
    assert answer.json()[0]["message"] == "HTTP Method 'POST' not allowed. Allowed are HEAD,GET"


@pytest.mark.parametrize("path", ["/nope", "/sobjects/Nope", "/sobjects/Nope/describe", "/sobjects/Name"])
def test_unknown_addresses_are_not_found(client: Client, path: str) -> None:
    """Resources and objects alike."""
    assert client.get(path).json() == [{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}]


def test_global_describe_lists_the_objects(client: Client) -> None:
    """With their prefixes and addresses; features bring further ones."""
    objects = {one["name"]: one for one in client.get("/sobjects").json()["sobjects"]}

    assert objects["Contact"]["keyPrefix"] == "003"
    assert objects["Contact"]["urls"]["describe"] == "/services/data/v60.0/sobjects/Contact/describe"
    assert "AccountContactRelation" in objects
    assert "CurrencyType" not in objects


def test_describe_tells_every_field(client: Client) -> None:
    """Types, lengths, references, picklists and flags, as the field tables say."""
    described = client.get("/sobjects/contact/describe").json()
    fields = {one["name"]: one for one in described["fields"]}

    assert (fields["Email"]["type"], fields["Email"]["idLookup"]) == ("email", True)
    assert (fields["AccountId"]["referenceTo"], fields["AccountId"]["relationshipName"]) == (["Account"], "Account")
    assert fields["LastName"]["nillable"] is False
    assert fields["Description"]["filterable"] is fields["Description"]["sortable"] is False
    assert fields["MailingCity"]["compoundFieldName"] == "MailingAddress"
    assert fields["External_Id__c"]["externalId"] is fields["External_Id__c"]["caseSensitive"] is True
    assert [one["value"] for one in fields["Region__c"]["picklistValues"]] == ["EMEA", "AMER", "APAC"]
    assert fields["CreatedDate"]["createable"] is False


def test_required_fields_follow_from_describe(client: Client) -> None:
    """Not nillable, createable and without a default: what a create needs."""

    def required(name: str) -> set[str]:
        fields = client.get(f"/sobjects/{name}/describe").json()["fields"]
        flags = ("nillable", "defaultedOnCreate")
        return {one["name"] for one in fields if one["createable"] and not any(one[flag] for flag in flags)}

    assert required("Contact") == {"LastName"}
    assert required("Account") == {"Name"}
    assert required("Lead") == {"LastName", "Company"}
    assert required("Opportunity") == {"Name", "StageName", "CloseDate"}


def test_describe_tells_the_children(client: Client) -> None:
    """Relationship, object and field."""
    children = client.get("/sobjects/Account/describe").json()["childRelationships"]

    told = {(one["relationshipName"], one["childSObject"], one["field"]) for one in children}
    assert {("Contacts", "Contact", "AccountId"), ("Events", "Event", "WhatId")} <= told


def test_unchanged_description_is_304(client: Client) -> None:
    """The stamp of the answer, sent back, saves the body."""
    stamp = client.get("/sobjects/Contact/describe").headers["Last-Modified"]
    early = "Thu, 01 Jan 2015 00:00:00 GMT"

    answers = [
        client.http.get(f"{DATA}/sobjects/Contact/describe", headers={"If-Modified-Since": one})
        for one in (stamp, early, "nonsense")
    ]

    assert [answer.status_code for answer in answers] == [304, 200, 200]
    assert answers[0].content == b""


def test_record_has_all_fields_unless_some_are_named(client: Client) -> None:
    """Names are taken in any case and any order, and doubled ones once."""
    record_id = some_id(client)

    whole = client.get(f"/sobjects/Contact/{record_id}/").json()
    part = client.get(f"/sobjects/contact/{record_id[:15]}", fields="name, Id,NAME").json()

    assert {"MailingAddress", "SystemModstamp", "NPS__c"} <= whole.keys()
    assert part == {"attributes": whole["attributes"], "Name": whole["Name"], "Id": record_id}


def test_record_errors_have_their_codes(client: Client) -> None:
    """Unknown, deleted, malformed, of another object, and with an unknown field."""
    gone = client.get("/queryAll", q="SELECT Id FROM Contact WHERE IsDeleted = true LIMIT 1").json()["records"][0]["Id"]
    account, contact = some_id(client, "Account"), some_id(client)

    assert refusal(client.get(f"/sobjects/Contact/{id_of('003', 10**6)}")) == (404, "NOT_FOUND")
    assert refusal(client.get(f"/sobjects/Contact/{account}")) == (404, "NOT_FOUND")
    assert client.get(f"/sobjects/Contact/{gone}").json() == [
        {"message": "entity is deleted", "errorCode": "ENTITY_IS_DELETED"}
    ]
    malformed = client.get("/sobjects/Contact/xyz")
    assert refusal(malformed) == (400, "MALFORMED_ID")
    assert malformed.json()[0]["fields"] == ["Id"]
    unknown = client.get(f"/sobjects/Contact/{contact}", fields="Id,Foo")
    assert refusal(unknown) == (400, "INVALID_FIELD")
    assert unknown.json()[0]["message"] == "No such column 'Foo' on sobject of type Contact"


def test_record_conditions_compare_its_change_stamp(client: Client) -> None:
    """Unchanged since is 304, changed since is 412."""
    path = f"{DATA}/sobjects/Contact/{some_id(client)}"
    stamp = client.http.get(path).headers["Last-Modified"]
    early = "Thu, 01 Jan 2015 00:00:00 GMT"

    def status(header: str, value: str) -> int:
        return client.http.get(path, headers={header: value}).status_code

    assert parsedate_to_datetime(stamp).year >= 2024
    assert [status("If-Modified-Since", one) for one in (stamp, early)] == [304, 200]
    assert [status("If-Unmodified-Since", one) for one in (stamp, early)] == [200, 412]


def test_record_is_found_by_an_external_key(client: Client) -> None:
    """By the external id with its case, or by a lookup field without."""
    record = client.query(
        "SELECT Id, External_Id__c, Email FROM Contact WHERE External_Id__c != null AND Email != null LIMIT 1"
    )[0]
    key, email = str(record["External_Id__c"]), str(record["Email"])

    assert client.get(f"/sobjects/Contact/External_Id__c/{quote(key)}").json()["Id"] == record["Id"]
    assert refusal(client.get(f"/sobjects/Contact/External_Id__c/{key.upper()}")) == (404, "NOT_FOUND")
    assert client.get(f"/sobjects/Contact/Email/{quote(email.upper())}").status_code in {200, 300}
    assert refusal(client.get("/sobjects/Contact/LastName/x")) == (404, "NOT_FOUND")
    assert refusal(client.get("/sobjects/Contact/External_Id__c/a%2Fb")) == (404, "NOT_FOUND")


async def test_key_of_several_records_answers_with_their_addresses() -> None:
    """Status 300, and an array."""
    book = build_book("salesforce", scale=0.01)
    twins = tuple(replace(one, email="twin@example.com") for one in book.people[:2])
    setup = Setup(
        book=replace(book, people=twins + book.people[2:]),
        clock=Clock(epoch=NOW),
        faults=Faults(),
        base_url="http://salesforce.test",
    )
    running = EMULATOR.build(setup)
    form = {"client_id": running.secrets["SALESFORCE_CLIENT_ID"], "client_secret": "sandbox-consumer-secret"}

    async with httpx.AsyncClient(transport=httpx.ASGITransport(running.app), base_url=setup.base_url) as http:
        token = await http.post("/services/oauth2/token", data={"grant_type": "client_credentials", **form})
        headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
        answer = await http.get(f"{DATA}/sobjects/Contact/Email/twin%40example.com", headers=headers)

    assert answer.status_code == 300
    assert answer.json() == [f"{DATA}/sobjects/Contact/{id_of('003', number)}" for number in (1, 2)]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_retrieve_keeps_the_order_and_length_of_the_ids(client: Client, method: str) -> None:
    """Missing, deleted and malformed ids are null; doubled ones are doubled."""
    first, second = (str(one["Id"]) for one in client.query("SELECT Id FROM Contact ORDER BY Id LIMIT 2"))
    gone = client.get("/queryAll", q="SELECT Id FROM Contact WHERE IsDeleted = true LIMIT 1").json()["records"][0]["Id"]
    ids = [second, "zzz", first[:15], id_of("003", 10**6), gone, second]

    if method == "GET":
        answer = client.get("/composite/sobjects/Contact", ids=",".join(ids), fields="Id,LastName")
    else:
        answer = client.http.post(f"{DATA}/composite/sobjects/Contact", json={"ids": ids, "fields": ["Id", "LastName"]})

    assert [one and one["Id"] for one in answer.json()] == [second, None, first, None, None, second]


def test_retrieve_takes_2_000_ids(client: Client) -> None:
    """One more is refused, and so is an unknown field."""

    def ask(count: int, field: str = "Id") -> httpx.Response:
        ids = [id_of("003", number) for number in range(1, count + 1)]
        return client.http.post(f"{DATA}/composite/sobjects/Contact", json={"ids": ids, "fields": [field]})

    assert len(ask(2_000).json()) == 2_000
    assert ask(2_001).status_code == 400
    assert refusal(ask(1, "Foo")) == (400, "INVALID_FIELD")


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"ids": "x", "fields": ["Id"]}', b'{"ids": []}'])
def test_retrieve_refuses_what_it_cannot_read(client: Client, body: bytes) -> None:
    """A body that is no object, or lacks a list."""
    assert client.http.post(f"{DATA}/composite/sobjects/Contact", content=body).status_code == 400


def test_updated_and_deleted_list_ids_of_a_span(client: Client) -> None:
    """Deleted records are in the one list, the others in the other, and both say how far they read."""
    span = {"start": "2026-10-20T00:00:00Z", "end": "2026-11-02T11:30:30+00:00"}

    updated = client.get("/sobjects/Contact/updated/", **span).json()
    deleted = client.get("/sobjects/Contact/deleted/", **span).json()

    where = "SystemModstamp >= 2026-10-20T00:00:00Z AND SystemModstamp < 2026-11-02T11:30:00Z"
    changed = client.get("/queryAll", q=f"SELECT Id, IsDeleted FROM Contact WHERE {where}").json()["records"]
    assert set(updated["ids"]) == {one["Id"] for one in changed if not one["IsDeleted"]}
    assert (
        {one["id"] for one in deleted["deletedRecords"]} == {one["Id"] for one in changed if one["IsDeleted"]} != set()
    )
    assert updated["latestDateCovered"] == deleted["latestDateCovered"] == "2026-11-02T11:30:00.000+0000"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-01T00:00:00Z", "2026-11-02T00:00:00Z"),
        ("2026-11-01T00:00:00Z", "2026-11-01T00:00:59Z"),
        ("2026-11-01T00:00:00", "2026-11-01T01:00:00"),
        ("yesterday", "today"),
    ],
)
def test_span_must_be_recent_and_a_minute_long(client: Client, start: str, end: str) -> None:
    """Too old, too short, without a zone, and no instants."""
    for resource in ("updated", "deleted"):
        answer = client.get(f"/sobjects/Contact/{resource}", start=start, end=end)
        assert refusal(answer) == (400, "INVALID_REPLICATION_DATE")


def test_note_content_is_its_bytes(client: Client) -> None:
    """The address in the record gives the HTML."""
    record = client.query("SELECT Content, TextPreview FROM ContentNote LIMIT 1")[0]

    answer = client.http.get(str(record["Content"]))

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.text.startswith("<p>")
    assert client.http.get(str(record["Content"]).replace("/Content", "/Title")).status_code == 404


def test_limits_tell_what_remains(client: Client) -> None:
    """The allowance counts down with every call, and the header says the same."""
    before, after = client.get("/limits"), client.get("/limits")

    first, second = (one.json()["DailyApiRequests"] for one in (before, after))
    assert first["Remaining"] - second["Remaining"] == 1
    used = second["Max"] - second["Remaining"]
    assert after.headers["Sforce-Limit-Info"] == f"api-usage={used}/{second['Max']}"


def test_errors_tell_the_usage_too(client: Client) -> None:
    """Every answer but the list of versions has the header."""
    answers = [
        client.get("/query", q="x"),
        client.get("/nope"),
        httpx.get(f"{client.running.url('salesforce')}{DATA}/limits"),
    ]

    assert [one.status_code for one in answers] == [400, 404, 401]
    assert all(one.headers["Sforce-Limit-Info"].startswith("api-usage=") for one in answers)


def line(statement_bytes: int) -> str:
    """A path and query of so many bytes."""
    start = f"{DATA}/query?q=SELECT+Id+FROM+Contact+LIMIT+1"
    return start + "+" * (statement_bytes - len(start))


def test_uri_of_16_384_bytes_is_the_longest() -> None:
    """The web tier refuses one more byte with a page; what fits may still be too long with its headers."""
    with connected() as client:
        bare = httpx.Request("GET", client.running.url("salesforce") + line(16_000), headers={"host": "x"})
        allowed = client.http.get(line(15_800))
        long, longer = client.http.get(line(16_384)), client.http.get(line(16_385))

    assert len(bare.url.raw_path) == 16_000
    assert allowed.json()["totalSize"] == 1
    assert (long.status_code, long.text) == (
        431,
        "<h1>Bad Message 431</h1><pre>reason: Request Header Fields Too Large</pre>",
    )
    assert (longer.status_code, longer.text) == (414, "<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>")
    assert longer.headers["Content-Type"].startswith("text/html")


def test_answers_are_packed_when_asked(client: Client) -> None:
    """Gzip for those who take it, plain for others."""
    path = f"{DATA}/sobjects/Contact/describe"

    packed = client.http.get(path, headers={"Accept-Encoding": "gzip"})
    plain = client.http.get(path, headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_requests_at_once_are_all_answered(client: Client) -> None:
    """They take turns at the records, and each gets its own answer; nothing runs on when the sandbox ends."""
    names = [str(one["LastName"]) for one in client.query("SELECT LastName FROM Contact ORDER BY Id LIMIT 40")]

    def ask(place: int) -> str:
        statement = f"SELECT LastName FROM Contact ORDER BY Id LIMIT 1 OFFSET {place}"
        return str(client.query(statement)[0]["LastName"])

    with ThreadPoolExecutor(max_workers=8) as threads:
        found = list(threads.map(ask, range(len(names))))

    assert found == names


def test_no_thread_outlives_the_emulator() -> None:
    """The threads that ran its queries end with it."""
    before = set(threading.enumerate())

    with connected() as client:
        client.query("SELECT Id FROM Contact LIMIT 1")

    assert set(threading.enumerate()) <= before

"""What Zoho refuses, and with which code."""

from collections.abc import Iterator

import httpx
import pytest

from sandbox.zoho.org import record_id
from tests.sandbox.zoho.orgs import BOOK, Client, running_org

CONTACT = record_id("Contacts", 1)
FIFTY_ONE = ",".join(f"F{number}" for number in range(51))
IDS = ", ".join(f"'{number}'" for number in range(51))


def nested(count: int) -> str:
    """*count* criteria, bracketed in pairs."""
    text = "id != 1"
    for number in range(2, count + 1):
        text = f"({text} and id != {number})"
    return text


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("Contacts", {}, "REQUIRED_PARAM_MISSING"),
        ("Contacts", {"fields": FIFTY_ONE}, "LIMIT_EXCEEDED"),
        ("Contacts", {"fields": "id", "per_page": 201}, "INVALID_DATA"),
        ("Contacts", {"fields": "id", "page": 11}, "DISCRETE_PAGINATION_LIMIT_EXCEEDED"),
        ("Contacts", {"fields": "id", "page": 0}, "INVALID_DATA"),
        ("Contacts", {"fields": "id", "page": "9" * 5_000}, "INVALID_DATA"),
        ("Contacts", {"fields": "id", "page_token": "x"}, "INVALID_DATA"),
        ("Contacts", {"fields": "id", "page": 1, "page_token": "x"}, "AMBIGUITY_DURING_PROCESSING"),
        ("Contacts", {"fields": "id", "cvid": 1, "sort_by": "id"}, "AMBIGUITY_DURING_PROCESSING"),
        ("Contacts", {"fields": "id", "ids": ",".join(map(str, range(101)))}, "LIMIT_EXCEEDED"),
        ("Contacts", {"fields": "id", "ids": "a"}, "INVALID_DATA"),
        ("Contacts", {"fields": "id", "sort_by": "Last_Name"}, "INVALID_DATA"),
        ("Contacts", {"fields": "id", "sort_order": "up"}, "INVALID_DATA"),
        ("Contacts", {"fields": "id", "nonsense": 1}, "INVALID_DATA"),
        ("Leads", {"fields": "id", "converted": "yes"}, "INVALID_DATA"),
        ("Contacts/abc", {}, "INVALID_DATA"),
        (f"Contacts/{CONTACT}/Notes", {}, "REQUIRED_PARAM_MISSING"),
        (f"Contacts/{CONTACT}/Cases", {"fields": "id"}, "INVALID_DATA"),
        ("Contacts/1/Notes", {"fields": "id"}, "INVALID_DATA"),
        ("Campaigns", {"fields": "id"}, "INVALID_MODULE"),
        ("Contacts/search", {}, "REQUIRED_PARAM_MISSING"),
        ("Contacts/search", {"word": "a", "page": 11}, "LIMIT_EXCEEDED"),
        ("Contacts/search", {"criteria": "(Last_Name:contains:a)"}, "INVALID_QUERY"),
        ("Contacts/search", {"criteria": "(Nope:equals:a)"}, "INVALID_QUERY"),
        ("Contacts/search", {"criteria": "(NPS_Score:equals:a)"}, "INVALID_QUERY"),
        ("Contacts/search", {"criteria": "Last_Name:equals:a"}, "INVALID_QUERY"),
        ("Contacts/search", {"criteria": "(Last_Name:in:,)"}, "INVALID_QUERY"),
        ("Contacts/search", {"phone": "none"}, "INVALID_DATA"),
        ("Contacts/search", {"word": " "}, "INVALID_DATA"),
        ("Contacts/search", {"criteria": "and".join(["(Last_Name:equals:a)"] * 11)}, "LIMIT_EXCEEDED"),
        ("users", {"ids": ",".join(map(str, range(101)))}, "LIMIT_EXCEEDED"),
        ("settings/fields", {}, "REQUIRED_PARAM_MISSING"),
        ("settings/pipeline", {}, "REQUIRED_PARAM_MISSING"),
    ],
)
def test_reads_beyond_a_cap_are_refused(org: Client, path: str, query: dict[str, str | int], code: str) -> None:
    """400 in the envelope of every error."""
    answer = org.get(path, **query)

    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (400, code, "error")
    assert set(answer.json()) == {"code", "details", "message", "status"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("select id from Contacts", "SYNTAX_ERROR"),
        ("select id Contacts where id = 1", "SYNTAX_ERROR"),
        ("select id from Contacts where id = 1 and id = 2 and id = 3", "SYNTAX_ERROR"),
        ("select id from Contacts where (id = 1", "SYNTAX_ERROR"),
        ("delete from Contacts where id = 1", "SYNTAX_ERROR"),
        ("select id from Contacts where Last_Name = 'O'Brien'", "SYNTAX_ERROR"),
        (f"select id from Contacts where {nested(26)}", "LIMIT_EXCEEDED"),
        (f"select id from Contacts where id in ({IDS})", "LIMIT_EXCEEDED"),
        ("select id from Contacts where id > 1 limit 2001", "LIMIT_EXCEEDED"),
        ("select id from Contacts where id > 1 limit 2000 offset 98001", "LIMIT_EXCEEDED"),
        (f"select {'Email, ' * 500} id from Contacts where id > 1", "LIMIT_EXCEEDED"),
        (f"select id from Contacts where id > 1 order by {', '.join('abcdefghijk')}", "LIMIT_EXCEEDED"),
        ("select Last_Name from Contacts where id > 1 group by a, b, c, d, e", "LIMIT_EXCEEDED"),
        (f"select {', '.join(f'count({one})' for one in 'abcdef')} from Contacts where id > 1", "LIMIT_EXCEEDED"),
        ("select id from Contacts where id > 1 order by id, id", "DUPLICATE_DATA"),
        ("select id from Campaigns where id > 1", "INVALID_QUERY"),
        ("select Nope from Contacts where id > 1", "INVALID_QUERY"),
        ("select id from Contacts where Description = 'x'", "INVALID_QUERY"),
        ("select Participants from Events where id > 1", "INVALID_QUERY"),
        ("select id from Contacts where VIP != true", "INVALID_QUERY"),
        ("select id from Contacts where Last_Name > 'a'", "INVALID_QUERY"),
        ("select id from Contacts where NPS_Score = 'many'", "INVALID_QUERY"),
        ("select id from Contacts where Modified_Time > '2026-01-01'", "INVALID_QUERY"),
        ("select id from Contacts where Last_Name like 'a%b'", "INVALID_QUERY"),
        ("select Account_Name.Parent_Account.Owner.email from Contacts where id > 1", "INVALID_QUERY"),
        ("select Last_Name, count(id) from Contacts where id > 1 group by Email", "INVALID_QUERY"),
        ("select Stage, count(id) from Deals where id > 1 group by Stage order by Amount", "INVALID_QUERY"),
        ("select 'What_Id->Users.id' from Tasks where id > 1", "INVALID_QUERY"),
        (f"select id from Contacts where {nested(2_000)}", "LIMIT_EXCEEDED"),
        (f"select id from Contacts where id > {'9' * 5_000}", "INVALID_QUERY"),
        (f"select id from Contacts where id > 1 limit {'9' * 5_000}", "SYNTAX_ERROR"),
        ("select sum(Last_Name) from Contacts where id > 1", "INVALID_QUERY"),
    ],
)
def test_statements_beyond_a_cap_are_refused(org: Client, query: str, code: str) -> None:
    """400 with Zoho's code; what is at the cap passes, as the other tests show."""
    answer = org.coql(query)

    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text


def test_statements_at_the_caps_are_run(org: Client) -> None:
    """25 criteria and 50 values are well."""
    fifty = IDS.rpartition(",")[0]

    assert org.coql(f"select id from Contacts where {nested(25)} limit 2000").status_code == 200
    assert org.coql(f"select id from Contacts where id not in ({fifty}) limit 1").status_code == 200


def test_composites_hold_five_requests(org: Client) -> None:
    """Each is answered with its own status; a sixth is too many."""
    part = {"method": "GET", "uri": "/crm/v8/Contacts", "params": {"fields": "id", "per_page": "1"}}
    inner = {**part, "uri": "/crm/v8/__composite_requests"}
    parts = [{**part, "sub_request_id": "a"}, {**part, "uri": f"/crm/v8/Contacts/{CONTACT}"}, inner]
    answer = org.http.post("/crm/v8/__composite_requests", json={"__composite_requests": [*parts, part, part]})
    over = org.http.post("/crm/v8/__composite_requests", json={"__composite_requests": [part] * 6})

    told = answer.json()["__composite_requests"]
    assert [one["code"] for one in told] == ["SUCCESS", "SUCCESS", "INVALID_DATA", "SUCCESS", "SUCCESS"]
    assert [one["details"].get("response", {}).get("status_code") for one in told] == [200, 400, None, 200, 200]
    assert told[0]["sub_request_id"] == "a"
    assert (over.status_code, over.json()["code"]) == (400, "LIMIT_EXCEEDED")


@pytest.fixture(scope="module")
def odd() -> Iterator[Client]:
    """An organisation where what is undocumented goes the other way."""
    with running_org(
        coql_notes=False, list_participants=False, unknown_fields="refuse", nulls="high", deleted_every=5
    ) as client:
        yield client


def test_options_turn_the_undocumented_round(odd: Client) -> None:
    """Notes in COQL, participants in lists, unknown fields, null order, and a filled recycle bin."""
    ordered = odd.found("select Last_Activity_Time from Contacts where id > 1 order by Last_Activity_Time limit 2000")
    missing = [one["Last_Activity_Time"] is None for one in ordered]
    deleted = odd.get("Contacts/deleted").json()["data"]

    assert odd.coql("select id from Notes where id > 1").json()["code"] == "INVALID_QUERY"
    assert all(set(one) == {"id"} for one in odd.rows("Events", fields="Participants"))
    assert odd.get("Contacts", fields="Nope").json()["code"] == "INVALID_DATA"
    assert missing == sorted(missing)
    assert any(missing)
    assert [one["type"] for one in deleted] == ["recycle"] * (len(BOOK.people) // 5)
    assert odd.get("Contacts/actions/count").json() == {"count": len(BOOK.people) - len(deleted)}
    assert odd.get(f"Contacts/{deleted[0]['id']}").status_code == 204


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_writes_are_no_methods_here(org: Client, method: str) -> None:
    """405 and 404 in Zoho's words."""
    answer: httpx.Response = org.http.request(method, "/crm/v8/Contacts")

    assert (answer.status_code, answer.json()["code"]) == (405, "INVALID_REQUEST_METHOD")
    assert org.get("a/b/c/d").json()["code"] == "INVALID_URL_PATTERN"

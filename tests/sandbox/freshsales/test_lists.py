"""Pages, order, filtered searches, and what is refused."""

from typing import Any

import pytest

from tests.sandbox.freshsales.accounts import PREFIX, Account, running_account


def test_pages_have_no_gap(account: Account) -> None:
    """Every page but the last is full, and none repeats a row, even among equal sort keys."""
    path = account.view("contacts", "All Contacts")
    rows: list[int] = []
    for page in range(1, 100):
        answer = account.read(path, page=page, per_page=7, sort="updated_at")
        if not answer["contacts"]:
            break
        rows += [row["id"] for row in answer["contacts"]]

    total = answer["meta"]["total"]
    assert len(rows) == len(set(rows)) == total
    assert answer["meta"]["total_pages"] == -(-total // 7) == page - 1
    assert len(account.read(path)["contacts"]) == 25
    assert len(account.read(path, per_page=1000)["contacts"]) == 100
    assert account.read(path, per_page=0)["contacts"] == []


@pytest.mark.parametrize(("name", "kind"), [("first_name", str.casefold), ("amount", float)])
def test_missing_values_sort_as_the_smallest(account: Account, name: str, kind: Any) -> None:
    """First ascending, last descending; equal ones by ascending id both ways."""
    plural, view = ("contacts", "All Contacts") if name == "first_name" else ("deals", "All Deals")
    up = account.all(plural, view, sort=name, sort_type="asc")
    down = account.all(plural, view, sort=name, sort_type="desc")

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        return (row[name] is not None, kind(row[name]) if row[name] else 0)

    by_id = sorted(up, key=lambda row: row["id"])
    assert up == sorted(by_id, key=key)
    assert down == sorted(by_id, key=key, reverse=True)
    assert up[0][name] is down[-1][name] is None


def test_rules_are_joined_by_and(account: Account) -> None:
    """A stage by its id, a day, and a text in any case."""
    deals = account.all("deals", "All Deals", include="owner")
    stage = deals[0]["deal_stage_id"]

    found = account.found(
        "deal", ("deal_stage_id", "is_in", [str(stage)]), ("expected_close", "is_after", "2026-01-01")
    )
    expected = {one["id"] for one in deals if one["deal_stage_id"] == stage and one["expected_close"] > "2026-01-01"}
    assert {row["id"] for row in found} == expected
    owner = next(row["owner_id"] for row in deals if row["owner_id"])
    assert {row["id"] for row in account.found("deal", ("owner_id", "is_in", owner))} == {
        row["id"] for row in deals if row["owner_id"] == owner
    }


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        (("last_name", "contains", "AN"), lambda row: "an" in row["last_name"].casefold()),
        (("first_name", "starts_with", "a"), lambda row: (row["first_name"] or "").casefold().startswith("a")),
        (("city", "is_not_in", ["toronto", "PARIS"]), lambda row: row["city"] not in {"Toronto", "Paris"}),
        (("first_name", "is_empty", None), lambda row: row["first_name"] is None),
        (("job_title", "does_not_contain", "e"), lambda row: "e" not in (row["job_title"] or "").casefold()),
        (("lead_score", "is_more_than", 20), lambda row: row["lead_score"] > 20),
        (("cf_nps_score", "is", "7"), lambda row: row["custom_field"]["cf_nps_score"] == 7),
        (("cf_nps_score", "is_less_than", 3), lambda row: row["custom_field"]["cf_nps_score"] in {0, 1, 2}),
        (("cf_is_vip", "is_in", [True]), lambda row: row["custom_field"]["cf_is_vip"] is True),
        (("cf_interests", "is_in", ["support"]), lambda row: "support" in (row["custom_field"]["cf_interests"] or "")),
        (("created_at", "is_before", "2026-01-01"), lambda row: row["created_at"] < "2026-01-01"),
        (("updated_at", "is_after", "2026-06-01T12:00:00Z"), lambda row: row["updated_at"] > "2026-06-01T12:00:00Z"),
        (("updated_at", "is_after", "2026-06-01"), lambda row: row["updated_at"] >= "2026-06-02"),
        (("cf_renewal_date", "is_after", "2026-12-01"), lambda row: _after(row["custom_field"]["cf_renewal_date"])),
    ],
    ids=lambda one: "-".join(map(str, one[:2])) if isinstance(one, tuple) else "",
)
def test_operators_mean_what_they_say(account: Account, rule: tuple[str, str, object], holds: Any) -> None:
    """The page of a search is that of the list, kept by hand."""
    rows = account.all("contacts", "All Contacts", sort="id")
    expected = [row["id"] for row in rows if holds(row)]

    found = [row["id"] for page in (1, 2) for row in account.found("contact", rule, per_page=100, page=page, sort="id")]
    assert found == expected
    assert 0 < len(expected) < len(rows)


def _after(day: str | None) -> bool:
    return day is not None and day > "2026-12-01"


def test_a_search_takes_its_page_from_the_body_too(account: Account) -> None:
    """Where the query does not say otherwise."""
    rules = [{"attribute": "id", "operator": "is_not_empty", "value": None}]
    body = {"filter_rule": rules, "page": 2, "per_page": 5, "sort": "id", "sort_type": "desc"}
    path = f"{PREFIX}/filtered_search/contact"
    found = account.http.post(path, json=body).json()["contacts"]
    first = account.http.post(path, json=body, params={"page": 1}).json()["contacts"]

    ids = [row["id"] for row in account.all("contacts", "All Contacts", sort="id", sort_type="desc")]
    assert [row["id"] for row in (*first, *found)] == ids[:10]


def test_people_are_found_by_any_of_their_emails(account: Account) -> None:
    """In any case; by ids as well, and by the account that they belong to."""
    rows = account.all("contacts", "All Contacts", include="sales_accounts")
    other = next(row for row in rows if len(row["emails"]) > 1)
    linked = next(row for row in rows if row["sales_accounts"])
    company = linked["sales_accounts"][0]["id"]

    found = account.found("contact", ("contact_email.email", "is_in", [other["emails"][1]["value"].upper()]))
    assert other["id"] in {row["id"] for row in found}
    assert {one["id"] for one in account.found("contact", ("id", "is_in", [row["id"] for row in rows[:3]]))} == {
        row["id"] for row in rows[:3]
    }
    assert linked["id"] in {row["id"] for row in account.found("contact", ("sales_account_id", "is_in", company))}


def test_the_recycle_bin_holds_what_is_deleted() -> None:
    """Every n-th record is there, and nowhere else: not listed, not found, not read, not brought along."""
    with running_account(deleted_every=4) as account:
        binned = account.all("contacts", "Recycle Bin")
        rows = account.all("contacts", "All Contacts")
        deals = account.all("deals", "All Deals", include="contacts")
        gone = account.get(f"/contacts/{binned[0]['id']}")
        found = account.found("contact", ("id", "is_in", [row["id"] for row in binned]))

    assert all(row["is_deleted"] for row in binned)
    assert len(rows) == pytest.approx(3 * len(binned), abs=4)
    listed = {row["id"] for row in rows} | {one for row in deals for one in row["contact_ids"]}
    assert not listed & {row["id"] for row in binned}
    assert gone.status_code == 404
    assert found == []


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/contacts", {}, 403),
        ("/contacts/view/1", {}, 403),
        ("VIEW", {"sort": "job_title"}, 400),
        ("VIEW", {"sort": "id", "sort_type": "up"}, 400),
        ("VIEW", {"page": "0"}, 400),
        ("VIEW", {"page": "x"}, 400),
        ("VIEW", {"per_page": "-1"}, 400),
        ("VIEW", {"include": "leads"}, 400),
        ("/tasks", {}, 400),
        ("/tasks", {"filter": "all"}, 400),
        ("/appointments", {"filter": "today"}, 400),
        ("/search", {"q": "a", "include": "lead"}, 400),
        ("/lookup", {"q": "a", "f": "cf_none", "entities": "contact"}, 400),
        ("/lookup", {"f": "email", "entities": "contact"}, 400),
        ("/contacts/12345", {}, 404),
        ("/contacts/abc", {}, 404),
        ("/leads/filters", {}, 404),
        ("/selector/none", {}, 404),
        ("/settings/leads/fields", {}, 404),
    ],
    ids=str,
)
def test_what_is_not_there_is_refused(account: Account, path: str, query: dict[str, str], status: int) -> None:
    """With the vendor's body, or, for a path, without one."""
    answer = account.get(account.view("contacts", "All Contacts") if path == "VIEW" else path, **query)

    assert answer.status_code == status
    if answer.content:
        assert answer.json()["errors"]["code"] == status
        assert all(isinstance(one, str) for one in answer.json()["errors"]["message"])


@pytest.mark.parametrize(
    ("rules", "query"),
    [
        ([("nothing", "is_in", 1)], {}),
        ([("first_name", "is", "a")], {}),
        ([("lead_score", "is_more_than", "many")], {}),
        ([("lead_score", "is", "NaN")], {}),
        ([("created_at", "is_after", "9999-12-31")], {}),
        ([("created_at", "is_in_the_last", "30")], {}),
        ([("first_name", "contains", ["a", "b"])], {}),
        ([("first_name", "is_in", None)], {}),
        ([], {}),
        ([("first_name", "is_empty", "")], {"page": 101, "per_page": 100}),
    ],
    ids=str,
)
def test_searches_are_refused(account: Account, rules: list[tuple[str, str, object]], query: dict[str, int]) -> None:
    """Attributes, operators and values that are unknown, no rule at all, and rows beyond the first 10,000."""
    answer = account.search("contact", *rules, **query)

    assert (answer.status_code, answer.json()["errors"]["code"]) == (400, 400)


def test_a_search_must_be_json(account: Account) -> None:
    """Declared and written as such, for an object that can be searched."""
    path = "/crm/sales/api/filtered_search"
    statuses = [
        account.http.post(f"{path}/contact", content="{}").status_code,
        account.http.post(f"{path}/contact", content="{", headers={"Content-Type": "application/json"}).status_code,
        account.http.post(f"{path}/contact", json=[1]).status_code,
        account.http.post(f"{path}/lead", json={"filter_rule": []}).status_code,
        account.http.get(f"{path}/contact").status_code,
    ]

    assert statuses == [400, 400, 400, 404, 404]

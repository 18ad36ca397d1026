"""The forms of answers, as the vendor's clients read them."""

import re

import pytest

from tests.sandbox.freshsales.accounts import Account

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_views_are_told_by_filters(account: Account) -> None:
    """The default ones of each object, and one by its id."""
    contacts, deals = (account.read(f"/{plural}/filters")["filters"] for plural in ("contacts", "deals"))

    assert [one["name"] for one in contacts] == [
        "My Contacts",
        "New Contacts",
        "All Contacts",
        "Recently Modified",
        "Recycle Bin",
    ]
    assert {"Open Deals", "Won Deals", "Lost Deals", "All Deals", "My Deals"} <= {one["name"] for one in deals}
    first = contacts[0]
    assert {"id", "name", "model_class_name", "user_id", "is_default", "user_name"} <= set(first)
    assert first["model_class_name"] == "Contact"
    assert account.read(f"/contacts/filters/{first['id']}") == {"filter": first}


def test_ids_are_numbers_of_12_or_14_digits(account: Account) -> None:
    """Neither in the order of their texts, nor in that in which records were made."""
    rows = account.all("contacts", "All Contacts", sort="id")
    ids = [row["id"] for row in rows]
    made = [row["created_at"] for row in rows]

    assert {len(str(one)) for one in ids} == {12, 14}
    assert ids == sorted(ids) != sorted(ids, key=str)
    assert made != sorted(made)
    assert all(INSTANT.fullmatch(one) for one in made)


def test_references_stand_on_a_record_with_their_include_alone(account: Account) -> None:
    """Whose id is not included is not told; an account's owner, a deal's stage and pipeline always are."""
    path = account.view("contacts", "All Contacts")
    bare = account.read(path)["contacts"][0]
    told = account.read(path, include="owner,lifecycle_stage,source")
    deal = account.read(account.view("deals", "All Deals"))["deals"][0]
    company = account.read(account.view("sales_accounts", "All Accounts"))["sales_accounts"][0]

    hidden = {"owner_id", "creater_id", "lifecycle_stage_id", "contact_status_id", "lead_source_id", "sales_accounts"}
    assert not hidden & set(bare)
    shown = {"owner_id", "lifecycle_stage_id", "lead_source_id"}
    assert set(told["contacts"][0]) - set(bare) == shown
    assert {"users", "lifecycle_stages", "lead_sources"} <= set(told)
    assert {"deal_stage_id", "deal_pipeline_id"} <= set(deal)
    assert not {"owner_id", "currency_id", "sales_account_id"} & set(deal)
    assert "owner_id" in company


def test_the_data_is_not_the_first_key(account: Account) -> None:
    """Included rows come before it; with contacts, so does `meta`."""
    contacts = account.read(account.view("contacts", "All Contacts"), include="owner")
    deals = account.read(account.view("deals", "All Deals"), include="sales_account")

    assert list(contacts) == ["users", "meta", "contacts"]
    assert list(deals) == ["sales_accounts", "deals", "meta"]


def test_one_record_is_told_by_its_singular(account: Account) -> None:
    """With what is included beside it, as in lists."""
    listed = account.read(account.view("deals", "All Deals"), include="contacts,currency")
    row = next(one for one in listed["deals"] if one["contact_ids"])
    alone = account.read(f"/deals/{row['id']}", include="contacts,currency")

    assert alone["deal"] == row
    assert [one["id"] for one in alone["contacts"]] == row["contact_ids"]
    assert re.fullmatch(r"\d+\.\d+", str(next(one["amount"] for one in listed["deals"] if one["amount"])))


def test_targets_of_tasks_come_along(account: Account) -> None:
    """Each is named by type and id, the first one also by itself, and stands at the root."""
    page = account.read("/tasks", filter="open", per_page=100, include="targetable,owner")
    roots = {"Contact": "contacts", "SalesAccount": "sales_accounts", "Deal": "deals"}

    for task in page["tasks"]:
        for target in task["targetables"]:
            assert target["id"] in {row["id"] for row in page[roots[target["type"]]]}
        assert task["targetable"] == (task["targetables"][0] if task["targetables"] else None)
    assert {len(task["targetables"]) for task in page["tasks"]} > {1}


def test_what_comes_along_is_partial(account: Account) -> None:
    """Contacts, accounts and deals tell a few fields beside or within other records, and say so."""
    page = account.read(account.view("deals", "All Deals"), per_page=100, include="contacts,sales_account")
    deal = next(row for row in page["deals"] if row["contacts"] and row["sales_account"])

    assert all(row["partial"] and "emails" not in row for row in page["contacts"])
    assert all(row["partial"] and "custom_field" not in row for row in page["sales_accounts"])
    assert all(one in page["contacts"] for one in deal["contacts"])
    assert deal["sales_account"] in page["sales_accounts"]


def test_attendees_come_with_who_they_are(account: Account) -> None:
    """Users and contacts, in part, beside the seats that name them."""
    page = account.read("/appointments", filter="past", include="appointment_attendees", per_page=100)
    known = {("FdMultitenant::User", row["id"]) for row in page["users"]}
    known |= {("Contact", row["id"]) for row in page["contacts"]}
    seats = {(one["attendee"]["type"], one["attendee"]["id"]) for one in page["appointment_attendees"]}

    assert known < seats
    assert all(row["partial"] for row in page["contacts"])


@pytest.mark.parametrize(
    ("selector", "keys"),
    [
        ("deal_stages", {"id", "name", "position", "forecast_type", "deal_pipeline_id", "probability"}),
        ("deal_pipelines", {"id", "name", "position", "is_default", "deal_stages"}),
        ("lifecycle_stages", {"id", "name", "position", "type", "contact_status_ids"}),
        ("contact_statuses", {"id", "name", "position", "forecast_type", "lifecycle_stage_id"}),
        ("currencies", {"id", "currency_code", "is_active", "exchange_rate"}),
        ("deal_reasons", {"id", "name"}),
    ],
)
def test_selectors_tell_lists(account: Account, selector: str, keys: set[str]) -> None:
    """Under their own name; owners alone are called users."""
    rows = account.read(f"/selector/{selector}")[selector]

    assert all(keys <= set(row) for row in rows)
    assert list(account.read("/selector/owners")) == ["users"]
    assert account.read("/selector/territories") == {"territories": []}


def test_stages_are_told_by_pipeline(account: Account) -> None:
    """The list of all is that of each pipeline after the other."""
    pipelines = account.read("/selector/deal_pipelines")["deal_pipelines"]
    stages = [account.read(f"/selector/deal_pipelines/{one['id']}/deal_stages")["deal_stages"] for one in pipelines]

    assert [row for rows in stages for row in rows] == account.read("/selector/deal_stages")["deal_stages"]
    assert {row["forecast_type"] for row in stages[0]} == {"Open", "Closed Won", "Closed Lost"}


def test_fields_tell_choices(account: Account) -> None:
    """Those of the account's own are no default ones, and their values are their labels."""
    fields = {one["name"]: one for one in account.read("/settings/contacts/fields")["fields"]}

    assert fields["first_name"] | {"id": 0} == {
        "id": 0,
        "name": "first_name",
        "label": "First name",
        "type": "text",
        "default": True,
        "required": False,
        "position": 1,
        "choices": [],
    }
    assert (fields["cf_interests"]["type"], fields["cf_interests"]["default"]) == ("multi_select_dropdown", False)
    assert [one["value"] for one in fields["cf_interests"]["choices"]] == ["product", "pricing", "support"]
    assert len(fields["lead_source_id"]["choices"]) == 8
    assert account.read("/settings/sales_activities/fields") == {"fields": []}


def test_search_and_lookup(account: Account) -> None:
    """A search gives a bare list with ids as texts, 10 at most unasked; a look-up nests each list twice."""
    contact = account.all("contacts", "All Contacts", sort="email", sort_type="desc")[0]
    hits = account.read("/search", q=contact["email"], include="contact,user")
    found = account.read("/lookup", q=contact["email"].upper(), f="email", entities="contact,deal")

    assert {"id": str(contact["id"]), "type": "contact", "name": contact["display_name"]}.items() <= hits[0].items()
    assert contact in found["contacts"]["contacts"]
    assert found["deals"] == {"deals": []}
    assert len(account.read("/search", q="e", include="contact,sales_account,deal,user")) <= 10
    assert account.read("/search", q="nosuchword", include="contact") == []

"""Lists: order, pages, filters and what they refuse."""

from collections.abc import Iterator

import pytest

from tests.sandbox.pipedrive.accounts import Account, running_account

INVALID = "ERR_SCHEMA_VALIDATION_FAILED"
V2 = {
    "persons": ("id", "update_time", "add_time"),
    "deals": ("id", "update_time", "add_time"),
    "activities": ("id", "update_time", "add_time", "due_date"),
    "stages": ("id", "update_time", "order_nr"),
}


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """The seeded account."""
    with running_account() as running:
        yield running


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize(("table", "key"), [(table, key) for table, keys in V2.items() for key in keys])
def test_pages_are_the_whole_list_in_order(account: Account, table: str, key: str, direction: str) -> None:
    """No row is missed or repeated among equal keys; what has no value comes first, and last when turned round."""
    rows = account.walk(f"/api/v2/{table}", sort_by=key, sort_direction=direction, limit=7)

    places = [(row[key] is not None, row[key] or 0, row["id"]) for row in rows]
    assert places == sorted(set(places), reverse=direction == "desc")
    assert len(rows) == len(account.walk(f"/api/v2/{table}", limit=500))


def test_since_is_inclusive_and_until_is_not(account: Account) -> None:
    """Both compare whole seconds, in whatever offset."""
    rows = account.walk("/api/v2/persons", sort_by="update_time")
    moment = rows[len(rows) // 2]["update_time"]
    later = moment.replace("Z", "+00:00")

    since = account.walk("/api/v2/persons", updated_since=moment)
    until = account.walk("/api/v2/persons", updated_until=later)

    assert {row["id"] for row in since} == {row["id"] for row in rows if row["update_time"] >= moment}
    assert len(since) + len(until) == len(rows)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("persons", "owner_id"),
        ("persons", "org_id"),
        ("organizations", "owner_id"),
        ("deals", "person_id"),
        ("deals", "org_id"),
        ("deals", "stage_id"),
        ("deals", "pipeline_id"),
        ("deals", "status"),
        ("activities", "deal_id"),
        ("activities", "person_id"),
        ("activities", "org_id"),
        ("activities", "lead_id"),
        ("activities", "done"),
    ],
)
def test_filters_choose_rows(account: Account, table: str, name: str) -> None:
    """Each keeps exactly the rows with the value."""
    rows = account.walk(f"/api/v2/{table}")
    value = next(row[name] for row in rows if row[name])

    told = account.walk(f"/api/v2/{table}", **{name: "true" if value is True else value})

    assert told == [row for row in rows if row[name] == value]
    assert 0 < len(told) < len(rows)


def test_ids_give_what_is_there(account: Account) -> None:
    """Unknown ids are left out without a word, and one named twice comes once."""
    wanted = [row["id"] for row in account.walk("/api/v2/persons")[:3]]

    told = account.walk("/api/v2/persons", ids=",".join(map(str, [*wanted, wanted[0], 5])))

    assert [row["id"] for row in told] == wanted


def test_leads_and_notes_are_sorted_and_filtered(account: Account) -> None:
    """Version 1 sorts by several fields; leads come from the oldest on."""
    leads = account.walk_v1("/v1/leads", limit=4)
    notes = account.walk_v1("/v1/notes", sort="user_id ASC, update_time DESC")

    assert [row["add_time"] for row in leads] == sorted(row["add_time"] for row in leads)
    newest = sorted(notes, key=lambda row: row["update_time"], reverse=True)
    assert notes == sorted(newest, key=lambda row: row["user_id"])
    one = next(row for row in leads if row["organization_id"])
    told = account.walk_v1("/v1/leads", organization_id=one["organization_id"], owner_id=one["owner_id"])
    assert one in told
    since = leads[5]["update_time"][:19] + "Z"
    later = [row for row in leads if row["update_time"][:19] + "Z" >= since]
    assert account.walk_v1("/v1/leads", updated_since=since) == later
    about = next(row for row in notes if row["deal_id"])
    assert about in account.walk_v1("/v1/notes", deal_id=about["deal_id"])
    # A lead's name for the organization is no name that notes know: it is passed over.
    assert len(account.walk_v1("/v1/notes", organization_id=1)) == len(notes)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v2/persons?limit=501",
        "/api/v2/persons?limit=0",
        "/api/v2/persons?page=2",
        "/api/v2/persons?owner_id=me",
        "/api/v2/persons?ids=" + ",".join(map(str, range(1, 102))),
        "/api/v2/persons?cursor=nonsense",
        "/api/v2/persons?sort_by=name",
        "/api/v2/persons?sort_direction=up",
        "/api/v2/persons?updated_since=2026-01-01T00:00:00.000Z",
        "/api/v2/persons?updated_since=2026-01-01",
        "/api/v2/persons?include_fields=marketing_status",
        "/api/v2/persons?custom_fields=0123456789012345678901234567890123456789",
        "/api/v2/deals?status=archived",
        "/api/v2/deals/archived?include_option_labels=true",
        "/api/v2/activities?lead_id=7",
        "/api/v2/activities?type=meeting",
        "/api/v2/pipelines?ids=1",
        "/api/v2/persons/abc",
        "/api/v2/personFields?limit=501",
        "/api/v2/persons/search?term=a",
        "/api/v2/persons/search?term=ab&fields=title",
        "/api/v2/persons/search?term=ab&limit=501",
        "/api/v2/itemSearch?term=ab&limit=101",
        "/api/v2/itemSearch?term=ab&item_types=contact",
        "/api/v2/itemSearch/field?term=ab&entity_type=person&field=id",
        "/v1/leads?limit=501",
        "/v1/leads?sort=value",
        "/v1/notes?start=-1",
        "/v1/notes?start_date=yesterday",
    ],
)
def test_what_it_cannot_do_is_refused(account: Account, path: str) -> None:
    """Every bound, and every parameter and value that is not known."""
    answer = account.get(path)

    assert (answer.status_code, answer.json()["code"], answer.json()["success"]) == (400, INVALID, False)


def test_a_cursor_of_another_order_is_refused(account: Account) -> None:
    """A cursor names the order that it was made for."""
    cursor = account.get("/api/v2/persons", limit=1).json()["additional_data"]["next_cursor"]

    assert account.get("/api/v2/persons", limit=1, cursor=cursor, sort_by="add_time").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v2/persons",
        "/api/v1/persons",
        "/api/v2/leads",
        "/api/v2/persons/5",
        "/api/v2/persons?filter_id=1",
        "/api/v2/personFields/nothing",
        "/v1/leads/x",
        "/v1/notes/5",
        "/v1/deals/5/participants",
    ],
)
def test_what_is_not_there_is_not_found(account: Account, path: str) -> None:
    """Records, filters and paths, those of version 1 that were removed among them."""
    answer = account.get(path)

    assert (answer.status_code, answer.json()["success"], answer.json()["data"]) == (404, False, None)

"""Walks as two public integrations make them: what they rely on must hold here.

There is no client of the vendor's own; these are Airbyte's source-freshsales (manifest 4.3.0) and the Singer
tap-freshsales (both read 2026-11).
"""

from typing import Any

from tests.sandbox.freshsales.accounts import PREFIX, Account, told_book

BOOK = told_book()


def airbyte(account: Account, path: str, key: str, **query: str) -> list[dict[str, Any]]:
    """Pages of 50 from the first, until one holds fewer rows."""
    rows: list[dict[str, Any]] = []
    page: list[dict[str, Any]] = [{}] * 50
    number = 0
    while len(page) == 50:
        number += 1
        order = {"sort": "updated_at", "sort_type": "asc"}
        page = account.read(path, page=number, per_page=50, **order, **query)[key]
        rows += page
    return rows


def tap(
    account: Account, method: str, path: str, stream: str, body: object = None, **asked: str
) -> list[dict[str, Any]]:
    """Pages of 100 until one holds fewer rows, which are those of the stream, or of the first key."""
    rows: list[dict[str, Any]] = []
    number = 0
    while True:
        number += 1
        query = {**asked, "per_page": 100, "sort": "updated_at", "sort_type": "asc", "page": number}
        answer = account.http.request(method, PREFIX + path, params=query, json=body)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        found = told[stream if stream in told else next(iter(told))]
        rows += found
        if len(found) < 100:
            return rows


def test_airbyte_walks_every_view(account: Account) -> None:
    """It asks each object's filters as if they were paged, then every view in full, so rows come again."""
    for plural, view in (("contacts", "All Contacts"), ("sales_accounts", "All Accounts"), ("deals", "All Deals")):
        views = airbyte(account, f"/{plural}/filters", "filters")
        found = {one["name"]: airbyte(account, f"/{plural}/view/{one['id']}", plural, filter=view) for one in views}

        whole = found[view]
        assert [row["updated_at"] for row in whole] == sorted(row["updated_at"] for row in whole)
        assert {row["id"] for rows in found.values() for row in rows} == {row["id"] for row in whole}
        assert all(isinstance(row["custom_field"], dict) and row["tags"] == [] for row in whole)


def test_airbyte_walks_activities(account: Account) -> None:
    """Tasks and appointments by their filters, in the order of their changes."""
    tasks = [airbyte(account, "/tasks", "tasks", filter=one) for one in ("open", "completed")]
    meetings = [airbyte(account, "/appointments", "appointments", filter=one) for one in ("past", "upcoming")]

    assert sum(map(len, tasks)) == len(BOOK.tasks)
    assert sum(map(len, meetings)) == len(BOOK.appointments)
    assert all({"targetables", "creater_id", "outcome_id"} <= set(row) for rows in (*tasks, *meetings) for row in rows)
    assert airbyte(account, "/sales_activities", "sales_activities") == []


def test_the_singer_tap_walks_views_and_changes(account: Account) -> None:
    """Its views by name, changes by a filtered search, and the lists under the first key."""
    views = tap(account, "GET", "/deals/filters", "filters")
    wanted = {"Open Deals", "Lost Deals", "Won Deals", "Recycle Bin"}
    paths = [f"/deals/view/{view['id']}" for view in views if view["name"] in wanted]
    deals = [row for path in paths for row in tap(account, "GET", path, "deals")]
    rule = {"attribute": "updated_at", "operator": "is_after", "value": "2026-06-01T00:00:00Z"}
    changed = tap(account, "POST", "/filtered_search/contact", "contacts", {"filter_rule": [rule]})
    tasks = tap(account, "GET", "/tasks", "tasks", filter="open", include="owner,users,targetable")

    assert len(deals) == len({row["id"] for row in deals}) == len(BOOK.deals)
    assert all(float(row["amount"] or 0) >= 0 for row in deals)
    assert {row["updated_at"] > "2026-06-01T00:00:00Z" for row in changed} == {True}
    assert {row["status"] for row in tasks} == {0}
    for name in ("owners", "currencies", "deal_stages", "lifecycle_stages", "sales_activity_outcomes"):
        assert tap(account, "GET", f"/selector/{name}", name)

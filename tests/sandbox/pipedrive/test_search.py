"""Searches: what is found, how it is shown, and by which field."""

from collections.abc import Iterator

import pytest

from sandbox.pipedrive import EMULATOR
from tests.sandbox.pipedrive.accounts import Account, running_account


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """The seeded account."""
    with running_account() as running:
        yield running


def test_people_are_found_by_any_text_in_any_case(account: Account) -> None:
    """Name, address, number and own field; addresses and numbers are plain texts in a result."""
    row = next(row for row in account.walk("/api/v2/persons") if row["phones"] and len(row["emails"]) > 1)
    email = row["emails"][1]["value"]

    told = account.get("/api/v2/persons/search", term=email.upper(), exact_match="true").json()["data"]["items"]

    assert [one["item"]["id"] for one in told] == [row["id"]]
    item = told[0]["item"]
    assert (item["type"], item["emails"], item["phones"]) == (
        "person",
        [one["value"] for one in row["emails"]],
        [one["value"] for one in row["phones"]],
    )
    for term, field in ((row["last_name"], "name"), (row["phones"][0]["value"], "phone")):
        found = account.get("/api/v2/persons/search", term=term, fields=field, limit=500).json()["data"]["items"]
        assert row["id"] in [one["item"]["id"] for one in found]
    none = account.get("/api/v2/persons/search", term=email, fields="name").json()["data"]["items"]
    assert none == []


def test_several_types_come_in_one_ranking_over_pages(account: Account) -> None:
    """Scores fall from page to page, and no hit comes twice."""
    hits, query = [], {"term": "an", "limit": 10, "item_types": "person,organization,deal,lead"}
    answer = account.get("/api/v2/itemSearch", **query).json()
    hits += answer["data"]["items"]
    while (cursor := answer["additional_data"]["next_cursor"]) is not None:
        answer = account.get("/api/v2/itemSearch", **query, cursor=cursor).json()
        hits += answer["data"]["items"]

    scores = [one["result_score"] for one in hits]
    assert scores == sorted(scores, reverse=True)
    keys = [(one["item"]["type"], one["item"]["id"]) for one in hits]
    assert len(set(keys)) == len(keys) > 20
    assert {kind for kind, _ in keys} == {"person", "organization", "deal", "lead"}


def test_one_field_is_compared_with_its_capitals(account: Account) -> None:
    """`exact` is the default; own fields are named by their keys."""
    key = EMULATOR.own_fields["contact"]["customerNumber"]
    row = next(row for row in account.walk("/api/v2/persons") if row["custom_fields"][key])
    number = row["custom_fields"][key]

    def found(term: str, match: str) -> list[int]:
        answer = account.get("/api/v2/itemSearch/field", term=term, entity_type="person", field=key, match=match)
        return [one["item"]["id"] for one in answer.json()["data"]]

    assert found(number, "exact") == [row["id"]]
    assert found(number.lower(), "exact") == []
    assert row["id"] in found(number[:4], "beginning")
    assert row["id"] in found(number[2:6], "middle")


def test_related_records_come_beside_what_is_found(account: Account) -> None:
    """An organization brings its persons, deals and leads."""
    deal = next(row for row in account.walk("/api/v2/deals") if row["org_id"])
    name = account.get(f"/api/v2/organizations/{deal['org_id']}").json()["data"]["name"]

    query = {"term": name, "item_types": "organization", "exact_match": "true", "search_for_related_items": "true"}
    data = account.get("/api/v2/itemSearch", **query).json()["data"]

    assert deal["id"] in [one["item"]["id"] for one in data["related_items"] if one["item"]["type"] == "deal"]

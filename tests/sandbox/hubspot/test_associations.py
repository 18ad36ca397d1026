"""Associations, from both sides and in every form."""

from collections.abc import Iterator

import pytest

from sandbox.hubspot.definitions import record_id
from sandbox.seed import DealRole
from tests.sandbox.hubspot.books import appointment, book, company, deal, lead, note, person, task
from tests.sandbox.hubspot.portals import Portal, running_portal

BOOK = book(
    companies=[company(1), company(2, parent=1), company(3)],
    people=[person(1, company=1, other_companies=(2,)), person(2, company=1), person(3)],
    deals=[
        deal(
            1,
            company=1,
            roles=(
                DealRole(person=1, role="Decision maker", is_primary=True),
                DealRole(person=2, role=None, is_primary=False),
            ),
        )
    ],
    leads=[lead(1, person=2, company=1, deal=1)],
    appointments=[appointment(1, people=(1, 2), company=1, deal=1, lead=1)],
    notes=[note(1, people=(1,), company=1, deal=1)],
    tasks=[task(1, people=(1,), company=1, deal=1)],
)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """The book above."""
    with running_portal(BOOK) as running:
        yield running


def types_of(portal: Portal, source: str, from_id: str, target: str) -> dict[str, set[int]]:
    """To id → type ids, as a v4 batch tells them."""
    answer = portal.post(f"/crm/v4/associations/{source}/{target}/batch/read", {"inputs": [{"id": from_id}]}).json()
    rows = [row for result in answer["results"] for row in result["to"]]
    return {row["toObjectId"]: {kind["typeId"] for kind in row["associationTypes"]} for row in rows}


EXPECTED = [
    ("contacts", "companies", {279, 1}, {280, 2}),
    ("deals", "companies", {341, 5}, {342, 6}),
    ("deals", "contacts", {3, 1}, {4, 2}),
    ("leads", "companies", {610, 580}, {611, 581}),
    ("meetings", "contacts", {200}, {199}),
    ("meetings", "companies", {188}, {187}),
    ("meetings", "deals", {212}, {211}),
    ("meetings", "leads", {601}, {600}),
    ("notes", "contacts", {202}, {201}),
    ("notes", "companies", {190}, {189}),
    ("notes", "deals", {214}, {213}),
    ("tasks", "contacts", {204}, {203}),
    ("tasks", "companies", {192}, {191}),
    ("tasks", "deals", {216}, {215}),
]


@pytest.mark.parametrize(("source", "target", "there", "back"), EXPECTED, ids=str)
def test_an_association_is_told_from_both_sides(
    portal: Portal, source: str, target: str, there: set[int], back: set[int]
):
    """Row 1 of one type and row 1 of the other, each direction with its own type ids."""
    source_id, target_id = str(record_id(source, 1)), str(record_id(target, 1))

    assert types_of(portal, source, source_id, target)[target_id] == there
    assert types_of(portal, target, target_id, source)[source_id] == back


def test_a_lead_names_its_contact_as_primary(portal: Portal):
    """Lead to contact is 578 beside the plain 608."""
    assert types_of(portal, "leads", "101", "contacts") == {str(record_id("contacts", 2)): {578, 608}}


@pytest.mark.parametrize(("deal_to_lead", "back"), [(False, {}), (True, {"101": {583, 1038}})])
def test_the_deal_of_a_lead_is_told_by_the_lead(deal_to_lead: bool, back: dict[str, set[int]]):
    """The lead always knows its deal; the deal knows the lead only with the switch."""
    with running_portal(BOOK, deal_to_lead=deal_to_lead) as portal:
        assert types_of(portal, "leads", "101", "deals") == {"101": {582, 1037}}
        assert types_of(portal, "deals", "101", "leads") == back


def test_a_second_company_is_not_primary(portal: Portal):
    """Only the first company of a contact has the primary type."""
    assert types_of(portal, "contacts", "101", "companies") == {"101": {279, 1}, "102": {279}}


def test_companies_know_parents_and_children(portal: Portal):
    """Each direction has its own type."""
    assert types_of(portal, "companies", "102", "companies") == {"101": {450, 14}}
    assert types_of(portal, "companies", "101", "companies") == {"102": {450, 13}}


def test_roles_in_deals_are_labels_of_the_account(portal: Portal):
    """A USER_DEFINED type id may equal one of HubSpot's: only category and id together name a type."""
    answer = portal.get("/crm/v4/objects/deals/101/associations/contacts").json()

    assert answer["results"][0]["associationTypes"] == [
        {"category": "HUBSPOT_DEFINED", "typeId": 3, "label": None},
        {"category": "USER_DEFINED", "typeId": 1, "label": "Decision maker"},
    ]
    assert answer["results"][1]["associationTypes"] == [{"category": "HUBSPOT_DEFINED", "typeId": 3, "label": None}]


@pytest.mark.parametrize("path", ["/crm/v4/associations/{}/labels", "/crm/associations/v4/{}/labels"])
def test_labels_list_every_type_of_a_pair(portal: Portal, path: str):
    """HubSpot's types, then the account's."""
    companies = portal.get(path.format("contacts/companies")).json()["results"]
    contacts = portal.get(path.format("0-3/0-1")).json()["results"]

    assert [(one["typeId"], one["label"]) for one in companies] == [(279, None), (1, "Primary")]
    assert [(one["category"], one["typeId"]) for one in contacts] == [("HUBSPOT_DEFINED", 3), ("USER_DEFINED", 1)]


@pytest.mark.parametrize(
    ("path", "status"), [("/crm/v4/associations", 207), ("/crm/associations/2026-09", 200)], ids=["v4", "2026-09"]
)
def test_a_record_without_associations_is_an_error_beside_the_results(portal: Portal, path: str, status: int):
    """One error per record that has none, known or not."""
    inputs = [{"id": "101"}, {"id": "103"}, {"id": "999"}]

    answer = portal.post(f"{path}/contacts/companies/batch/read", {"inputs": inputs})

    body = answer.json()
    assert (answer.status_code, body["numErrors"]) == (status, 2)
    assert [one["from"]["id"] for one in body["results"]] == ["101"]
    assert body["errors"][0] == {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": "No company is associated with contact 103.",
        "context": {"fromObjectId": ["103"], "fromObjectType": ["contact"], "toObjectType": ["company"]},
    }


def test_a_pair_of_types_that_is_never_associated_is_empty(portal: Portal):
    """Notes of leads exist in HubSpot, but in no book."""
    answer = portal.post("/crm/v4/associations/leads/notes/batch/read", {"inputs": [{"id": "101"}]})

    assert (answer.status_code, answer.json()["results"]) == (207, [])


@pytest.mark.parametrize(("count", "status"), [(1000, 207), (1001, 400), (0, 400)])
def test_a_batch_holds_1_to_1000_ids(portal: Portal, count: int, status: int):
    """The limit of v4."""
    inputs = [{"id": str(number)} for number in range(count)]

    assert portal.post("/crm/v4/associations/contacts/deals/batch/read", {"inputs": inputs}).status_code == status


CROWD = book(companies=[company(1)], people=[person(number, company=1) for number in range(1, 261)])


def crowd_ids() -> list[int]:
    """The ids of the crowd, by id."""
    return sorted(record_id("contacts", number) for number in range(1, 261))


def test_v4_batches_page_per_record():
    """Each input has its own `after`, which continues where its page ended."""
    path = "/crm/v4/associations/companies/contacts/batch/read"
    with running_portal(CROWD, association_page=100, to_object_id="number") as portal:
        found, asked = [], {"id": "101"}
        sizes = []
        while True:
            result = portal.post(path, {"inputs": [asked]}).json()["results"][0]
            sizes.append(len(result["to"]))
            found += [one["toObjectId"] for one in result["to"]]
            if "paging" not in result:
                break
            asked = {"id": "101", "after": result["paging"]["next"]["after"]}

    assert sizes == [100, 100, 60]
    assert found == crowd_ids()


def test_the_list_of_one_record_pages():
    """At most 500 rows a page; the cursor may be sent as received, or URL-encoded once more."""
    path = "/crm/v4/objects/companies/101/associations/contacts"
    with running_portal(CROWD) as portal:
        all_at_once = portal.get(path).json()
        first = portal.get(path, limit=200).json()
        after = first["paging"]["next"]["after"]
        second = portal.get(path, limit=200, after=after).json()
        raw = portal.get(f"{path}?limit=200&after={after}").json()
        too_many, unknown = portal.get(path, limit=501), portal.get(path.replace("101", "9"))

    assert [int(one["toObjectId"]) for one in all_at_once["results"]] == crowd_ids()
    assert [int(one["toObjectId"]) for one in first["results"] + second["results"]] == crowd_ids()
    assert raw == second
    assert "paging" not in second
    assert (too_many.status_code, unknown.status_code) == (400, 404)


def test_v3_batches_stop_at_100_and_ignore_after():
    """There is a cursor, but sending it gives the first page again."""
    path = "/crm/v3/associations/companies/contacts/batch/read"
    with running_portal(CROWD) as portal:
        first = portal.post(path, {"inputs": [{"id": "101"}]}).json()["results"][0]
        again = portal.post(path, {"inputs": [{"id": "101", "after": first["paging"]["next"]["after"]}]})

    assert len({one["id"] for one in first["to"]}) == 100
    assert {one["type"] for one in first["to"]} == {"company_to_contact", "company_to_contact_unlabeled"}
    assert again.json()["results"][0] == first

"""Lists, single records and batches."""

from collections.abc import Iterator

import pytest

from sandbox.hubspot.definitions import record_id
from tests.sandbox.hubspot.books import book, company, deal, person
from tests.sandbox.hubspot.portals import Portal, running_portal

CONTACTS = "/crm/v3/objects/contacts"


def contact_id(number: int) -> str:
    """The id of person *number*."""
    return str(record_id("contacts", number))


BOOK = book(
    companies=[company(number, name=f"Company {number}") for number in range(1, 13)],
    people=[
        person(1, email="Ada@Acme.example", other_emails=("Countess@Lace.example",), company=1, other_companies=(2,)),
        *(person(number) for number in range(2, 25)),
    ],
    deals=[deal(1, company=1)],
)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """The book above."""
    with running_portal(BOOK) as running:
        yield running


def walk(portal: Portal, path: str, **query: str | int) -> list[list[str]]:
    """The ids of each page."""
    pages: list[list[str]] = []
    while True:
        answer = portal.get(path, **query).json()
        pages.append([one["id"] for one in answer["results"]])
        if "paging" not in answer:
            return pages
        query["after"] = answer["paging"]["next"]["after"]


@pytest.mark.parametrize("path", [CONTACTS, "/crm/objects/2026-09/contacts", "/crm/v3/objects/0-1"])
def test_a_list_pages_by_id(portal: Portal, path: str):
    """Every record once, by ascending id, in pages of the limit; the last page has no paging."""
    pages = walk(portal, path, limit=10)

    expected = sorted((contact_id(number) for number in range(1, 25)), key=int)
    assert [len(page) for page in pages] == [10, 10, 4]
    assert [one for page in pages for one in page] == expected


def test_a_list_has_ten_rows_by_default_and_says_no_total(portal: Portal):
    """Without a limit there are 10 rows; `after` is not an offset."""
    answer = portal.get(CONTACTS).json()

    assert len(answer["results"]) == 10
    assert "total" not in answer
    assert not answer["paging"]["next"]["after"].isdecimal()


@pytest.mark.parametrize(
    "query", [{"limit": "101"}, {"limit": "0"}, {"limit": "x"}, {"after": "10"}, {"after": "!"}], ids=str
)
def test_a_bad_page_is_refused(portal: Portal, query: dict[str, str]):
    """Limits beyond 1 to 100, and cursors that no list gave."""
    assert portal.get(CONTACTS, **query).status_code == 400


def test_a_cursor_of_another_list_is_refused(portal: Portal):
    """A contacts cursor does not page companies."""
    after = portal.get(CONTACTS, limit=1).json()["paging"]["next"]["after"]

    assert portal.get("/crm/v3/objects/companies", after=after).status_code == 400


def test_properties_may_be_repeated_or_comma_separated(portal: Portal):
    """Both forms name properties; unknown names are ignored, empty values are null, all others are absent."""
    repeated = portal.get(f"{CONTACTS}/101", properties=["email", "city", "nope"]).json()
    joined = portal.get(f"{CONTACTS}/101", properties="email,city,nope").json()

    assert repeated["properties"] == joined["properties"] == {"email": "ada@acme.example", "city": None}


@pytest.mark.parametrize("email", ["ada@acme.example", "ADA@ACME.EXAMPLE", "countess@lace.example"])
def test_a_contact_is_found_by_any_of_its_addresses(portal: Portal, email: str):
    """`idProperty=email` ignores case and knows additional addresses."""
    answer = portal.get(f"{CONTACTS}/{email}", idProperty="email")

    assert (answer.status_code, answer.json()["id"]) == (200, "101")


def test_a_record_is_found_by_a_unique_property_only(portal: Portal):
    """`erp_id` identifies a company; `name` does not."""
    companies = "/crm/v3/objects/companies"

    assert portal.get(f"{companies}/erp-000002", idProperty="erp_id").json()["id"] == str(record_id("companies", 2))
    assert portal.get(f"{companies}/Company 2", idProperty="name").status_code == 400


@pytest.mark.parametrize(
    "path", [f"{CONTACTS}/7", f"{CONTACTS}/{2**64}", f"{CONTACTS}/abc", f"{CONTACTS}/x@y.example?idProperty=email"]
)
def test_what_is_not_there_is_a_404(portal: Portal, path: str):
    """Unknown ids and addresses."""
    answer = portal.get(path)

    assert (answer.status_code, answer.json()["message"]) == (404, "resource not found")


@pytest.mark.parametrize("path", ["/crm/v3/objects/unicorns", "/crm/v3/objects/2-1234567/1"])
def test_an_unknown_object_type_is_refused(portal: Portal, path: str):
    """400 with the name in the message."""
    assert portal.get(path).status_code == 400


@pytest.mark.parametrize("path", ["/crm/v3/nothing", "/", "/crm/v3/objects/contacts/101/nothing"])
def test_an_unknown_path_is_a_404_in_json(portal: Portal, path: str):
    """The shape is HubSpot's."""
    answer = portal.get(path)

    assert (answer.status_code, answer.json()["status"]) == (404, "error")


def test_associations_come_with_reads_when_asked(portal: Portal):
    """Per type of record, one entry per association type; nothing for types without any."""
    one = portal.get(f"{CONTACTS}/101", associations="companies,deals").json()
    listed = portal.get(CONTACTS, associations=["companies"], limit=2).json()["results"]

    assert set(one["associations"]) == {"companies"}
    assert sorted((row["id"], row["type"]) for row in one["associations"]["companies"]["results"]) == [
        ("101", "contact_to_company"),
        ("101", "contact_to_company_unlabeled"),
        ("102", "contact_to_company_unlabeled"),
    ]
    assert ["associations" in row for row in listed] == [True, False]


def test_a_batch_is_read_in_no_promised_order(portal: Portal):
    """All rows come, not always in the order asked."""
    inputs = [{"id": contact_id(number)} for number in range(1, 25)]
    orders = []
    for _ in range(3):
        answer = portal.post(f"{CONTACTS}/batch/read", {"inputs": inputs, "properties": ["lastname"]})
        assert answer.status_code == 200
        orders.append([one["id"] for one in answer.json()["results"]])

    assert all(sorted(order) == sorted(one["id"] for one in inputs) for order in orders)
    assert len({tuple(order) for order in orders}) == 3


@pytest.mark.parametrize(
    ("path", "status"), [(CONTACTS, 207), ("/crm/objects/2026-09/contacts", 200)], ids=["v3", "2026-09"]
)
def test_missing_ids_are_one_error_beside_the_results(portal: Portal, path: str, status: int):
    """207 in version 3; the dated version tells the same in a 200."""
    answer = portal.post(f"{path}/batch/read", {"inputs": [{"id": "101"}, {"id": "7"}, {"id": "x"}]})

    body = answer.json()
    assert (answer.status_code, body["status"], body["numErrors"]) == (status, "COMPLETE", 1)
    assert [one["id"] for one in body["results"]] == ["101"]
    assert body["errors"] == [
        {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "message": "Could not get some CONTACT objects, they may be deleted or not exist. "
            "Check that ids are valid.",
            "context": {"ids": ["7", "x"]},
        }
    ]


def test_a_batch_may_name_records_by_address(portal: Portal):
    """With `idProperty` the echoed id is the record's own."""
    body = {"idProperty": "email", "properties": ["email"], "inputs": [{"id": "countess@lace.example"}]}

    answer = portal.post(f"{CONTACTS}/batch/read", body)

    assert answer.json()["results"][0]["id"] == "101"
    assert answer.json()["results"][0]["properties"] == {"email": "ada@acme.example"}


@pytest.mark.parametrize("count", [0, 101])
def test_a_batch_holds_1_to_100_ids(portal: Portal, count: int):
    """More, or none, is a 400."""
    inputs = [{"id": str(number)} for number in range(count)]

    assert portal.post(f"{CONTACTS}/batch/read", {"inputs": inputs}).status_code == 400


def test_ids_beyond_64_bits_are_not_there(portal: Portal):
    """They are missing like any other, from batches and from associations."""
    inputs = [{"id": "101"}, {"id": str(2**64)}]
    read = portal.post(f"{CONTACTS}/batch/read", {"inputs": inputs}).json()
    tied = portal.post("/crm/v4/associations/contacts/companies/batch/read", {"inputs": inputs}).json()

    assert [one["id"] for one in read["results"]] == ["101"]
    assert read["errors"][0]["context"] == {"ids": [str(2**64)]}
    assert [one["from"]["id"] for one in tied["results"]] == ["101"]
    assert tied["errors"][0]["context"]["fromObjectId"] == [str(2**64)]


@pytest.mark.parametrize(("duplicate_ids", "status"), [("accept", 200), ("reject", 400)])
def test_a_repeated_id_is_answered_once_or_refused(duplicate_ids: str, status: int):
    """The switch decides; a refusal names the ids."""
    with running_portal(BOOK, duplicate_ids=duplicate_ids) as portal:
        answer = portal.post(f"{CONTACTS}/batch/read", {"inputs": [{"id": "101"}, {"id": "102"}, {"id": "101"}]})

    assert answer.status_code == status
    if status == 200:
        assert sorted(one["id"] for one in answer.json()["results"]) == ["101", "102"]
    else:
        assert answer.json()["context"] == {"ids": ["101"]}


def test_archived_records_show_only_when_asked_for():
    """They leave lists, searches, single reads and associations; `archived=true` gives them and nothing else."""
    with running_portal(BOOK, archived_every=2) as portal:
        living = walk(portal, CONTACTS, limit=100)[0]
        archived = portal.get(CONTACTS, limit=100, archived="true").json()["results"]
        single = portal.get(f"{CONTACTS}/102"), portal.get(f"{CONTACTS}/102", archived="true")
        batch = portal.post(f"{CONTACTS}/batch/read", {"inputs": [{"id": "102"}]})
        found = portal.found("contacts", limit=100)
        linked = portal.get(f"{CONTACTS}/101", associations="companies").json()["associations"]["companies"]

    assert sorted(living) == sorted(found) == sorted(contact_id(number) for number in range(1, 25, 2))
    assert len(archived) == 12
    assert {one["archived"] for one in archived} == {True}
    assert all(one["archivedAt"] for one in archived)
    assert [one.status_code for one in single] == [404, 200]
    assert batch.status_code == 207
    assert {one["id"] for one in linked["results"]} == {"101"}


def test_a_url_that_is_too_long_is_a_414(portal: Portal):
    """Long property lists belong into a batch read."""
    names = ",".join(f"property_{number}" for number in range(1200))

    assert portal.get(CONTACTS, properties=names).status_code == 414

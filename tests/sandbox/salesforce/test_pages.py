"""Answers of several pages: locators, batch sizes, blocks of children, and expiry."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from sandbox.salesforce.answers import ApiError
from sandbox.salesforce.soql import Json
from tests.sandbox.salesforce.desk import Client, Desk, connected


def ids_of(answer: Json) -> list[str]:
    """The ids of an answer's records."""
    records = answer["records"]
    assert isinstance(records, list)
    return [one["Id"] for one in records]


def walk(desk: Desk, answer: Json) -> list[Json]:
    """The answer and all the pages after it."""
    pages = [answer]
    while not pages[-1]["done"]:
        pages.append(desk.more(pages[-1]))
    return pages


def test_pages_concatenate_to_the_whole_answer(desk: Desk) -> None:
    """2,000 records a page, the count of all on each, every record once."""
    ids = desk.contacts(*("x" for _ in range(4_100)))

    pages = walk(desk, desk.run("SELECT Id FROM Contact ORDER BY Id"))

    assert [len(ids_of(page)) for page in pages] == [2_000, 2_000, 100]
    assert {page["totalSize"] for page in pages} == {4_100}
    assert [one for page in pages for one in ids_of(page)] == ids
    assert "nextRecordsUrl" not in pages[-1]


def test_pages_of_an_arbitrary_order_fit_together(desk: Desk) -> None:
    """The order is drawn once for an answer: its pages have no gap and no double."""
    ids = desk.contacts(*("x" for _ in range(500)))

    first = desk.run("SELECT Id FROM Contact ORDER BY LastName", batch=200)
    second = desk.more(first, batch=200)
    third = desk.more(second, batch=200)

    told = [*ids_of(first), *ids_of(second), *ids_of(third)]
    assert told != ids
    assert sorted(told) == ids


def test_locator_names_the_place(desk: Desk) -> None:
    """It is an 18-character id and an offset; any place of the answer can be asked for, and asked again."""
    ids = desk.contacts(*("x" for _ in range(300)))
    first = desk.run("SELECT Id FROM Contact ORDER BY Id", batch=200)

    path, _, offset = str(first["nextRecordsUrl"]).rpartition("-")

    assert path.startswith("/services/data/v60.0/query/01g")
    assert len(path.rpartition("/")[2]) == 18
    assert offset == "200"
    assert ids_of(desk.more(first)) == ids_of(desk.more(first)) == ids[200:]
    assert ids_of(desk.more({"nextRecordsUrl": f"{path}-290"})) == ids[290:]


def test_query_all_goes_on_with_deleted_records(desk: Desk) -> None:
    """A further page keeps the statement's choice."""
    desk.add("Contact", *({"LastName": "x", "IsDeleted": place % 2 == 0} for place in range(300)))

    first = desk.run("SELECT Id FROM Contact", with_trash=True, batch=200)

    assert first["totalSize"] == 300
    assert len(ids_of(desk.more(first))) == 100


def test_locator_lives_two_days(desk: Desk) -> None:
    """Then it is invalid, as an unknown one is."""
    desk.contacts(*("x" for _ in range(300)))
    first = desk.run("SELECT Id FROM Contact", batch=200)
    desk.now += timedelta(days=2)
    assert len(ids_of(desk.more(first))) == 100

    desk.now += timedelta(seconds=1)

    for answer in (first, {"nextRecordsUrl": "/query/01gQy0000000009IAA-2000"}, {"nextRecordsUrl": "/query/x"}):
        with pytest.raises(ApiError) as caught:
            desk.more(answer)
        assert (caught.value.status, caught.value.code) == (400, "INVALID_QUERY_LOCATOR")


def test_many_cursors_live_side_by_side(desk: Desk) -> None:
    """An old cursor is not evicted by newer ones."""
    ids = desk.contacts(*("x" for _ in range(300)))
    answers = [desk.run("SELECT Id FROM Contact ORDER BY Id", batch=200) for _ in range(50)]

    assert all(ids_of(desk.more(one)) == ids[200:] for one in answers)


@pytest.fixture
def families(desk: Desk) -> Desk:
    """Ten accounts with 120 contacts each."""
    accounts = desk.add("Account", *({"Name": f"{number}"} for number in range(10)))
    desk.add("Contact", *({"LastName": "x", "AccountId": one} for one in accounts for _ in range(120)))
    return desk


def test_children_count_toward_the_page(families: Desk) -> None:
    """500 rows a page: three families whole, and what fits of the fourth."""
    answer = families.run("SELECT Id, (SELECT Id FROM Contacts) FROM Account ORDER BY Id")

    records = answer["records"]
    assert isinstance(records, list)
    assert [len(one["Contacts"]["records"]) for one in records] == [120, 120, 120, 120, 15]
    assert [one["Contacts"]["done"] for one in records] == [True, True, True, True, False]
    assert records[4]["Contacts"]["totalSize"] == 120
    assert answer["totalSize"] == 10


def test_cut_block_has_pages_of_its_own(families: Desk) -> None:
    """Its address gives the rest of that parent's children."""
    records = families.run("SELECT Id, (SELECT Id, AccountId FROM Contacts ORDER BY Id) FROM Account ORDER BY Id")[
        "records"
    ]
    assert isinstance(records, list)
    block = records[-1]["Contacts"]

    rest = families.more(block)

    assert (rest["totalSize"], rest["done"]) == (120, True)
    assert len(ids_of(block)) + len(ids_of(rest)) == len({*ids_of(block), *ids_of(rest)}) == 120
    assert isinstance(rest["records"], list)
    assert {one["AccountId"] for one in rest["records"]} == {records[-1]["Id"]}


def test_parents_go_on_after_a_cut_block(families: Desk) -> None:
    """Following every address finds every parent and every child once."""
    pages = walk(families, families.run("SELECT Id, (SELECT Id FROM Contacts) FROM Account ORDER BY Id"))
    parents = [one for page in pages if isinstance(page["records"], list) for one in page["records"]]
    blocks = [block for one in parents for block in walk(families, one["Contacts"])]

    assert len({one["Id"] for one in parents}) == len(parents) == 10
    children = [one for block in blocks for one in ids_of(block)]
    assert len(set(children)) == len(children) == 1_200


def test_one_parent_may_have_more_children_than_a_page(desk: Desk) -> None:
    """The first page of its block has one row less than the page."""
    (account,) = desk.add("Account", {"Name": "big"})
    desk.add("Contact", *({"LastName": "x", "AccountId": account} for _ in range(1_200)))

    records = desk.run("SELECT Id, (SELECT Id FROM Contacts) FROM Account")["records"]

    assert isinstance(records, list)
    block = records[0]["Contacts"]
    assert (len(block["records"]), block["totalSize"]) == (499, 1_200)
    assert block["nextRecordsUrl"].endswith("-499")


@pytest.fixture(scope="module")
def full() -> Iterator[Client]:
    """A client of an emulator with 500 contacts."""
    with connected(scale=0.5) as one:
        yield one


@pytest.mark.parametrize(
    ("asked", "given"),
    [("batchSize=200", 200), ("batchSize=50", 200), ("BATCHSIZE = 333", 333), ("batchSize=x", 500), ("", 500)],
)
def test_batch_size_is_a_hint_within_bounds(full: Client, asked: str, given: int) -> None:
    """Less than 200 is 200; nonsense is the default."""
    params, headers = {"q": "SELECT Id FROM Contact"}, {"Sforce-Query-Options": asked}

    answer = full.http.get("/services/data/v60.0/query", params=params, headers=headers).json()

    assert len(answer["records"]) == given


def test_further_page_is_followed_verbatim(full: Client) -> None:
    """The address is relative to the instance; both resources continue it, with and without a slash."""
    params, headers = {"q": "SELECT Id FROM Contact ORDER BY Id"}, {"Sforce-Query-Options": "batchSize=200"}
    first = full.http.get("/services/data/v60.0/query", params=params, headers=headers).json()
    path = first["nextRecordsUrl"]

    pages = [full.http.get(one).json() for one in (path, f"{path}/", path.replace("/query/", "/queryAll/"))]

    assert [len(page["records"]) for page in pages] == [300] * 3
    assert pages[0] == pages[1] == pages[2]
    assert full.http.get(path.replace("01g", "01h")).json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"

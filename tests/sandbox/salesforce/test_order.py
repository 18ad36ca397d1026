"""The order of records: nulls, letters, picklists, ids, and the order that nobody promises."""

from collections.abc import Sequence
from datetime import date

import pytest

from sandbox.salesforce.org.ids import id_of, normalised, number_of
from tests.sandbox.salesforce.desk import Desk


def ids_in(desk: Desk, statement: str) -> list[object]:
    """The ids of the answer, in its order."""
    return desk.column(statement)


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        ("Birthdate", ["none", "early", "late"]),
        ("Birthdate ASC", ["none", "early", "late"]),
        ("Birthdate DESC", ["none", "late", "early"]),
        ("Birthdate ASC NULLS FIRST", ["none", "early", "late"]),
        ("Birthdate ASC NULLS LAST", ["early", "late", "none"]),
        ("Birthdate DESC NULLS FIRST", ["none", "late", "early"]),
        ("Birthdate DESC NULLS LAST", ["late", "early", "none"]),
    ],
)
def test_nulls_come_first_unless_told(desk: Desk, clause: str, names: Sequence[str]) -> None:
    """In both directions rows without a value begin the answer."""
    days = (date(2001, 1, 1), None, date(2000, 1, 1))
    told = zip(("late", "none", "early"), days, strict=True)
    desk.add("Contact", *({"LastName": name, "Birthdate": day} for name, day in told))

    assert desk.column(f"SELECT LastName FROM Contact ORDER BY {clause}") == names


def test_letters_sort_by_their_capitals(desk: Desk) -> None:
    """Case does not matter, and the order is that of upper-cased code points, not of a dictionary."""
    desk.contacts("zebra", "Älg", "apple", "Banana", "_score", "Öl", "Zoo", "10")

    names = desk.column("SELECT LastName FROM Contact ORDER BY LastName")

    assert names == ["10", "apple", "Banana", "zebra", "Zoo", "_score", "Älg", "Öl"]


def test_picklist_sorts_in_the_order_of_setup(desk: Desk) -> None:
    """Values that Setup does not know come after those that it does."""
    stages = ("Closed Won", "Prospecting", "Old stage")
    desk.add("Opportunity", *({"Name": stage, "StageName": stage} for stage in stages))

    assert desk.column("SELECT StageName FROM Opportunity ORDER BY StageName") == [
        "Prospecting",
        "Closed Won",
        "Old stage",
    ]


def test_parents_key_keeps_rows_without_a_parent(desk: Desk) -> None:
    """Sorting on a parent's field leaves nobody out."""
    (account,) = desk.add("Account", {"Name": "Acme"})
    desk.add("Contact", {"LastName": "with", "AccountId": account}, {"LastName": "without"})

    assert desk.column("SELECT LastName FROM Contact ORDER BY Account.Name") == ["without", "with"]
    assert desk.column("SELECT LastName FROM Contact ORDER BY Account.Name NULLS LAST") == ["with", "without"]


def test_equal_keys_change_places_between_calls(desk: Desk) -> None:
    """Ties have another order on every call; the rows are the same."""
    desk.contacts(*(["same"] * 50))
    statement = "SELECT Id FROM Contact ORDER BY LastName"

    answers = [ids_in(desk, statement) for _ in range(3)]

    assert len({tuple(map(str, answer)) for answer in answers}) == 3
    assert all(set(answer) == set(answers[0]) for answer in answers)


def test_no_order_is_another_order_on_every_call(desk: Desk) -> None:
    """Without ORDER BY nothing is promised, and LIMIT takes any rows."""
    desk.contacts(*(["same"] * 50))

    answers = [ids_in(desk, "SELECT Id FROM Contact LIMIT 10") for _ in range(3)]

    assert len({tuple(map(str, answer)) for answer in answers}) == 3
    assert answers[0] != sorted(map(str, answers[0]))


def test_id_makes_an_order_whole(desk: Desk) -> None:
    """With Id as the last key every call gives the same order."""
    ids = desk.contacts(*(["same"] * 50))

    assert ids_in(desk, "SELECT Id FROM Contact ORDER BY LastName, Id") == ids
    assert ids_in(desk, "SELECT Id FROM Contact ORDER BY LastName, Id DESC") == ids[::-1]


def test_parents_id_does_not_make_an_order_whole(desk: Desk) -> None:
    """The key must be the row's own."""
    (account,) = desk.add("Account", {"Name": "Acme"})
    desk.add("Contact", *({"LastName": "same", "AccountId": account} for _ in range(50)))

    answers = {tuple(map(str, ids_in(desk, "SELECT Id FROM Contact ORDER BY Account.Id"))) for _ in range(3)}

    assert len(answers) == 3


def test_offset_and_limit_cut_the_sorted_rows(desk: Desk) -> None:
    """OFFSET skips, LIMIT bounds, and totalSize counts what is left."""
    ids = desk.contacts(*"abcdef")

    answer = desk.run("SELECT Id FROM Contact ORDER BY Id LIMIT 2 OFFSET 3")

    assert answer["totalSize"] == 2
    assert ids_in(desk, "SELECT Id FROM Contact ORDER BY Id LIMIT 2 OFFSET 3") == ids[3:5]
    assert ids_in(desk, "SELECT Id FROM Contact ORDER BY Id OFFSET 6") == []
    assert ids_in(desk, "SELECT Id FROM Contact LIMIT 0") == []


def test_ids_sort_like_their_numbers() -> None:
    """Text order and number order are one, over every digit."""
    numbers = [*range(1, 200), 61, 62, 3_843, 3_844, 10**9]

    ids = [id_of("003", number) for number in numbers]

    assert sorted(ids) == [id_of("003", number) for number in sorted(numbers)]
    assert [number_of(one) for one in ids] == numbers


@pytest.mark.parametrize(
    ("short", "full"),
    [("001D000000IqhSL", "001D000000IqhSLIAZ"), ("003000000000000", "003000000000000AAA")],
)
def test_checksum_is_the_vendors(short: str, full: str) -> None:
    """The published pair, and an id without letters."""
    assert normalised(short) == full
    assert normalised(full) == full


@pytest.mark.parametrize("text", ["", "001D000000IqhSLIAA", "001D000000IqhS", "001D000000Iqh-L", "001d000000iqhsliaz"])
def test_text_that_is_no_id_has_no_full_form(text: str) -> None:
    """Length, letters and checksum must fit."""
    assert normalised(text) is None

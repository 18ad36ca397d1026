"""Groups of records, and which record speaks for a person."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from model.entities import Contact
from resolvers.identity.cluster import clusters
from resolvers.identity.golden import golden

PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1]), max_size=12)


def contact(number: int, **values: object) -> Contact:
    """A contact of which only *values* are there."""
    blank = dict.fromkeys(
        ("first_name", "last_name", "display_name", "job_title", "email", "phone", "company", "addresses", "updated_at")
    )
    return Contact(source=f"s{number}", remote_id=str(number), **{**blank, **values})


@given(joined=PAIRS, apart=PAIRS)
def test_groups_part_their_members(joined: list[tuple[int, int]], apart: list[tuple[int, int]]) -> None:
    """Everybody is in one group, in order, and nobody with whom they were kept apart from."""
    kept = {frozenset(pair) for pair in apart}

    found = clusters(range(8), joined, kept)

    assert sorted(member for group in found for member in group) == list(range(8))
    assert all(group == sorted(group) for group in found)
    assert not [pair for group in found for pair in combinations(group, 2) if frozenset(pair) in kept]


@given(joined=PAIRS)
def test_joined_pairs_share_a_group(joined: list[tuple[int, int]]) -> None:
    """Where nobody is kept apart, whoever is joined is together."""
    found = clusters(range(8), joined)

    assert all(any(a in group and b in group for group in found) for a, b in joined)


def test_surest_pair_wins_over_a_third() -> None:
    """Two who were kept apart are not joined by way of another; the surest pair keeps it."""
    assert clusters(["a", "b", "c"], [("a", "c"), ("b", "c")], {frozenset("ab")}) == [["a", "c"], ["b"]]


def test_most_complete_record_speaks() -> None:
    """It comes first, whatever is newer, and the reason says so."""
    records = [
        contact(0, email="old@a.example", updated_at="2026-05-02T00:00:00.000Z"),
        contact(1, email="new@a.example", phone="1", last_name="X", updated_at="2026-05-01T00:00:00.000Z"),
    ]

    values, sources = golden(records, {0: "Acme", 1: None})

    assert values == {"displayName": "X", "email": "new@a.example", "phone": "1", "company": "Acme"}
    told = {item.field: (item.record.remote_id, item.reason) for item in sources}
    assert told["email"] == ("1", "the most complete record with a value: 3 of 7 fields")
    assert told["company"] == ("0", "the only record with a value")


def test_newest_of_equals_speaks() -> None:
    """Then the one that changed last, then the driving one."""
    old, new = "2026-05-01T00:00:00.000Z", "2026-05-02T00:00:00.000Z"
    by_age = golden([contact(0, email="a", updated_at=old), contact(1, email="b", updated_at=new)], {})
    by_place = golden([contact(0, email="a", updated_at=new), contact(1, email="b", updated_at=new)], {})

    assert (by_age[0]["email"], by_place[0]["email"]) == ("b", "a")
    assert "changed last" in by_age[1][0].reason
    assert "driving" in by_place[1][0].reason


def test_nobody_speaks_for_what_nobody_has() -> None:
    """A field without a value has no source."""
    values, sources = golden([contact(0)], {})

    assert set(values.values()) == {None}
    assert sources == ()

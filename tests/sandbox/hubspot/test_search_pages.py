"""Order, pages, limits and freshness of searches."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from sandbox.hubspot.definitions import record_id
from sandbox.seed import TODAY
from tests.sandbox.hubspot.books import NOON, book, note, person
from tests.sandbox.hubspot.portals import Portal, running_portal


def ids(*numbers: int) -> list[str]:
    """Ids of contacts."""
    return [str(record_id("contacts", number)) for number in numbers]


def by(name: str, direction: str = "ASCENDING") -> list[dict[str, str]]:
    """One sort."""
    return [{"propertyName": name, "direction": direction}]


CITIES = ["Berlin", None, "aachen", "Zürich", None]
PEOPLE = [person(number, city=city) for number, city in enumerate(CITIES, start=1)]


def test_the_default_order_is_creation_not_id():
    """Without a sort the oldest comes first, whatever its id."""
    people = [person(number, created_at=NOON - timedelta(hours=number)) for number in range(1, 8)]
    with running_portal(book(people=people)) as portal:
        assert portal.found("contacts") == ids(7, 6, 5, 4, 3, 2, 1)


@pytest.mark.parametrize(("nulls", "ascending"), [("last", [3, 1, 4, 2, 5]), ("first", [2, 5, 3, 1, 4])])
def test_missing_values_sort_to_one_end_in_both_directions(nulls: str, ascending: list[int]):
    """Text sorts without case; records without a value stay last (or first) in either direction."""
    with running_portal(book(people=PEOPLE), nulls=nulls, ties="id") as portal:
        assert portal.found("contacts", sorts=by("city")) == ids(*ascending)
        flipped = portal.found("contacts", sorts=by("city", "DESCENDING"))

    filled = [number for number in ascending if CITIES[number - 1]]
    missing = ids(2, 5)
    expected = [*ids(*reversed(filled)), *missing] if nulls == "last" else [*missing, *ids(*reversed(filled))]
    assert flipped == expected


def test_ties_come_in_another_order_from_call_to_call():
    """Among equal keys no order holds between calls, but nothing is lost or repeated in one page."""
    people = [person(number, created_at=NOON) for number in range(1, 31)]
    with running_portal(book(people=people)) as portal:
        orders = [tuple(portal.found("contacts", limit=30, sorts=by("createdate"))) for _ in range(5)]

    assert len(set(orders)) > 1
    assert {frozenset(one) for one in orders} == {frozenset(ids(*range(1, 31)))}


def test_ties_can_be_kept_in_order():
    """With `ties: id` every call gives the same order."""
    people = [person(number, created_at=NOON) for number in range(1, 31)]
    with running_portal(book(people=people), ties="id") as portal:
        assert portal.found("contacts", limit=4) == portal.found("contacts", limit=4) == ids(1, 2, 3, 4)


def test_pages_are_offsets_and_the_last_one_has_no_paging():
    """`after` is how many results to skip; `total` is the same on each page."""
    with running_portal(book(people=PEOPLE)) as portal:
        first = portal.search("contacts", limit=3).json()
        second = portal.search("contacts", limit=3, after=first["paging"]["next"]["after"]).json()
        from_zero = portal.search("contacts", limit=3, after="0").json()

    assert first["paging"] == {"next": {"after": "3"}}
    assert (first["total"], second["total"]) == (5, 5)
    assert "paging" not in second
    assert [one["id"] for one in first["results"] + second["results"]] == ids(1, 2, 3, 4, 5)
    assert from_zero["results"] == first["results"]


def test_no_search_goes_beyond_ten_thousand_results():
    """`total` tells all, the last page ends at 10,000, and one more is refused."""
    notes = [note(number) for number in range(1, 10_051)]
    with running_portal(book(notes=notes)) as portal:
        last = portal.search("notes", limit=200, after="9800")
        beyond = portal.search("notes", limit=10, after=last.json()["paging"]["next"]["after"])
        across = portal.search("notes", limit=200, after="9900")

    assert (last.status_code, last.json()["total"], len(last.json()["results"])) == (200, 10_050, 200)
    assert last.json()["paging"]["next"]["after"] == "10000"
    assert (beyond.status_code, across.status_code) == (400, 400)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """The book above."""
    with running_portal(book(people=PEOPLE)) as running:
        yield running


def group(size: int) -> dict[str, object]:
    """A group of *size* filters that match everything."""
    return {"filters": [{"propertyName": "lastname", "operator": "HAS_PROPERTY"}] * size}


@pytest.mark.parametrize(
    ("groups", "status"),
    [
        ([group(1)] * 5, 200),
        ([group(1)] * 6, 400),
        ([group(6)] * 3, 200),
        ([group(7)], 400),
        ([group(6)] * 3 + [group(1)], 400),
        ([group(4)] * 4 + [group(3)], 400),
    ],
)
def test_groups_and_filters_are_counted(portal: Portal, groups: list[object], status: int):
    """At most 5 groups, 6 filters in one, 18 in all."""
    assert portal.search("contacts", filterGroups=groups).status_code == status


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 0},
        {"limit": "ten"},
        {"after": "abc"},
        {"after": -1},
        {"properties": []},
        {"properties": ["email", "nope"]},
        {"sorts": by("nope")},
        {"sorts": by("city") + by("email")},
        {"sorts": [{"propertyName": "city", "direction": "UP"}]},
        {"sorts": {"propertyName": "city"}},
        {"filterGroups": {"filters": []}},
        {"query": 7},
    ],
    ids=str,
)
def test_what_hubspot_refuses_is_a_400(portal: Portal, body: dict[str, object]):
    """Wrong limits, offsets, properties, sorts and shapes."""
    assert portal.search("contacts", **body).status_code == 400


def test_a_body_beyond_3000_characters_is_refused(portal: Portal):
    """Characters count, not bytes."""
    path, filling = "/crm/v3/objects/contacts/search", '{{"padding": "{}"}}'
    headers = {"Content-Type": "application/json"}

    fits = portal.http.post(path, content=filling.format("ü" * (3000 - 15)), headers=headers)
    too_long = portal.http.post(path, content=filling.format("x" * (3001 - 15)), headers=headers)

    assert (fits.status_code, too_long.status_code) == (200, 400)


@pytest.mark.parametrize("body", ["[]", "{", ""], ids=["list", "broken", "empty"])
def test_a_body_that_is_no_object_is_refused(portal: Portal, body: str):
    """400 without a category, as for any JSON of the wrong shape."""
    answer = portal.http.post(
        "/crm/v3/objects/contacts/search", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 400
    assert "category" not in answer.json()


def test_another_content_type_is_refused(portal: Portal):
    """A JSON body must say that it is one."""
    assert portal.http.post("/crm/v3/objects/contacts/search", content="{}").status_code == 415


def test_unknown_keys_and_odd_sorts_are_ignored(portal: Portal):
    """A misspelt `filterGroup` filters nothing, a stringified sort sorts nothing, a plain name sorts."""
    misspelt = portal.search("contacts", filterGroup={"filters": [{"propertyName": "city", "operator": "EQ"}]})

    assert misspelt.json()["total"] == 5
    assert portal.found("contacts", sorts=['{"propertyName":"city","direction":"DESCENDING"}']) == ids(1, 2, 3, 4, 5)
    assert portal.found("contacts", sorts=["-createdate"]) == ids(5, 4, 3, 2, 1)


def test_defaults_are_returned_unless_properties_are_named(portal: Portal):
    """The defaults of contacts; with names only those, an empty value being null."""
    default = portal.search("contacts", limit=1).json()["results"][0]
    named = portal.search("contacts", limit=1, properties=["city", "zip"]).json()["results"][0]

    assert set(default["properties"]) == {
        "createdate",
        "email",
        "firstname",
        "hs_object_id",
        "lastmodifieddate",
        "lastname",
    }
    assert named["properties"] == {"city": "Berlin", "zip": None}
    assert (named["createdAt"], named["updatedAt"], named["archived"]) == (
        "2026-03-01T13:00:00.000Z",
        "2026-03-02T12:00:00.000Z",
        False,
    )


def test_searches_do_not_see_what_just_changed():
    """With an index lag, a record appears in searches only so many virtual seconds after its last change."""
    now = NOON.replace(year=TODAY.year, month=TODAY.month, day=TODAY.day)
    people = [person(1), person(2, updated_at=now - timedelta(seconds=5))]
    with running_portal(book(people=people), index_lag_s=60.0) as portal:
        before = portal.found("contacts")
        by_id = portal.get(f"/crm/v3/objects/contacts/{ids(2)[0]}").status_code
        listed = len(portal.get("/crm/v3/objects/contacts").json()["results"])
        portal.clock.advance(60)
        after = portal.found("contacts")

    assert (before, by_id, listed, after) == (ids(1), 200, 2, ids(1, 2))


def test_a_late_index_sorts_changes_out_of_order():
    """With `index_late_s`, some records stand elsewhere than their modification time says, and none is lost."""
    people = [person(number, updated_at=NOON + timedelta(minutes=number)) for number in range(1, 101)]
    with running_portal(book(people=people), index_late_s=3600.0) as portal:
        answer = portal.search("contacts", limit=100, sorts=by("lastmodifieddate")).json()

    times = [one["properties"]["lastmodifieddate"] for one in answer["results"]]
    assert times != sorted(times)
    assert len({one["id"] for one in answer["results"]}) == 100

"""What each search operator matches."""

from collections.abc import Iterator

import pytest

from sandbox.hubspot.definitions import record_id
from tests.sandbox.hubspot.books import book, company, deal, lead, person, user
from tests.sandbox.hubspot.portals import Portal, running_portal

ADA, EMILE, GRACE, BOB, LONG = (str(record_id("contacts", number)) for number in range(1, 6))
"""Ada's, … ids: 101 to 104, and one of 11 digits."""
HUGE = str(2**64 + 5)
EVERYBODY = {ADA, EMILE, GRACE, BOB, LONG}

PEOPLE = [
    person(
        1,
        first_name="Ada",
        last_name="Lovelace",
        email="Ada@Acme.example",
        other_emails=("countess@lace.example",),
        phone="+1 555 010 1234",
        city="London",
        lifecycle="customer",
        owner=1,
        company=1,
        nps=7,
    ),
    person(2, first_name="ÉMILE", last_name="Zola", email="emile@acme.example", city="Paris", lifecycle="lead", nps=3),
    person(3, first_name="Grace", last_name="Hopper-Murray", email="grace.hopper@navy.example", city="New York"),
    person(4, first_name="Bob", last_name="O'Neil", city="new york", lifecycle="customer", nps=6),
    person(5, first_name=None, last_name="Long", city="York", nps=2),
]
# region: Ada AMER, Emile APAC, Bob EMEA, Long AMER, Grace none.


BOOK = book(
    users=[user(1)],
    companies=[company(1, name="Acme")],
    people=PEOPLE,
    deals=[deal(1, company=1, amount=None)],
    leads=[lead(1, person=1)],
)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """The book above."""
    with running_portal(BOOK) as running:
        yield running


def one(name: str, operator: str, *value: str, **more: object) -> dict[str, object]:
    """A filter with at most one value."""
    return {"propertyName": name, "operator": operator, **({"value": value[0]} if value else {}), **more}


CASES = [
    # Strings compare whole and without case, in every alphabet.
    (one("city", "EQ", "NEW YORK"), {GRACE, BOB}),
    (one("firstname", "EQ", "émile"), {EMILE}),
    (one("city", "EQ", "York"), {LONG}),
    (one("lastname", "GTE", "long"), {ADA, EMILE, BOB, LONG}),
    # A missing value is not different from a value.
    (one("city", "NEQ", "london"), {EMILE, GRACE, BOB, LONG}),
    (one("firstname", "NEQ", "ada"), {EMILE, GRACE, BOB}),
    (one("nps_score", "NEQ", "7"), {EMILE, BOB, LONG}),
    # Lists on strings take lower case only.
    (one("city", "IN", values=["london", "new york"]), {ADA, GRACE, BOB}),
    (one("city", "IN", values=["London", "new york"]), {GRACE, BOB}),
    (one("city", "NOT_IN", values=["london", "paris"]), {GRACE, BOB, LONG}),
    (one("firstname", "NOT_IN", values=["ada"]), {EMILE, GRACE, BOB}),
    (one("city", "NOT_IN", values=["London"]), {ADA, EMILE, GRACE, BOB, LONG}),
    # Enumerations compare with case.
    (one("lifecyclestage", "EQ", "customer"), {ADA, BOB}),
    (one("lifecyclestage", "EQ", "Customer"), set()),
    (one("region", "IN", values=["AMER", "EMEA"]), {ADA, BOB, LONG}),
    (one("region", "IN", values=["amer"]), set()),
    (one("lifecyclestage", "NOT_IN", values=["customer"]), {EMILE}),
    (one("lifecyclestage", "NEQ", "customer"), {EMILE}),
    # Numbers compare as numbers.
    (one("nps_score", "GT", "3"), {ADA, BOB}),
    (one("nps_score", "LTE", "6.0"), {EMILE, BOB, LONG}),
    (one("nps_score", "BETWEEN", "3", highValue="6"), {EMILE, BOB}),
    (one("nps_score", "IN", values=["7", "2"]), {ADA, LONG}),
    (one("hs_object_id", "GT", "102"), {GRACE, BOB, LONG}),
    (one("hs_object_id", "IN", values=["101", LONG]), {ADA, LONG}),
    # Ids and numbers beyond 64 bits are numbers that no record has.
    (one("hs_object_id", "EQ", HUGE), set()),
    (one("hs_object_id", "NEQ", HUGE), EVERYBODY),
    (one("hs_object_id", "LT", HUGE), EVERYBODY),
    (one("hs_object_id", "GT", f"-{HUGE}"), EVERYBODY),
    (one("hs_object_id", "IN", values=["101", HUGE]), {ADA}),
    (one("hs_object_id", "BETWEEN", "104", highValue=HUGE), {BOB, LONG}),
    (one("nps_score", "LT", "9" * 400), {ADA, EMILE, BOB, LONG}),
    (one("createdate", "GT", HUGE), set()),
    (one("associations.company", "EQ", HUGE), set()),
    # Times, in milliseconds or as text; rows are created hourly from 13:00 UTC.
    (one("createdate", "LT", "2026-03-01T15:00:00Z"), {ADA, EMILE}),
    (one("createdate", "EQ", "1772373600000"), {EMILE}),
    (one("createdate", "BETWEEN", "2026-03-01T14:00:00.000Z", highValue="1772377200000"), {EMILE, GRACE}),
    (one("lastmodifieddate", "GTE", "2026-03-05"), {BOB, LONG}),
    # Presence.
    (one("email", "HAS_PROPERTY"), {ADA, EMILE, GRACE}),
    (one("email", "NOT_HAS_PROPERTY"), {BOB, LONG}),
    (one("hubspot_owner_id", "EQ", "70000101"), {ADA}),
    # Tokens: words, or whole pieces between blanks, `*` inside one of them.
    (one("city", "CONTAINS_TOKEN", "york"), {GRACE, BOB, LONG}),
    (one("city", "CONTAINS_TOKEN", "yor"), set()),
    (one("city", "CONTAINS_TOKEN", "yor*"), {GRACE, BOB, LONG}),
    (one("city", "CONTAINS_TOKEN", "*w*"), {GRACE, BOB}),
    (one("city", "CONTAINS_TOKEN", "York New"), {GRACE, BOB}),
    (one("city", "CONTAINS_TOKEN", "ne*york"), set()),
    (one("email", "CONTAINS_TOKEN", "*@ACME.example"), {ADA, EMILE}),
    (one("email", "CONTAINS_TOKEN", "navy"), {GRACE}),
    (one("lastname", "CONTAINS_TOKEN", "murray-hopper"), {GRACE}),
    (one("city", "NOT_CONTAINS_TOKEN", "york"), {ADA, EMILE}),
    (one("firstname", "NOT_CONTAINS_TOKEN", "grace"), {ADA, EMILE, BOB}),
    # A contact is also its additional addresses.
    (one("email", "EQ", "countess@LACE.example"), {ADA}),
    (one("email", "IN", values=["countess@lace.example"]), set()),
]


@pytest.mark.parametrize(("filtered", "expected"), CASES, ids=lambda case: str(case) if isinstance(case, dict) else "")
def test_a_filter_matches_exactly(portal: Portal, filtered: dict[str, object], expected: set[str]):
    """Each operator matches the contacts that HubSpot's rules say, and `total` counts them."""
    answer = portal.search("contacts", filterGroups=[{"filters": [filtered]}], limit=100).json()

    assert {record["id"] for record in answer["results"]} == expected
    assert answer["total"] == len(expected)


def test_filters_of_a_group_are_all_needed_and_one_group_is_enough(portal: Portal):
    """A group is a conjunction, the groups are alternatives; a bare list of filters is one group."""
    customer, new_york = one("lifecyclestage", "EQ", "customer"), one("city", "EQ", "new york")

    both = portal.found("contacts", filterGroups=[{"filters": [customer, new_york]}])
    either = portal.found("contacts", filterGroups=[{"filters": [customer]}, {"filters": [new_york]}])
    bare = portal.found("contacts", filters=[customer, new_york])

    assert (set(both), set(either), set(bare)) == ({BOB}, {ADA, GRACE, BOB}, {BOB})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ada", {ADA}),
        ("ACME", {ADA, EMILE}),
        ("lovelace ada", {ADA}),
        ("countess@lace.example", {ADA}),
        ("york", set()),
        ("(555) 010-1234", {ADA}),
        ("0015550101234", set()),
        ("gra*", {GRACE}),
    ],
)
def test_query_looks_at_the_default_fields(portal: Portal, query: str, expected: set[str]):
    """Every word must be in some default field; a phone number is found without its country code."""
    assert set(portal.found("contacts", query=query)) == expected


def test_query_and_filters_are_both_needed(portal: Portal):
    """`query` narrows what the filters find."""
    groups = [{"filters": [one("city", "EQ", "paris")]}]

    assert portal.found("contacts", query="acme", filterGroups=groups) == [EMILE]


def test_records_are_found_by_what_they_are_associated_with(portal: Portal):
    """`associations.company` and its like stand beside ordinary filters, from both sides."""
    company_id, contact_id = str(record_id("companies", 1)), str(record_id("contacts", 1))
    linked = one("associations.company", "EQ", company_id)

    assert portal.found("contacts", filters=[linked]) == [ADA]
    assert portal.found("contacts", filters=[linked, one("city", "EQ", "paris")]) == []
    assert portal.found("deals", filters=[linked]) == [str(record_id("deals", 1))]
    assert portal.found("leads", filters=[one("associations.contact", "EQ", contact_id)]) == [
        str(record_id("leads", 1))
    ]
    assert portal.found("contacts", filters=[one("associations.ticket", "EQ", "1")]) == []


BAD = [
    one("nope", "EQ", "1"),
    one("city", "LIKE", "x"),
    one("city", "EQ"),
    one("city", "EQ", ""),
    one("city", "IN", values=[]),
    one("city", "IN", "london"),
    one("city", "HAS_PROPERTY", "x"),
    one("nps_score", "BETWEEN", "3"),
    one("nps_score", "GT", "many"),
    one("createdate", "GT", "yesterday"),
    one("nps_score", "CONTAINS_TOKEN", "7"),
    one("associations.lead", "EQ", "1"),
    one("associations.company", "IN", values=["1"]),
    {"operator": "EQ", "value": "x"},
    {"propertyName": "city", "value": "x"},
]


@pytest.mark.parametrize("filtered", BAD, ids=str)
def test_a_filter_that_hubspot_does_not_know_is_refused(portal: Portal, filtered: dict[str, object]):
    """400, with the reason in `message`."""
    answer = portal.search("contacts", filterGroups=[{"filters": [filtered]}])

    assert (answer.status_code, answer.json()["status"]) == (400, "error")


def test_ids_compare_as_text_when_switched():
    """With `ids: lexicographic`, 3 comes after every id here, and the long id sorts before 101's successor."""
    with running_portal(BOOK, ids="lexicographic") as portal:
        above = portal.found("contacts", filters=[one("hs_object_id", "GT", "102")])
        ordered = portal.found("contacts", sorts=[{"propertyName": "hs_object_id"}])
        listed = portal.found("contacts", filters=[one("hs_object_id", "IN", values=["101", LONG])])

        huge = portal.found("contacts", filters=[one("hs_object_id", "EQ", HUGE)])

    assert huge == []
    assert set(above) == {GRACE, BOB, LONG}
    assert ordered == [ADA, EMILE, GRACE, BOB, LONG]
    assert set(listed) == {ADA, LONG}


def test_additional_addresses_can_be_left_out():
    """With `email_matches_additional` off, EQ compares the first address alone."""
    with running_portal(BOOK, email_matches_additional=False) as portal:
        assert portal.found("contacts", filters=[one("email", "EQ", "countess@lace.example")]) == []
        assert portal.found("contacts", filters=[one("email", "EQ", "ADA@acme.example")]) == [ADA]


def test_cleared_values_can_count_as_present():
    """With `cleared_has_property`, 1 in 28 contacts without a value has the property all the same."""
    people = [person(number) for number in range(1, 101)]
    with running_portal(book(people=people), cleared_has_property=True) as portal:
        has = portal.search("contacts", filters=[one("city", "HAS_PROPERTY")], properties=["city"]).json()
        has_not = portal.search("contacts", filters=[one("city", "NOT_HAS_PROPERTY")]).json()

    assert 0 < has["total"] < 10
    assert has["total"] + has_not["total"] == 100
    assert {record["properties"]["city"] for record in has["results"]} == {None}

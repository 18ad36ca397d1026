"""Searches by the properties that an account defined, and the words of a query beside them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hubspot import HubSpot
from hubspot.crm.contacts import Filter, FilterGroup, PublicObjectSearchRequest

from sandbox.hubspot.definitions import record_id
from tests.sandbox.hubspot.books import book, company, deal, person
from tests.sandbox.hubspot.portals import Portal, running_portal

ADA, BOB, CAT, DAN = (str(record_id("contacts", number)) for number in range(1, 5))
MARCH = str(int(datetime(2027, 3, 1, tzinfo=UTC).timestamp() * 1000))
BOOK = book(
    companies=[company(1, customer_number="F-000012", tier="gold"), company(2, tier="silver"), company(3)],
    people=[
        person(
            1,
            first_name="Ada",
            customer_number="K-004711",
            renewal_on=date(2027, 3, 1),
            is_vip=True,
            preferred_channel="email",
            interests=("product", "support"),
        ),
        person(2, first_name="Bob Adam", renewal_on=date(2027, 3, 2), is_vip=False, interests=("product",)),
        person(3, first_name="Ada", preferred_channel="visit", interests=("pricing", "support")),
        person(4, customer_number="k-000002"),
    ],
    deals=[
        deal(1, contract_months=12, competitor="50 % Plus_Minus"),
        deal(2, contract_months=24, competitor='Köhler "Premium" AG'),
        deal(3),
    ],
)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """The book above."""
    with running_portal(BOOK, ties="id") as running:
        yield running


def one(name: str, operator: str, *value: object, **more: object) -> dict[str, object]:
    """A filter with at most one value."""
    return {"propertyName": name, "operator": operator, **({"value": value[0]} if value else {}), **more}


@pytest.mark.parametrize(
    ("filtered", "expected"),
    [
        # A day is text or the milliseconds of its midnight in UTC.
        (one("renewal_date", "EQ", "2027-03-01"), [ADA]),
        (one("renewal_date", "EQ", MARCH), [ADA]),
        (one("renewal_date", "GT", "2027-03-01"), [BOB]),
        (one("renewal_date", "BETWEEN", "2027-03-01", highValue="2027-03-02"), [ADA, BOB]),
        (one("renewal_date", "LTE", MARCH), [ADA]),
        (one("renewal_date", "NOT_HAS_PROPERTY"), [CAT, DAN]),
        # Nothing said is neither true nor false.
        (one("is_vip", "EQ", "true"), [ADA]),
        (one("is_vip", "EQ", False), [BOB]),
        (one("is_vip", "NEQ", "true"), [BOB]),
        (one("is_vip", "HAS_PROPERTY"), [ADA, BOB]),
        # Text compares without case, but in lists only in lower case.
        (one("customer_number", "EQ", "k-004711"), [ADA]),
        (one("customer_number", "IN", values=["k-004711", "k-000002"]), [ADA, DAN]),
        (one("customer_number", "IN", values=["K-004711"]), []),
        (one("customer_number", "CONTAINS_TOKEN", "K-00*"), [ADA, DAN]),
        # Choices compare with case.
        (one("preferred_channel", "EQ", "visit"), [CAT]),
        (one("preferred_channel", "EQ", "Visit"), []),
        (one("preferred_channel", "IN", values=["email", "phone"]), [ADA]),
        # Of several choices, lists look for any; EQ compares them all.
        (one("interests", "IN", values=["support"]), [ADA, CAT]),
        (one("interests", "IN", values=["pricing", "product"]), [ADA, BOB, CAT]),
        (one("interests", "NOT_IN", values=["support"]), [BOB]),
        (one("interests", "EQ", "product"), [BOB]),
        (one("interests", "EQ", "product;support"), [ADA]),
        (one("interests", "CONTAINS_TOKEN", "product"), [ADA, BOB]),
        (one("interests", "IN", values=["sup"]), []),
        (one("interests", "HAS_PROPERTY"), [ADA, BOB, CAT]),
    ],
    ids=str,
)
def test_own_properties_are_compared_by_their_types(
    portal: Portal, filtered: dict[str, object], expected: list[str]
) -> None:
    """Each operator matches the contacts that HubSpot's rules say."""
    assert sorted(portal.found("contacts", filters=[filtered])) == sorted(expected)


def test_several_choices_can_be_compared_whole() -> None:
    """With `multi_select_in: whole`, lists compare the stored text."""
    with running_portal(BOOK, multi_select_in="whole") as portal:
        assert portal.found("contacts", filters=[one("interests", "IN", values=["product"])]) == [BOB]


def test_companies_and_deals_have_own_properties_too(portal: Portal) -> None:
    """Numbers, choices and text that is hard to escape."""
    companies = [str(record_id("companies", number)) for number in (1, 2)]
    deals = [str(record_id("deals", number)) for number in (1, 2)]

    assert portal.found("companies", filters=[one("tier", "IN", values=["gold", "silver"])]) == list(
        map(str, companies)
    )
    assert portal.found("companies", filters=[one("customer_number", "EQ", "f-000012")]) == [companies[0]]
    assert portal.found("deals", filters=[one("contract_months", "GTE", 24)]) == [deals[1]]
    assert portal.found("deals", filters=[one("main_competitor", "EQ", 'KÖHLER "premium" ag')]) == [deals[1]]
    assert portal.found("deals", filters=[one("main_competitor", "CONTAINS_TOKEN", "50")]) == [deals[0]]


def test_a_query_gives_the_oldest_first_page_by_page(portal: Portal) -> None:
    """Without a sort there is no other rank, with filters or without, whatever the page."""
    pages = [portal.search("contacts", query="ada", limit=1, after=after).json() for after in ("0", "1")]
    narrowed = portal.found("contacts", query="ada", filters=[one("interests", "IN", values=["pricing"])])

    assert [page["results"][0]["id"] for page in pages] == [ADA, CAT]
    assert [page["total"] for page in pages] == [2, 2]
    assert "paging" not in pages[1]
    assert narrowed == [CAT]


def test_the_official_client_searches_own_properties(portal: Portal) -> None:
    """By a date, and by any of several choices."""
    client = HubSpot(access_token=portal.secrets["HUBSPOT_TOKEN"], host=portal.url)
    filters = [
        Filter(property_name="renewal_date", operator="GTE", value="2027-01-01"),
        Filter(property_name="interests", operator="IN", values=["support", "pricing"]),
    ]
    request = PublicObjectSearchRequest(
        filter_groups=[FilterGroup(filters=filters)], properties=["interests", "renewal_date", "is_vip"]
    )

    answer = client.crm.contacts.search_api.do_search(public_object_search_request=request)

    assert [one.id for one in answer.results] == [ADA]
    told = answer.results[0].properties
    assert (told["interests"], told["renewal_date"], told["is_vip"]) == ("product;support", "2027-03-01", "true")

"""The emulator serves HubSpot's own Python client, unmodified."""

import json
from collections.abc import Iterator

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4 import (
    BatchInputPublicFetchAssociationsBatchRequest,
    BatchResponsePublicAssociationMultiWithLabelWithErrors,
    PublicFetchAssociationsBatchRequest,
)
from hubspot.crm.contacts import (
    ApiException,
    BatchReadInputSimplePublicObjectId,
    BatchResponseSimplePublicObjectWithErrors,
    Filter,
    FilterGroup,
    PublicObjectSearchRequest,
    SimplePublicObjectId,
)
from hubspot.crm.contacts.exceptions import ForbiddenException, NotFoundException, UnauthorizedException

from sandbox.seed import build_book
from tests.sandbox.hubspot.portals import Portal, running_portal

BOOK = build_book("hubspot", scale=0.3)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """The book above."""
    with running_portal(BOOK) as running:
        yield running


@pytest.fixture
def client(portal: Portal) -> HubSpot:
    """HubSpot's client with the private app's token."""
    return HubSpot(access_token=portal.secrets["HUBSPOT_TOKEN"], host=portal.url)


def test_get_all_walks_every_page_of_contacts(client: HubSpot):
    """The lists of all pages are the book's people, each once, by id."""
    found = client.crm.contacts.get_all(properties=["lastname", "email"])

    ids = [int(one.id) for one in found]
    assert len(set(ids)) == len(BOOK.people)
    assert ids == sorted(ids)
    assert sorted(one.properties["lastname"] for one in found) == sorted(one.last_name for one in BOOK.people)


def test_search_models_are_understood(client: HubSpot):
    """The client's search request finds a contact by its address."""
    person = next(one for one in BOOK.people if one.email)
    wanted = Filter(property_name="email", operator="EQ", value=person.email.upper())
    request = PublicObjectSearchRequest(
        filter_groups=[FilterGroup(filters=[wanted])],
        properties=["lastname", "email"],
        sorts=[{"propertyName": "createdate", "direction": "DESCENDING"}],
    )

    answer = client.crm.contacts.search_api.do_search(public_object_search_request=request)

    assert (answer.total, [one.properties["lastname"] for one in answer.results]) == (1, [person.last_name])


def test_batch_read_with_a_missing_id_is_a_207_with_one_error(client: HubSpot):
    """The client parses the partial answer: what is there, and one error that lists all that is not."""
    there = client.crm.contacts.basic_api.get_page(limit=2).results
    inputs = [SimplePublicObjectId(id=one.id) for one in there] + [SimplePublicObjectId(id=x) for x in ("7", "8")]
    request = BatchReadInputSimplePublicObjectId(inputs=inputs, properties=["email"], properties_with_history=[])

    answer, status, _ = client.crm.contacts.batch_api.read_with_http_info(
        batch_read_input_simple_public_object_id=request
    )

    assert status == 207
    assert isinstance(answer, BatchResponseSimplePublicObjectWithErrors)
    assert {one.id for one in answer.results} == {one.id for one in there}
    assert (answer.num_errors, answer.errors[0].context) == (1, {"ids": ["7", "8"]})


def test_v4_association_batches_are_parsed(client: HubSpot):
    """Companies of contacts come with their types; a contact without one comes as an error of a 207."""
    everyone = client.crm.contacts.get_all(properties=["associatedcompanyid"])
    employed = next(one for one in everyone if one.properties["associatedcompanyid"])
    alone = next(one for one in everyone if not one.properties["associatedcompanyid"])
    inputs = [PublicFetchAssociationsBatchRequest(id=one.id) for one in (employed, alone)]

    answer = client.crm.associations.v4.batch_api.get_page(
        from_object_type="contacts",
        to_object_type="companies",
        batch_input_public_fetch_associations_batch_request=BatchInputPublicFetchAssociationsBatchRequest(inputs),
    )

    assert isinstance(answer, BatchResponsePublicAssociationMultiWithLabelWithErrors)
    assert [one._from.id for one in answer.results] == [employed.id]
    first = answer.results[0].to[0]
    assert employed.properties["associatedcompanyid"] in {one.to_object_id for one in answer.results[0].to}
    assert {one.type_id for one in first.association_types} <= {1, 279}
    assert [one.context["fromObjectId"] for one in answer.errors] == [[alone.id]]


@pytest.mark.parametrize("archived", [False, True])
def test_owners_are_paged_and_archived_ones_apart(client: HubSpot, archived: bool):
    """Each listing pages through its own owners; deactivated ones have no user id."""
    api = client.crm.owners.owners_api
    found, after = [], None
    while True:
        page = api.get_page(limit=3, archived=archived, **({"after": after} if after else {}))
        found += page.results
        if page.paging is None:
            break
        after = page.paging.next.after

    expected = [one for one in BOOK.users if one.is_active is not archived]
    assert len(expected) > 0
    assert [one.email for one in found] == [one.email for one in expected]
    if archived:
        assert {one.user_id for one in found} == {None}


def test_an_owner_is_found_by_id_and_by_user_id(client: HubSpot):
    """The owner id is not the user id; both lead to the owner."""
    api = client.crm.owners.owners_api
    owner = next(one for one in api.get_page(limit=100).results if one.user_id)

    assert str(owner.user_id) != owner.id
    assert api.get_by_id(owner_id=int(owner.id)).email == owner.email
    assert api.get_by_id(owner_id=owner.user_id, id_property="userId").id == owner.id


@pytest.mark.parametrize("kind", ["deals", "leads"])
def test_pipelines_have_stages_with_text_metadata(client: HubSpot, kind: str):
    """Stage metadata are strings, and stage ids are not labels."""
    pipelines = client.crm.pipelines.pipelines_api.get_all(object_type=kind).results

    stages = [stage for one in pipelines for stage in one.stages]
    assert {stage.metadata["isClosed"] for stage in stages} == {"true", "false"}
    assert all(stage.id != stage.label for stage in stages)


def test_properties_are_described(client: HubSpot):
    """A list and a single property; the account's own are marked."""
    api = client.crm.properties.core_api

    by_name = {one.name: one for one in api.get_all(object_type="contacts").results}

    assert (by_name["nps_score"].type, by_name["nps_score"].hubspot_defined) == ("number", False)
    assert by_name["email"].hubspot_defined is True
    own = {one.name: (one.type, one.field_type) for one in by_name.values() if not one.hubspot_defined}
    assert own == {
        "region": ("enumeration", "select"),
        "nps_score": ("number", "number"),
        "customer_number": ("string", "text"),
        "renewal_date": ("date", "date"),
        "is_vip": ("bool", "booleancheckbox"),
        "preferred_channel": ("enumeration", "select"),
        "interests": ("enumeration", "checkbox"),
    }
    assert [one.value for one in by_name["interests"].options] == ["product", "pricing", "support"]
    assert [one.value for one in by_name["is_vip"].options] == ["true", "false"]
    stage = api.get_by_name(object_type="0-3", property_name="dealstage")
    assert {"closedwon", "closedlost"} < {one.value for one in stage.options}


def test_a_refresh_token_buys_an_access_token_that_works(portal: Portal, client: HubSpot):
    """`oauth.tokens_api.create` refreshes, and the new token reads contacts."""
    answer = client.oauth.tokens_api.create(
        grant_type="refresh_token",
        client_id=portal.secrets["HUBSPOT_CLIENT_ID"],
        client_secret=portal.secrets["HUBSPOT_CLIENT_SECRET"],
        refresh_token=portal.secrets["HUBSPOT_REFRESH_TOKEN"],
    )

    assert (answer.token_type, answer.expires_in) == ("bearer", 1800)
    assert answer.refresh_token == portal.secrets["HUBSPOT_REFRESH_TOKEN"]
    other = HubSpot(access_token=answer.access_token, host=portal.url)
    assert len(other.crm.contacts.basic_api.get_page(limit=5).results) == 5


def test_errors_become_the_clients_exceptions(portal: Portal, client: HubSpot):
    """401, 403, 404 and 429 raise the class that the client has for each."""
    contacts = client.crm.contacts.basic_api
    with pytest.raises(UnauthorizedException):
        HubSpot(access_token="pat-na1-wrong", host=portal.url).crm.contacts.basic_api.get_page()
    with pytest.raises(NotFoundException):
        contacts.get_by_id(contact_id="7")

    portal.faults.set("forbidden", times=1)
    with pytest.raises(ForbiddenException) as refused:
        contacts.get_page()
    assert json.loads(refused.value.body)["category"] == "MISSING_SCOPES"

    portal.faults.set("rate_limited", times=1)
    with pytest.raises(ApiException) as limited:
        contacts.get_page()
    assert limited.value.status == 429
    assert json.loads(limited.value.body)["policyName"] == "TEN_SECONDLY_ROLLING"

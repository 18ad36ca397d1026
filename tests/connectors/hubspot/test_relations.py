"""What records are tied to: links, their order, their roles, and fields that stand at their far ends."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from math import ceil

import httpx
import pytest

from model.entities import Appointment, Contact, Entity, Lead, Note, User
from model.page import RelatedPage
from model.query import EVERYTHING, Compare, Operator, Query, RelationSelection, Selection
from model.values import UNSET, Ref
from sandbox.run import Sandbox
from tests.connectors.hubspot.accounts import UNLIMITED, Account, account, data_calls


@dataclass(frozen=True, slots=True)
class Tied:
    """An account and what its single-record endpoint tells of associations."""

    sandbox: Sandbox
    http: httpx.Client
    page_size: int

    def ends(self, object_: str, remote_id: str, target: str) -> dict[int, list[int]]:
        """Type ids by far end."""
        path = f"/crm/v4/objects/{object_}/{remote_id}/associations/{target}"
        results = self.http.get(path, params={"limit": 500}).json()["results"]
        return {int(one["toObjectId"]): [tie["typeId"] for tie in one["associationTypes"]] for one in results}


@pytest.fixture(scope="module", params=[{}, {"association_page": 2, "to_object_id": "number"}], ids=["", "short pages"])
def tied(request: pytest.FixtureRequest) -> Iterator[Tied]:
    """An account whose associations come whole, and one where they come in pages of two with numbers for ids."""
    with Sandbox(
        ["hubspot"], scale=0.3, time_scale=100, options={"hubspot": {**UNLIMITED, **request.param}}
    ) as running:
        headers = {"Authorization": f"Bearer {running.secrets['HUBSPOT_TOKEN']}"}
        with httpx.Client(base_url=running.url("hubspot"), headers=headers) as http:
            yield Tied(running, http, request.param.get("association_page", 500))


@pytest.fixture
async def hubspot(tied: Tied) -> AsyncIterator[Account]:
    """A described connector to it."""
    async with account(tied.sandbox) as connected:
        yield connected


async def _related(
    hubspot: Account, entity: Entity, field: str, parents: list[str], *, first: int, after: str | None = None
) -> list[RelatedPage]:
    found = await hubspot.connector.related(entity, field, parents, selection=Selection(), first=first, after=after)
    return [page for page in found if isinstance(page, RelatedPage)]


@pytest.mark.parametrize(
    ("entity", "field", "way"),
    [
        (Entity.CONTACT, "companies", ("contacts", "companies")),
        (Entity.CONTACT, "deals", ("contacts", "deals")),
        (Entity.COMPANY, "contacts", ("companies", "contacts")),
        (Entity.COMPANY, "deals", ("companies", "deals")),
        (Entity.DEAL, "contacts", ("deals", "contacts")),
        (Entity.CONTACT, "appointments", ("contacts", "meetings")),
    ],
)
async def test_links_are_the_first_by_id(
    tied: Tied, hubspot: Account, entity: Entity, field: str, way: tuple[str, str]
) -> None:
    """Each parent has its first links by ascending number, each target once, and says whether others follow."""
    object_, target = way
    parents = [row.remote_id for row in await hubspot.read(entity, limit=40)][:40]
    told = [sorted(tied.ends(object_, parent, target)) for parent in parents]

    found = await _related(hubspot, entity, field, parents, first=2)

    assert any(len(ends) > 1 for ends in told)
    assert [[str(end) for end in ends[:2]] for ends in told] == [
        [link.ref.remote_id for link in page.links] for page in found
    ]
    assert [len(ends) > 2 for ends in told] == [page.has_more for page in found]


async def test_links_go_on_behind_any_one(tied: Tied, hubspot: Account) -> None:
    """One parent's links can be read on from the id of any of them."""
    companies = [row.remote_id for row in await hubspot.read(Entity.COMPANY, limit=100)]
    counts = {company: sorted(tied.ends("companies", company, "contacts")) for company in companies[:40]}
    company, ends = max(counts.items(), key=lambda item: len(item[1]))

    (page,) = await _related(hubspot, Entity.COMPANY, "contacts", [company], first=2, after=str(ends[0]))

    assert len(ends) > 3
    assert [str(end) for end in ends[1:3]] == [link.ref.remote_id for link in page.links]
    assert page.has_more


async def test_the_primary_link_is_known_by_its_type(tied: Tied, hubspot: Account) -> None:
    """A deal's company is the one of type 5, in either direction of reading the primary one is marked."""
    deals = [row.remote_id for row in await hubspot.read(Entity.DEAL, limit=100)][:60]
    told = {deal: tied.ends("deals", deal, "companies") for deal in deals}
    primary = {deal: [end for end, types in ends.items() if 5 in types] for deal, ends in told.items()}

    found = await _related(hubspot, Entity.DEAL, "company", deals, first=1)

    assert [[str(end) for end in primary[deal]] for deal in deals] == [
        [link.ref.remote_id for link in page.links if link.is_primary] for page in found
    ]


async def test_a_contacts_company_is_the_primary_one(tied: Tied, hubspot: Account) -> None:
    """The Ref on the record and the link that is marked as primary name one company."""
    query = Query(
        entity=Entity.CONTACT, selection=Selection(relations={"company": RelationSelection(Selection())}), limit=50
    )
    contacts = [row for row in (await hubspot.connector.page(query)).records if isinstance(row, Contact)]

    for contact in contacts[:25]:
        ends = tied.ends("contacts", contact.remote_id, "companies")
        primary = [Ref(Entity.COMPANY, str(end)) for end, types in ends.items() if 1 in types]
        assert primary == ([contact.company] if contact.company else [])


async def test_roles_are_labels_that_say_more_than_primary(hubspot: Account) -> None:
    """A contact's part in a deal is its label, and no link has the word Primary for a role."""
    deals = [row.remote_id for row in await hubspot.read(Entity.DEAL, limit=100)]

    found = await _related(hubspot, Entity.DEAL, "contacts", deals, first=10)

    roles = {link.role for page in found for link in page.links}
    assert len(roles - {None}) > 1
    assert "Primary" not in roles


async def test_parents_are_read_a_thousand_at_a_time(tied: Tied, hubspot: Account) -> None:
    """A batch of parents is a single call, and one more for each round that HubSpot pages the ends in."""
    parents = [row.remote_id for row in await hubspot.read(Entity.CONTACT, limit=200)]
    longest = max(len(tied.ends("contacts", parent, "companies")) for parent in parents)
    before = len(data_calls(hubspot.scope))

    await _related(hubspot, Entity.CONTACT, "companies", parents, first=1000)

    assert ceil(longest / tied.page_size) == len(data_calls(hubspot.scope)) - before


async def test_activities_tell_what_they_are_about_for_three_calls(tied: Tied, hubspot: Account) -> None:
    """Contacts, companies and deals, each by id, with a page in HubSpot; read only when asked for."""
    query = Query(entity=Entity.NOTE, selection=Selection(frozenset({"about"})), limit=20)
    before = len(data_calls(hubspot.scope))

    notes = [row for row in (await hubspot.connector.page(query)).records if isinstance(row, Note)]

    assert data_calls(hubspot.scope)[before : before + 4] == ["list", "associations", "associations", "associations"]
    for note in notes[:10]:
        told = [
            (target, str(end))
            for target in ("contacts", "companies", "deals")
            for end in sorted(tied.ends("notes", note.remote_id, target))
        ]
        assert isinstance(note.about, tuple)
        assert told == [(one.remote_type, one.remote_id) for one in note.about]
        assert all(one.ref and one.url and one.url.endswith(one.remote_id) for one in note.about)


async def test_contacts_attend_with_name_and_address(tied: Tied, hubspot: Account) -> None:
    """Contacts among the attendees come from the meeting's associations, by id, and say what the contact says."""
    query = Query(entity=Entity.APPOINTMENT, selection=Selection(frozenset({"attendees"})), limit=20)

    page = await hubspot.connector.page(query)

    found = [row for row in page.records if isinstance(row, Appointment)]
    attending = [[one for one in meeting.attendees or () if one.contact] for meeting in found]
    told = [sorted(tied.ends("meetings", meeting.remote_id, "contacts")) for meeting in found]
    assert any(told)
    assert told == [[int(one.contact.remote_id) for one in guests if one.contact] for guests in attending]
    ids = list(dict.fromkeys(str(end) for ends in told for end in ends))
    fields = Selection(frozenset({"display_name", "email"}))
    contacts = await hubspot.connector.by_ids(Entity.CONTACT, ids, fields)
    people = {one.remote_id: (one.display_name, one.email) for one in contacts if isinstance(one, Contact)}
    assert all(name for name, _ in people.values())
    assert [[people[str(end)] for end in ends] for ends in told] == [
        [(one.name, one.email) for one in guests] for guests in attending
    ]
    assert sorted(people) == sorted(row.remote_id for row in page.primed)


@pytest.mark.parametrize("limit", [1, 20, 100])
async def test_attendees_cost_an_association_batch_and_a_batch_of_contacts(
    tied: Tied, hubspot: Account, limit: int
) -> None:
    """Distinct contacts are read a hundred at a time, none where nobody attends, and only when asked for."""
    fields = Selection(frozenset({"title", "attendees"}))
    query = Query(entity=Entity.APPOINTMENT, selection=fields, limit=limit)
    bare = Query(entity=Entity.APPOINTMENT, selection=Selection(frozenset({"title"})), limit=limit)
    before = len(data_calls(hubspot.scope))

    page = await hubspot.connector.page(query)

    calls = data_calls(hubspot.scope)[before:]
    ends = [tied.ends("meetings", row.remote_id, "contacts") for row in page.records]
    longest = max(1, *(len(one) for one in ends))
    contacts = {end for one in ends for end in one}
    assert (1, ceil(longest / tied.page_size), ceil(len(contacts) / 100)) == (
        calls.count("list"),
        calls.count("associations"),
        calls.count("batch_read"),
    )
    assert (hubspot.connector.plan(query).calls, hubspot.connector.plan(bare).calls) == (3, 1)


async def test_contacts_read_for_attendees_serve_the_relation(hubspot: Account) -> None:
    """They carry what the relation asks, so that the host reads neither links nor contacts again."""
    wanted = {"contacts": RelationSelection(Selection(frozenset({"job_title"})), first=100)}
    query = Query(entity=Entity.APPOINTMENT, selection=Selection(frozenset({"attendees"}), wanted), limit=20)

    page = await hubspot.connector.page(query)

    linked = {link.ref.remote_id for related in page.related.values() for link in related.links}
    assert linked == {row.remote_id for row in page.primed}
    assert all(isinstance(row, Contact) and row.job_title is not UNSET for row in page.primed)


async def test_owners_attend_with_name_and_address(tied: Tied, hubspot: Account) -> None:
    """Owners stand before contacts, in HubSpot's order, with what the cached owners say of them."""
    path = "/crm/v3/objects/meetings"
    results = tied.http.get(path, params={"limit": 40, "properties": "hs_attendee_owner_ids"}).json()["results"]
    told = {row["id"]: (row["properties"]["hs_attendee_owner_ids"] or "").split(";") for row in results}
    owners = {row.remote_id: row for row in await hubspot.read(Entity.USER, EVERYTHING, "name", "email")}

    meetings = await hubspot.connector.by_ids(Entity.APPOINTMENT, list(told), Selection(frozenset({"attendees"})))

    assert any(len(ids) > 1 for ids in told.values())
    for meeting in meetings:
        assert isinstance(meeting, Appointment)
        attendees = meeting.attendees or ()
        named = [owners[owner_id] for owner_id in told[meeting.remote_id] if owner_id]
        expected = [(Ref(Entity.USER, row.remote_id), row.name, row.email) for row in named if isinstance(row, User)]
        assert expected == [(one.user, one.name, one.email) for one in attendees[: len(named)]]
        assert all(one.contact for one in attendees[len(named) :])


async def test_who_made_a_record_is_the_owner_with_that_user_id(tied: Tied, hubspot: Account) -> None:
    """User ids are no owner ids: each points at the owner behind it, deactivated ones too, or at nobody."""
    owners: dict[str, str] = {}
    for archived in ("false", "true"):
        found = tied.http.get("/crm/v3/owners", params={"limit": 500, "archived": archived}).json()["results"]
        owners |= {str(one["userIdIncludingInactive"]): one["id"] for one in found}
    names = {"created_by": "hs_created_by_user_id", "updated_by": "hs_updated_by_user_id"}
    params: dict[str, str | int] = {"limit": 60, "properties": ",".join(names.values())}
    rows = tied.http.get("/crm/v3/objects/deals", params=params).json()["results"]
    keyed = {name: RelationSelection(Selection(frozenset({"name"}))) for name in names}

    page = await hubspot.connector.page(
        Query(entity=Entity.DEAL, selection=Selection(relations=keyed), limit=60),
    )

    for field, name in names.items():
        told = [owners.get(row["properties"][name] or "") for row in rows]
        refs = [getattr(row, field) for row in page.records]
        assert [None if one is None else Ref(Entity.USER, one) for one in told] == refs
        assert len({one for one in told if one}) > 1
        assert any(one is None and row["properties"][name] for one, row in zip(told, rows, strict=True))


async def test_a_lead_borrows_from_its_contact_for_two_calls(hubspot: Account) -> None:
    """What stands on the contact alone is read there, by id and in batches, and agrees with the contact."""
    query = Query(entity=Entity.LEAD, selection=Selection(frozenset({"job_title", "phones", "email"})), limit=50)
    before = len(data_calls(hubspot.scope))

    leads = [row for row in (await hubspot.connector.page(query)).records if isinstance(row, Lead)]

    calls = data_calls(hubspot.scope)[before:]
    assert {"list", "associations", "batch_read"} == set(calls)
    links = await _related(hubspot, Entity.LEAD, "contact", [lead.remote_id for lead in leads], first=1)
    ids = [page.links[0].ref.remote_id for page in links]
    fields = Selection(frozenset({"job_title", "phones", "email"}))
    contacts = await hubspot.connector.by_ids(Entity.CONTACT, ids, fields)
    assert [(lead.job_title, lead.phones, lead.email) for lead in leads] == [
        (one.job_title, one.phones, one.email) for one in contacts if isinstance(one, Contact)
    ]


async def test_by_ids_completes_records_too(hubspot: Account) -> None:
    """Fields at far ends are there however a record is reached."""
    (page,) = [(await hubspot.connector.page(Query(entity=Entity.LEAD, selection=Selection(), limit=3)))]
    ids = [row.remote_id for row in page.records]

    found = await hubspot.connector.by_ids(Entity.LEAD, ids, Selection(frozenset({"phone", "title"})))
    paged = await hubspot.read(Entity.LEAD, Compare("remote_id", Operator.IN, tuple(ids)), "phone", "title")

    assert [(row.remote_id, row.phone, row.title) for row in paged if isinstance(row, Lead)] == [
        (row.remote_id, row.phone, row.title) for row in found if isinstance(row, Lead)
    ]


async def test_what_was_read_for_a_field_serves_the_relation(hubspot: Account) -> None:
    """Associations that a field needed answer the relation too, and so do the contacts a lead borrowed from."""
    wanted = {"contact": RelationSelection(Selection(frozenset({"email"})))}
    query = Query(entity=Entity.LEAD, selection=Selection(frozenset({"phone"}), wanted), limit=20)

    page = await hubspot.connector.page(query)

    links = await _related(hubspot, Entity.LEAD, "contact", [row.remote_id for row in page.records], first=1)
    assert links == [page.related["contact", row.remote_id] for row in page.records]
    assert {link.ref.remote_id for one in links for link in one.links} == {row.remote_id for row in page.primed}
    assert all(isinstance(row, Contact) and row.email is not UNSET for row in page.primed)

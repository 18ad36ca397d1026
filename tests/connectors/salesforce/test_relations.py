"""Related rows: the same links inline, in batches and one by one, each once, in id order, with the truth about more."""

from collections.abc import Mapping, Sequence

import pytest

from model.capabilities import Coverage, RelationMode
from model.entities import Appointment, Contact, Deal, Entity, Record
from model.page import RelatedPage
from model.query import RelationSelection, Selection
from sandbox.run import Sandbox
from tests.connectors.salesforce.org import Org, connected, query

TO_MANY = [
    (Entity.CONTACT, "companies"),
    (Entity.CONTACT, "deals"),
    (Entity.CONTACT, "leads"),
    (Entity.CONTACT, "appointments"),
    (Entity.CONTACT, "tasks"),
    (Entity.CONTACT, "notes"),
    (Entity.LEAD, "appointments"),
    (Entity.APPOINTMENT, "contacts"),
    (Entity.DEAL, "contacts"),
    (Entity.DEAL, "appointments"),
    (Entity.DEAL, "tasks"),
    (Entity.DEAL, "notes"),
    (Entity.COMPANY, "contacts"),
    (Entity.COMPANY, "deals"),
    (Entity.COMPANY, "appointments"),
    (Entity.COMPANY, "tasks"),
    (Entity.COMPANY, "notes"),
]
STAMP = Selection(frozenset({"updated_at"}))


async def ids_of(org: Org, entity: Entity) -> list[str]:
    """Every id of a type."""
    return [record.remote_id for record in await org.rows(query(entity))]


async def links_of(
    org: Org, entity: Entity, field: str, parents: Sequence[str], *, first: int = 100, after: str | None = None
) -> Mapping[str, RelatedPage]:
    """Related pages by parent, asked as a host asks: in batches."""
    found: dict[str, RelatedPage] = {}
    for start in range(0, len(parents), 200):
        chunk = parents[start : start + 200]
        pages = await org.connector.related(entity, field, chunk, selection=STAMP, first=first, after=after)
        for parent, page in zip(chunk, pages, strict=True):
            assert isinstance(page, RelatedPage), page
            found[parent] = page
    return found


def targets(page: RelatedPage) -> list[str]:
    """Ids of the links."""
    return [link.ref.remote_id for link in page.links]


@pytest.mark.parametrize(("entity", "field"), TO_MANY)
async def test_prefixes_tell_the_truth(org: Org, entity: Entity, field: str) -> None:
    """However few are asked, they are the first distinct ones in id order, and `has_more` is right; so is `after`."""
    parents = await ids_of(org, entity)
    whole = await links_of(org, entity, field, parents)

    assert any(page.links for page in whole.values()), "no link at all proves nothing"
    for first in (1, 2):
        for parent, page in (await links_of(org, entity, field, parents, first=first)).items():
            assert targets(page) == targets(whole[parent])[:first]
            assert page.has_more is (len(whole[parent].links) > first)
    for page in whole.values():
        assert targets(page) == sorted(set(targets(page)))
    longest = max(whole, key=lambda parent: len(whole[parent].links))
    start = targets(whole[longest])[0]
    rest = await links_of(org, entity, field, [longest], after=start)
    assert targets(rest[longest]) == targets(whole[longest])[1:]


@pytest.mark.parametrize(("entity", "field"), TO_MANY)
async def test_declared_mode_is_what_happens(org: Org, entity: Entity, field: str) -> None:
    """INLINE relations come with the page's one call and equal the batch; a batch is one call and brings records."""
    capability = (await org.connector.describe()).types[entity].relations[field]
    asked = query(entity, relations={field: RelationSelection(STAMP, 2)}, limit=20)
    split = org.connector.plan(asked)

    page = await org.connector.page(asked)

    assert len(org.calls()) == split.calls == 1
    assert (field in split.inline) is (capability.mode is RelationMode.INLINE)
    parents = [record.remote_id for record in page.records]
    batch = await links_of(org, entity, field, parents, first=2)
    assert len(org.calls()) == 1
    if capability.mode is RelationMode.INLINE:
        assert dict(page.related) == {(field, parent): found for parent, found in batch.items()}
    records = [link.record for found in batch.values() for link in found.links]
    assert all((record is not None) is capability.carries_records for record in records)


@pytest.mark.parametrize(
    ("there", "back"),
    [
        ((Entity.CONTACT, "deals"), (Entity.DEAL, "contacts")),
        ((Entity.CONTACT, "companies"), (Entity.COMPANY, "contacts")),
        ((Entity.CONTACT, "appointments"), (Entity.APPOINTMENT, "contacts")),
    ],
)
async def test_relations_agree_from_both_ends(org: Org, there: tuple[Entity, str], back: tuple[Entity, str]) -> None:
    """Who is at an appointment, in a deal or with a company is the same question from either side."""
    pairs = []
    for entity, field in (there, back):
        found = await links_of(org, entity, field, await ids_of(org, entity))
        pairs.append({(parent, target) for parent, page in found.items() for target in targets(page)})

    assert pairs[0] == {(target, parent) for parent, target in pairs[1]}


async def test_rows_beyond_an_answer_are_followed() -> None:
    """Parents and children that the vendor spreads over many answers are all there, and counted as calls."""
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": {"subquery_batch": 15}}) as sandbox:
        async with connected(sandbox) as org:
            parents = await ids_of(org, Entity.COMPANY)
            org.calls()
            narrow = await links_of(org, Entity.COMPANY, "contacts", parents)
            calls = org.calls()
    with Sandbox(["salesforce"], scale=0.1) as sandbox:
        async with connected(sandbox) as org:
            wide = await links_of(org, Entity.COMPANY, "contacts", parents)

    assert narrow == wide
    assert {call.operation for call in calls} == {"query", "query_more"}


async def test_parents_that_are_not_there_have_no_links(org: Org) -> None:
    """Unknown, malformed and foreign ids fail nobody; what cannot be an id is not asked."""
    (real, *_) = await ids_of(org, Entity.DEAL)
    org.calls()

    pages = await org.connector.related(
        Entity.DEAL, "contacts", ["006000000000001AAA", "x'", real, real], selection=STAMP, first=5
    )

    assert [isinstance(page, RelatedPage) for page in pages] == [True] * 4
    assert pages[0] == pages[1] == RelatedPage(())
    assert pages[2] == pages[3]
    assert len(org.calls()) == 1


async def test_roles_of_one_contact_are_one_link(org: Org) -> None:
    """A contact may have several roles in a deal: the link is one, and says if any of them is the primary."""
    found = await links_of(org, Entity.DEAL, "contacts", await ids_of(org, Entity.DEAL))
    links = [link for page in found.values() for link in page.links]

    assert {link.is_primary for link in links} == {True, False}
    assert any(link.role for link in links)
    assert all(sum(link.is_primary for link in page.links) <= 1 for page in found.values())


async def test_orgs_without_the_junction_show_the_primary_company() -> None:
    """Where a contact has one account, `companies` is that one, and says so."""
    switches = {"contacts_to_multiple_accounts": False}
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": switches}) as sandbox:
        async with connected(sandbox) as org:
            capability = (await org.connector.describe()).types[Entity.CONTACT].relations["companies"]
            wanted = RelationSelection(Selection(frozenset({"name"})), 5)
            asked = query(Entity.CONTACT, relations={"companies": wanted, "company": wanted}, limit=50)
            page = await org.connector.page(asked)

    assert capability.coverage is Coverage.PRIMARY_ONLY
    for record in page.records:
        assert isinstance(record, Contact)
        assert targets(page.related["companies", record.remote_id]) == (
            [record.company.remote_id] if record.company else []
        )


async def test_references_are_primed_through_several_levels(org: Org) -> None:
    """A deal's company's owner comes with the deal; so does what a contact's deals refer to."""
    owner = {"owner": RelationSelection(Selection(frozenset({"name"})))}
    company = {"company": RelationSelection(Selection(frozenset({"name"}), owner))}
    deals = query(Entity.DEAL, relations=company, limit=20)
    nested = {"deals": RelationSelection(Selection(frozenset({"name"}), company), 3)}
    contacts = query(Entity.CONTACT, relations=nested, limit=20)

    first, second = await org.connector.page(deals), await org.connector.page(contacts)

    assert len(org.calls()) == 2
    assert org.connector.plan(deals).inline == {"company", "company.owner"}
    assert org.connector.plan(contacts).inline == {"deals", "deals.company", "deals.company.owner"}
    for page in (first, second):
        primed = {record.remote_id: record for record in page.primed}
        found = [record for record in _deals(page.records, page.related) if record.company]
        assert found
        assert all(deal.company and deal.company.remote_id in primed for deal in found)


def _deals(records: Sequence[Record], related: Mapping[tuple[str, str], RelatedPage]) -> list[Deal]:
    linked = [link.record for page in related.values() for link in page.links]
    return [record for record in (*records, *linked) if isinstance(record, Deal)]


async def test_owner_may_be_a_queue(org: Org) -> None:
    """Leads of queues refer to them, and the queue comes along with its kind."""
    wanted = {"owner": RelationSelection(Selection(frozenset({"name", "kind"})))}
    page = await org.connector.page(query(Entity.LEAD, relations=wanted))

    kinds = {record.kind for record in page.primed if hasattr(record, "kind")}
    assert kinds == {"USER", "QUEUE"}


async def test_activities_refer_by_the_kind_of_their_ids(org: Org) -> None:
    """What and Who hold ids of many types: each relation takes its own, and the rest stays readable in `about`."""
    wanted = {
        name: RelationSelection(Selection(frozenset({"remote_id"}))) for name in ("deal", "lead", "company", "owner")
    }
    page = await org.connector.page(query(Entity.APPOINTMENT, "about", relations=wanted))
    events = [record for record in page.records if isinstance(record, Appointment)]

    for event in events:
        about = {item.remote_type: item.remote_id for item in event.about or ()}
        assert (event.deal.remote_id if event.deal else None) == about.get("Opportunity")
        assert (event.lead.remote_id if event.lead else None) == about.get("Lead")
    primed = {record.remote_id for record in page.primed}
    for name in ("deal", "company", "owner"):
        refs = [getattr(event, name) for event in events if getattr(event, name)]
        assert refs
        assert {ref.remote_id for ref in refs} <= primed

"""What an account offers: its types and what becomes of each, its leads by the rule that was chosen."""

import pytest

from connectors.hubspot import PLATFORM
from connectors.hubspot.calls import Endpoints
from connectors.hubspot.objects.columns import attending_owners
from connectors.registry import platforms
from model.capabilities import Coverage, LeadModel, Pushdown, RelationMode
from model.entities import Contact, Deal, Entity, Lead, Task, User
from model.errors import OurBug, UnsupportedBySource
from model.query import EVERYTHING, And, Compare, Operator, Or, Query, RelationSelection, Selection
from model.values import Attendee, Ref
from sandbox.run import Sandbox
from tests.connectors.hubspot.accounts import TYPES, UNLIMITED, Account, account, data_calls


def test_the_platform_is_found() -> None:
    """Nothing lists the platform: it is there because its package is."""
    assert PLATFORM is platforms()["hubspot"]
    assert not PLATFORM.needs_base_url


async def test_a_description_tells_types_pipelines_and_the_account(hubspot: Account) -> None:
    """Everything the host plans with comes from metadata calls, and none of them is a data call."""
    description = await hubspot.connector.describe()

    assert set(TYPES) == set(description.types)
    assert (
        description.default_currency,
        description.time_zone,
        description.lead_model,
    ) == ("USD", "America/New_York", LeadModel.OBJECT)
    assert {"OPEN", "WON", "LOST"} == {stage.outcome for line in description.pipelines for stage in line.stages}
    assert data_calls(hubspot.scope) == []
    assert all(call.kind == "metadata" for call in hubspot.scope.calls)


async def test_metadata_is_kept(hubspot: Account) -> None:
    """Within its time to live the metadata is not read again."""
    before = len(hubspot.scope.calls)

    await hubspot.connector.describe()

    assert before == len(hubspot.scope.calls)


async def test_a_description_is_built_once_for_what_was_read(sandbox: Sandbox) -> None:
    """While the metadata is kept so is the description; metadata read again gives another one."""
    async with account(sandbox) as hubspot:
        assert await hubspot.connector.describe() is await hubspot.connector.describe()
    async with account(sandbox, metadata_ttl_s=0.000001) as hubspot:
        first, second = await hubspot.connector.describe(), await hubspot.connector.describe()

    assert first == second
    assert first is not second


async def test_metadata_is_read_again_when_it_is_old(sandbox: Sandbox) -> None:
    """Behind its time to live it is."""
    async with account(sandbox, metadata_ttl_s=0.000001) as hubspot:
        before = len(hubspot.scope.calls)

        await hubspot.connector.describe()

        assert 2 * before == len(hubspot.scope.calls)


async def test_capabilities_tell_what_becomes_of_operators(hubspot: Account) -> None:
    """The table that users see is derived from what the compiler does."""
    types = (await hubspot.connector.describe()).types
    email, name = types[Entity.CONTACT].fields["email"], types[Entity.CONTACT].fields["display_name"]

    assert (email.operators[Operator.EQ], email.operators[Operator.CONTAINS]) == (Pushdown.PUSHED, Pushdown.SUPERSET)
    assert {Pushdown.LOCAL} == set(name.operators.values())
    assert Operator.LT not in email.operators | name.operators, "no filter compares texts so"
    assert not email.is_sortable
    assert types[Entity.CONTACT].fields["updated_at"].is_sortable
    assert "department" not in types[Entity.CONTACT].fields
    assert types[Entity.USER].is_cached


async def test_capabilities_tell_which_relations_can_be_compared(hubspot: Account) -> None:
    """Ids on the record are compared by HubSpot; ids at the far end of an association find too much."""
    types = (await hubspot.connector.describe()).types
    owner, company = types[Entity.CONTACT].fields["owner"], types[Entity.DEAL].fields["company"]

    assert owner.remote_fields == ("hubspot_owner_id",)
    assert (
        dict.fromkeys((Operator.EQ, Operator.IN), Pushdown.PUSHED) | {Operator.IS_NULL: Pushdown.SUPERSET}
        == owner.operators
    )
    assert (company.operators[Operator.IN], company.operators[Operator.IS_NULL]) == (Pushdown.SUPERSET, Pushdown.LOCAL)
    assert "lead" in types[Entity.APPOINTMENT].fields
    assert not {"converted_contact", "contacts"} & types[Entity.LEAD].fields.keys()


async def test_relations_tell_how_they_are_read(hubspot: Account) -> None:
    """The host computes costs from modes, batches and keys; a keyed company is the primary one only."""
    types = (await hubspot.connector.describe()).types
    company, deals = types[Entity.CONTACT].relations["company"], types[Entity.CONTACT].relations["deals"]

    assert (company.is_keyed, company.coverage) == (True, Coverage.PRIMARY_ONLY)
    assert (
        deals.mode,
        deals.batch_size,
        deals.is_keyed,
        deals.carries_records,
    ) == (RelationMode.BATCH, 1000, False, False)
    assert not types[Entity.DEAL].relations["company"].is_keyed


async def test_an_account_without_leads_says_so(sandbox: Sandbox) -> None:
    """Where a scope is missing the type is missing, with a note that says what to do; the others are there."""
    scopes = "crm.objects.contacts.read crm.objects.companies.read crm.objects.deals.read crm.objects.owners.read oauth"
    switches = {"hubspot": {**UNLIMITED, "scopes": scopes}}
    with Sandbox(["hubspot"], scale=0.05, time_scale=100, options=switches) as poor:
        async with account(poor) as hubspot:
            description = await hubspot.connector.describe()
            split = hubspot.connector.plan(Query(entity=Entity.LEAD, selection=Selection()))

    assert set(TYPES) - {Entity.LEAD} == set(description.types)
    assert LeadModel.NONE is description.lead_model
    assert "leads" not in description.types[Entity.CONTACT].relations
    assert any("leads: contact_stage" in note and "crm.objects.leads.read" in note for note in description.notes)
    assert split.unsupported in description.notes


async def test_a_query_cannot_be_planned_before_the_account_is_known(sandbox: Sandbox) -> None:
    """Planning calls nobody, so that it needs a description."""
    async with account(sandbox) as hubspot:
        connector = type(hubspot.connector)(hubspot.config, hubspot.wire)
        try:
            with pytest.raises(OurBug):
                connector.plan(Query(entity=Entity.CONTACT, selection=Selection()))
        finally:
            await connector.aclose()


async def test_no_contact_is_listed_twice(sandbox: Sandbox) -> None:
    """With leads from contacts, a person is a lead or a contact by lifecycle stage, and never both."""
    async with account(sandbox) as hubspot:
        everybody = {row.remote_id for row in await hubspot.read(Entity.CONTACT)}
        stages = await hubspot.read(Entity.CONTACT, EVERYTHING, "lifecycle")
        at_lead = {
            row.remote_id
            for row in stages
            if isinstance(row, Contact)
            and getattr(row.lifecycle, "value", "") in {"lead", "marketingqualifiedlead", "salesqualifiedlead"}
        }
    async with account(sandbox, leads="contact_stage") as hubspot:
        leads = {row.remote_id for row in await hubspot.read(Entity.LEAD)}
        contacts = {row.remote_id for row in await hubspot.read(Entity.CONTACT)}
        counted = await hubspot.connector.count(Entity.LEAD, EVERYTHING)

    assert leads
    assert at_lead == leads
    assert everybody - at_lead == contacts
    assert len(leads) == counted


async def test_a_contact_that_is_no_lead_is_missing_among_leads(sandbox: Sandbox) -> None:
    """By id a contact is always there as a contact, and as a lead only at a lead's stage."""
    async with account(sandbox, leads="contact_stage") as hubspot:
        lead = (await hubspot.read(Entity.LEAD))[0].remote_id
        contact = (await hubspot.read(Entity.CONTACT))[0].remote_id

        as_leads = await hubspot.connector.by_ids(Entity.LEAD, [lead, contact], Selection(frozenset({"email"})))
        as_contacts = await hubspot.connector.by_ids(Entity.CONTACT, [lead, contact], Selection(frozenset({"email"})))

    assert [type(row).__name__ for row in as_leads] == ["Lead", "Missing"]
    assert [type(row).__name__ for row in as_contacts] == ["Contact", "Contact"]


async def test_leads_can_be_left_out(sandbox: Sandbox) -> None:
    """With leads: none there is no such type, and every contact is a contact."""
    async with account(sandbox, leads="none") as hubspot:
        description = await hubspot.connector.describe()

    assert Entity.LEAD not in description.types
    assert LeadModel.NONE is description.lead_model


async def test_a_stage_can_mean_converted(sandbox: Sandbox) -> None:
    """An operator says which stage is a conversion; leads at it are converted, in filters too."""
    converted = Compare("is_converted", Operator.EQ, operand=True)
    async with account(sandbox, lead_statuses={"qualified-stage-id": "CONVERTED"}) as hubspot:
        leads = [
            row
            for row in await hubspot.read(Entity.LEAD, EVERYTHING, "status", "is_converted")
            if isinstance(row, Lead)
        ]
        split = hubspot.connector.plan(Query(entity=Entity.LEAD, selection=Selection(), where=converted))
        found = await hubspot.read(Entity.LEAD, converted)

    assert any(lead.is_converted for lead in leads)
    assert all(lead.is_converted is (lead.status == "CONVERTED") for lead in leads)
    assert split.residual == EVERYTHING
    assert {lead.remote_id for lead in leads if lead.is_converted} == {row.remote_id for row in found}


async def test_a_lead_is_not_converted_until_somebody_says_so(hubspot: Account) -> None:
    """By default no stage is a conversion, so that asking for unconverted leads asks HubSpot for nothing more."""
    where = Compare("is_converted", Operator.EQ, operand=False)

    split = hubspot.connector.plan(Query(entity=Entity.LEAD, selection=Selection(), where=where))

    assert (split.operation, split.pushed, split.residual) == ("list", EVERYTHING, EVERYTHING)


async def test_a_deals_status_comes_from_its_stage(hubspot: Account) -> None:
    """Status is the stage's outcome, closing dates belong to closed deals, and amounts have a currency."""
    fields = ("status", "stage", "closed_at", "closed_on", "expected_close_on", "amount", "probability")
    deals = [row for row in await hubspot.read(Entity.DEAL, EVERYTHING, *fields) if isinstance(row, Deal)]
    pipelines = (await hubspot.connector.describe()).pipelines
    outcomes = {stage.remote_id: stage.outcome for line in pipelines for stage in line.stages}

    assert {"OPEN", "WON", "LOST"} == {deal.status for deal in deals}
    for deal in deals:
        assert isinstance(deal.stage, Ref)
        assert outcomes[deal.stage.remote_id] == deal.status
        assert (deal.closed_on is None) is (deal.status == "OPEN" or deal.expected_close_on is None)
        assert not deal.amount or len(deal.amount.currency or "") == 3
        assert deal.probability is None or 0 <= float(str(deal.probability)) <= 1


async def test_a_task_is_due_at_an_instant_and_on_its_day(hubspot: Account) -> None:
    """HubSpot keeps an instant; the day is its UTC day."""
    tasks = [
        row
        for row in await hubspot.read(Entity.TASK, EVERYTHING, "due_at", "due_on", "status")
        if isinstance(row, Task)
    ]

    assert any(task.due_at for task in tasks)
    assert all((task.due_at or "")[:10] == (task.due_on or "") for task in tasks)
    assert {"OPEN", "DONE"} <= {task.status for task in tasks} <= {"OPEN", "IN_PROGRESS", "DONE", "CANCELED", "UNKNOWN"}


async def test_owners_are_active_and_not(hubspot: Account) -> None:
    """Both listings are read: deactivated owners are there, as what they are, and cost no data call."""
    owners = [
        row
        for row in await hubspot.read(Entity.USER, EVERYTHING, "name", "email", "is_active", "kind")
        if isinstance(row, User)
    ]

    assert {True, False} == {owner.is_active for owner in owners}
    assert all(owner.name for owner in owners)
    assert data_calls(hubspot.scope) == []


async def test_a_status_filter_needs_no_label(hubspot: Account) -> None:
    """Statuses are told to HubSpot as the stages that mean them."""
    where = And((Compare("status", Operator.IN, ("WON", "LOST")), Compare("pipeline", Operator.EQ, "default")))

    split = hubspot.connector.plan(Query(entity=Entity.DEAL, selection=Selection(), where=where))

    assert (where, EVERYTHING) == (split.pushed, split.residual)
    assert '"values":["closedwon","139922502","closedlost","139922503"]' in (split.vendor_query or "")


@pytest.mark.parametrize(
    ("version", "path"),
    [("v3", "/crm/v3/objects/deals"), ("2026-09", "/crm/objects/2026-09/deals")],
)
def test_the_path_family_is_a_setting(version: str, path: str) -> None:
    """Numbered and dated paths live side by side at HubSpot, and one option chooses."""
    call = Endpoints(version).listed(
        "deals", ["amount"], limit=1, read=lambda *_: Deal(source="s", remote_id="1"), entity=Entity.DEAL
    )

    assert path == call.path


async def test_an_or_over_ids_and_texts_is_searched(hubspot: Account) -> None:
    """Ids inside an Or are told to the search."""
    (contact,) = (await hubspot.read(Entity.CONTACT, EVERYTHING, "email"))[:1]
    where = Or((Compare("remote_id", Operator.EQ, contact.remote_id), Compare("email", Operator.EQ, "nobody@x.io")))

    assert [contact.remote_id] == [row.remote_id for row in await hubspot.read(Entity.CONTACT, where)]


async def test_a_lead_at_a_stage_is_the_contact_behind_it(sandbox: Sandbox) -> None:
    """With leads from contacts a lead points at itself as a contact, and its activities are the contact's."""
    async with account(sandbox, leads="contact_stage") as hubspot:
        relations = (await hubspot.connector.describe()).types[Entity.LEAD].relations
        query = Query(entity=Entity.LEAD, selection=Selection(relations={"contact": RelationSelection(Selection())}))
        leads = [row for row in (await hubspot.connector.page(query)).records if isinstance(row, Lead)]
        as_lead = await hubspot.connector.related(
            Entity.LEAD, "appointments", [lead.remote_id for lead in leads], selection=Selection(), first=5
        )
        as_contact = await hubspot.connector.related(
            Entity.CONTACT, "appointments", [lead.remote_id for lead in leads], selection=Selection(), first=5
        )

    always = {"owner", "created_by", "updated_by"}
    assert {"contact", "company", "appointments", "notes", "tasks"} | always == set(relations)
    assert all(lead.contact == Ref(Entity.CONTACT, lead.remote_id) for lead in leads)
    assert as_contact == as_lead


async def test_what_cannot_be_read_is_not_asked_for(sandbox: Sandbox) -> None:
    """Without the scope for deals, activities still tell the contacts and companies that they are about."""
    scopes = "crm.objects.contacts.read crm.objects.companies.read crm.objects.owners.read oauth"
    switches = {"hubspot": {**UNLIMITED, "scopes": scopes}}
    with Sandbox(["hubspot"], scale=0.05, time_scale=100, options=switches) as poor:
        async with account(poor) as hubspot:
            query = Query(entity=Entity.NOTE, selection=Selection(frozenset({"about"})))
            notes = (await hubspot.connector.page(query)).records
            calls = data_calls(hubspot.scope)

    assert notes
    assert calls == ["list", "associations", "associations"]


def test_owners_attend_with_name_and_address() -> None:
    """Owner ids on a meeting become attendees; an id that is no owner any more stays a pointer."""
    read = attending_owners({"7": ("Ann", "ann@x.io")})

    assert (
        Attendee(name="Ann", email="ann@x.io", user=Ref(Entity.USER, "7")),
        Attendee(user=Ref(Entity.USER, "8")),
    ) == read({"hs_attendee_owner_ids": "7;8"})
    assert read({"hs_attendee_owner_ids": None}) == ()


async def test_a_type_that_hubspot_lacks_is_refused_in_words(hubspot: Account) -> None:
    """Nothing is asked for it, in a list or by id."""
    split = hubspot.connector.plan(Query(entity=Entity.PROJECT, selection=Selection()))
    with pytest.raises(UnsupportedBySource, match="it has no comment records"):
        await hubspot.connector.by_ids(Entity.COMMENT, ["1"], Selection())

    assert (split.unsupported, split.calls) == ("it has no project records", 0)
    assert data_calls(hubspot.scope) == []

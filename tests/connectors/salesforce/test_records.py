"""Records by id, and the values that take more than a column to read."""

from dataclasses import replace

import pytest

from model.entities import Appointment, Company, Contact, Deal, Entity, Lead, Note, Task
from model.errors import SourceError
from model.page import Missing
from model.query import Compare, Operator, RelationSelection, Selection
from model.values import UNSET
from sandbox.run import Sandbox
from tests.connectors.salesforce.org import TYPES, Org, connected, filterable, query


@pytest.mark.parametrize("entity", TYPES)
async def test_by_ids_equals_the_list(org: Org, entity: Entity) -> None:
    """The same fields of the same rows, in the order asked, in one call."""
    fields = filterable(entity) - {"is_deleted"}
    listed = {record.remote_id: record for record in await org.rows(query(entity, *fields))}
    ids = [*reversed(listed), next(iter(listed))]
    org.calls()

    found = await org.connector.by_ids(entity, ids, Selection(fields))

    assert found == [listed[remote_id] for remote_id in ids]
    assert len(org.calls()) == 1


async def test_bad_ids_fail_nobody(org: Org) -> None:
    """Unknown, deleted, foreign and malformed ids are missing under the spelling asked; short ids are understood."""
    (real, *_) = [record.remote_id for record in await org.rows(query(Entity.CONTACT))]
    ids = ["003000000000001AAA", "", "x' OR Id != '", "001000000000001AAA", real[:15], real, real]

    found = await org.connector.by_ids(Entity.CONTACT, ids, Selection(frozenset({"email"})))

    assert found[:4] == [Missing(remote_id) for remote_id in ids[:4]]
    assert [getattr(record, "remote_id", None) for record in found[4:]] == [real] * 3


async def test_malformed_ids_cost_no_call(org: Org) -> None:
    """What cannot be an id is answered at once."""
    org.calls()

    await org.connector.by_ids(Entity.DEAL, ["x", "003000000000001AAA"], Selection())

    assert org.calls() == []


async def test_ids_beyond_a_batch_take_more_calls(org: Org) -> None:
    """2,000 ids go in one call."""
    org.calls()

    found = await org.connector.by_ids(Entity.CONTACT, [f"003Zz{n:010d}" for n in range(2_001)], Selection())

    assert all(isinstance(item, Missing) for item in found)
    assert len(org.calls()) == 2


async def test_failed_batch_stands_for_its_ids_alone() -> None:
    """When one of two calls fails, the other's records are there."""
    with Sandbox(["salesforce"], scale=0.1) as sandbox:
        async with connected(sandbox) as org:
            real = [record.remote_id for record in await org.rows(query(Entity.CONTACT))]
            ids = [*real, *(f"003Zz{number:010d}" for number in range(2_000))]
            sandbox.faults("salesforce").set("forbidden", times=1, path="/composite/sobjects")
            found = await org.connector.by_ids(Entity.CONTACT, ids, Selection())

    failed = [item for item in found if isinstance(item, SourceError)]
    assert 0 < len(failed) < len(ids)


async def test_all_day_events_have_days_and_no_instants(org: Org) -> None:
    """The end is the day after the last one; timed events have the reverse."""
    fields = ("starts_at", "ends_at", "starts_on", "ends_on", "is_all_day")
    events = [item for item in await org.rows(query(Entity.APPOINTMENT, *fields)) if isinstance(item, Appointment)]
    all_day = [event for event in events if event.is_all_day]
    timed = [event for event in events if not event.is_all_day]

    assert all_day
    assert timed
    assert all(event.starts_at is event.ends_at is None for event in all_day)
    assert all(event.starts_on and event.ends_on and event.starts_on < event.ends_on for event in all_day)
    assert all(event.starts_on is event.ends_on is None for event in timed)
    assert all(event.starts_at and event.ends_at and event.starts_at <= event.ends_at for event in timed)


async def test_invitee_copies_are_no_appointments(org: Org) -> None:
    """A meeting with colleagues is one appointment, not one for each of them."""
    split = org.connector.plan(query(Entity.APPOINTMENT))

    assert split.vendor_query == "SELECT Id FROM Event WHERE IsChild = false ORDER BY Id ASC LIMIT 201"


async def test_attendees_take_one_more_call(org: Org) -> None:
    """People come for all rows at once, and the contacts among them with them."""
    wanted = {"contacts": RelationSelection(Selection(), 10)}
    asked = query(Entity.APPOINTMENT, "attendees", relations=wanted)
    split = org.connector.plan(asked)

    page = await org.connector.page(asked)

    assert len(org.calls()) == split.calls == 2
    assert "contacts" in split.inline
    events = [record for record in page.records if isinstance(record, Appointment)]
    people = [person for event in events for person in event.attendees or ()]
    assert any(person.contact for person in people)
    assert any(person.user and person.response for person in people)
    assert all(person.name for person in people)
    for event in events:
        contacts = sorted(person.contact.remote_id for person in event.attendees or () if person.contact)
        found = page.related["contacts", event.remote_id]
        assert [link.ref.remote_id for link in found.links] == contacts
    assert await org.one(Entity.APPOINTMENT, events[0].remote_id, "attendees") == Appointment(
        source="sf", remote_id=events[0].remote_id, attendees=events[0].attendees
    )


@pytest.mark.parametrize("is_inline", [True, False])
async def test_note_bodies_are_read_apart(*, is_inline: bool) -> None:
    """Listing notes is one call; their subjects are one more, their texts one each where the org gives addresses."""
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": {"content_inline": is_inline}}) as sandbox:
        async with connected(sandbox) as org:
            listed = await org.connector.page(query(Entity.NOTE, "title", "body_preview", limit=5))
            listing = len(org.calls())
            asked = query(Entity.NOTE, "body", "about", limit=5)
            page = await org.connector.page(asked)
            reading = len(org.calls())

    notes = [record for record in page.records if isinstance(record, Note)]
    assert (listing, reading) == (1, 2 if is_inline else 7)
    assert org.connector.plan(asked).calls == 7
    assert len(notes) == len(listed.records) == 5
    assert all(note.body and not note.body.startswith("/services") for note in notes)
    assert all(item.remote_type != "User" for note in notes for item in note.about or ())
    assert any(note.about for note in notes)


async def test_deal_values_follow_the_flags(org: Org) -> None:
    """Status is IsClosed and IsWon; a closed deal was closed on its close date; the stage is one of the pipeline's."""
    fields = ("status", "closed_on", "expected_close_on", "probability", "stage", "pipeline", "status_label")
    deals = [record for record in await org.rows(query(Entity.DEAL, *fields)) if isinstance(record, Deal)]
    (pipeline,) = (await org.connector.describe()).pipelines
    outcomes = {stage.remote_id: stage.outcome for stage in pipeline.stages}

    assert {deal.status for deal in deals} == {"OPEN", "WON", "LOST"}
    for deal in deals:
        assert deal.closed_on == (None if deal.status == "OPEN" else deal.expected_close_on)
        assert deal.stage
        assert outcomes[deal.stage.remote_id] == deal.status
        assert deal.pipeline
        assert deal.pipeline.remote_id == pipeline.remote_id
        assert 0 <= float(deal.probability or 0) <= 1


async def test_fields_the_vendor_has_not_are_null(org: Org) -> None:
    """Asked for, they are none; not asked for, unset."""
    asked = query(Entity.CONTACT, "tags", "lifecycle", "last_activity_at", "fetched_at", "url", "version", limit=1)
    (contact,) = (await org.connector.page(asked)).records

    assert isinstance(contact, Contact)
    assert (contact.tags, contact.lifecycle, contact.last_activity_at) == (None, None, None)
    assert contact.url == f"{org.connector.client.base_url}/{contact.remote_id}"
    assert contact.version
    assert contact.fetched_at
    assert contact.email is UNSET


async def test_values_are_in_wire_form(org: Org) -> None:
    """Instants end in Z, labelled values know their label, addresses stand once."""
    fields = ("updated_at", "phones", "emails", "addresses", "birth_date")
    contacts = [record for record in await org.rows(query(Entity.CONTACT, *fields)) if isinstance(record, Contact)]

    assert all(str(contact.updated_at).endswith("Z") for contact in contacts)
    assert {phone.label for contact in contacts for phone in contact.phones or ()} >= {"work", "mobile"}
    assert all(sum(phone.is_primary for phone in contact.phones) == 1 for contact in contacts if contact.phones)
    assert any(address.city for contact in contacts for address in contact.addresses or ())


async def test_domain_is_the_host_of_the_website(org: Org) -> None:
    """It is filtered by the website's text and checked again."""
    companies = [item for item in await org.rows(query(Entity.COMPANY, "domain")) if isinstance(item, Company)]
    one = next(company for company in companies if company.domain)
    where = Compare("domain", Operator.EQ, str(one.domain).upper())

    found = await org.rows(query(Entity.COMPANY, where=where))

    assert one.remote_id in {record.remote_id for record in found}
    assert org.connector.plan(query(Entity.COMPANY, where=where)).residual == where


async def test_statuses_are_words_with_a_label(org: Org) -> None:
    """Tasks and leads say both what we call their status and what the vendor does."""
    tasks = [item for item in await org.rows(query(Entity.TASK, "status", "status_label")) if isinstance(item, Task)]
    leads = [item for item in await org.rows(query(Entity.LEAD, "status", "status_label")) if isinstance(item, Lead)]

    assert {(task.status_label, task.status) for task in tasks} >= {("Completed", "DONE"), ("Not Started", "OPEN")}
    assert {lead.status for lead in leads} >= {"NEW", "WORKING", "CONVERTED"}
    assert all(item.status_label for item in (*tasks, *leads))


async def test_users_and_queues_are_read_in_one_call(org: Org) -> None:
    """Owners of both kinds stand in two objects, and one composite request asks both."""
    owners = await org.rows(query(Entity.USER))
    ids = [record.remote_id for record in owners]
    queues = [remote_id for remote_id in ids if remote_id.startswith("00G")]
    for asked in (ids, queues):
        org.calls()
        found = await org.connector.by_ids(Entity.USER, asked, Selection(frozenset({"name", "kind"})))

        assert [getattr(record, "kind", None) for record in found] == [
            "QUEUE" if remote_id in queues else "USER" for remote_id in asked
        ]
        assert len(org.calls()) == 1


@pytest.mark.parametrize("entity", [Entity.CONTACT, Entity.APPOINTMENT, Entity.DEAL])
async def test_deleted_rows_are_missing(org: Org, entity: Entity) -> None:
    """What lies in the recycle bin is no row, though its id once was one."""
    every = replace(query(entity, "is_deleted"), include_deleted=True, include_archived=True)
    binned = [record.remote_id for page in await org.walk(every) for record in page.records if record.is_deleted]

    found = await org.connector.by_ids(entity, binned, Selection())

    assert binned
    assert found == [Missing(remote_id) for remote_id in binned]

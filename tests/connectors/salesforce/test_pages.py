"""Lists: the org and the oracle agree on every row, order and position."""

from dataclasses import replace
from random import Random

import pytest

from connectors.salesforce import Options
from model.entities import Appointment, Contact, Deal, Entity, Lead
from model.evaluate import evaluate, sorted_records
from model.query import EVERYTHING, NOTHING, And, Compare, Direction, Operator, Or, Order, RelationSelection, Selection
from model.values import Money
from sandbox.run import Sandbox
from tests.connectors.salesforce.generate import a_predicate, an_order
from tests.connectors.salesforce.org import TYPES, Org, connected, filterable, query

CASES = 25


async def differences(org: Org, entity: Entity, seed: int) -> list[str]:
    """Generated queries whose answers differ from the oracle's."""
    random, found = Random(seed), []  # noqa: S311  # draws test cases, guards nothing
    every = await org.rows(query(entity, *filterable(entity)))
    for _ in range(CASES):
        where, order = a_predicate(random, entity, every), an_order(random, entity)
        asked = query(entity, where=where, order=order, limit=random.choice((3, 50, 200)))
        split = org.connector.plan(asked)
        if not split.is_order_pushed:
            asked = replace(asked, order=())
        matching = [record for record in every if evaluate(where, record, entity=entity)]
        expected = sorted_records(matching, entity=entity, order=asked.order, id_key=org.connector.id_key)
        actual = [record.remote_id for record in await org.rows(asked)]
        wanted = [record.remote_id for record in expected]
        if not split.is_exact:  # texts in the org's own collation: the same rows, once each
            actual, wanted = sorted(actual), sorted(wanted)
        if actual != wanted:
            found.append(f"seed {seed}: {where} {asked.order} {split.vendor_query}")
        elif split.residual == EVERYTHING and await org.connector.count(entity, split.pushed) != len(wanted):
            found.append(f"seed {seed}: count of {where}")
    return found


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("entity", TYPES)
async def test_generated_queries_mean_what_the_oracle_says(org: Org, entity: Entity, seed: int) -> None:
    """Pushed and residual together give exactly the rows, in order, over all pages; counts agree."""
    assert await differences(org, entity, seed) == []


@pytest.mark.parametrize(
    "switches",
    [
        {"not_in_keeps_null": False, "contacts_to_multiple_accounts": False},
        {"multi_currency": True, "shared_activities": True},
        {"subquery_batch": 20, "hidden_fields": "Contact.Email,Opportunity.Amount,Lead.Rating,Event.Location"},
    ],
)
async def test_other_orgs_mean_the_same(switches: dict[str, str | int | bool]) -> None:
    """What differs between orgs and is not written down changes no answer."""
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": switches}) as sandbox:
        async with connected(sandbox, Options(currency="EUR")) as org:
            found = [await differences(org, entity, 13) for entity in (Entity.CONTACT, Entity.DEAL, Entity.APPOINTMENT)]

    assert found == [[], [], []]


async def test_dashboard_is_one_call(org: Org) -> None:
    """A hundred contacts with company, owner and their first deals come in one answer."""
    deals = RelationSelection(Selection(frozenset({"name", "amount", "stage"})), first=5)
    asked = query(
        Entity.CONTACT,
        "first_name",
        "updated_at",
        order=[Order("updated_at", Direction.DESC)],
        limit=100,
        relations={
            "company": RelationSelection(Selection(frozenset({"name"}))),
            "owner": RelationSelection(Selection(frozenset({"name", "email"}))),
            "deals": deals,
        },
    )
    split = org.connector.plan(asked)

    page = await org.connector.page(asked)

    assert len(page.records) == 100
    assert len(org.calls()) == split.calls == 1
    assert split.inline == {"company", "owner", "deals"}
    owners = {record.owner for record in page.records if isinstance(record, Contact)}
    assert {(type(record).__name__.lower(), record.remote_id) for record in page.primed} >= {
        (owner.entity, owner.remote_id) for owner in owners if owner
    }
    linked = [link.record for found in page.related.values() for link in found.links]
    assert linked
    assert all(isinstance(deal, Deal) and deal.stage and deal.name for deal in linked)


async def test_calendar_is_one_query(org: Org) -> None:
    """A range of starts says that all-day events are not meant, so that one query gives the order."""
    where = Compare("starts_at", Operator.GTE, "2026-01-01T00:00:00.000Z")
    asked = query(Entity.APPOINTMENT, "starts_at", where=where, order=[Order("starts_at")], limit=10)

    page = await org.connector.page(asked)

    starts = [record.starts_at for record in page.records if isinstance(record, Appointment)]
    assert starts == sorted(starts, key=str)
    (call,) = org.calls()
    assert call.operation == "query"


async def test_order_with_absent_values_is_one_call(org: Org) -> None:
    """Rows without the value come in the same call, as a second query."""
    asked = query(Entity.APPOINTMENT, "starts_at", order=[Order("starts_at", Direction.DESC)], limit=5)
    split = org.connector.plan(asked)

    pages = await org.walk(asked)

    starts = [item.starts_at for page in pages for item in page.records if isinstance(item, Appointment)]
    assert None in starts
    assert starts == sorted((item for item in starts if item), key=str, reverse=True) + [None] * starts.count(None)
    assert len(org.calls()) == len(pages)
    assert split.calls == 1


async def test_picklists_are_not_ordered_by_the_org(org: Org) -> None:
    """The org orders them as Setup lists their values, and compares them by text: no position could be gone on from."""
    assert not org.connector.plan(query(Entity.COMPANY, order=[Order("industry")])).is_order_pushed


async def test_text_order_is_told_inexact(org: Org) -> None:
    """The org collates by its locale; the outcome says so."""
    split = org.connector.plan(query(Entity.CONTACT, order=[Order("last_name")]))

    assert split.is_order_pushed
    assert not split.is_exact
    assert "locale" in split.notes[0]


async def test_condition_that_cannot_hold_asks_nobody(org: Org) -> None:
    """An empty answer that is certain costs no call."""
    where = And((Compare("tags", Operator.EQ, "vip"), Compare("email", Operator.NE, "x")))
    asked = query(Entity.CONTACT, "email", where=where)

    page = await org.connector.page(asked)

    assert (list(page.records), page.has_more) == ([], False)
    assert await org.connector.count(Entity.CONTACT, NOTHING) == 0
    assert org.calls() == []
    assert org.connector.plan(asked).calls == 0


async def test_long_filters_travel_in_a_body(org: Org) -> None:
    """A thousand ids exceed a URI and not SOQL; more than SOQL takes are refused before a call."""
    ids = [record.remote_id for record in await org.rows(query(Entity.CONTACT))]
    org.calls()
    many = tuple(f"003Zz{number:010d}" for number in range(1_000))
    found = await org.rows(query(Entity.CONTACT, where=Compare("remote_id", Operator.IN, (*many, ids[0]))))

    assert [record.remote_id for record in found] == [ids[0]]
    assert [call.operation for call in org.calls()] == ["composite"]
    too_many = tuple(f"003Zz{number:010d}" for number in range(5_000))
    split = org.connector.plan(query(Entity.CONTACT, where=Compare("remote_id", Operator.IN, too_many)))
    assert split.unsupported is not None
    assert "100000" in split.unsupported


async def test_only_selected_columns_are_asked(org: Org) -> None:
    """Fields that were not asked for are unset, and their columns not read."""
    asked = query(Entity.CONTACT, "email", limit=1)
    split = org.connector.plan(asked)

    (page,) = (await org.connector.page(asked),)

    assert split.remote_fields == ("Id", "Email")
    contact = page.records[0]
    assert isinstance(contact, Contact)
    assert not contact.first_name
    assert contact.first_name is not None


async def test_deleted_and_archived_rows_are_read_when_wanted(org: Org) -> None:
    """Each kind comes only with its own option."""
    fields = ("is_deleted", "is_archived")
    asked = query(Entity.APPOINTMENT, *fields)
    sizes = {}
    for deleted in (False, True):
        for archived in (False, True):
            wanted = replace(asked, include_deleted=deleted, include_archived=archived)
            rows = [record for page in await org.walk(wanted) for record in page.records]
            assert {record.is_deleted for record in rows} <= {False, deleted}
            assert {record.is_archived for record in rows} <= {False, archived}
            sizes[deleted, archived] = len(rows)

    assert sizes[False, False] < sizes[True, False] < sizes[True, True]
    assert sizes[False, False] < sizes[False, True]


async def test_lead_status_is_a_map_by_api_value(sandbox: Sandbox) -> None:
    """The source's own words override the shipped ones; what the map lacks is UNKNOWN, converted leads CONVERTED."""
    async with connected(sandbox, Options(lead_statuses={"open - not contacted": "UNKNOWN"})) as org:
        every = await org.rows(query(Entity.LEAD, "status", "status_label", "is_converted"))
        leads = [record for record in every if isinstance(record, Lead)]
        unknown = await org.rows(query(Entity.LEAD, where=Compare("status", Operator.EQ, "UNKNOWN")))

    assert {lead.status for lead in leads if lead.is_converted} == {"CONVERTED"}
    assert {lead.remote_id for lead in leads if lead.status_label == "Open - Not Contacted"} == {
        record.remote_id for record in unknown
    }


async def test_amounts_carry_a_currency() -> None:
    """In an org with several currencies each row has its own, and the org orders no amounts."""
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": {"multi_currency": True}}) as sandbox:
        async with connected(sandbox) as org:
            deals = [deal for deal in await org.rows(query(Entity.DEAL, "amount")) if isinstance(deal, Deal)]
            by_amount = org.connector.plan(query(Entity.DEAL, order=[Order("amount")]))

    assert len({deal.amount.currency for deal in deals if isinstance(deal.amount, Money)}) > 1
    assert not by_amount.is_order_pushed


async def test_queues_stand_among_users(org: Org) -> None:
    """They are listed, filtered, counted and walked with them, two objects in one call."""
    kinds = query(Entity.USER, "kind", "updated_at", order=[Order("updated_at", Direction.DESC)], limit=2)
    pages = await org.walk(kinds)
    calls = org.calls()
    walked = {record.remote_id for page in pages for record in page.records}
    queues = await org.rows(query(Entity.USER, where=Compare("kind", Operator.EQ, "QUEUE")))
    org.calls()

    counted = await org.connector.count(Entity.USER, EVERYTHING)

    assert len(org.calls()) == 1
    assert len(calls) == len(pages)
    assert queues
    assert counted == len(walked) == sum(len(page.records) for page in pages)
    assert {record.remote_id for record in queues} <= walked


async def test_names_of_users_are_ordered_where_no_queue_is_meant(org: Org) -> None:
    """Two objects cannot be merged by a text whose collation is the org's; one alone can be read in its order."""
    by_name, users = [Order("name")], Compare("kind", Operator.EQ, "USER")

    assert not org.connector.plan(query(Entity.USER, order=by_name)).is_order_pushed
    assert org.connector.plan(query(Entity.USER, where=users, order=by_name)).is_order_pushed


async def test_void_branch_of_or_is_left_out(org: Org) -> None:
    """A condition on a field no row has folds away, and the rest is asked."""
    where = Or((Compare("tags", Operator.EQ, "vip"), Compare("last_name", Operator.STARTS_WITH, "s")))

    query_text = org.connector.plan(query(Entity.CONTACT, where=where)).vendor_query

    assert query_text == "SELECT Id FROM Contact WHERE LastName LIKE 's%' ORDER BY Id ASC LIMIT 201"

"""Pages, counts and records by id, over a socket and against the oracle."""

import random
from dataclasses import replace
from math import ceil

import pytest

from model.entities import Deal, Entity, Record
from model.errors import BudgetExceeded
from model.evaluate import evaluate, sorted_records
from model.page import Missing, Position
from model.query import (
    EVERYTHING,
    And,
    Compare,
    Direction,
    Operator,
    Or,
    Order,
    Predicate,
    Query,
    RelationSelection,
    Selection,
)
from model.values import UNSET, Ref
from sandbox.run import Sandbox
from tests.connectors.hubspot.accounts import TYPES, Account, account, all_fields, data_calls, further_names
from tests.connectors.hubspot.predicates import drawn

NEWEST = (Order("updated_at", Direction.DESC),)


async def _dashboard(hubspot: Account) -> list[Record]:
    """100 contacts by date of change with company, owner and five deals each, as the host reads them."""
    connector = hubspot.connector
    nested = {"company": RelationSelection(Selection(frozenset({"name"}))), "owner": RelationSelection(Selection())}
    query = Query(
        entity=Entity.CONTACT,
        selection=Selection(frozenset({"display_name", "email"}), nested).with_fields("updated_at"),
        order=NEWEST,
        limit=100,
    )
    page = await connector.page(query)
    companies = {ref.remote_id for contact in page.records if isinstance(ref := contact.company, Ref)}
    await connector.by_ids(Entity.COMPANY, sorted(companies), Selection(frozenset({"name"})))
    owners = {ref.remote_id for contact in page.records if isinstance(ref := contact.owner, Ref)}
    await connector.by_ids(Entity.USER, sorted(owners), Selection(frozenset({"name"})))
    parents = [contact.remote_id for contact in page.records]
    related = await connector.related(Entity.CONTACT, "deals", parents, selection=Selection(), first=5)
    deals = {link.ref.remote_id for one in related if not isinstance(one, Exception) for link in one.links}
    await connector.by_ids(Entity.DEAL, sorted(deals), Selection(frozenset({"name", "stage"})))
    return list(page.records)


async def test_a_dashboard_takes_four_calls_and_one_for_a_tie(hubspot: Account) -> None:
    """One search, one batch of companies, one of associations and one of deals, besides a tie across the page's end."""
    contacts = await _dashboard(hubspot)

    calls = data_calls(hubspot.scope)
    assert len(contacts) == 100
    assert sorted(calls)[:3] == ["associations", "batch_read", "batch_read"]
    assert calls.count("search") <= 2
    assert len(calls) - (calls.count("search") - 1) == 4


@pytest.mark.parametrize("entity", TYPES)
@pytest.mark.parametrize("seed", [1, 2])
async def test_pages_say_what_the_oracle_says(hubspot: Account, entity: Entity, seed: int) -> None:
    """Whatever is asked in whatever order, pushed and residual together give the rows the oracle gives."""
    rng = random.Random(f"{entity} {seed}")  # noqa: S311  # draws test data
    further = await further_names(hubspot, entity)
    rows = await hubspot.read(entity, EVERYTHING, *all_fields(entity), *further)
    described = (await hubspot.connector.describe()).types[entity].fields
    orders = [
        () if name is None else (Order(name, direction),)
        for name in [None, *(name for name, field in described.items() if field.is_sortable)]
        for direction in Direction
    ]
    for _ in range(8):
        where, order = drawn(entity, rows, rng, further=further), rng.choice(orders)
        matching = [row for row in rows if evaluate(where, row, entity=entity)]
        expected = sorted_records(matching, entity=entity, order=order, id_key=int)

        found = await hubspot.read(entity, where, order=order, limit=rng.choice([10, 50, 200]))

        assert [row.remote_id for row in expected] == [row.remote_id for row in found], (where, order)


@pytest.mark.parametrize("entity", TYPES)
async def test_records_carry_what_was_asked_and_no_more(hubspot: Account, entity: Entity) -> None:
    """Asked fields are set, None where HubSpot has no such thing; the others are UNSET."""
    everything = await hubspot.read(entity, EVERYTHING, *all_fields(entity), limit=5)
    nothing = await hubspot.read(entity, EVERYTHING, limit=5)

    assert all(getattr(row, name) is not UNSET for row in everything for name in all_fields(entity))
    assert all(getattr(row, name) is UNSET for row in nothing for name in all_fields(entity) - {"remote_id"})


async def test_a_plain_page_is_a_list_and_lags_behind_nothing(hubspot: Account) -> None:
    """Nothing asked of it, the first page is the list's: exact, and by id."""
    query = Query(entity=Entity.COMPANY, selection=Selection(frozenset({"name"})), limit=20)

    split = hubspot.connector.plan(query)
    page = await hubspot.connector.page(query)

    assert (split.operation, split.is_exact, split.calls) == ("list", True, 1)
    assert data_calls(hubspot.scope) == ["list"]
    assert page.has_more
    assert sorted(page.records, key=lambda row: int(row.remote_id)) == list(page.records)


async def test_a_search_declares_the_lag_of_its_index(hubspot: Account) -> None:
    """A page that stands on the index says so, and is not called exact."""
    split = hubspot.connector.plan(Query(entity=Entity.CONTACT, selection=Selection(), order=NEWEST))

    assert split.operation == "search"
    assert not split.is_exact
    assert "lags" in split.notes[0]


async def test_ids_in_a_predicate_are_read_in_a_batch(hubspot: Account) -> None:
    """A predicate that names ids stands on the records and not on the index, whatever else it says."""
    ids = tuple(row.remote_id for row in await hubspot.read(Entity.CONTACT, limit=200))[:150]
    before = len(hubspot.scope.calls)
    where = And(
        (Compare("remote_id", Operator.IN, (*ids, "99999999")), Compare("email", Operator.IS_NULL, operand=False))
    )
    query = Query(entity=Entity.CONTACT, selection=Selection(), where=where, limit=200)

    split = hubspot.connector.plan(query)
    found = await hubspot.read(Entity.CONTACT, where, limit=200)

    assert (where.items[0], where.items[1], True, 2) == (split.pushed, split.residual, split.is_exact, split.calls)
    assert [call.operation for call in hubspot.scope.calls[before:]] == ["batch_read", "batch_read"]
    assert found
    assert {row.remote_id for row in found} <= set(ids)


async def test_what_cannot_match_costs_nothing(hubspot: Account) -> None:
    """A predicate that is false of every record is answered without a call."""
    where = Compare("department", Operator.EQ, "R&D")
    query = Query(entity=Entity.CONTACT, selection=Selection(), where=where)

    split = hubspot.connector.plan(query)
    found = await hubspot.read(Entity.CONTACT, where)

    assert (found, data_calls(hubspot.scope), split.calls) == ([], [], 0)


@pytest.mark.parametrize("entity", TYPES)
async def test_declared_calls_are_the_calls_of_a_page(hubspot: Account, entity: Entity) -> None:
    """What `explain` says a page costs is what it costs, in every way of reading."""
    fields = sorted(all_fields(entity) | ({"about"} if entity in {Entity.NOTE, Entity.TASK} else set()))
    for order in ((), (Order("created_at"),)):
        query = Query(entity=entity, selection=Selection(frozenset(fields)), order=order, limit=10)
        before = len(data_calls(hubspot.scope))

        await hubspot.connector.page(query)

        assert hubspot.connector.plan(query).calls == len(data_calls(hubspot.scope)) - before


@pytest.mark.parametrize(
    ("where", "calls"),
    [
        (Compare("starts_at", Operator.GTE, "2020-01-01T00:00:00.000Z"), 1),
        (Compare("starts_at", Operator.IS_NULL, operand=False), 1),
        (Or((Compare("starts_at", Operator.LT, "2020-01-01T00:00:00.000Z"), Compare("status", Operator.NE, "X"))), 2),
        (Compare("starts_at", Operator.NE, "2020-01-01T00:00:00.000Z"), 2),
    ],
)
async def test_a_filter_that_needs_a_key_leaves_no_records_without_one(
    hubspot: Account, where: Predicate, calls: int
) -> None:
    """They are not looked for, so that a period in its own order takes one search, even the last page of it."""
    order = (Order("starts_at", Direction.ASC),)
    query = Query(entity=Entity.APPOINTMENT, selection=Selection(), where=where, order=order, limit=199)
    split = hubspot.connector.plan(query)
    before = len(data_calls(hubspot.scope))

    found = await hubspot.rows(replace(query, where=split.pushed))

    assert found
    pages = ceil(len(found) / 199)
    assert ["search"] * (pages + calls - 1) == data_calls(hubspot.scope)[before:]
    assert (calls, calls == 1) == (split.calls, split.brings_total)


async def test_closing_dates_of_open_deals_are_no_closing_dates(hubspot: Account) -> None:
    """A filter on the property that they stand on does not tell that a deal is closed."""
    where = Compare("expected_close_on", Operator.GTE, "2020-01-01")
    deals = await hubspot.read(Entity.DEAL, where, order=(Order("closed_at", Direction.ASC),))

    assert {row.remote_id for row in deals} == {row.remote_id for row in await hubspot.read(Entity.DEAL, where)}
    assert any(isinstance(row, Deal) and row.closed_at is None for row in deals)


async def test_records_without_a_key_come_last_and_cost_a_call_more(hubspot: Account) -> None:
    """An order by a value that may be missing reads two segments, and counts both."""
    order = (Order("amount"),)
    where = Compare("created_at", Operator.GT, "2020-01-01T00:00:00.000Z")

    found = await hubspot.read(Entity.DEAL, where, "amount", order=order)

    query = Query(entity=Entity.DEAL, selection=Selection(), where=where, order=order)
    assert hubspot.connector.plan(query).calls == 2
    missing = [row.amount is None for row in found if isinstance(row, Deal)]
    assert True in missing
    assert missing == sorted(missing)


@pytest.mark.parametrize("entity", TYPES)
async def test_counts_are_the_oracles(hubspot: Account, entity: Entity) -> None:
    """A count of what is pushed exactly is the number of rows that satisfy it."""
    rows = await hubspot.read(entity, EVERYTHING, "created_at")
    middle = sorted(str(row.created_at) for row in rows)[len(rows) // 2]
    where = Compare("created_at", Operator.LT, middle)

    assert len(rows) == await hubspot.connector.count(entity, EVERYTHING)
    assert sum(str(row.created_at) < middle for row in rows) == await hubspot.connector.count(entity, where)


async def test_by_ids_answers_each_id_in_its_place(hubspot: Account) -> None:
    """Repeated, unknown and impossible ids keep their places, and only what can exist is asked for."""
    known = [row.remote_id for row in await hubspot.read(Entity.CONTACT, limit=200)]
    asked = [*known[:120], "99999999", known[0], "abc", "0", f"00{known[1]}"]
    before = len(hubspot.scope.calls)

    found = await hubspot.connector.by_ids(Entity.CONTACT, asked, Selection(frozenset({"email"})))

    assert len(asked) == len(found)
    assert [*known[:120], known[0], known[1]] == [row.remote_id for row in found if isinstance(row, Record)]
    assert [row.remote_id for row in found if isinstance(row, Missing)] == ["99999999", "abc", "0"]
    assert len(hubspot.scope.calls) - before == 2


async def test_a_page_starts_behind_any_place(hubspot: Account) -> None:
    """A position needs no page before it, also where it falls into a tie or names a row that is gone."""
    whole = await hubspot.read(Entity.CONTACT, order=NEWEST)
    for index in (0, 17, 99, 150, len(whole) - 1):
        place = Position((str(whole[index].updated_at),), whole[index].remote_id)
        query = Query(entity=Entity.CONTACT, selection=Selection(frozenset({"updated_at"})), order=NEWEST, limit=50)

        page = await hubspot.connector.page(query, place)

        assert [row.remote_id for row in whole[index + 1 : index + 51]] == [row.remote_id for row in page.records]


async def test_a_budget_ends_a_reading(sandbox: Sandbox) -> None:
    """A request that has used its calls is told so, and not by a source's error."""
    async with account(sandbox, max_calls=1) as poor:
        query = Query(entity=Entity.CONTACT, selection=Selection(), order=NEWEST, limit=10)
        await poor.connector.page(query)

        with pytest.raises(BudgetExceeded):
            await poor.connector.page(replace(query, limit=11))


async def test_ids_are_numbers(hubspot: Account) -> None:
    """Ids compare as numbers, and have one spelling."""
    connector = hubspot.connector

    assert sorted(["111", "9", "10"], key=connector.id_key) == ["9", "10", "111"]
    assert [connector.canonical_id(Entity.CONTACT, text) for text in ("007", "1a", "", "٣")] == ["7", None, None, None]

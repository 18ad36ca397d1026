"""What conditions become in COQL, and what is left to check."""

from collections.abc import AsyncIterator, Iterator

import pytest

from model.entities import Appointment, Deal, Entity, Lead
from model.page import Searched
from model.query import (
    EVERYTHING,
    And,
    Compare,
    Direction,
    MoneyBound,
    Not,
    Operator,
    Or,
    Order,
    Predicate,
    Query,
    SearchQuery,
)
from model.query import Selection as Wanted
from sandbox.run import Sandbox
from tests.connectors.zoho.accounts import Account, account


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A small account."""
    with Sandbox(["zoho"], scale=0.1, time_scale=100, options={"zoho": {"token_requests": 1000}}) as running:
        yield running


@pytest.fixture
async def zoho(sandbox: Sandbox) -> AsyncIterator[Account]:
    """A described connector to it."""
    async with account(sandbox) as connected:
        yield connected


def _where(zoho: Account, entity: Entity, where: Predicate) -> tuple[str, Predicate]:
    """The condition that the vendor is asked, and what is left to check."""
    split = zoho.connector.plan(Query(entity=entity, selection=Wanted(), where=where))
    text = str(split.vendor_query).partition(" where ")[2].partition(" order by ")[0]
    return text, split.residual


NAME = "last_name"
LATE = "2026-05-01T10:00:00.500Z"
CONDITIONS: list[tuple[Predicate, str, bool]] = [
    (Compare(NAME, Operator.EQ, "Brandt"), "Last_Name = 'Brandt'", True),
    (Compare(NAME, Operator.EQ, "Weiss"), "Last_Name in ('weiss', 'weiß')", True),
    (Compare(NAME, Operator.NE, "Brandt"), "(Last_Name != 'Brandt' or Last_Name is null)", True),
    (Compare(NAME, Operator.EQ, "O'Brien"), "Last_Name like '%Brien%'", False),
    (Compare(NAME, Operator.NE, "O'Brien"), "id is not null", False),
    (Compare(NAME, Operator.CONTAINS, "50%_off"), "Last_Name like '%off%'", False),
    (Compare(NAME, Operator.EQ, "x" * 1000), f"Last_Name like '%{'x' * 255}%'", False),
    (Compare(NAME, Operator.STARTS_WITH, "Bra"), "Last_Name like 'Bra%'", True),
    (Not(Compare(NAME, Operator.STARTS_WITH, "Bra")), "id is not null", False),
    (Not(Compare(NAME, Operator.CONTAINS, "ran")), "(Last_Name not like '%ran%' or Last_Name is null)", True),
    (Compare("created_at", Operator.GTE, LATE), "Created_Time > '2026-05-01T10:00:00+00:00'", True),
    (Compare("created_at", Operator.LT, LATE), "Created_Time <= '2026-05-01T10:00:00+00:00'", True),
    (Compare("email_opt_out", Operator.NE, operand=True), "Email_Opt_Out = 'false'", True),
    (Compare("description", Operator.IS_NULL, operand=True), "id is not null", False),
]


@pytest.mark.parametrize(("where", "text", "is_exact"), CONDITIONS, ids=str)
async def test_a_condition_is_said_so_that_it_loses_no_row(
    where: Predicate, text: str, is_exact: bool, zoho: Account
) -> None:
    """Missing values are named, quotes and wildcards are left out, and what then lets more through is checked here."""
    said, residual = _where(zoho, Entity.CONTACT, where)

    assert (said, residual == EVERYTHING) == (text, is_exact)


async def test_amounts_are_narrowed_by_their_currency(zoho: Account) -> None:
    """Which amount COQL compares is not told, and records without a currency are in the account's own."""
    where = Compare("amount", Operator.GT, MoneyBound("EUR", "1000"))

    said, residual = _where(zoho, Entity.DEAL, where)

    assert said == "((Currency = 'EUR' or Currency is null) and Amount is not null)"
    assert residual == where


async def test_a_query_takes_as_many_criteria_as_it_may(zoho: Account) -> None:
    """Of thirty conditions some are checked here, lists of more than fifty values are cut, and Zoho takes the query."""
    many = And(tuple(Or(tuple(Compare(NAME, Operator.EQ, f"{one}{two}") for two in "ab")) for one in range(15)))
    ids = Compare("remote_id", Operator.IN, tuple(str(554023000000300000 + one) for one in range(120)))
    query = Query(entity=Entity.CONTACT, selection=Wanted(), where=And((ids, many)), order=(Order("birth_date"),))

    split = zoho.connector.plan(query)
    page = await zoho.connector.page(Query(entity=Entity.CONTACT, selection=Wanted(), where=split.pushed))

    assert isinstance(split.residual, And)
    assert str(split.vendor_query).count("id in (") == 3
    assert page.records == []


async def test_converted_leads_are_read_and_told(zoho: Account) -> None:
    """COQL leaves them out unless a condition names their conversion, so that every query of leads does."""
    query = Query(entity=Entity.LEAD, selection=Wanted(frozenset({"status", "is_converted"})), limit=200)

    page = await zoho.connector.page(query)

    found = {(lead.status == "CONVERTED", lead.is_converted) for lead in page.records if isinstance(lead, Lead)}
    assert found == {(True, True), (False, False)}
    converted = Compare("status", Operator.EQ, "CONVERTED")
    assert _where(zoho, Entity.LEAD, converted)[1] == EVERYTHING
    assert 0 < await zoho.connector.count(Entity.LEAD, converted) < len(page.records)


async def test_whole_days_come_behind_instants(zoho: Account) -> None:
    """An all-day meeting has no instant, whatever stands in the column; both ways it comes last."""
    fields = frozenset({"starts_at", "starts_on", "ends_on", "is_all_day"})
    for direction in Direction:
        query = Query(
            entity=Entity.APPOINTMENT, selection=Wanted(fields), order=(Order("starts_at", direction),), limit=200
        )

        rows = (await zoho.connector.page(query)).records

        days = [row.is_all_day for row in rows if isinstance(row, Appointment)]
        assert days == sorted(days, key=bool)
        last = rows[-1]
        assert isinstance(last, Appointment)
        assert (last.starts_at, last.starts_on, last.ends_on) == (None, "2026-12-13", "2026-12-14")


async def test_the_stage_decides_the_outcome_and_the_day_of_closing(zoho: Account) -> None:
    """Open deals have no day of closing, and a filter by it is one condition of Zoho's."""
    where = Compare("closed_on", Operator.GTE, "2025-01-01")
    fields = frozenset({"status", "closed_on", "expected_close_on", "stage"})
    stages = {stage.remote_id: stage for line in (await zoho.connector.describe()).pipelines for stage in line.stages}

    page = await zoho.connector.page(Query(entity=Entity.DEAL, selection=Wanted(fields), where=where, limit=200))

    deals = [row for row in page.records if isinstance(row, Deal)]
    assert _where(zoho, Entity.DEAL, where)[1] == EVERYTHING
    assert {deal.status for deal in deals} == {"WON", "LOST"}
    assert all(deal.stage and stages[deal.stage.remote_id].outcome == deal.status for deal in deals)
    assert all(deal.closed_on == deal.expected_close_on for deal in deals)


async def test_a_name_is_found_and_its_hits_are_counted_from_any_place(zoho: Account) -> None:
    """Behind the first hits stand the others, whatever pages Zoho has."""
    selection = Wanted(frozenset({"last_name"}))
    query = SearchQuery(text="Brandt", selections={Entity.CONTACT: selection}, limit=3)

    first = (await zoho.connector.search(query))[Entity.CONTACT]
    behind = (await zoho.connector.search(query, {Entity.CONTACT: 1}))[Entity.CONTACT]

    assert isinstance(first, Searched)
    assert isinstance(behind, Searched)
    ids = [[hit.record.remote_id for hit in found.hits] for found in (first, behind)]
    assert len(ids[0]) == 3
    assert ids[1][:2] == ids[0][1:]

"""What each source is asked, decided before anybody is called."""

from dataclasses import replace

import pytest

from connectors.memory import MemoryConnector
from model.capabilities import Description, Split
from model.entities import Entity
from model.errors import BadCursor, BadRequest, Unsupported, UnsupportedBySource
from model.page import Position
from model.query import (
    EVERYTHING,
    NOTHING,
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
    Selection,
)
from model.reading import ListRequest, OutcomeStatus, ReadOptions
from resolvers.accounts import Account
from resolvers.cursor import Place
from resolvers.lists.plan import START, SourcePlan, check_request, plan_source
from resolvers.sources import Source
from tests.resolvers.conftest import MEMORY, Asks, contacts

STAMPS = [None, *(f"2026-05-0{day}T00:00:00.000Z" for day in range(1, 6))]
NAMES = Selection(frozenset({"last_name"}))
REQUEST = ListRequest(entity=Entity.CONTACT, selection=NAMES)
BY_NAME, BY_DATE = (Order("last_name"),), (Order("updated_at", Direction.DESC),)
EUR, USD = (Compare("amount", Operator.GTE, MoneyBound(currency, "1")) for currency in ("EUR", "USD"))
NAMED = Compare("name", Operator.EQ, "x")


@pytest.mark.parametrize(
    ("where", "is_allowed"),
    [
        (EUR, True),
        (And((NAMED, EUR)), True),
        (Or((EUR,)), True),
        (Or((EUR, And((NAMED, EUR)))), True),
        (And((Or((EUR, NAMED)), EUR)), True),
        (Not(Not(EUR)), True),
        (And((EUR, USD)), True),
        (EVERYTHING, False),
        (NAMED, False),
        (Or((EUR, NAMED)), False),
        (Or((EUR, USD)), False),
        (Not(EUR), False),
        (Not(Or((EUR, NAMED))), False),
        (Compare("amount", Operator.IS_NULL, operand=False), False),
    ],
)
def test_amounts_are_ordered_within_one_currency(where: Predicate, is_allowed: bool) -> None:
    """Every row that matches must have an amount in the one currency that the filter leaves."""
    request = ListRequest(entity=Entity.DEAL, selection=Selection(), where=where, order=(Order("amount"),))
    if is_allowed:
        check_request(request, max_first=100)
        return

    with pytest.raises(BadRequest, match="needs one currency"):
        check_request(request, max_first=100)


async def planned(
    request: ListRequest, *, is_alone: bool = False, before: Place = START, **options: bool
) -> SourcePlan:
    """The plan of a source in memory."""
    connector = MemoryConnector("a", contacts("a", STAMPS), **options)
    account = Account.of(Source("a", "A", MEMORY, connector), await connector.describe())
    return plan_source(request, account, is_alone=is_alone, before=before)


@pytest.mark.parametrize(
    ("order", "is_alone", "sorts", "is_sorted_here"),
    [
        ((), False, False, False),
        (BY_DATE, False, True, False),
        (BY_DATE, False, False, True),
        (BY_DATE, True, False, True),
        (BY_NAME, True, True, False),
        (BY_NAME, False, True, True),
        ((*BY_DATE, *BY_NAME), False, True, True),
        ((*BY_DATE, *BY_NAME), True, True, False),
    ],
)
async def test_who_sorts(order: tuple[Order, ...], is_alone: bool, sorts: bool, is_sorted_here: bool) -> None:
    """Dates merge as each CRM sorts them; text does not, for each collates it in its own way."""
    plan = await planned(replace(REQUEST, order=order), is_alone=is_alone, sorts=sorts)

    assert plan.is_sorted_here is is_sorted_here
    assert plan.query.order == (() if is_sorted_here else order)
    assert plan.query.selection.fields == {"last_name", *(key.field for key in order)}


async def test_a_walk_keeps_the_order_it_began_in() -> None:
    """A place in an order made here goes on here; a place in the CRM's own cannot."""
    request, row = replace(REQUEST, order=BY_NAME), Position(("Ada",), "1")

    resumed = await planned(request, is_alone=True, before=Place(row, is_sorted_here=True))
    own = await planned(request, is_alone=True, before=Place(row))

    assert (resumed.is_sorted_here, own.is_sorted_here) == (True, False)
    with pytest.raises(BadCursor, match="no longer sorts as it did"):
        await planned(request, is_alone=True, before=Place(row), sorts=False)


async def test_what_is_checked_here_is_read() -> None:
    """The fields of the residual are asked beside the selection, and no more."""
    where = Compare("first_name", Operator.EQ, "Ada")

    pushed = await planned(replace(REQUEST, where=where))
    residual = await planned(replace(REQUEST, where=where), pushes=False)

    assert (pushed.query.where, pushed.residual, pushed.query.selection.fields) == (where, EVERYTHING, {"last_name"})
    assert (residual.query.where, residual.residual) == (EVERYTHING, where)
    assert residual.query.selection.fields == {"last_name", "first_name"}


async def test_a_condition_that_nothing_here_can_meet_asks_nobody() -> None:
    """Not even the connector's plan, which may refuse what it need not do."""

    class Strict(MemoryConnector):
        def plan(self, query: Query) -> Split:
            return Split(unsupported="never")

    connector = Strict("a", contacts("a", STAMPS))
    account = Account.of(Source("a", "A", MEMORY, connector), await connector.describe())
    foreign = replace(REQUEST, where=Compare("remote_id", Operator.EQ, "b\n1"))

    plan = plan_source(foreign, account, is_alone=True)

    assert (plan.is_void, plan.query.where, plan.split.calls) == (True, NOTHING, 0)
    with pytest.raises(UnsupportedBySource, match="a: never"):
        plan_source(REQUEST, account, is_alone=True)


class Empty(MemoryConnector):
    """Offers nothing."""

    async def describe(self) -> Description:
        """No type at all."""
        return Description(types={}, lacking=frozenset(Entity))


@pytest.mark.usefixtures("scope")
async def test_a_source_without_the_type_is_skipped(reading: Asks) -> None:
    """The others answer, and nothing is missing on any page; where none offers it, the field says so."""
    other = MemoryConnector("b", contacts("b", STAMPS))
    request = replace(REQUEST, first=2, wants_total=True)

    page = await reading(Empty("a", {}), other).list(request)
    rest = await reading(Empty("a", {}), other).list(replace(request, after=page.cursor_of(1), first=100))

    assert [outcome.status for outcome in page.outcomes] == [OutcomeStatus.SKIPPED, OutcomeStatus.OK]
    assert (page.is_partial, page.total_count) == (False, len(STAMPS))
    assert (rest.is_partial, rest.total_count, len(rest.records)) == (False, len(STAMPS), len(STAMPS) - 2)
    with pytest.raises(Unsupported, match="a offers no list of contact records; c offers no list of contact records"):
        await reading(Empty("a", {}), Empty("c", {})).list(REQUEST)


@pytest.mark.usefixtures("scope")
async def test_orders_made_here_and_there_merge(reading: Asks) -> None:
    """One source sorts by itself, one is sorted here, one pushes no filter: the order is one."""
    connectors = [
        MemoryConnector("a", contacts("a", STAMPS * 3), page_size=4),
        MemoryConnector("b", contacts("b", STAMPS * 3), page_size=4, sorts=False),
        MemoryConnector("c", contacts("c", STAMPS * 3), page_size=4, pushes=False, sorts=False),
    ]
    where = Compare("last_name", Operator.NE, "N3")
    request = replace(REQUEST, order=BY_DATE, where=where, first=100, options=ReadOptions(allow_scan=True))

    page = await reading(*connectors).list(request)

    keys = [(row.updated_at or "", row.source, int(row.remote_id)) for row in page.records]
    by_id = sorted(keys, key=lambda key: key[1:])
    assert keys == sorted(by_id, key=lambda key: key[0], reverse=True)
    assert len(keys) == 3 * sum(number % 7 != 3 for number in range(1, 19))


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize(
    ("options", "scanned"),
    [
        (ReadOptions(), 20),
        (ReadOptions(scan_limit=7), 7),
        (ReadOptions(scan_limit=25), 20),
        (ReadOptions(allow_scan=True), 40),
        (ReadOptions(allow_scan=True, scan_limit=33), 33),
        (ReadOptions(allow_scan=True, scan_limit=1_000), 40),
    ],
)
async def test_a_scan_keeps_its_bounds(reading: Asks, scope: object, options: ReadOptions, scanned: int) -> None:
    """Without allowScan the settings' small bound holds, with it the large one; the caller's own narrows either."""
    connector = MemoryConnector("a", contacts("a", [None] * 60), pushes=frozenset({"first_name"}))
    unnamed = Compare("first_name", Operator.IS_NULL, operand=True)
    request = replace(REQUEST, where=And((unnamed, Compare("last_name", Operator.EQ, "nobody"))), options=options)

    page = await reading(connector, scan_rows=20, max_scan_rows=40).list(request)

    assert sum(call.rows for call in scope.calls) == scanned  # type: ignore[attr-defined]
    assert page.outcomes[0].is_scan_limited
    assert (page.is_partial, page.has_next_page) == (False, True)

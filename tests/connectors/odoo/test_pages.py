"""Pages, groups and own fields, by what is asked for and what becomes of the answers."""

from decimal import Decimal
from typing import Any

import pytest

from model.aggregate import AggregateQuery, Bucket, GroupKey
from model.entities import Deal, Entity
from model.errors import UnsupportedBySource
from model.fields import CustomName, FieldKind
from model.query import Compare, Direction, Operator, Order, Query, Selection
from tests.connectors.odoo.database import KEY, Database, connected

BY_CHANGE = Query(entity=Entity.DEAL, selection=Selection(), order=(Order("updated_at", Direction.DESC),), limit=3)
BASE = ["&", ["type", "=", "opportunity"], "|", ["active", "=", True], ["won_status", "=", "lost"]]


def _changed(*rows: tuple[int, str]) -> dict[str, Any]:
    """Rows as they come: an id and the second of its change."""
    found = [{"id": one, "write_date": f"2026-05-01 10:00:{second}"} for one, second in rows]
    return {"length": len(found), "records": found}


async def test_a_call_names_the_database_and_asks_for_archived_rows() -> None:
    """The key goes where Odoo wants it; what is archived is left out by a condition, which lost deals pass."""
    database = Database(answers=[_changed((5, "09"))])
    async with connected(database) as odoo:
        await odoo.page(Query(entity=Entity.DEAL, selection=Selection(frozenset({"updated_at"}))))

    assert (database.headers["authorization"], database.headers["x-odoo-database"]) == (f"Bearer {KEY}", "crm")
    [(model, method, asked)] = database.asked
    assert (model, method, asked["domain"]) == ("crm.lead", "web_search_read", BASE)
    assert asked["context"]["active_test"] is False
    assert asked["specification"] == {"id": {}, "write_date": {}}


async def test_a_second_that_the_page_cuts_is_read_by_id() -> None:
    """Odoo sorts by fractions: of the last second the page has the least ids, whichever Odoo gave at first."""
    database = Database(
        answers=[_changed((8, "09"), (7, "04"), (9, "04"), (4, "04")), _changed((4, "04"), (7, "04"), (9, "04"))]
    )
    async with connected(database) as odoo:
        page = await odoo.page(BY_CHANGE)

    assert ([row.remote_id for row in page.records], page.has_more) == (["8", "4", "7"], True)
    (_, _, first), (_, _, second) = database.asked
    assert (first["order"], first["limit"]) == ("write_date desc, id asc", 4)
    assert (second["order"], second["limit"]) == ("id asc", 3)
    assert second["domain"][-2:] == [
        ["write_date", ">=", "2026-05-01 10:00:04"],
        ["write_date", "<", "2026-05-01 10:00:05"],
    ]


async def test_a_page_that_ends_between_two_seconds_takes_one_call() -> None:
    """Within each second the rows come by id."""
    database = Database(answers=[_changed((8, "09"), (7, "04"), (4, "04"), (9, "03"))])
    async with connected(database) as odoo:
        page = await odoo.page(BY_CHANGE)

    assert [row.remote_id for row in page.records] == ["8", "4", "7"]
    assert len(database.asked) == 1


async def test_rows_that_odoo_drops_behind_the_limit_do_not_end_a_list() -> None:
    """A short page of activities is followed by others while Odoo counts more; an empty one is asked for again."""
    none: dict[str, Any] = {"length": 0, "records": []}
    some = {"length": 4, "records": [{"id": 7, "summary": False}]}
    database = Database(answers=[none, 4, some])
    async with connected(database) as odoo:
        page = await odoo.page(Query(entity=Entity.TASK, selection=Selection(frozenset({"subject"})), limit=2))

    assert ([row.remote_id for row in page.records], page.has_more) == (["7"], True)
    assert [method for _, method, _ in database.asked] == ["web_search_read", "search_count", "web_search_read"]
    assert [asked["limit"] for _, method, asked in database.asked if method == "web_search_read"] == [3, 30]


OWN: dict[str, dict[str, Any]] = {
    "x_score": {"type": "integer"},
    "x_price": {"type": "float", "digits": [16, 2]},
    "x_vip": {"type": "boolean"},
    "x_when": {"type": "datetime"},
    "x_tier": {"type": "selection", "selection": [["gold", "Gold"]]},
    "x_shown": {"type": "char", "store": False},
    "x_lines": {"type": "one2many"},
}


async def test_own_fields_are_those_that_users_made() -> None:
    """Stored ones of known types; false is a missing value, but of truth values and numbers, which have none."""
    names = {
        key: str(CustomName(kind, key))
        for key, kind in (
            ("x_score", FieldKind.INTEGER),
            ("x_vip", FieldKind.BOOLEAN),
            ("x_when", FieldKind.DATETIME),
            ("x_tier", FieldKind.CHOICE),
        )
    }
    row = {"id": 5, "x_score": 0, "x_vip": False, "x_when": "2026-05-01 10:00:00", "x_tier": False}
    database = Database(own=OWN, answers=[{"length": 1, "records": [row]}])
    async with connected(database) as odoo:
        described = (await odoo.describe()).remote_fields[Entity.DEAL]
        page = await odoo.page(Query(entity=Entity.DEAL, selection=Selection(frozenset(names.values()))))

    assert {one.remote_field: one.kind.value for one in described} == {
        "x_score": "INTEGER",
        "x_price": "DECIMAL",
        "x_vip": "BOOLEAN",
        "x_when": "DATETIME",
        "x_tier": "CHOICE",
    }
    assert page.records[0].custom == {
        "x_score": "0",
        "x_vip": False,
        "x_when": "2026-05-01T10:00:00.000Z",
        "x_tier": None,
    }


@pytest.mark.parametrize(("operand", "is_pushed"), [("2.50", True), ("2.505", False)])
async def test_a_number_that_odoo_would_round_is_compared_here(operand: str, is_pushed: bool) -> None:
    """A field with two decimals is compared by Odoo with two decimals."""
    price = str(CustomName(FieldKind.DECIMAL, "x_price"))
    where = Compare(price, Operator.LT, operand)
    async with connected(Database(own=OWN)) as odoo:
        split = odoo.plan(Query(entity=Entity.DEAL, selection=Selection(), where=where))

    assert (split.pushed == where) is is_pushed
    assert (split.residual == where) is not is_pushed


async def test_a_model_that_is_not_installed_is_told() -> None:
    """The types that there are can be read; of the others the description says why they are missing."""
    async with connected(Database()) as odoo:
        described = await odoo.describe()

    assert set(described.types) == {Entity.LEAD, Entity.DEAL, Entity.TASK, Entity.USER}
    assert any("calendar.event" in note for note in described.notes)


SUMMED = AggregateQuery(entity=Entity.DEAL, keys=(GroupKey("expected_close_on", Bucket.WEEK),), amount="amount")


def _week(day: str, total: float, count: int, *, least: float = 1.0) -> dict[str, Any]:
    sums = {"expected_revenue:sum": total, "expected_revenue:min": least, "expected_revenue:max": total}
    named = False if not day else [day, day]
    return {"date_deadline:day": named, **sums, "expected_revenue:count": 1, "__count": count}


async def test_days_are_put_into_buckets_here() -> None:
    """Weeks begin on Monday whatever Odoo's language says; an amount that was never set counts as 0."""
    answer = [_week("2026-05-03", 0.1, 1), _week("2026-05-04", 0.2, 1), _week("2026-05-05", 0.1, 2), _week("", 5, 1)]
    database = Database(answers=[answer])
    async with connected(database) as odoo:
        rows = {row.values[0]: row for row in await odoo.aggregate(SUMMED)}

    assert database.asked[0][2]["groupby"] == ["date_deadline:day"]
    assert {key: row.count for key, row in rows.items()} == {"2026-04-27": 1, "2026-05-04": 3, None: 1}
    totals = rows["2026-05-04"].amounts["USD"]
    assert (totals.sum, totals.count, totals.min) == (Decimal("0.3"), 3, Decimal(0))


async def test_sums_that_a_double_does_not_hold_are_folded() -> None:
    """JSON tells seventeen digits of any number, of which fifteen are sure."""
    async with connected(Database(answers=[[_week("2026-05-03", 1234567890123456.75, 1)]])) as odoo:
        with pytest.raises(UnsupportedBySource):
            await odoo.aggregate(SUMMED)


async def test_amounts_of_several_currencies_are_not_summed_by_odoo() -> None:
    """It would add dollars to euros; counts are made by it still."""
    async with connected(Database(currencies=("USD", "EUR"))) as odoo:
        assert odoo.plan_aggregate(SUMMED).unsupported is not None
        assert odoo.plan_aggregate(AggregateQuery(entity=Entity.DEAL)).unsupported is None


async def test_lost_deals_are_no_archived_ones() -> None:
    """They are archived in Odoo, and lost here."""
    rows = [{"id": 5, "active": False, "won_status": status} for status in ("lost", "pending")]
    database = Database(answers=[{"length": 2, "records": rows}])
    async with connected(database) as odoo:
        page = await odoo.page(Query(entity=Entity.DEAL, selection=Selection(frozenset({"status", "is_archived"}))))

    found = [(row.status, row.is_archived) for row in page.records if isinstance(row, Deal)]
    assert found == [("LOST", False), ("OPEN", True)]

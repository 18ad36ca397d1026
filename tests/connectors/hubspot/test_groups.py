"""Groups counted by HubSpot, over a socket and against the fold of the records."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from connectors.hubspot.groups.cells import Cell
from connectors.hubspot.groups.spans import between, ends_in
from connectors.hubspot.search import Criterion, Kind
from model.aggregate import AggregateQuery, Bucket, Fold, GroupKey, GroupRow
from model.entities import Entity
from model.errors import UnsupportedBySource
from model.query import EVERYTHING, NOTHING, And, Compare, Operator, Or, Predicate
from model.values import instant_text
from tests.connectors.hubspot.accounts import TYPES, Account, all_fields, data_calls
from tests.connectors.hubspot.predicates import drawn

KEYS: dict[Entity, tuple[GroupKey, ...]] = {
    Entity.CONTACT: tuple(map(GroupKey, ("lifecycle", "email_opt_out", "department", "custom.TEXT.region"))),
    Entity.LEAD: tuple(map(GroupKey, ("status", "rating", "owner", "is_converted"))),
    Entity.APPOINTMENT: tuple(map(GroupKey, ("status", "kind", "is_all_day", "owner"))),
    Entity.DEAL: tuple(map(GroupKey, ("status", "stage", "pipeline", "owner", "deal_type", "created_by"))),
    Entity.COMPANY: tuple(map(GroupKey, ("industry", "owner", "custom.TEXT.region", "is_deleted"))),
    Entity.USER: tuple(map(GroupKey, ("is_active", "kind"))),
    Entity.NOTE: (GroupKey("author"),),
    Entity.TASK: tuple(map(GroupKey, ("status", "priority", "owner", "updated_by"))),
}
DATES: dict[Entity, tuple[str, ...]] = {
    Entity.CONTACT: ("created_at", "last_activity_at"),
    Entity.LEAD: ("created_at",),
    Entity.APPOINTMENT: ("starts_at", "updated_at"),
    Entity.DEAL: ("expected_close_on", "closed_at", "closed_on", "created_at"),
    Entity.COMPANY: ("created_at",),
    Entity.USER: ("created_at",),
    Entity.NOTE: ("updated_at",),
    Entity.TASK: ("due_on", "due_at", "completed_at"),
}
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")


def counts(rows: Sequence[GroupRow]) -> dict[tuple[str | None, ...], int]:
    """How many records each group has."""
    assert len({row.values for row in rows}) == len(rows), "a group comes twice"
    return {row.values: row.count for row in rows}


async def folded(hubspot: Account, query: AggregateQuery) -> dict[tuple[str | None, ...], int]:
    """The oracle's groups, of the rows that pages give."""
    fold = Fold(query)
    fold.add(await hubspot.read(query.entity, query.where, *(key.field for key in query.keys), limit=200))
    return counts(fold.rows())


async def _counted(hubspot: Account, query: AggregateQuery) -> dict[tuple[str | None, ...], int] | None:
    """What HubSpot counts; None where it turns out to be too much."""
    try:
        return counts(await hubspot.connector.aggregate(query))
    except UnsupportedBySource:
        return None


def _drawn_keys(entity: Entity, rng: random.Random) -> tuple[GroupKey, ...]:
    plain = rng.sample(KEYS[entity], rng.choice((0, 1, 1, 2)) if len(KEYS[entity]) > 1 else 1)
    bucket = rng.choice((Bucket.MONTH, Bucket.QUARTER, Bucket.YEAR))
    dated = [GroupKey(name, bucket) for name in rng.sample(DATES[entity], 1) if rng.random() < 0.6]
    return tuple(rng.sample([*plain, *dated], len(plain) + len(dated)))


@pytest.mark.parametrize("entity", TYPES)
async def test_groups_are_those_of_the_records(hubspot: Account, entity: Entity) -> None:
    """Whatever is grouped under whatever filter: what HubSpot counts is what the fold counts, at no higher cost."""
    rng = random.Random(f"groups {entity}")  # noqa: S311 - draws test data
    rows = await hubspot.read(entity, EVERYTHING, *all_fields(entity))
    taken = 0
    for _ in range(24):
        where = EVERYTHING if rng.random() < 0.5 else drawn(entity, rows, rng, 1)
        query = AggregateQuery(entity=entity, where=where, keys=_drawn_keys(entity, rng), zone=rng.choice(ZONES))
        split = hubspot.connector.plan_aggregate(query)
        if split.unsupported is not None:
            continue
        before = len(data_calls(hubspot.scope))
        found = await _counted(hubspot, query)
        assert len(data_calls(hubspot.scope)) - before <= split.calls
        if found is not None:
            taken += 1
            assert await folded(hubspot, query) == found, query
    assert taken >= 4


async def test_no_keys_are_one_count(hubspot: Account) -> None:
    """The whole takes one search for one row, under the filter in HubSpot's words."""
    query = AggregateQuery(entity=Entity.DEAL, where=Compare("owner", Operator.EQ, "51"))

    split = hubspot.connector.plan_aggregate(query)
    (row,) = await hubspot.connector.aggregate(query)

    assert (split.calls, split.is_exact, split.unsupported) == (1, False, None)
    assert split.vendor_query == (
        '{"limit":1,"filterGroups":[{"filters":[{"propertyName":"hubspot_owner_id","operator":"EQ","value":"51"}]}],'
        '"sorts":[{"propertyName":"hs_object_id","direction":"ASCENDING"}]}'
    )
    assert data_calls(hubspot.scope) == ["search"]
    assert row.values == ()
    assert "lags" in split.notes[0]


async def test_each_group_is_a_search(hubspot: Account) -> None:
    """Words of ours go by the values that stand for them; a filter on the key leaves no group without a value."""
    where = Compare("status", Operator.IN, ("NEW", "WORKING"))
    query = AggregateQuery(entity=Entity.LEAD, where=where, keys=(GroupKey("status"),))

    split = hubspot.connector.plan_aggregate(query)
    found = counts(await hubspot.connector.aggregate(query))

    assert {("NEW",), ("WORKING",)} == set(found)
    assert split.calls == 1 + 5  # NEW, WORKING, QUALIFIED, DISQUALIFIED and those that no word stands for
    assert len(data_calls(hubspot.scope)) <= split.calls
    bodies = [call.query or "" for call in hubspot.scope.calls if call.kind == "data"]
    assert any('"operator":"EQ","value":"new-stage-id"' in body or '["new-stage-id"]' in body for body in bodies)


async def test_a_filter_that_bounds_a_date_spares_the_search_for_its_ends(hubspot: Account) -> None:
    """Twelve months of a year are thirteen searches, which is known before."""
    where = And(
        (
            Compare("expected_close_on", Operator.GTE, "2026-01-01"),
            Compare("expected_close_on", Operator.LT, "2027-01-01"),
        )
    )
    bounded = AggregateQuery(entity=Entity.DEAL, where=where, keys=(GroupKey("expected_close_on", Bucket.MONTH),))
    open_ = AggregateQuery(entity=Entity.DEAL, keys=(GroupKey("expected_close_on", Bucket.MONTH),))

    plans = [hubspot.connector.plan_aggregate(query).calls for query in (bounded, open_)]

    assert plans == [13, 33]
    assert await folded(hubspot, bounded) == counts(await hubspot.connector.aggregate(bounded))


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (AggregateQuery(entity=Entity.DEAL, amount="amount"), "adds up nothing"),
        (AggregateQuery(entity=Entity.DEAL, keys=(GroupKey("name"),)), "more values"),
        (AggregateQuery(entity=Entity.CONTACT, keys=(GroupKey("company"),)), "more values"),
        (AggregateQuery(entity=Entity.DEAL, keys=(GroupKey("company"),)), "more values"),
        (AggregateQuery(entity=Entity.DEAL, keys=(GroupKey("created_at"),)), "more values"),
        (AggregateQuery(entity=Entity.DEAL, keys=tuple(map(GroupKey, ("stage", "owner")))), "30 are the most"),
        (AggregateQuery(entity=Entity.DEAL, keys=(GroupKey("custom.DATE.amount", Bucket.DAY),)), "is DECIMAL here"),
        (
            AggregateQuery(entity=Entity.CONTACT, where=Compare("display_name", Operator.EQ, "Ann")),
            "whole filter",
        ),
        (AggregateQuery(entity=Entity.CONTACT, where=Compare("email", Operator.CONTAINS, "ann")), "whole filter"),
        (
            AggregateQuery(
                entity=Entity.CONTACT,
                where=Compare("remote_id", Operator.IN, ("5", "6")),
                keys=(GroupKey("lifecycle"),),
            ),
            "named by id",
        ),
    ],
)
async def test_what_cannot_be_counted_is_left_to_the_fold(hubspot: Account, query: AggregateQuery, why: str) -> None:
    """The plan says why, and nobody is called."""
    split = hubspot.connector.plan_aggregate(query)

    assert split.unsupported is not None
    assert why in split.unsupported
    assert not data_calls(hubspot.scope)


async def test_nothing_is_counted_where_nothing_can_match(hubspot: Account) -> None:
    """A filter that no record satisfies costs no call."""
    for keys, expected in (((), {(): 0}), ((GroupKey("status"),), {})):
        query = AggregateQuery(entity=Entity.DEAL, where=NOTHING, keys=keys)

        assert hubspot.connector.plan_aggregate(query).calls == 0
        assert expected == counts(await hubspot.connector.aggregate(query))
    assert not data_calls(hubspot.scope)


async def test_days_of_too_long_a_time_are_left_to_the_fold(hubspot: Account) -> None:
    """How many days there are is known with the first and the last: then the host folds after all."""
    query = AggregateQuery(entity=Entity.CONTACT, keys=(GroupKey("created_at", Bucket.DAY),))

    assert hubspot.connector.plan_aggregate(query).unsupported is None
    with pytest.raises(UnsupportedBySource, match="more groups"):
        await hubspot.connector.aggregate(query)

    assert len(data_calls(hubspot.scope)) == 3


INSTANT = Criterion(name="at", kind=Kind.INSTANT)


@pytest.mark.parametrize(
    ("zone", "ends", "expected"),
    [
        ("UTC", ("2026-01-31T23:59:59.999Z", "2026-02-01T00:00:00.000Z"), ["2026-01-01", "2026-02-01"]),
        ("Europe/Berlin", ("2026-01-31T23:00:00.000Z", "2026-02-01T00:00:00.000Z"), ["2026-02-01"]),
        ("Pacific/Apia", ("2011-12-29T12:00:00.000Z", "2011-12-31T12:00:00.000Z"), ["2011-12-01", "2012-01-01"]),
    ],
)
def test_buckets_begin_where_the_zone_has_its_days(zone: str, ends: tuple[str, str], expected: list[str]) -> None:
    """Months of instants are those of the caller's zone."""
    cells = between(ends, INSTANT, Bucket.MONTH, ZoneInfo(zone))

    assert expected == [cell.value for cell in cells]


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Asia/Beirut", "Europe/London", "Pacific/Apia", "Asia/Amman"])
def test_every_moment_is_in_the_bucket_of_its_day(zone: str) -> None:
    """Where the clock skips midnight, or repeats it, ranges meet without gap or overlap."""
    rng = random.Random(zone)  # noqa: S311 - draws test data
    area = ZoneInfo(zone)
    for _ in range(200):
        moment = datetime(2009, 1, 1, tzinfo=UTC) + timedelta(hours=rng.randrange(24 * 365 * 12), seconds=1)
        ends = tuple(instant_text(moment + timedelta(days=days)) for days in (-2, 2))
        stamp = int(moment.timestamp() * 1000)

        held = [cell.value for cell in between((ends[0], ends[1]), INSTANT, Bucket.DAY, area) if _has(cell, stamp)]

        assert [moment.astimezone(area).date().isoformat()] == held


def _has(cell: Cell, stamp: int) -> bool:
    ((low, high),) = cell.groups
    assert (low.operator, high.operator) == ("GTE", "LT")
    return int(low.value or 0) <= stamp < int(high.value or 0)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (EVERYTHING, None),
        (Compare("at", Operator.GTE, "2026-01-01T00:00:00.000Z"), None),
        (
            And(
                (
                    Compare("at", Operator.GTE, "2026-01-01T00:00:00.000Z"),
                    Compare("at", Operator.LT, "2026-02-01T00:00:00.000Z"),
                )
            ),
            ("2026-01-01T00:00:00.000Z", "2026-01-31T23:59:59.999Z"),
        ),
        (
            And((Compare("at", Operator.GT, "2026-01-01"), Compare("at", Operator.LTE, "2026-01-05"))),
            ("2026-01-02", "2026-01-05"),
        ),
        (Compare("at", Operator.EQ, "2026-01-05"), ("2026-01-05", "2026-01-05")),
        (And((Compare("at", Operator.EQ, "2026-01-05"), Compare("b", Operator.LT, "x"))), ("2026-01-05", "2026-01-05")),
        (Or((Compare("at", Operator.EQ, "2026-01-05"), Compare("b", Operator.LT, "x"))), None),
    ],
)
def test_ends_stand_in_the_filter_where_it_sets_both(where: Predicate, expected: tuple[str, str] | None) -> None:
    """A condition that every record satisfies tells how far a date reaches."""
    assert expected == ends_in(where, "at")

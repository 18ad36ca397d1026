"""Groups over sources in memory: what is counted, and in which order it is shown."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.aggregate import CURRENCY, AggregateQuery, AmountTotals, Bucket, Fold, GroupKey
from model.capabilities import AggregateSplit
from model.entities import Deal, Entity
from model.errors import BadRequest, QueryTooComplex, UnsupportedBySource
from model.ids import GlobalId
from model.query import Compare, Operator
from model.reading import PLATFORM, SOURCE, OutcomeStatus, ReadOptions
from model.values import Choice
from tests.resolvers.aggregates.deals import Staged, asked, deal, deals, keys_and_counts
from tests.resolvers.books import record, ref
from tests.resolvers.conftest import Asks

STATUSES = ("OPEN", "WON", "LOST", "UNKNOWN", None)
DAYS = ("2026-01-01", "2026-02-28", "2026-03-01", "2026-12-31", None)
INSTANTS = ("2026-01-01T00:30:00.000Z", "2026-03-29T01:30:00.000Z", "2025-12-31T23:30:00.000Z", None)
AMOUNTS = ("1.1 EUR", "2.25 EUR", "10 USD", "0 USD", None)
ZONES = ("UTC", "Asia/Tokyo", "America/New_York")
KEYS = [
    GroupKey("status"),
    GroupKey(CURRENCY),
    *(GroupKey(name, bucket) for name in ("expected_close_on", "created_at") for bucket in Bucket),
]


@st.composite
def books(draw: st.DrawFn, source: str) -> list[Deal]:
    """Up to twelve deals."""
    return [
        deal(
            source,
            number,
            draw(st.sampled_from(AMOUNTS)),
            status=draw(st.sampled_from(STATUSES)),
            probability=draw(st.sampled_from(["0.1", "0.75", None])),
            expected_close_on=draw(st.sampled_from(DAYS)),
            created_at=draw(st.sampled_from(INSTANTS)),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


def summed(totals: AmountTotals) -> tuple[Any, ...]:
    """What amounts to the same."""
    return (totals.currency, totals.count, totals.sum, totals.weighted, totals.min, totals.max)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_groups_of_sources_are_the_groups_of_all_records(reading: Asks, data: st.DataObject) -> None:
    """However each source answers, by groups or by pages of any size, the sum is that of one fold over the union."""
    keys = data.draw(st.lists(st.sampled_from(KEYS), max_size=3, unique=True))
    zone = data.draw(st.sampled_from(ZONES))
    where = Compare("status", Operator.NE, data.draw(st.sampled_from(["LOST", "none such"])))
    held = {key: data.draw(books(key)) for key in "abc"}
    connectors = [
        deals(
            key,
            *rows,
            page_size=data.draw(st.integers(1, 5)),
            pushes=data.draw(st.booleans()),
            groups=data.draw(st.booleans()),
        )
        for key, rows in held.items()
    ]
    request = asked(*keys, is_weighted=True, where=where, options=ReadOptions(time_zone=zone, allow_scan=True))
    fold = Fold(AggregateQuery(entity=Entity.DEAL, keys=tuple(keys), amount="amount", is_weighted=True, zone=zone))
    fold.add(row for rows in held.values() for row in rows if row.status != where.operand)

    with entered(Scope(deadline=Deadline.after(30), max_calls=10_000)):
        result = await reading(*connectors).aggregate(request)

    expected = {(row.count, tuple(sorted(map(summed, row.amounts.values()), key=str))) for row in fold.rows()}
    assert len(result.groups) == len(fold.rows())
    assert {(item.count, tuple(sorted(map(summed, item.amounts), key=str))) for item in result.groups} == expected
    assert sum(outcome.rows for outcome in result.outcomes) == sum(row.count for row in fold.rows())
    assert (result.is_partial, result.is_exact, result.has_more) == (False, True, False)
    assert ZoneInfo(zone)


async def test_a_source_that_groups_is_asked_once(reading: Asks, scope: Scope) -> None:
    """Its records are not read; another's are, page by page."""
    rows = [deal("a", n, "5 EUR", status="WON") for n in range(10)]
    grouping, plain = (
        deals("a", *rows, groups=True),
        deals("b", *(replace(row, source="b") for row in rows), page_size=4),
    )

    result = await reading(grouping, plain).aggregate(asked("status"))

    assert keys_and_counts(result) == [("WON", 20)]
    assert [(call.source, call.operation) for call in scope.calls if call.source == "a"] == [("a", "aggregate")]
    assert [outcome.upstream_calls for outcome in result.outcomes] == [1, 3]


async def test_what_a_source_cannot_group_after_all_is_folded(reading: Asks, scope: Scope) -> None:
    """The groups are the same, and the outcome says so."""

    class Overwhelmed(MemoryConnector):
        """Promises groups, and gives none."""

        async def aggregate(self, query: AggregateQuery) -> Any:
            """Refuse."""
            del query
            raise UnsupportedBySource("a has too many groups", source="a")

    source = Overwhelmed("a", {Entity.DEAL: [deal("a", 1, status="WON")]}, groups=True)

    result = await reading(source).aggregate(asked("status"))

    assert keys_and_counts(result) == [("WON", 1)]
    (outcome,) = result.outcomes
    assert (outcome.status, outcome.notes) == (
        OutcomeStatus.OK,
        ("its records were read and counted here: a has too many groups",),
    )


async def test_records_named_by_their_ids_are_read_where_that_is_cheaper(reading: Asks, scope: Scope) -> None:
    """A source that takes many calls to group is not asked to for two records."""

    class Dear(MemoryConnector):
        """Takes nine calls to group."""

        def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
            """Dear."""
            return replace(super().plan_aggregate(query), calls=9)

    source = Dear("a", {Entity.DEAL: [deal("a", n, status="WON") for n in range(9)]}, groups=True)
    named = Compare("remote_id", Operator.IN, ("a\n1", "a\n2", "b\n3"))

    few = await reading(source).aggregate(asked("status", where=named))
    all_ = await reading(source).aggregate(asked("status"))

    assert (keys_and_counts(few), keys_and_counts(all_)) == ([("WON", 2)], [("WON", 9)])
    assert [call.operation for call in scope.calls] == ["scan", "aggregate"]


async def test_groups_come_in_the_order_of_their_keys(reading: Asks, scope: Scope) -> None:
    """Statuses in their own order, months by time, missing values last."""
    rows = [
        deal("a", 1, status="LOST", expected_close_on="2026-11-30"),
        deal("a", 2, status="OPEN", expected_close_on=None),
        deal("a", 3, status="OPEN", expected_close_on="2027-01-01"),
        deal("a", 4, status=None, expected_close_on="2026-11-01"),
        deal("a", 5, status="OPEN", expected_close_on="2026-12-01"),
    ]

    result = await reading(deals("a", *rows)).aggregate(
        asked("status", GroupKey("expected_close_on", Bucket.MONTH), first=4)
    )

    assert keys_and_counts(result) == [
        ("OPEN", "2026-12", 1),
        ("OPEN", "2027-01", 1),
        ("OPEN", None, 1),
        ("LOST", "2026-11", 1),
    ]
    assert result.has_more
    assert [group.keys[1].label for group in result.groups] == ["Dec 2026", "Jan 2027", None, "Nov 2026"]


@pytest.mark.parametrize(
    ("bucket", "value", "label"),
    [
        (None, "2026-11-28", "28 Nov 2026"),
        (Bucket.WEEK, "2026-W48", "Week 48, 2026"),
        (Bucket.MONTH, "2026-11", "Nov 2026"),
        (Bucket.QUARTER, "2026-Q4", "Q4 2026"),
        (Bucket.YEAR, "2026", "2026"),
    ],
)
async def test_buckets_have_values_and_labels(
    reading: Asks, scope: Scope, bucket: Bucket | None, value: str, label: str
) -> None:
    """Days where none is named; weeks as ISO 8601 counts them."""
    source = deals("a", deal("a", 1, closed_on="2026-11-28"))

    result = await reading(source).aggregate(asked(GroupKey("closed_on", bucket)))

    (key,) = result.groups[0].keys
    assert (key.value, key.label) == (value, label)


async def test_stages_and_pipelines_come_as_their_source_orders_them(reading: Asks, scope: Scope) -> None:
    """By pipeline, then position; two sources' are never one, and one that is not described comes last, unnamed."""

    def rows(source: str) -> list[Deal]:
        return [
            deal(source, n, stage=ref(Entity.DEAL, stage), pipeline=ref(Entity.DEAL, stage.rstrip("0123456789")))
            for n, stage in enumerate(["early1", "late3", "gone9", "late1", "late1"])
        ]

    result = await reading(Staged("b", rows("b")), Staged("a", rows("a"))).aggregate(asked("pipeline", "stage"))

    told = [(*(key.label for key in group.keys), group.count) for group in result.groups]
    each = [
        ("Late", "Stage 1 of late", 2),
        ("Late", "Stage 3 of late", 1),
        ("Early", "Stage 1 of early", 1),
        (None, None, 1),
    ]
    assert told == [*each, *each]
    first = result.groups[0].keys
    assert [key.value for key in first] == [
        GlobalId("pipeline", "a", "late").encode(),
        GlobalId("stage", "a", "late1").encode(),
    ]


async def test_owners_are_named_in_one_read_where_names_are_wanted(reading: Asks, scope: Scope) -> None:
    """They come by source and id; one that the source does not know has no name."""
    rows = [deal("a", n, owner=ref(Entity.USER, owner)) for n, owner in enumerate([2, 10, 1, 2])]
    source = Staged("a", rows)

    plain = await reading(source).aggregate(asked("owner"))
    calls = len(scope.calls)
    named = await reading(source).aggregate(asked("owner", wants_names=True))

    assert [key.label for group in plain.groups for key in group.keys] == [None, None, None]
    assert [(key.label, group.count) for group in named.groups for key in group.keys] == [
        ("User 8", 1),
        ("User 7", 2),
        (None, 1),
    ]
    assert [key.value for group in named.groups for key in group.keys] == [
        GlobalId("user", "a", number).encode() for number in ("1", "2", "10")
    ]
    assert [call.operation for call in scope.calls] == ["scan", "scan", "by_ids"]
    assert calls == 1


async def test_source_and_platform_are_keys(reading: Asks, scope: Scope) -> None:
    """A platform's sources add up; a source without a record has no group."""
    sources = deals("b", deal("b", 1), deal("b", 2)), deals("a", deal("a", 1)), deals("c")

    by_source = await reading(*sources).aggregate(asked(SOURCE))
    by_platform = await reading(*sources).aggregate(asked(PLATFORM, SOURCE))

    assert keys_and_counts(by_source) == [("a", 1), ("b", 2)]
    assert keys_and_counts(by_platform) == [("memory", "a", 1), ("memory", "b", 2)]
    assert by_platform.groups[0].keys[0].label == "Memory"


async def test_choices_and_texts_come_by_their_label_without_regard_to_case(reading: Asks, scope: Scope) -> None:
    """Equal values of two sources are one group."""
    person = Entity.CONTACT
    a = MemoryConnector(
        "a", {person: [record(person, n, lifecycle=Choice(value)) for n, value in enumerate(["lead", "Zoo", "ape"])]}
    )
    b = MemoryConnector("b", {person: [record(person, 1, source="b", lifecycle=Choice("lead"))]})

    result = await reading(a, b).aggregate(asked("lifecycle", entity=person, amount=None))

    assert keys_and_counts(result) == [("ape", 1), ("lead", 2), ("Zoo", 1)]


async def test_no_record_is_one_group_without_keys(reading: Asks, scope: Scope) -> None:
    """As in SQL; nobody is asked where nothing can match."""
    nobody = Compare("remote_id", Operator.EQ, "elsewhere\n1")

    whole = await reading(deals("a"), deals("b", groups=True)).aggregate(asked(where=nobody))

    assert [(group.keys, group.count, group.amounts) for group in whole.groups] == [((), 0, [])]
    assert [(outcome.status, outcome.upstream_calls) for outcome in whole.outcomes] == [(OutcomeStatus.OK, 0)] * 2
    assert not (await reading(deals("a")).aggregate(asked("status"))).groups


async def test_leads_are_the_unconverted_ones_as_in_lists(reading: Asks, scope: Scope) -> None:
    """The type's base condition holds for groups as well."""
    lead = Entity.LEAD
    rows = [record(lead, n, status="NEW", is_converted=n > 2) for n in range(1, 6)]

    result = await reading(MemoryConnector("a", {lead: rows})).aggregate(asked("created_at", entity=lead, amount=None))

    assert keys_and_counts(result) == [(None, 2)]


async def test_amounts_are_summed_for_each_currency(reading: Asks, scope: Scope) -> None:
    """In the order of their currencies, over sources, exactly."""
    a, b = deals("a", deal("a", 1, "0.1 USD"), deal("a", 2, "0.2 EUR")), deals("b", deal("b", 1, "0.2 USD"))

    (group,) = (await reading(a, b).aggregate(asked())).groups

    assert [(item.currency, item.sum, item.count) for item in group.amounts] == [
        ("EUR", Decimal("0.2"), 1),
        ("USD", Decimal("0.3"), 2),
    ]


async def test_too_many_groups_are_an_error_that_names_the_key(reading: Asks, scope: Scope) -> None:
    """Memory grows with the groups, so their number is bounded; other sources answer."""
    rows = [deal("a", n, status="OPEN", closed_on=f"2026-01-{n:02}") for n in range(1, 30)]
    request = asked("status", "closed_on")

    with pytest.raises(QueryTooComplex, match=r"a has more than 10 groups by CLOSED_ON by DAY: take a wider bucket"):
        await reading(deals("a", *rows, page_size=5), max_groups=10).aggregate(request)
    both = await reading(deals("a", *rows, page_size=5), deals("b", deal("b", 1)), max_groups=10).aggregate(request)

    assert keys_and_counts(both) == [(None, None, 1)]
    assert [outcome.status for outcome in both.outcomes] == [OutcomeStatus.FAILED, OutcomeStatus.OK]
    assert both.is_partial


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ((GroupKey("status"), GroupKey("status")), "names STATUS twice"),
        ((GroupKey("closed_on"), GroupKey("closed_on", Bucket.DAY)), "names CLOSED_ON by DAY twice"),
        ((GroupKey("stage", Bucket.DAY),), "STAGE takes no bucket"),
        ((GroupKey(SOURCE, Bucket.DAY),), "SOURCE takes no bucket"),
        (tuple(KEYS[:6]), "at most 5"),
    ],
)
async def test_keys_without_a_meaning_are_refused(
    reading: Asks, scope: Scope, keys: Sequence[GroupKey], says: str
) -> None:
    """Before anybody is asked; one date may well be two keys, by year and by month."""
    with pytest.raises(BadRequest, match=says):
        await reading(deals("a")).aggregate(asked(*keys))

    assert scope.calls == []
    await reading(deals("a")).aggregate(asked(GroupKey("closed_on", Bucket.YEAR), GroupKey("closed_on", Bucket.MONTH)))

"""What groups, buckets and sums mean."""

from datetime import date
from decimal import Decimal

import pytest

from model.aggregate import CURRENCY, AggregateQuery, AmountTotals, Bucket, Fold, GroupKey, bucket_start
from model.entities import Deal, Entity
from model.values import Money, Ref


def deal(number: int, **fields: object) -> Deal:
    """A deal with *fields* alone."""
    return Deal(source="a", remote_id=str(number), **fields)  # type: ignore[arg-type]  # drawn by name


@pytest.mark.parametrize(
    ("bucket", "start"),
    [
        (Bucket.DAY, "2026-11-29"),
        (Bucket.WEEK, "2026-11-23"),
        (Bucket.MONTH, "2026-11-01"),
        (Bucket.QUARTER, "2026-10-01"),
        (Bucket.YEAR, "2026-01-01"),
    ],
)
def test_a_bucket_starts_on_its_first_day(bucket: Bucket, start: str) -> None:
    """Weeks begin on Monday."""
    assert bucket_start(date(2026, 11, 29), bucket).isoformat() == start


def test_currencies_are_never_mixed_and_sums_are_exact() -> None:
    """A tenth three times is three tenths; a missing amount counts as a record alone."""
    fold = Fold(AggregateQuery(entity=Entity.DEAL, amount="amount", is_weighted=True))

    fold.add(deal(n, amount=Money("0.1", "EUR"), probability="0.5") for n in range(3))
    fold.add([deal(4, amount=Money("7", "USD"), probability=None), deal(5, amount=None, probability="1")])

    (row,) = fold.rows()
    assert row.count == 5
    assert row.amounts["EUR"] == AmountTotals(
        "EUR", count=3, sum=Decimal("0.3"), weighted=Decimal("0.15"), min=Decimal("0.1"), max=Decimal("0.1")
    )
    assert row.amounts["USD"].weighted == 0


def test_instants_fall_into_buckets_of_the_zone() -> None:
    """Half past eleven at night in New York is the next day in UTC; dates have no zone."""
    keys = (GroupKey("created_at", Bucket.MONTH), GroupKey("expected_close_on", Bucket.MONTH))
    fold = Fold(AggregateQuery(entity=Entity.DEAL, keys=keys, zone="America/New_York"))

    fold.add([deal(1, created_at="2026-11-01T03:30:00.000Z", expected_close_on="2026-11-01")])

    assert [row.values for row in fold.rows()] == [("2026-10-01", "2026-11-01")]


@pytest.mark.parametrize(
    ("instant", "zone"),
    [("9999-12-31T23:59:59.000Z", "Asia/Tokyo"), ("0001-01-01T00:00:00.000Z", "America/New_York")],
)
def test_the_ends_of_the_calendar_are_days(instant: str, zone: str) -> None:
    """A date that stands for never does not end the fold of all others, wherever its zone would lead."""
    fold = Fold(AggregateQuery(entity=Entity.DEAL, keys=(GroupKey("created_at", Bucket.DAY),), zone=zone))

    fold.add([deal(1, created_at=instant)])

    assert [row.values for row in fold.rows()] == [(instant[:10],)]


def test_groups_by_reference_and_currency() -> None:
    """References by remote id; records without an amount have no currency."""
    keys = (GroupKey("stage"), GroupKey(CURRENCY))
    fold = Fold(AggregateQuery(entity=Entity.DEAL, keys=keys, amount="amount"))

    fold.add([deal(1, stage=Ref("stage", "s1"), amount=Money("1", "EUR")), deal(2, stage=None, amount=None)])

    assert sorted((row.values for row in fold.rows()), key=str) == [("s1", "EUR"), (None, None)]


def test_no_records_are_one_group_without_keys_and_none_with() -> None:
    """As in SQL."""
    assert [row.count for row in Fold(AggregateQuery(entity=Entity.DEAL)).rows()] == [0]
    assert not Fold(AggregateQuery(entity=Entity.DEAL, keys=(GroupKey("status"),))).rows()


def test_sums_of_many_digits_are_exact() -> None:
    """Nothing is rounded, however far apart the amounts are."""
    fold = Fold(AggregateQuery(entity=Entity.DEAL, amount="amount", is_weighted=True))

    fold.add(deal(n, amount=Money(text, "EUR"), probability="0.5") for n, text in enumerate(("9" * 30, "0.01")))

    (row,) = fold.rows()
    assert row.amounts["EUR"].sum == Decimal("9" * 30 + ".01")
    assert str(row.amounts["EUR"].weighted) == "4" + "9" * 29 + ".505"

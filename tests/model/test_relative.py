"""Relative ranges in a caller's zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from model.relative import RelativeRange, date_bounds, instant_bounds

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("range_", "expected"),
    [
        ("TODAY", ("2026-11-21", "2026-11-22")),
        ("YESTERDAY", ("2026-11-20", "2026-11-21")),
        ("TOMORROW", ("2026-11-22", "2026-11-23")),
        ("THIS_WEEK", ("2026-11-16", "2026-11-23")),
        ("LAST_WEEK", ("2026-11-09", "2026-11-16")),
        ("NEXT_WEEK", ("2026-11-23", "2026-11-30")),
        ("THIS_MONTH", ("2026-11-01", "2026-12-01")),
        ("LAST_MONTH", ("2026-10-01", "2026-11-01")),
        ("NEXT_MONTH", ("2026-12-01", "2027-01-01")),
        ("THIS_QUARTER", ("2026-10-01", "2027-01-01")),
        ("LAST_QUARTER", ("2026-07-01", "2026-10-01")),
        ("THIS_YEAR", ("2026-01-01", "2027-01-01")),
        ("LAST_7_DAYS", ("2026-11-15", "2026-11-22")),
        ("LAST_30_DAYS", ("2026-10-23", "2026-11-22")),
        ("LAST_90_DAYS", ("2026-08-24", "2026-11-22")),
        ("NEXT_7_DAYS", ("2026-11-21", "2026-11-28")),
        ("NEXT_30_DAYS", ("2026-11-21", "2026-12-21")),
        ("OVERDUE", (None, "2026-11-21")),
    ],
)
def test_date_bounds_count_from_the_callers_day(range_: str, expected: tuple[str | None, str]) -> None:
    """At half past eleven in London it is tomorrow in Rome."""
    assert expected == date_bounds(RelativeRange(range_), now=NOW, zone=ROME)


def test_instants_are_the_midnights_of_the_zone() -> None:
    """A day of the zone is not a day of UTC."""
    found = instant_bounds(RelativeRange.TODAY, now=NOW, zone=ROME)

    assert found == ("2026-11-20T23:00:00.000Z", "2026-11-21T23:00:00.000Z")


def test_a_day_with_a_clock_change_has_23_or_25_hours() -> None:
    """Bounds are local midnights, whatever lies between."""
    spring = datetime(2026, 3, 29, 12, tzinfo=UTC)

    found = instant_bounds(RelativeRange.TODAY, now=spring, zone=ROME)

    assert found == ("2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z")


def test_overdue_ends_now_for_instants() -> None:
    """A meeting this morning is overdue at noon."""
    assert instant_bounds(RelativeRange.OVERDUE, now=NOW, zone=ROME) == (None, "2026-11-20T23:30:00.000Z")

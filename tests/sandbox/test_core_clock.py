"""The virtual clock."""

import math
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sandbox import Clock

EPOCH = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("time_scale", [0.5, 1.0, 1000.0])
def test_virtual_time_runs_time_scale_times_as_fast(time_scale: float) -> None:
    """Between two readings pass real seconds times the scale."""
    clock = Clock(time_scale=time_scale)

    outer_start = time.monotonic()
    start = clock.monotonic()
    inner_start = time.monotonic()
    time.sleep(0.02)
    inner_end = time.monotonic()
    end = clock.monotonic()
    outer_end = time.monotonic()

    assert (inner_end - inner_start) * time_scale <= end - start + 1e-6
    assert end - start <= (outer_end - outer_start) * time_scale + 1e-6


def test_now_counts_from_the_epoch_in_utc() -> None:
    """An epoch in any zone is the same instant in UTC, and now runs with monotonic."""
    clock = Clock(time_scale=100, epoch=EPOCH.astimezone(timezone(timedelta(hours=9))))

    before = clock.monotonic()
    now = clock.now()
    after = clock.monotonic()

    assert now.tzinfo is UTC
    assert timedelta(seconds=before) <= now - EPOCH <= timedelta(seconds=after)


def test_now_is_the_wall_clock_without_an_epoch() -> None:
    """A clock at the vendor's pace and without an epoch shows real time."""
    before = datetime.now(UTC)
    clock = Clock()

    assert before - timedelta(seconds=1) <= clock.now() <= datetime.now(UTC) + timedelta(seconds=1)


async def test_sleep_waits_virtual_seconds() -> None:
    """An hour is over in real milliseconds when the clock is a hundred thousand times as fast."""
    clock = Clock(time_scale=100_000)
    start, real_start = clock.monotonic(), time.monotonic()

    await clock.sleep(3600)

    assert clock.monotonic() - start >= 3590
    assert time.monotonic() - real_start < 10


async def test_sleep_of_nothing_returns() -> None:
    """A wait that is already over does not wait."""
    clock = Clock(time_scale=0.001)
    real_start = time.monotonic()

    await clock.sleep(-1)

    assert time.monotonic() - real_start < 5


def test_advance_jumps_ahead() -> None:
    """Both readings jump by the same virtual seconds."""
    clock = Clock(epoch=EPOCH)

    clock.advance(7200)

    assert clock.monotonic() >= 7200
    assert clock.now() >= EPOCH + timedelta(hours=2)


def test_clock_does_not_go_back() -> None:
    """A negative jump is refused."""
    clock = Clock()

    with pytest.raises(ValueError, match="only goes ahead"):
        clock.advance(-1)


@pytest.mark.parametrize("time_scale", [0, -1, math.nan, math.inf])
def test_impossible_scale_is_refused(time_scale: float) -> None:
    """A clock that stands still, runs back or jumps to the end is no clock."""
    with pytest.raises(ValueError, match="time_scale"):
        Clock(time_scale=time_scale)


def test_epoch_without_a_zone_is_refused() -> None:
    """A naive epoch is no instant."""
    with pytest.raises(ValueError, match="time zone"):
        Clock(epoch=datetime(2026, 11, 2))  # noqa: DTZ001 (the mistake under test)

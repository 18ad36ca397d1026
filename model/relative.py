"""Relative date ranges as pairs of bounds in a caller's zone; weeks begin on Monday."""

from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from model.values import InstantText, instant_text

__all__ = ["RelativeRange", "date_bounds", "instant_bounds", "midnight"]


class RelativeRange(StrEnum):
    """A range of days named by its distance from today."""

    TODAY = "TODAY"
    YESTERDAY = "YESTERDAY"
    TOMORROW = "TOMORROW"
    THIS_WEEK = "THIS_WEEK"
    LAST_WEEK = "LAST_WEEK"
    NEXT_WEEK = "NEXT_WEEK"
    THIS_MONTH = "THIS_MONTH"
    LAST_MONTH = "LAST_MONTH"
    NEXT_MONTH = "NEXT_MONTH"
    THIS_QUARTER = "THIS_QUARTER"
    LAST_QUARTER = "LAST_QUARTER"
    THIS_YEAR = "THIS_YEAR"
    LAST_7_DAYS = "LAST_7_DAYS"
    LAST_30_DAYS = "LAST_30_DAYS"
    LAST_90_DAYS = "LAST_90_DAYS"
    NEXT_7_DAYS = "NEXT_7_DAYS"
    NEXT_30_DAYS = "NEXT_30_DAYS"
    OVERDUE = "OVERDUE"


_SHIFTS = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1, "THIS": 0, "LAST": -1, "NEXT": 1}


def _month(day: date, shift: int) -> date:
    months = day.year * 12 + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


def _days(start: date, count: int) -> tuple[date, date]:
    return start, start + timedelta(days=count)


def _rolling(today: date, name: str) -> tuple[date, date]:
    direction, count, _ = name.split("_")
    days = int(count)
    return _days(today - timedelta(days=days - 1), days) if direction == "LAST" else _days(today, days)


def _span(range_: RelativeRange, today: date) -> tuple[date | None, date]:
    """First day and the day after the last."""
    if range_ is RelativeRange.OVERDUE:
        return None, today
    word, _, unit = range_.value.partition("_")
    if unit.endswith("_DAYS"):
        return _rolling(today, range_.value)
    shift = _SHIFTS[word]
    match unit:
        case "WEEK":
            return _days(today + timedelta(days=7 * shift - today.weekday()), 7)
        case "MONTH":
            return _month(today, shift), _month(today, shift + 1)
        case "QUARTER":
            quarter = _month(today, 3 * shift - (today.month - 1) % 3)
            return quarter, _month(quarter, 3)
        case "YEAR":
            return date(today.year + shift, 1, 1), date(today.year + shift + 1, 1, 1)
        case _:
            return _days(today + timedelta(days=shift), 1)


def date_bounds(range_: RelativeRange, *, now: datetime, zone: ZoneInfo) -> tuple[str | None, str]:
    """The range as dates: from the first, included, to the second, excluded; no lower bound for OVERDUE."""
    start, end = _span(range_, now.astimezone(zone).date())
    return (start.isoformat() if start else None), end.isoformat()


def instant_bounds(range_: RelativeRange, *, now: datetime, zone: ZoneInfo) -> tuple[str | None, str]:
    """The range as instants in normalised form; OVERDUE ends now, the others at midnights of *zone*."""
    if range_ is RelativeRange.OVERDUE:
        return None, instant_text(now)
    start, end = _span(range_, now.astimezone(zone).date())
    return (midnight(start, zone) if start else None), midnight(end, zone)


def midnight(day: date, zone: tzinfo) -> InstantText:
    """The beginning of *day* in *zone*; where the clock skips midnight, the moment at which it does."""
    return instant_text(datetime.combine(day, time.min, tzinfo=zone))

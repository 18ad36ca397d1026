"""What a constant in a statement means: escapes in text, dates, and the names of spans of days."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.salesforce.org.store import wire_instant
from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.syntax import Constant

__all__ = ["Calendar", "Span", "like_pattern", "text_of"]

_MAX_TEXT = 4_000
"""Characters of one text in a WHERE clause (SOQL limits, read 2026-11)."""

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_WILDCARDS = "%_"

_DAYS = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}
_NAMED_SPAN = re.compile(r"(LAST|THIS|NEXT)_(?:FISCAL_)?(WEEK|MONTH|QUARTER|YEAR)")
_COUNTED_SPAN = re.compile(r"(LAST|NEXT)_N_(?:FISCAL_)?(DAY|WEEK|MONTH|QUARTER|YEAR)S:(\d+)")
_AGO = re.compile(r"N_(?:FISCAL_)?(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO:(\d+)")
_NINETY = re.compile(r"(LAST|NEXT)_90_DAYS")
_SHIFTS = {"LAST": -1, "THIS": 0, "NEXT": 1}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """A time as a column holds it: *start* included, *end* not; one instant or day when *end* is None."""

    start: str
    end: str | None


def text_of(constant: Constant) -> str:
    """The text of a quoted constant.

    Raises:
        SoqlError: MALFORMED_QUERY for an escape that SOQL does not know, or for too long a text.
    """
    return _bounded(_ESCAPE.sub(lambda match: _unescaped(match, constant), constant.text[1:-1]), constant)


def like_pattern(constant: Constant) -> str:
    r"""The pattern of a quoted constant after LIKE, for SQL's `LIKE … ESCAPE '\'`.

    Raises:
        SoqlError: as `text_of`.
    """

    def pattern_part(match: re.Match[str]) -> str:
        escaped = match[1]
        if escaped in _WILDCARDS or escaped == "\\":
            return match[0]
        return _unescaped(match, constant)

    return _bounded(_ESCAPE.sub(pattern_part, constant.text[1:-1]), constant)


def _unescaped(match: re.Match[str], constant: Constant) -> str:
    escaped = match[1]
    if len(escaped) > 1:
        return chr(int(escaped[1:], 16))
    plain = _ESCAPES.get(escaped.lower())
    if plain is not None:
        return plain
    if escaped == "u":
        reason = f"Illegal unicode sequence. '{match[0]}' in string literal."
    else:
        reason = f"Illegal character sequence '{match[0]}' in string literal."
    raise SoqlError("MALFORMED_QUERY", f"Invalid string literal {constant.text}. {reason}", at=constant.at)


def _bounded(text: str, constant: Constant) -> str:
    if len(text) > _MAX_TEXT:
        reason = f"string literal of {len(text)} characters exceeds the maximum of {_MAX_TEXT}"
        raise SoqlError("MALFORMED_QUERY", reason, at=constant.at)
    return text


class Calendar:
    """What dates mean to the running user.

    Days begin in the user's time zone, weeks on Sunday, fiscal years in January.
    """

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self._zone = zone
        self._today = now.astimezone(zone).date()

    def days(self, constant: Constant) -> Span:
        """A date constant as days of a date column.

        Raises:
            SoqlError: the constant is no date.
        """
        first, after = self._bounds(constant)
        return Span(first.isoformat(), after.isoformat())

    def instants(self, constant: Constant) -> Span:
        """A datetime constant, or a span's name, as instants of a datetime column.

        Raises:
            SoqlError: the constant is no time.
        """
        if constant.kind == "datetime":
            return Span(wire_instant(_instant(constant)), None)
        first, after = self._bounds(constant)
        return Span(self._midnight(first), self._midnight(after))

    def _midnight(self, day: date) -> str:
        return wire_instant(datetime(day.year, day.month, day.day, tzinfo=self._zone))

    def _bounds(self, constant: Constant) -> tuple[date, date]:
        try:
            if constant.kind == "date":
                day = date.fromisoformat(constant.text)
                return day, day + timedelta(days=1)
            bounds = _span(constant.text.upper(), self._today)
        except (ValueError, OverflowError):
            raise SoqlError("MALFORMED_QUERY", f"Invalid date: {constant.text}", at=constant.at) from None
        if bounds is None:
            raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{constant.text}'", at=constant.at)
        return bounds


def _instant(constant: Constant) -> datetime:
    try:
        return datetime.fromisoformat(constant.text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise SoqlError("MALFORMED_QUERY", f"Invalid datetime: {constant.text}", at=constant.at) from None


def _span(name: str, today: date) -> tuple[date, date] | None:
    """The first day of a named span and the day after its last; None for an unknown name."""
    if name in _DAYS:
        return _units("DAY", today, _DAYS[name], 1)
    if match := _NAMED_SPAN.fullmatch(name):
        return _units(match[2], today, _SHIFTS[match[1]], 1)
    if match := _AGO.fullmatch(name):
        return _units(match[1], today, -int(match[2]), 1)
    if match := _NINETY.fullmatch(name):
        return _counted(match[1], "DAY", 90, today)
    if match := _COUNTED_SPAN.fullmatch(name):
        return _counted(match[1], match[2], int(match[3]), today)
    return None


def _counted(side: str, unit: str, count: int, today: date) -> tuple[date, date]:
    """LAST_N_DAYS ends with today; other units leave the running one out (SOQL date literals, read 2026-11)."""
    if side == "NEXT":
        return _units(unit, today, 1, count)
    return _units(unit, today, -count, count + 1 if unit == "DAY" else count)


def _units(unit: str, today: date, shift: int, count: int) -> tuple[date, date]:
    """The *count* units that begin *shift* units after the running one."""
    if unit == "DAY":
        first = today + timedelta(days=shift)
        return first, first + timedelta(days=count)
    if unit == "WEEK":
        first = today - timedelta(days=(today.weekday() + 1) % 7) + timedelta(weeks=shift)
        return first, first + timedelta(weeks=count)
    width = _MONTHS[unit]
    month = (today.year * 12 + today.month - 1) // width * width + shift * width
    return _month_start(month), _month_start(month + count * width)


def _month_start(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)

"""Vendor values to normalised wire form; each conversion maps a missing or empty value to None.

Values that cannot be converted raise ValueError or TypeError: the HTTP client reports them as garbage from the source.
"""

import html
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from model.values import DateText, DecimalText, InstantText, decimal_text, instant_text

__all__ = ["date", "decimal", "flag", "host", "instant", "percent", "plain_text", "text", "texts", "whole"]

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|\+0000|\+00:00)\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def text(value: Any) -> str | None:
    """Text as it is; numbers in their shortest spelling."""
    if value is None or value == "":
        return None
    if isinstance(value, list | dict):
        raise TypeError("not a single value")
    return value if isinstance(value, str) else str(value)


def texts(value: Any, separator: str = ";") -> tuple[str, ...] | None:
    """The parts of a joined multi-value, or of a list, empty ones left out."""
    if isinstance(value, list):
        return tuple(part for one in value if (part := text(one))) or None
    joined = text(value)
    return tuple(part for part in joined.split(separator) if part) if joined else None


def instant(value: Any) -> InstantText | None:
    """An instant from RFC 3339 text with any offset, or from epoch milliseconds."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        if _INSTANT.match(value):
            datetime.fromisoformat(value)  # raises for a day or an hour that there is not
            return value[:23] + "Z"
        if not value.lstrip("-").isdigit():
            return instant_text(datetime.fromisoformat(value))
    return instant_text(datetime.fromisoformat("1970-01-01T00:00:00+00:00") + _milliseconds(int(value)))


def _milliseconds(count: int) -> Any:
    return datetime.resolution * 1000 * count


def date(value: Any) -> DateText | None:
    """A date; of an instant, its UTC day."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and _DATE.match(value):
        datetime.fromisoformat(value)  # raises for a day that there is not
        return value
    moment = instant(value)
    return moment[:10] if moment else None


def decimal(value: Any) -> DecimalText | None:
    """A number in its one spelling, whatever the vendor's is; a float by its shortest repr."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value))
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not number.is_finite():
        raise ValueError("not a finite number")
    return decimal_text(number)


def percent(value: Any) -> DecimalText | None:
    """A percentage as a share of one."""
    number = decimal(value)
    return None if number is None else decimal_text(Decimal(number) / 100)


def whole(value: Any) -> int | None:
    """A whole number; fractions are cut."""
    number = decimal(value)
    return None if number is None else int(Decimal(number))


def flag(value: Any) -> bool | None:
    """A boolean, also as the texts "true" and "false" in any case."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word not in {"true", "false"}:
        raise ValueError("not a boolean")
    return word == "true"


def host(website: str | None) -> str | None:
    """The host of a web address, in lower case, without www; None where there is none."""
    if not website:
        return None
    try:
        found = urlsplit(website if "//" in website else f"//{website}").hostname
    except ValueError:
        return None
    return (found or "").removeprefix("www.") or None


def plain_text(markup: Any, limit: int = 255) -> str | None:
    """*markup* without tags, white space folded, at most *limit* characters."""
    if markup is None or markup == "":
        return None
    bare = html.unescape(_TAG.sub("", _BREAK.sub(" ", str(markup))))
    return _SPACE.sub(" ", bare).strip()[:limit] or None

"""Values and names as SOQL spells them; nothing else in the connector puts text into a query.

A backslash stands before backslash, both quotes and the letters of line feed, return, tab, backspace and form feed; in
LIKE also before % and _ (Salesforce, SOQL reference, "Quoted string escape sequences" and "LIKE", read 2026-11).
"""

import re
from decimal import Decimal, InvalidOperation

from model.errors import OurBug

__all__ = [
    "MAX_LITERAL_CHARS",
    "date_literal",
    "fits_literal",
    "flag_literal",
    "identifier",
    "instant_literal",
    "number_literal",
    "pattern_text",
    "quoted",
    "text_literal",
]

# Salesforce, "SOQL and SOSL limits": 4,000 characters in one string literal of a WHERE clause (read 2026-11).
MAX_LITERAL_CHARS = 4_000

_ESCAPES = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
_TEXT = str.maketrans(_ESCAPES)
_PATTERN = str.maketrans({**_ESCAPES, "%": "\\%", "_": "\\_"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,5}\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
# Control characters that SOQL has no escape for, and halves of a surrogate pair.
_UNSPEAKABLE = re.compile(r"[\x00-\x07\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_MAX_DIGITS = 30


def identifier(name: str) -> str:
    """*name* itself, an object, field or path of at most five relationships.

    Raises:
        OurBug: it is none; names come from tables and describe answers, never from a caller.
    """
    if not _NAME.match(name):
        raise OurBug(f"{name!r} is no SOQL name")
    return name


def text_literal(value: str) -> str:
    """*value* as one string literal."""
    return quoted(value.translate(_TEXT))


def pattern_text(value: str) -> str:
    """*value* as a part of a LIKE pattern that matches itself alone, without quotes."""
    return value.translate(_PATTERN)


def quoted(escaped: str) -> str:
    """Text that is escaped already, in quotes."""
    return f"'{escaped}'"


def fits_literal(value: str) -> bool:
    """Whether *value* can be said in one literal, also as a pattern."""
    return len(value.translate(_PATTERN)) <= MAX_LITERAL_CHARS and not _UNSPEAKABLE.search(value)


def instant_literal(value: object) -> str | None:
    """An instant in normalised form, unquoted; None for anything else."""
    return value if isinstance(value, str) and _INSTANT.match(value) else None


def date_literal(value: object) -> str | None:
    """A date, unquoted; None for anything else."""
    return value if isinstance(value, str) and _DATE.match(value) else None


def number_literal(value: object, *, scale: int = 1) -> str | None:
    """A number times *scale*, without an exponent; None for anything else, and for more than 30 digits."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS or len(number.as_tuple().digits) > _MAX_DIGITS:
        return None
    plain = format(number * scale, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def flag_literal(value: object) -> str | None:
    """A boolean; None for anything else."""
    return ("true" if value else "false") if isinstance(value, bool) else None

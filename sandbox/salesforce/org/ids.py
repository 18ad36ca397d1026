"""Salesforce record ids: 15 significant characters and a checksum of their letter case.

The number part is base 62 with the digits in ASCII order (0-9, A-Z, a-z).
So the text order of two ids of one object, which SOQL compares case-sensitively, is the order of their numbers.
"""

import string
from functools import lru_cache

__all__ = ["ID_LENGTH", "id_of", "normalised", "number_of"]

ID_LENGTH = 18
_SHORT_LENGTH = 15
_POD = "Qy0"
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_CHECK_DIGITS = string.ascii_uppercase + "012345"
_NUMBER_LENGTH = _SHORT_LENGTH - 3 - len(_POD)


@lru_cache(maxsize=1 << 14)
def id_of(prefix: str, number: int) -> str:
    """The 18-character id of row *number* of the object with the three-character key *prefix*."""
    digits = ""
    while number:
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    short = prefix + _POD + digits.rjust(_NUMBER_LENGTH, "0")
    return short + _checksum(short)


def number_of(record_id: str) -> int:
    """The row number in an 18-character id that `id_of` made."""
    number = 0
    for digit in record_id[_SHORT_LENGTH - _NUMBER_LENGTH : _SHORT_LENGTH]:
        number = number * len(_DIGITS) + _VALUES[digit]
    return number


def normalised(text: str) -> str | None:
    """The 18-character form of a 15- or 18-character id; None when *text* is no id."""
    if len(text) not in (_SHORT_LENGTH, ID_LENGTH) or not (text.isascii() and text.isalnum()):
        return None
    short = text[:_SHORT_LENGTH]
    full = short + _checksum(short)
    return full if len(text) == _SHORT_LENGTH or text == full else None


def _checksum(short: str) -> str:
    """Three characters, each for five."""
    return _check_digit(short[:5]) + _check_digit(short[5:10]) + _check_digit(short[10:])


@lru_cache(maxsize=1 << 16)
def _check_digit(group: str) -> str:
    """Tells which of five characters are capitals, the first of them in the lowest bit."""
    return _CHECK_DIGITS[sum(1 << place for place, letter in enumerate(group) if "A" <= letter <= "Z")]

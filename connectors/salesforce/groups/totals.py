"""Amounts as an answer's JSON numbers hold them."""

from decimal import Decimal
from typing import Any

from connectors.mapping import convert

__all__ = ["exact"]

# Decimal digits that a double gives back for sure (IEEE 754, binary64).
_SURE_DIGITS = 15


def exact(value: Any, *, scale: int) -> Decimal | None:
    """The amount or sum that *value* stands for, of *scale* digits behind the point; None where its digits are lost.

    A sum of doubles is off by far less than a hundredth of its last digit, which is rounded away; what differs by more
    was stored with more digits than the column shows.
    """
    number = Decimal(convert.decimal(value) or 0)
    if number and number.adjusted() + 1 + scale > _SURE_DIGITS:
        return None
    rounded = round(number, scale)
    return rounded if abs(number - rounded) < Decimal(1).scaleb(-scale - 2) else number

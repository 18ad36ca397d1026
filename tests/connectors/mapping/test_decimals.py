"""Numbers have one spelling, however a vendor writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mapping import convert
from model.values import decimal_text


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (244900.0, "244900"),
        ("244900.0", "244900"),
        ("241600", "241600"),
        (1e21, "1000000000000000000000"),
        ("1E-7", "0.0000001"),
        ("12.50", "12.5"),
        ("-0.00", "0"),
        (0, "0"),
        ("100", "100"),
        (0.1, "0.1"),
        (None, None),
        ("", None),
    ],
)
def test_equal_amounts_are_spelled_alike(value: object, spelled: str | None) -> None:
    """No exponent, no zeros at the end of a fraction, no negative zero."""
    assert convert.decimal(value) == spelled


@pytest.mark.parametrize(("value", "share"), [("75", "0.75"), (100.0, "1"), ("12.5", "0.125"), (0, "0")])
def test_percentages_are_shares_of_one(value: object, share: str) -> None:
    """In the same spelling."""
    assert convert.percent(value) == share


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_spelling_keeps_the_number(number: Decimal) -> None:
    """What is spelled is what it was, and is spelled the same again."""
    text = decimal_text(number)

    assert Decimal(text) == number
    assert decimal_text(Decimal(text)) == text
    assert "E" not in text

"""What reaches SOQL as text stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.salesforce.soql import identifier, number_literal, text_literal
from connectors.salesforce.soql.literals import date_literal, fits_literal, instant_literal, pattern_text, quoted
from model.errors import OurBug
from tests.connectors.salesforce.lexer import Token, tokens

SPEAKABLE = st.text().filter(fits_literal)
NASTY = [
    "O'Brien",
    "\\",
    "\\'",
    "'; DELETE",
    "' OR Name != '",
    "100%",
    "a_b",
    'say "hi"',
    "line\nbreak\r\t\b\f",
    "%'",
    "\\%",
    "\u2019",
    "ＡＢＣ",
]


@given(SPEAKABLE)
def test_text_is_one_literal_with_its_value(value: str) -> None:
    """Whatever a caller sends, the vendor sees one literal that stands for it."""
    found = tokens(f"Name = {text_literal(value)}")

    assert [token.value for token in found] == ["Name = ", value]
    assert found[1].is_literal


@given(SPEAKABLE)
def test_pattern_text_has_no_wildcard(value: str) -> None:
    """In LIKE a percent sign and an underscore stand for themselves."""
    assert tokens(quoted(pattern_text(value))) == [Token(True, value)]


@pytest.mark.parametrize("value", NASTY)
def test_known_attacks_are_one_literal(value: str) -> None:
    """Quotes, backslashes, wildcards and line ends do not end a literal."""
    assert [token.value for token in tokens(f"{text_literal(value)} AND x")] == [value, " AND x"]
    assert tokens(quoted(pattern_text(value))) == [Token(True, value)]


@pytest.mark.parametrize("value", ["\x00", "a\x0bb", "\x7f", "\ud800", "x" * 4_001, "'" * 2_001])
def test_what_soql_cannot_say_is_refused(value: str) -> None:
    """Characters without an escape, and literals over 4,000 characters, are left to be checked here."""
    assert not fits_literal(value)


def test_longest_literal_fits() -> None:
    """The vendor takes 4,000 characters."""
    assert fits_literal("x" * 4_000)


@pytest.mark.parametrize("name", ["Name", "Account.Name", "Region__c", "A.B.C.D.E.F"])
def test_names_are_identifiers(name: str) -> None:
    """Fields, custom fields and paths of five relationships are names."""
    assert identifier(name) == name


@pytest.mark.parametrize("name", ["", "Name, Id", "Name'", "1a", "a.", "a b", "Id)--", "A.B.C.D.E.F.G"])
def test_what_is_no_name_is_our_bug(name: str) -> None:
    """A name that did not come from a table never reaches a query."""
    with pytest.raises(OurBug):
        identifier(name)


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        ("0.25", 100, "25"),
        ("0.125", 100, "12.5"),
        ("1E+3", 1, "1000"),
        (7, 1, "7"),
        ("-0.10", 1, "-0.1"),
        ("100", 1, "100"),
        ("nan", 1, None),
        ("1e400", 1, None),
        ("1" * 31, 1, None),
        ("1; x", 1, None),
        (True, 1, None),
    ],
)
def test_numbers_are_plain_digits(value: object, scale: int, expected: str | None) -> None:
    """No exponent, no rounding, and nothing that is no number."""
    assert number_literal(value, scale=scale) == expected


@pytest.mark.parametrize("value", ["2026-05-01T00:00:00.000Z", "2026-05-01T00:00:00Z"])
def test_instants_are_unquoted(value: str) -> None:
    """An instant stands as it is."""
    assert instant_literal(value) == value


@pytest.mark.parametrize("value", ["2026-05-01", "2026-05-01T00:00:00+00:00", "TODAY", "2026-05-01T00:00:00Z OR", 5])
def test_other_texts_are_no_instants(value: object) -> None:
    """Dates, macros and anything appended are refused."""
    assert instant_literal(value) is None


@pytest.mark.parametrize("value", ["2026-05-01T00:00:00Z", "TODAY", "2026-5-1", "2026-05-01\n", None])
def test_other_texts_are_no_dates(value: object) -> None:
    """Instants and macros are refused."""
    assert date_literal(value) is None

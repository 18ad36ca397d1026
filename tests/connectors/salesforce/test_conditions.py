"""What each comparison becomes in SOQL, and what is left to be checked here."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.salesforce.soql import (
    Always,
    Amount,
    Flag,
    Id,
    Key,
    Missing,
    Ordered,
    Rule,
    Text,
    Within,
    Words,
    condition_of,
    date_literal,
    split,
)
from model.errors import OurBug
from model.query import EVERYTHING, And, Compare, MoneyBound, Not, Operand, Operator, Or, Predicate
from tests.connectors.salesforce.lexer import tokens

O = Operator  # noqa: E741  # the tables below are read by the operator's own name
RULES: dict[str, Rule] = {
    "name": Text("Name"),
    "domain": Within("Website"),
    "on": Ordered("CloseDate", date_literal),
    "closed_on": Ordered("CloseDate", date_literal, present="IsClosed = true", absent="IsClosed = false"),
    "is_closed": Flag("IsClosed"),
    "status": Words({"OPEN": "IsClosed = false", "WON": "IsWon = true", "LOST": "X = 1"}, "Y = 2"),
    "pipeline": Always("one"),
    "stage": Key("StageName", frozenset({"Won", "Lost", "Twin", "TWIN"})),
    "amount": Amount("Amount", "EUR"),
    "amounts": Amount("Amount", "EUR", "CurrencyIsoCode"),
    "remote_id": Id("Id", lambda text: text.upper() if text.startswith("a") else None),
    "absent": Missing(),
}


def condition(predicate: Predicate) -> str | bool:
    """The pushed part as a condition."""
    return condition_of(split(predicate, RULES).pushed, RULES)


EXACT: list[tuple[str, Operator, Operand, str | bool]] = [
    ("name", O.EQ, "O'Brien", r"Name = 'O\'Brien'"),
    ("name", O.NE, "x", "Name != 'x'"),
    ("name", O.IN, ("x", "y"), "Name IN ('x', 'y')"),
    ("name", O.NOT_IN, ("x", "y"), "(Name NOT IN ('x', 'y') OR Name = null)"),
    ("name", O.EQ, "Weiß", "Name IN ('weiss', 'weiß')"),
    ("name", O.NE, "Weiß", "(Name NOT IN ('weiss', 'weiß') OR Name = null)"),
    ("name", O.CONTAINS, "5%_", r"Name LIKE '%5\%\_%'"),
    ("name", O.STARTS_WITH, "a", "Name LIKE 'a%'"),
    ("name", O.IS_NULL, True, "Name = null"),
    ("name", O.IS_NULL, False, "Name != null"),
    ("name", O.EQ, "", False),
    ("name", O.NE, "", True),
    ("name", O.CONTAINS, "", "Name != null"),
    ("on", O.LT, "2026-01-01", "CloseDate < 2026-01-01"),
    ("on", O.NOT_IN, ("2026-01-01", "2026-01-02"), "(CloseDate NOT IN (2026-01-01, 2026-01-02) OR CloseDate = null)"),
    ("closed_on", O.GTE, "2026-01-01", "(IsClosed = true AND CloseDate >= 2026-01-01)"),
    ("closed_on", O.NE, "2026-01-01", "(IsClosed = false OR CloseDate != 2026-01-01)"),
    ("closed_on", O.IS_NULL, True, "(IsClosed = false OR CloseDate = null)"),
    ("is_closed", O.EQ, True, "IsClosed = true"),
    ("is_closed", O.NE, True, "IsClosed != true"),
    ("is_closed", O.IS_NULL, True, False),
    ("status", O.EQ, "won", "IsWon = true"),
    ("status", O.IN, ("WON", "OPEN", "nonsense"), "(IsClosed = false OR IsWon = true)"),
    ("status", O.NOT_IN, ("WON", "LOST"), "(IsClosed = false OR Y = 2)"),
    ("status", O.IS_NULL, True, "Y = 2"),
    ("pipeline", O.EQ, "one", True),
    ("pipeline", O.IN, ("two",), False),
    ("stage", O.IN, ("Won", "Lost"), "StageName IN ('Won', 'Lost')"),
    ("stage", O.NE, "Won", "StageName != 'Won'"),
    ("amount", O.GTE, MoneyBound("EUR", "10.50"), "Amount >= 10.5"),
    ("amount", O.EQ, MoneyBound("USD", "10"), False),
    ("amounts", O.IS_NULL, False, "Amount != null"),
    ("remote_id", O.IN, ("a1", "?", "a2"), "Id IN ('A1', 'A2')"),
    ("remote_id", O.EQ, "?", False),
    ("absent", O.EQ, "x", False),
    ("absent", O.NE, "x", True),
    ("absent", O.IS_NULL, True, True),
]


@pytest.mark.parametrize(("field", "operator", "operand", "expected"), EXACT)
def test_comparison_is_pushed_exactly(field: str, operator: Operator, operand: Operand, expected: str | bool) -> None:
    """Nothing is left to check, and nulls count as the oracle counts them."""
    compare = Compare(field, operator, operand)

    assert split(compare, RULES).residual == EVERYTHING
    assert condition(compare) == expected


WIDER: list[tuple[str, Operator, Operand, str]] = [
    ("name", O.EQ, "İpek", "Name LIKE '%pek'"),
    ("name", O.CONTAINS, "ışık", "Name LIKE '%ş%k%'"),
    ("name", O.EQ, "IŞIK", "Name LIKE '%ş%k'"),
    ("name", O.IN, ("IŞIK", "Gül"), "(Name LIKE '%ş%k' OR Name LIKE 'Gül')"),
    ("name", O.CONTAINS, "IŞIK", "Name LIKE '%ş%k%'"),
    ("name", O.STARTS_WITH, "Şi", "Name LIKE 'ş%'"),
    ("domain", O.CONTAINS, "işler.example", "Website LIKE '%şler.example%'"),
    ("name", O.EQ, " x ", "Name LIKE ' x '"),
    ("domain", O.EQ, "acme.example", "Website LIKE '%acme.example%'"),
    ("stage", O.EQ, "won", "StageName = 'won'"),
    ("stage", O.EQ, "Twin", "StageName = 'Twin'"),
    ("amounts", O.LT, MoneyBound("EUR", "5"), "(CurrencyIsoCode = 'EUR' AND Amount != null)"),
]


@pytest.mark.parametrize(("field", "operator", "operand", "expected"), WIDER)
def test_comparison_is_pushed_wider_and_checked_again(
    field: str, operator: Operator, operand: Operand, expected: str
) -> None:
    """Where SOQL may find more than is meant, the whole comparison stays residual as well."""
    compare = Compare(field, operator, operand)

    assert split(compare, RULES).residual == compare
    assert condition(compare) == expected


LOCAL: list[Predicate] = [
    Compare("name", O.NE, "İpek"),
    Compare("name", O.NE, "IŞIK"),
    Compare("name", O.NOT_IN, ("IŞIK", "Gül")),
    Not(Compare("name", O.CONTAINS, "IŞIK")),
    Not(Compare("name", O.STARTS_WITH, "IŞIK")),
    Compare("name", O.NE, " x"),
    Compare("name", O.LT, "x"),
    Compare("name", O.EQ, "x" * 5_000),
    Compare("name", O.EQ, "\x00"),
    Compare("name", O.EQ, "ı"),
    Not(Compare("name", O.CONTAINS, "İ")),
    Compare("on", O.EQ, "yesterday"),
    Compare("stage", O.NE, "won"),
    Not(Compare("amounts", O.LT, MoneyBound("EUR", "5"))),
    Compare("domain", O.IS_NULL, operand=True),
    Compare("unmapped", O.EQ, "x"),
]


@pytest.mark.parametrize("predicate", LOCAL)
def test_what_soql_cannot_say_is_checked_here(predicate: Predicate) -> None:
    """Nothing is asked that could leave a row out."""
    assert split(predicate, RULES).pushed == EVERYTHING
    assert split(predicate, RULES).residual == predicate


def test_negated_patterns_keep_empty_columns() -> None:
    """A missing text contains nothing, so it satisfies the negation."""
    assert condition(Not(Compare("name", O.CONTAINS, "x"))) == "((NOT Name LIKE '%x%') OR Name = null)"


def test_negated_amounts_keep_empty_columns_and_other_currencies() -> None:
    """No amount is below a bound it cannot be compared with."""
    below = Compare("amount", O.LT, MoneyBound("EUR", "5"))
    foreign = Compare("amount", O.LT, MoneyBound("USD", "5"))

    assert condition(Not(below)) == "(Amount >= 5 OR Amount = null)"
    assert condition(Not(foreign)) is True


def test_mixed_and_or_are_in_parentheses() -> None:
    """SOQL refuses AND beside OR without them."""
    won, x, y = Compare("status", O.EQ, "WON"), Compare("name", O.EQ, "x"), Compare("name", O.EQ, "y")

    assert condition(And((won, Or((x, y))))) == "(IsWon = true AND (Name = 'x' OR Name = 'y'))"


def test_and_pushes_what_it_can() -> None:
    """The rest stays residual."""
    x, local = Compare("name", O.EQ, "x"), Compare("name", O.NE, "İ")
    parts = split(And((x, local)), RULES)

    assert (parts.pushed, parts.residual) == (x, local)


def test_or_is_pushed_whole_or_not_at_all() -> None:
    """A branch that cannot be said would lose rows; one that is said wider leaves the whole Or to check."""
    x, local, wider = Compare("name", O.EQ, "x"), Compare("name", O.NE, "İ"), Compare("name", O.EQ, "İpek")

    assert split(Or((x, local)), RULES).pushed == EVERYTHING
    assert split(Or((x, local)), RULES).residual == Or((x, local))
    assert split(Or((x, wider)), RULES).pushed == Or((x, wider))
    assert split(Or((x, wider)), RULES).residual == Or((x, wider))


def test_unpushed_condition_is_our_bug() -> None:
    """A page is never asked with more than was planned."""
    with pytest.raises(OurBug):
        condition_of(Compare("name", O.NE, "İ"), RULES)


def test_value_of_every_literal_survives() -> None:
    """Several values with quotes stay several literals."""
    found = condition(Compare("name", O.IN, ("a', 'b", "c")))

    assert isinstance(found, str)
    assert [token.value for token in tokens(found) if token.is_literal] == ["a', 'b", "c"]


@given(st.text(), st.sampled_from([O.EQ, O.NE, O.CONTAINS, O.STARTS_WITH]), st.booleans())
def test_any_text_stays_within_literals_that_fold_to_it(value: str, operator: Operator, negate: bool) -> None:
    """Whatever is asked, a pushed comparison holds only literals of that text, and one for each of its spellings."""
    compare = Compare("name", operator, value)
    parts = split(Not(compare) if negate else compare, RULES)
    found = condition_of(parts.pushed, RULES)
    if not isinstance(found, str):
        return

    literals = [token for token in tokens(found) if token.is_literal]
    between = "".join("?" if token.is_literal else token.value for token in tokens(found))

    assert re.fullmatch(r"[()\w ?=!,]*", between)
    if parts.residual == EVERYTHING:
        for literal in literals:
            bare = "".join(char for at, char in enumerate(literal.value) if at not in literal.wildcards)
            operand = bare if operator in {O.CONTAINS, O.STARTS_WITH} else literal.value
            assert operand.casefold() == value.casefold()

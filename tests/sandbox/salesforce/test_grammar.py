"""Which statements are SOQL, and how the others are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.salesforce.answers import ApiError
from sandbox.salesforce.soql.language import SoqlError, parse
from sandbox.salesforce.soql.language.literals import like_pattern, text_of
from sandbox.salesforce.soql.language.syntax import Comparison, Junction, Query
from tests.sandbox.salesforce.desk import Desk

ACCEPTED = (
    "SELECT Id FROM Contact",
    "select id from contact",
    "SELECT Id,Name\n\tFROM Contact\r\n",
    "SELECT c.Id, c.Account.Name FROM Contact c WHERE c.LastName = 'x'",
    "SELECT Contact.Id FROM Contact",
    "SELECT Id FROM Group",
    "SELECT Id FROM Group GROUP BY Id",
    "SELECT COUNT() FROM Contact",
    "SELECT COUNT(Id) total FROM Contact",
    "SELECT FIELDS(ALL) FROM Contact LIMIT 200",
    "SELECT Id, (SELECT Id FROM Contacts ORDER BY LastName LIMIT 5) FROM Account",
    "SELECT TYPEOF What WHEN Account THEN Name, Phone WHEN Opportunity THEN Amount ELSE Name END FROM Event",
    "SELECT Id FROM Contact WHERE LastName = 'a' AND Email = null AND Phone != ''",
    "SELECT Id FROM Contact WHERE (LastName = 'a' AND Email = null) OR Phone != 'b'",
    "SELECT Id FROM Contact WHERE NOT LastName = 'a'",
    "SELECT Id FROM Contact WHERE LastName = 'a' AND (NOT Email = 'b')",
    "SELECT Id FROM Contact WHERE LastName <> 'a'",
    "SELECT Id FROM Contact WHERE LastName NOT IN ('a', 'b')",
    "SELECT Id FROM Contact WHERE Interests__c INCLUDES ('a;b', 'c')",
    "SELECT Id FROM Contact WHERE Interests__c EXCLUDES ('a')",
    "SELECT Id FROM Contact WHERE CreatedDate >= 2024-05-01T12:34:56Z",
    "SELECT Id FROM Contact WHERE CreatedDate >= 2024-05-01T12:34:56.789+02:00",
    "SELECT Id FROM Contact WHERE CreatedDate >= 2024-05-01T12:34:56.000+0000",
    "SELECT Id FROM Contact WHERE Birthdate < 2024-05-01",
    "SELECT Id FROM Contact WHERE CreatedDate = LAST_N_DAYS:30",
    "SELECT Id FROM Contact WHERE NPS__c > -1.5e3",
    "SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Name LIKE 'a%')",
    "SELECT Id FROM Contact WHERE AccountId NOT IN (SELECT AccountId FROM Opportunity)",
    "SELECT Id FROM Contact ORDER BY LastName ASC NULLS LAST, Id DESC LIMIT 10 OFFSET 20",
    "SELECT LeadSource, COUNT(Id) FROM Contact GROUP BY LeadSource HAVING COUNT(Id) > 1 ORDER BY COUNT(Id) DESC",
    "SELECT CALENDAR_YEAR(CreatedDate), COUNT(Id) FROM Contact GROUP BY CALENDAR_YEAR(CreatedDate)",
    "SELECT Id FROM Contact WHERE HOUR_IN_DAY(convertTimezone(CreatedDate)) = 9",
)

REJECTED = (
    ("", "unexpected token: '<EOF>'"),
    ("SELECT", "unexpected token: '<EOF>'"),
    ("SELECT FROM Contact", "unexpected token: 'FROM'"),
    ("SELECT * FROM Contact", "no viable alternative at character '*'"),
    ("SELECT Id Contact", "unexpected token: '<EOF>'"),
    ("SELECT Id FROM", "unexpected token: '<EOF>'"),
    ("SELECT Id FROM Contact WHERE", "unexpected token: '<EOF>'"),
    ("SELECT Id FROM Contact;", "no viable alternative at character ';'"),
    ("SELECT Id FROM Contact WHERE a = 1 AND b = 2 OR c = 3", "unexpected token: 'OR'"),
    ("SELECT Id FROM Contact WHERE a = 1 OR b = 2 AND c = 3", "unexpected token: 'AND'"),
    ("SELECT Id FROM Contact WHERE a = 1 AND NOT b = 2", "unexpected token: 'NOT'"),
    ("SELECT Id FROM Contact WHERE NOT a = 1 AND b = 2", "unexpected token: 'AND'"),
    ("SELECT Id FROM Contact WHERE a IS NULL", "unexpected token: 'IS'"),
    ("SELECT Id FROM Contact WHERE a NOT LIKE 'x'", "unexpected token: 'LIKE'"),
    ("SELECT Id FROM Contact WHERE a == 1", "unexpected token: '='"),
    ('SELECT Id FROM Contact WHERE a = "x"', "no viable alternative at character '\"'"),
    ("SELECT Id FROM Contact WHERE a = 'O''Brien'", "unexpected token: 'Brien'"),
    ("SELECT Id FROM Contact WHERE a = 'open", "no viable alternative at character '''"),
    ("SELECT Id FROM Contact WHERE a = 'two\nlines'", "no viable alternative at character '''"),
    ("SELECT Id FROM Contact WHERE a IN ()", "unexpected token: ')'"),
    ("SELECT Id FROM Contact WHERE a = :name", "no viable alternative at character ':'"),
    ("SELECT Id FROM Contact WHERE a = 2024-05-01T12:34:56.000 0000", "unexpected token: 'T"),
    ("SELECT Id FROM Contact LIMIT -1", "unexpected token: '-1'"),
    ("SELECT Id FROM Contact LIMIT 1.5", "unexpected token: '1.5'"),
    ("SELECT Id FROM Contact LIMIT 'x'", "unexpected token: 'x'"),
    ("SELECT Id FROM Contact OFFSET 5 LIMIT 5", "unexpected token: 'LIMIT'"),
    ("SELECT Id FROM Contact ORDER LastName", "unexpected token: 'LastName'"),
)

ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def written(text: str) -> str:
    """*text* as a literal, escaped as the language asks."""
    return "'" + "".join(ESCAPES.get(one, one) for one in text) + "'"


def compared(statement: str) -> Comparison:
    """The one comparison in a statement's WHERE clause."""
    condition = parse(statement).where
    assert isinstance(condition, Comparison)
    return condition


@pytest.mark.parametrize("statement", ACCEPTED)
def test_statement_is_parsed(statement: str) -> None:
    """Every construct of the subset is SOQL."""
    assert isinstance(parse(statement), Query)


@pytest.mark.parametrize(("statement", "reason"), REJECTED)
def test_statement_is_refused_at_its_place(statement: str, reason: str) -> None:
    """What is no SOQL is MALFORMED_QUERY, and the message says where."""
    with pytest.raises(SoqlError) as caught:
        parse(statement)

    assert caught.value.status == 400
    assert caught.value.code == "MALFORMED_QUERY"
    assert reason in caught.value.message
    assert "ERROR at Row:" in caught.value.message


def test_message_shows_row_column_and_caret() -> None:
    """The extract is the line, and the caret stands below the place."""
    with pytest.raises(SoqlError) as caught:
        parse("SELECT Id\nFROM Contact\nWHERE a IS NULL")

    assert caught.value.message == "\nWHERE a IS NULL\n        ^\nERROR at Row:3:Column:9\nunexpected token: 'IS'"


def test_parts_of_a_long_line_are_shown() -> None:
    """The extract is a window around the place."""
    with pytest.raises(SoqlError) as caught:
        parse(f"SELECT {', '.join(f'Field{number}' for number in range(99))} FROM Contact WHERE")

    extract, caret = caught.value.message.split("\n")[1:3]
    assert len(extract) <= 64
    assert caret.index("^") == 32


def test_same_words_join_without_parentheses() -> None:
    """A chain of one word is one junction, in order."""
    condition = parse("SELECT Id FROM Contact WHERE a = 1 AND b = 2 AND c = 3").where

    assert isinstance(condition, Junction)
    assert [str(part.operand) for part in condition.parts if isinstance(part, Comparison)] == ["a", "b", "c"]


@given(st.text())
def test_any_text_comes_back_as_one_literal(text: str) -> None:
    """An escaped text is exactly one literal, whatever it holds."""
    comparison = compared(f"SELECT Id FROM Contact WHERE LastName = {written(text)}")

    assert [text_of(one) for one in comparison.values] == [text]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_any_texts_come_back_as_a_list(texts: list[str]) -> None:
    """Escaped texts in a list stay apart."""
    comparison = compared(f"SELECT Id FROM Contact WHERE LastName IN ({', '.join(written(one) for one in texts)})")

    assert [text_of(one) for one in comparison.values] == texts


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (r"'\N\R\T\B\F'", "\n\r\t\b\f"),
        (r"'say \"hi\" \'there\' \\'", "say \"hi\" 'there' \\"),
        (r"'\u00e9\u20AC'", "é€"),
    ],
)
def test_escapes_are_read(literal: str, text: str) -> None:
    """Every escape of the reference has its meaning, in both cases."""
    assert text_of(compared(f"SELECT Id FROM Contact WHERE LastName = {literal}").values[0]) == text


@pytest.mark.parametrize("literal", [r"'a\-b'", r"'100\%'", r"'\users'"])
def test_unknown_escape_is_refused(literal: str) -> None:
    """A backslash before anything else is an error, and LIKE's escapes belong to LIKE."""
    with pytest.raises(ApiError) as caught:
        text_of(compared(f"SELECT Id FROM Contact WHERE LastName = {literal}").values[0])

    assert caught.value.code == "MALFORMED_QUERY"
    assert caught.value.message.startswith(f"Invalid string literal {literal}. Illegal ")


def test_like_keeps_its_escapes() -> None:
    r"""`\%` and `\_` stay literal in a pattern, `%` and `_` stay wildcards, other escapes are read."""
    constant = compared(r"SELECT Id FROM Contact WHERE LastName LIKE '\%a\_b%_\'\\'").values[0]

    assert like_pattern(constant) == r"\%a\_b%_'" + "\\\\"


def test_statement_of_100_000_characters_is_the_longest(desk: Desk) -> None:
    """One character more is refused."""
    statement = "SELECT Id FROM Contact"

    assert desk.run(statement.ljust(100_000))["totalSize"] == 0
    refusal = desk.refusal(statement.ljust(100_001))
    assert (refusal.code, refusal.message) == (
        "MALFORMED_QUERY",
        "SOQL statements cannot be longer than 100000 characters.",
    )


def test_literal_of_4_000_characters_is_the_longest(desk: Desk) -> None:
    """The count is of the text, not of its escapes."""
    assert desk.run(f"SELECT Id FROM Contact WHERE LastName = '{chr(92) * 2 * 4_000}'")["totalSize"] == 0
    assert desk.refusal(f"SELECT Id FROM Contact WHERE LastName = '{'x' * 4_001}'").code == "MALFORMED_QUERY"


def test_thousands_of_alternatives_are_answered(desk: Desk) -> None:
    """A long chain of ORs and a long list are no matter of depth."""
    desk.contacts("n7", "other")
    alternatives = " OR ".join(f"LastName = 'n{number}'" for number in range(3_000))
    values = ", ".join(f"'n{number}'" for number in range(5_000))

    assert desk.column(f"SELECT LastName FROM Contact WHERE {alternatives}") == ["n7"]
    assert desk.column(f"SELECT LastName FROM Contact WHERE LastName IN ({values})") == ["n7"]


def test_bottomless_nesting_is_too_complicated(desk: Desk) -> None:
    """What cannot be worked through is refused, not crashed on."""
    depth = 5_000
    condition = "(NOT " * depth + "LastName = 'x'" + ")" * depth

    assert desk.refusal(f"SELECT Id FROM Contact WHERE {condition}").code == "QUERY_TOO_COMPLICATED"

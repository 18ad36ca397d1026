"""A hundred drawn texts of each hostile kind through every operator and the search."""

import json
from collections.abc import Callable
from random import Random

import pytest

from tests.differential.test_hostile import LIST, OPERATORS, SEARCH, answered, asked, condition, holds
from tests.differential.world import World

COUNT = 100
LIST_JSON = json.dumps(LIST)
_WORDS = ("anna", "O", "of", "Meier", "x", "and", "Name", "ab", "100", "é")
_SOQL = ("' OR Name != '", "') OR (Id != '", " LIMIT 1", "SELECT Id FROM User", "--", " ALL ROWS", ":x", "NULLS LAST")
_SOSL = (
    "{x}",
    "} RETURNING User(Id)",
    " AND ",
    " OR ",
    "AND NOT",
    "(",
    ")",
    '"',
    "name:",
    "?",
    "~",
    "-",
    "&",
    "|",
    "!",
)


def _woven(*signs: str) -> Callable[[Random], str]:
    """Words with some of *signs* between, before and behind them."""

    def draw(random: Random) -> str:
        parts = [random.choice((*_WORDS, *signs, *signs)) for _ in range(random.randint(1, 6))]
        parts.insert(random.randint(0, len(parts)), random.choice(signs))
        return random.choice(("", " ")).join(parts)

    return draw


def _long(random: Random) -> str:
    return "".join(random.choice((*_WORDS, " ", "'", "\\", "%")) for _ in range(random.choice((300, 1_000, 5_000))))


KINDS: dict[str, Callable[[Random], str]] = {
    "quotes": _woven("'", '"', "''", "’", "`"),
    "backslashes": _woven("\\", "\\\\", "\\'", "\\n", "\\u0027"),
    "percent": _woven("%", "%%", "\\%", "%27"),
    "underscore": _woven("_", "__", "\\_"),
    "star": _woven("*", "**", "?*"),
    "control": _woven("\n", "\r\n", "\t", "\x01", "\x08", "\x1b", "\x7f", "\u2028"),
    "nul": _woven("\x00", "\x00\x00"),
    "soql": _woven(*_SOQL),
    "sosl": _woven(*_SOSL),
    "long": _long,
}


def drawn(kind: str) -> list[str]:
    """A hundred different texts of *kind*, always the same."""
    random, found = Random(kind), dict[str, None]()  # noqa: S311 - no secrets
    while len(found) < COUNT:
        found[KINDS[kind](random)] = None
    return list(found)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_an_operand_of_each_kind_stays_one_value(world: World, kind: str) -> None:
    """Every operator takes it as a value, whole or not at all, or refuses it in words."""
    kept = 0

    for text in drawn(kind):
        for operator in OPERATORS:
            for items in asked(answered(world, LIST, where=condition(operator, text))).values():
                for item in items:
                    assert holds(item, text), (operator, text[:80], item.values)
                    kept += bool(item.values)

    assert kept > COUNT, "most should have reached a CRM: the test would prove little"


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_search_of_each_kind_stays_a_text(world: World, kind: str) -> None:
    """What a CRM looks for are words of the text."""
    for text in drawn(kind):
        for items in asked(answered(world, SEARCH, text=text)).values():
            words = [word for item in items for value in item.values for word in value.casefold().split()]
            assert all(word in text.casefold() for word in words), (text[:80], words)


@pytest.mark.slow
def test_a_hundred_halves_of_characters_are_refused_or_find_nothing(world: World) -> None:
    """JSON can spell a lone surrogate, UTF-8 cannot."""
    random = Random("halves")  # noqa: S311 - no secrets
    for _ in range(COUNT):
        half = f"{random.choice(_WORDS[:8])}\\u{random.randint(0xD800, 0xDFFF):04x}{random.choice(_WORDS[:8])}"
        for operator in OPERATORS:
            operand = f'["{half}"]' if operator in {"in", "notIn"} else f'"{half}"'
            body = f'{{"query": {LIST_JSON}, "variables": {{"where": {{"lastName": {{"{operator}": {operand}}}}}}}}}'
            response = world.stage.client.post(
                world.stage.url, content=body.encode(), headers={"content-type": "application/json"}
            )
            assert response.status_code in {200, 400}, (body, response.text[:300])
            codes = {error["extensions"]["code"] for error in response.json().get("errors", ())}
            assert codes <= {"BAD_REQUEST", "UNSUPPORTED"}, (body, response.text[:300])

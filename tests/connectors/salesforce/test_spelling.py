"""Which texts SOQL is trusted to compare as Unicode case folding does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mapping.spelling import Spelling, spelling_of
from model.entities import Contact, Entity
from model.evaluate import evaluate
from model.query import Compare, Not, Operator, Predicate
from tests.connectors.salesforce.org import Org, query

ALPHABET = "aAbBsSßẞiIıİkKK\u0307\u017fσςΣéÉüÜŉﬁ日 -'%"
CASINGS = (str.casefold, str.lower, str.upper, str.title, lambda text: text)


@pytest.mark.parametrize("text", ["Smith", "O'Brien", "Müller", "Ångström", "Ягода", "日本", "D'Œuvre", "a b"])
def test_plain_letters_are_safe(text: str) -> None:
    """Letters with one upper and one lower form are asked as they are."""
    assert spelling_of(text) == Spelling((text,), (text,), begins=True, ends=True)


@pytest.mark.parametrize("text", ["Strasse", "STRASSE", "straße", "Straße"])
def test_sharp_s_is_said_both_ways(text: str) -> None:
    """Case folding takes ß for ss, so both spellings are asked."""
    assert set(spelling_of(text).exact) == {"strasse", "straße"}


@pytest.mark.parametrize("text", ["İpek", "ışık", "IŞIK", "Gülşin", "ΣΊΣΥΦΟΣ", "ﬁle Ω\u0345", "e\u0301", "asssa"])
def test_irregular_letters_are_left_open(text: str) -> None:
    """What folds in several ways is not trusted to the vendor."""
    assert spelling_of(text).exact == ()


@given(st.text(ALPHABET, min_size=1, max_size=8), st.sampled_from(CASINGS))
def test_parts_find_every_casing(text: str, casing: object) -> None:
    """Whatever casing a stored text has, its folded form holds the parts in order, from where they must begin."""
    assert callable(casing)
    stored = casing(text)
    spelling = spelling_of(text)
    pattern = ".*".join(re.escape(part.casefold()) for part in spelling.parts)
    anchored = ("" if spelling.begins else ".*") + pattern + ("" if spelling.ends else ".*")

    assert stored.casefold() != text.casefold() or re.fullmatch(anchored, stored.casefold(), re.DOTALL)


@given(st.text(ALPHABET, min_size=1, max_size=8))
def test_exact_spellings_fold_to_the_operand(text: str) -> None:
    """No spelling asks for another text."""
    assert all(spelling.casefold() == text.casefold() for spelling in spelling_of(text).exact)


FILTERS = [
    Compare("last_name", Operator.EQ, "IŞIK"),
    Compare("last_name", Operator.NE, "IŞIK"),
    Compare("last_name", Operator.IN, ("IŞIK", "Şahin")),
    Compare("last_name", Operator.NOT_IN, ("IŞIK", "Şahin")),
    Compare("last_name", Operator.CONTAINS, "şi"),
    Compare("last_name", Operator.STARTS_WITH, "IŞI"),
    Not(Compare("last_name", Operator.CONTAINS, "şi")),
    Not(Compare("last_name", Operator.STARTS_WITH, "IŞI")),
]


@pytest.mark.parametrize("where", FILTERS)
async def test_capitals_do_not_unite_i_and_dotless_i(org: Org, where: Predicate) -> None:
    """IŞIK is no form of Işık's second ı, whatever the org's capitals say."""
    everyone = [row for row in await org.rows(query(Entity.CONTACT, "last_name")) if isinstance(row, Contact)]
    assert "Işık" in {row.last_name for row in everyone}

    found = await org.rows(query(Entity.CONTACT, "last_name", where=where))

    meant = [row for row in everyone if evaluate(where, row, entity=Entity.CONTACT)]
    assert {row.remote_id for row in found} == {row.remote_id for row in meant}

"""Names of people and companies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.identity.normalise import PersonName, company_core, company_spellings, folded, person_name, script_of


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Müller-Lüdenscheidt", "muller ludenscheidt"),
        ("O’Brien", "obrien"),
        ("ØRSTED", "orsted"),
        ("Straße", "strasse"),
        ("Łukasz  Żak", "lukasz zak"),
        ("Иванов", "иванов"),
    ],
)
def test_case_accents_and_signs_do_not_count(written: str, plain: str) -> None:
    """What a keyboard lacks is no difference."""
    assert folded(written) == plain


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """A folded text is its own spelling."""
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("first", "last", "display", "name"),
    [
        ("Anna", "Schmidt", None, PersonName("anna", "schmidt")),
        ("Dr. Anna", "Schmidt", None, PersonName("anna", "schmidt")),
        (None, None, "Schmidt, Anna", PersonName("anna", "schmidt")),
        (None, None, "Anna Maria Schmidt", PersonName("anna maria", "schmidt")),
        (None, "Frau", None, PersonName("", "frau")),
        (None, None, None, PersonName("", "")),
    ],
)
def test_name_is_read_from_its_parts(
    first: str | None, last: str | None, display: str | None, name: PersonName
) -> None:
    """Titles are left out, and a whole name is taken apart."""
    assert person_name(first, last, display) == name


def test_scripts_are_told_apart() -> None:
    """Nothing can be compared over two scripts."""
    assert [script_of(name) for name in ("anna", "иванов", "司马", "")] == ["LATIN", "CYRILLIC", "CJK", ""]


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("Acme Foods GmbH", "acme foods"),
        ("Acme Foods, Inc.", "acme foods"),
        ("ACME FOODS G.m.b.H.", "acme foods"),
        ("Acme Foods Sp. z o.o.", "acme foods"),
        ("Acme Foods Co., Ltd.", "acme foods"),
        ("Acme", "acme"),
        ("Limited", "limited"),
        ("Foodsinc", "foodsinc"),
    ],
)
def test_legal_form_does_not_count(written: str, core: str) -> None:
    """A company is the same with, without and with another writing of its legal form."""
    assert company_core(written) == core


@pytest.mark.parametrize("other", ["Acme Foods", "acme foods inc", "ACME FOODS, INC.", "Acme Foods Incorporated"])
def test_spellings_have_other_writings_of_the_form(other: str) -> None:
    """What is looked for stands in a CRM in one of several writings; case is the CRM's affair."""
    assert other.casefold() in {spelling.casefold() for spelling in company_spellings("Acme Foods, Inc.")}


@given(st.text(min_size=1))
def test_every_spelling_is_of_the_same_company(name: str) -> None:
    """A spelling never leads to another company, and nothing makes the search fail."""
    assert {company_core(spelling) for spelling in company_spellings(name)} <= {company_core(name)}

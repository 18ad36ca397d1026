"""What is certain, what is only alike, and why."""

from typing import Any

import pytest

from model.entities import Company, Contact
from model.values import Address, LabelledValue
from resolvers.identity.profile import Profile, profile_of
from resolvers.identity.score import LEAST, Likeness, compare


def person(first: str | None, last: str | None, *, company: str | None = None, **more: Any) -> Profile:
    """A profile of a contact; *company* is its company's domain."""
    record = Contact(source="a", remote_id="1", first_name=first, last_name=last, **more)
    own = None if company is None else Company(source="a", remote_id="9", domain=company, website=None, name=None)
    return profile_of(record, own, time_zone="Europe/Berlin")


def firm(name: str | None, **more: Any) -> Profile:
    """A profile of a company."""
    return profile_of(Company(source="a", remote_id="1", name=name, **more), time_zone="Europe/Berlin")


def found(a: Profile, b: Profile, *shared: str) -> Likeness:
    """The likeness, which is the same from either side."""
    one, other = compare(a, b, shared=frozenset(shared)), compare(b, a, shared=frozenset(shared))
    assert (one.score, one.is_certain) == (other.score, other.is_certain)
    return one


def test_same_address_is_certain() -> None:
    """An address is somebody's own, in any of the addresses of each."""
    one = person("Anna", "Schmidt", email="Anna@acme.example")
    other = person("A.", "Schmidt", email="x@y.example", emails=(LabelledValue("anna@ACME.example"),))

    assert found(one, other) == Likeness(1.0, ("same e-mail anna@acme.example",), True)


def test_role_mailbox_is_not_certain() -> None:
    """Everybody at a company may have info@ in the record."""
    likeness = found(person("Anna", "Schmidt", email="info@a.example"), person("Bo", "Li", email="info@a.example"))

    assert not likeness.is_certain
    assert "role" in likeness.evidence[0]


def test_address_under_another_name_is_not_certain() -> None:
    """An assistant's address stands on the record of whoever is assisted."""
    likeness = found(person("Anna", "Schmidt", email="as@a.example"), person("Giovanni", "Rossi", email="as@a.example"))

    assert (likeness.is_certain, likeness.score >= LEAST) == (False, True)


def test_address_in_two_scripts_is_certain() -> None:
    """A name in another script contradicts nothing."""
    assert found(
        person("Xiaolong", "司马", email="x@a.example"), person("Xiaolong", "Sima", email="x@a.example")
    ).is_certain


def test_number_with_the_name_is_certain() -> None:
    """However it is written on either side, and with one slip of the pen."""
    germany = (Address(country="Germany"),)
    one = person("Anna", "Schmidt", phone="030 23125123", addresses=germany)

    likeness = found(one, person("Anna", "Schmitd", phone="+49 30 231 25123"))

    assert likeness == Likeness(0.95, ("same phone +493023125123 and name",), True)


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (person("Giovanni", "Rossi", phone="+493023125123"), ()),
        (person(None, "Schmidt", phone="+493023125123"), ()),
        (person("Anna", "Schmidt", phone="+493023125123 ext. 7"), ()),
        (person("Anna", "Schmidt", phone="+493023125123"), ("+493023125123",)),
        (person("Anna", "Schmidt", phone="+493023125123", company="other.example"), ()),
    ],
)
def test_number_alone_is_not_certain(other: Profile, shared: tuple[str, ...]) -> None:
    """Not under another name, without a whole one, behind a switchboard, or at another company."""
    one = person("Anna", "Schmidt", phone="+493023125123", company="acme.example")

    assert not found(one, other, *shared).is_certain


def test_two_numbers_and_a_part_of_the_name_are_certain() -> None:
    """Nobody else has both."""
    phones = (LabelledValue("+493023125123"), LabelledValue("+491713920081"))

    likeness = found(person(None, "Schmidt", phones=phones), person("Anna", "Schmidt", phones=phones))

    assert likeness.is_certain
    assert "same phones +491713920081 and +493023125123 and family name" in likeness.evidence


def test_similar_name_at_one_company_is_suggested() -> None:
    """However alike two names are, they are only alike."""
    likeness = found(
        person("Anna", "Schmidt", company="acme.example"), person("Anna", "Schmitt", email="as@acme.example")
    )

    assert (likeness.is_certain, likeness.score > 0.7) == (False, True)
    assert likeness.evidence[0].startswith("similar name")


def test_same_name_elsewhere_is_nothing() -> None:
    """There are many Anna Schmidts."""
    one, other = person("Anna", "Schmidt", company="acme.example"), person("Anna", "Schmidt", company="b.example")

    assert found(one, other).score == 0


def test_customer_number_is_certain() -> None:
    """What the operator named as a number of customers wins alone."""
    records = [
        Contact(source=key, remote_id="1", custom={"nr": number}) for key, number in (("a", "C-1"), ("b", "c-1 "))
    ]
    one, other = (profile_of(record, numbers=["nr"]) for record in records)

    assert found(one, other) == Likeness(1.0, ("same customer number C-1",), True)


def test_companies_at_one_domain_with_one_name_are_certain() -> None:
    """The legal form and the web address do not count."""
    one = firm("Acme Foods GmbH", domain="acme.example")

    likeness = found(one, firm("ACME FOODS", website="https://www.acme.example/de"))

    assert likeness == Likeness(1.0, ("same name and domain acme.example",), True)


def test_companies_at_one_domain_with_two_names_are_suggested() -> None:
    """A holding and its daughter may share a domain."""
    likeness = found(firm("Acme", domain="acme.example"), firm("Zenith Logistics", domain="acme.example"))

    assert (likeness.is_certain, likeness.score >= LEAST) == (False, True)


def test_companies_with_one_name_are_suggested() -> None:
    """Less so where both are known to be at different domains."""
    alone = found(firm("Acme GmbH"), firm("Acme Inc.", domain="acme.example"))
    apart = found(firm("Acme GmbH", domain="acme-berlin.example"), firm("Acme Inc.", domain="acme.example"))

    assert [alone.is_certain, apart.is_certain] == [False, False]
    assert alone.score > apart.score >= LEAST


def test_companies_with_one_name_and_number_are_certain() -> None:
    """The name and the main number together are nobody else's."""
    assert found(firm("Acme GmbH", phone="+493023125123"), firm("Acme", phone="030 23125123")).is_certain

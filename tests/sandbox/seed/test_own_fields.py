"""The values of the fields that accounts added."""

import hashlib
from dataclasses import fields

import pytest

from sandbox.seed import CHANNELS, INTERESTS, TIERS, Book
from tests.sandbox.seed.reading import lists, same_people, share

OWN = {
    "competitor",
    "contract_months",
    "customer_number",
    "interests",
    "is_vip",
    "nps",
    "preferred_channel",
    "renewal_on",
    "tier",
}

_BEFORE = "044c93e5101daf8d"
"""Begins the digest of the book before it had own fields."""


def test_own_fields_leave_the_rest_of_the_book_as_it_was(book: Book) -> None:
    """Their chances are their own: without them, the book is the one that was there before them."""
    told = [
        [(one.name, getattr(row, one.name)) for one in fields(row) if one.name not in OWN]
        for rows in lists(book).values()
        for row in rows
    ]

    assert (
        hashlib.sha256(repr(told).encode()).hexdigest()
        == "044c93e5101daf8dad69872baa91a9fd00d93fbc3e4b8664cfed8a861f9ccc60"
    )


def test_people_have_scores_dates_and_choices(book: Book) -> None:
    """Some of everything is missing, and every choice is taken."""
    people = book.people

    assert {person.nps for person in people} == {None, *range(11)}
    assert share(person.nps is None for person in people) == pytest.approx(1 / 3, abs=0.05)
    assert share(person.renewal_on is None for person in people) == pytest.approx(0.5, abs=0.05)
    assert {person.is_vip for person in people} == {None, True, False}
    assert {person.preferred_channel for person in people} == {None, *CHANNELS}
    assert {len(person.interests) for person in people} == {0, 1, 2, 3}
    assert all(list(person.interests) == [one for one in INTERESTS if one in person.interests] for person in people)
    assert {company.tier for company in book.companies} == {None, *TIERS}


def test_deals_have_terms_and_awkward_competitors(book: Book) -> None:
    """Names with umlauts, quotes and percent signs among them."""
    competitors = {deal.competitor for deal in book.deals if deal.competitor}

    assert None in {deal.contract_months for deal in book.deals}
    assert all(deal.contract_months is None or deal.contract_months > 0 for deal in book.deals)
    assert all(any(sign in name for name in competitors) for sign in ("ü", '"', "'", "%"))


def test_a_customer_number_names_one_truth(book: Book, other: Book) -> None:
    """Whoever has it in both books has the same; nobody else does; about three in ten lack it in a book."""
    both = [(one.customer_number, two.customer_number) for one, two in same_people(book, other)]
    numbers = [person.customer_number for person in book.people if person.customer_number]
    firms = [company.customer_number for company in book.companies if company.customer_number]
    of_one_book = {person.customer_number for person in book.people if not person.truth} - {None}
    of_other_book = {person.customer_number for person in other.people if not person.truth} - {None}

    assert all(one == two for one, two in both if one and two)
    assert any(one is None and two for one, two in both)
    assert len({*numbers, *firms}) == len(numbers) + len(firms)
    assert share(person.customer_number is None for person in book.people) == pytest.approx(0.3, abs=0.05)
    assert of_one_book
    assert not of_one_book & of_other_book
    assert "K-004711" in {person.customer_number for person in (*book.people, *other.people)}

"""What holds for whole books."""

import math
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from sandbox.seed import (
    DEAL_TYPES,
    INDUSTRIES,
    LEAD_SOURCES,
    LIFECYCLES,
    LOST_REASONS,
    ROLES,
    TODAY,
    Book,
    build_book,
)
from tests.sandbox.seed.reading import digest, lists

COUNTS = {
    "users": 20,
    "companies": 300,
    "people": 1000,
    "leads": 300,
    "deals": 600,
    "appointments": 400,
    "notes": 250,
    "tasks": 250,
}
START_OF_TODAY = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)


def test_book_has_the_promised_size(book: Book) -> None:
    """Scale 1 has the stated number of rows."""
    assert {name: len(rows) for name, rows in lists(book).items()} == COUNTS


@pytest.mark.parametrize("scale", [0.001, 0.1, 2.0])
def test_scale_multiplies_the_rows(scale: float) -> None:
    """All but the users grow linearly, and nothing is ever empty; users grow slowly."""
    rows = lists(build_book("hubspot", scale=scale))

    expected = {name: max(1, round(count * scale)) for name, count in COUNTS.items() if name != "users"}
    assert {name: len(rows[name]) for name in expected} == expected
    assert 6 <= len(rows["users"]) <= 20 * max(1, scale)


def test_counts_make_one_list_large() -> None:
    """The others keep their size, and the rows that were there before keep their values."""
    small = build_book("hubspot", scale=0.1)
    large = build_book("hubspot", scale=0.1, counts={"deals": 500})

    sizes = {name: len(rows) for name, rows in lists(small).items()}
    assert {name: len(rows) for name, rows in lists(large).items()} == {**sizes, "deals": 500}
    assert large.people == small.people
    assert build_book("hubspot", scale=0.1, counts={"deals": 60}) == small


@pytest.mark.parametrize("counts", [{"deal": 5}, {"users": 5}, {"deals": 0}])
def test_impossible_counts_are_refused(counts: dict[str, int]) -> None:
    """An unknown list, or none of it."""
    with pytest.raises(ValueError, match="counts"):
        build_book("hubspot", counts=counts)


@pytest.mark.parametrize("scale", [0, -1, math.nan, math.inf])
def test_impossible_scale_is_refused(scale: float) -> None:
    """There is no book of no size."""
    with pytest.raises(ValueError, match="scale"):
        build_book("hubspot", scale=scale)


def test_numbers_count_from_one_without_gaps(book: Book) -> None:
    """A row's number is its position plus one."""
    assert all([row.number for row in rows] == list(range(1, len(rows) + 1)) for rows in lists(book).values())


def test_same_arguments_give_the_same_book_in_every_process(book: Book) -> None:
    """Neither the process nor its hash seed has a part in it."""
    program = "from tests.sandbox.seed.reading import digest; from sandbox.seed import build_book; "
    program += "print(digest(build_book('salesforce')))"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}

    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert told.stdout.strip() == digest(book) == digest(build_book("salesforce"))


@pytest.mark.parametrize(
    "build",
    [
        lambda: build_book("hubspot", scale=0.1),
        lambda: build_book("salesforce", scale=0.1, seed=8),
        lambda: build_book("salesforce", scale=0.2),
        lambda: build_book("salesforce", scale=0.1, today=date(2026, 11, 3)),
    ],
)
def test_every_argument_matters(build: Callable[[], Book]) -> None:
    """Another platform, seed, scale or day is another book."""
    assert digest(build()) != digest(build_book("salesforce", scale=0.1))


@pytest.mark.parametrize("name", ["users", "companies", "people"])
def test_books_share_somewhat_more_than_half(book: Book, other: Book, name: str) -> None:
    """55 % of the rows stand in both books under one truth each, the others in one book alone."""
    truths, other_truths = ([row.truth for row in lists(one)[name]] for one in (book, other))

    shared = [truth for truth in truths if truth]
    assert len(shared) / len(truths) == pytest.approx(0.55, abs=0.06)
    assert sorted(shared) == sorted(truth for truth in other_truths if truth)
    assert len(set(shared)) == len(shared)


@pytest.mark.parametrize("name", ["companies", "people"])
def test_books_have_orders_of_their_own(book: Book, other: Book, name: str) -> None:
    """Rows with one truth have different numbers in different books."""
    truths, other_truths = ([row.truth for row in lists(one)[name] if row.truth] for one in (book, other))

    assert truths != other_truths


def test_stamps_are_utc_in_whole_milliseconds_and_in_order(book: Book) -> None:
    """Nothing is changed before it is made or after the day begins, and nothing is older than two years."""
    for rows in lists(book).values():
        for row in rows:
            assert row.created_at.tzinfo is UTC
            assert row.updated_at.tzinfo is UTC
            assert row.created_at.microsecond % 1000 == row.updated_at.microsecond % 1000 == 0
            assert START_OF_TODAY - timedelta(days=730) <= row.created_at <= row.updated_at <= START_OF_TODAY


def test_creation_is_spread_over_two_years(book: Book) -> None:
    """Every quarter of the span has its share of people."""
    quarters = Counter((START_OF_TODAY - person.created_at) // timedelta(days=183) for person in book.people)

    assert set(quarters) == {0, 1, 2, 3}
    assert min(quarters.values()) > 80


def test_a_third_of_the_people_share_their_last_change_in_small_groups(book: Book) -> None:
    """About 30 % stand in groups of 2 to 15 equal stamps, and 8 % in one bulk import."""
    sizes = Counter(person.updated_at for person in book.people).values()

    bulk = max(sizes)
    tied = sum(size for size in sizes if 2 <= size <= 15)
    assert bulk == pytest.approx(80, abs=4)
    assert tied == pytest.approx(300, abs=20)
    assert bulk + tied + sum(size == 1 for size in sizes) == len(book.people)
    assert len({size for size in sizes if 2 <= size <= 15}) > 8


def test_ties_cross_the_books(book: Book, other: Book) -> None:
    """The instants of most groups, the bulk import's among them, are the same in both books."""
    stamps, other_stamps = (Counter(person.updated_at for person in one.people) for one in (book, other))

    common = stamps.keys() & other_stamps.keys()
    assert len(common) >= 25
    assert stamps.most_common(1)[0][0] == other_stamps.most_common(1)[0][0]


def test_references_point_at_rows(book: Book) -> None:
    """Every number that names another row exists, and nothing names itself."""
    users, companies, people, leads, deals = (
        range(1, len(rows) + 1) for rows in (book.users, book.companies, book.people, book.leads, book.deals)
    )

    for rows in lists(book).values():
        for row in rows:
            assert getattr(row, "owner", None) in {None, *users}
            assert getattr(row, "company", None) in {None, *companies}
            assert getattr(row, "deal", None) in {None, *deals}
            assert getattr(row, "lead", None) in {None, *leads}
            linked = getattr(row, "people", ())
            assert set(linked) <= set(people)
            assert len(set(linked)) == len(linked)
    assert all(company.parent != company.number for company in book.companies)


def test_values_come_from_the_closed_vocabularies(book: Book) -> None:
    """What picklists are made of holds for every row."""
    assert {company.industry for company in book.companies} == {None, *INDUSTRIES}
    assert {person.lead_source for person in book.people} == {None, *LEAD_SOURCES}
    assert {person.lifecycle for person in book.people} == {None, *LIFECYCLES}
    assert {deal.deal_type for deal in book.deals} == {None, *DEAL_TYPES}
    assert {deal.lost_reason for deal in book.deals} == {None, *LOST_REASONS}
    assert {role.role for deal in book.deals for role in deal.roles} == {None, *ROLES}


def test_book_of_scale_one_is_drawn_fast() -> None:
    """Less than half a second of the processor."""
    start_s = time.process_time()

    build_book("salesforce", seed=99)

    assert time.process_time() - start_s < 0.5


@pytest.mark.slow
def test_book_of_scale_twenty_is_drawn_fast() -> None:
    """Less than six seconds of the processor."""
    start_s = time.process_time()

    book = build_book("salesforce", scale=20)

    assert len(book.people) == 20_000
    assert time.process_time() - start_s < 6

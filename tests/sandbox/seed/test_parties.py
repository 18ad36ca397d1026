"""Users, companies and people."""

import re
from collections import Counter

import pytest

from sandbox.seed import Book, build_book
from tests.sandbox.seed.reading import lists, same_people, share

FICTIONAL_US = re.compile(r"[2-9]\d\d55501\d\d")


def test_books_tell_the_same_people_differently(book: Book, other: Book) -> None:
    """Names mostly agree, spellings of telephone numbers mostly do not, addresses mostly do but for their case."""
    pairs = same_people(book, other)

    assert 0.6 < share(one.last_name == two.last_name for one, two in pairs) < 0.95
    phones = [(one.phone, two.phone) for one, two in pairs if one.phone and two.phone]
    assert share(one != two for one, two in phones) > 0.5
    emails = [(one.email, two.email) for one, two in pairs if one.email and two.email]
    assert 0.75 < share(one == two for one, two in emails) < 0.95
    assert 0.85 < share(one.lower() == two.lower() for one, two in emails) < 0.98


def test_telephone_numbers_of_one_person_have_the_same_digits(book: Book, other: Book) -> None:
    """However it is written, the number ends alike in both books."""
    pairs = [(one.phone, two.phone) for one, two in same_people(book, other) if one.phone and two.phone]

    endings = [[re.sub(r"\D", "", phone.partition(" ext.")[0])[-6:] for phone in pair] for pair in pairs]
    assert [one for one, two in endings] == [two for one, two in endings]


def test_some_names_are_misspelt() -> None:
    """About one name in 25 differs from every way in which other books write it."""
    books = [build_book(platform) for platform in ("salesforce", "hubspot", "pipedrive", "zoho", "dynamics365")]
    spellings: dict[str, Counter[str]] = {}
    for one in books:
        for person in one.people:
            if person.truth:
                spellings.setdefault(person.truth, Counter())[person.last_name] += 1

    alone = sum(count == 1 for names in spellings.values() for count in names.values() if len(names) > 1)
    assert 0.015 < alone / (5 * len(spellings)) < 0.06


def test_people_of_one_book_alone_are_in_no_other(book: Book, other: Book) -> None:
    """No address or domain of a row without truth stands in another book."""
    for mine, theirs in (
        ({p.email.lower() for p in book.people if p.email and not p.truth}, {p.email for p in other.people}),
        ({c.domain for c in book.companies if c.domain and not c.truth}, {c.domain for c in other.companies}),
    ):
        assert mine & {text.lower() for text in theirs if text} == set()


@pytest.mark.parametrize(
    "name",
    [
        "first_name",
        "salutation",
        "email",
        "phone",
        "mobile",
        "job_title",
        "department",
        "lead_source",
        "lifecycle",
        "birth_date",
        "street",
        "city",
        "country",
        "description",
        "owner",
    ],
)
def test_optional_values_of_people_are_missing_here_and_there(book: Book, name: str) -> None:
    """About 8 % of each field."""
    assert share(getattr(person, name) is None for person in book.people) == pytest.approx(0.08, abs=0.03)


def test_emails_are_unique_and_reserved(book: Book) -> None:
    """No two people of a book share an address in any case, and no address can reach anybody."""
    emails = [email.lower() for person in book.people for email in (person.email, *person.other_emails) if email]

    assert len(set(emails)) == len(emails)
    assert all(re.fullmatch(r"[a-z0-9.]+@(?:example\.(?:com|net|org)|[a-z0-9-]+\.example)", email) for email in emails)
    assert all(company.domain.endswith(".example") for company in book.companies if company.domain)


def test_emails_differ_in_case(book: Book) -> None:
    """Some are written with capitals."""
    told = [person.email for person in book.people if person.email]

    assert share(email != email.lower() for email in told) == pytest.approx(0.08, abs=0.03)


def test_american_numbers_are_fictional_and_written_in_many_ways(book: Book) -> None:
    """Only 555-01xx, in six ways."""
    told = [p.phone for p in book.people if p.phone and p.country in {"United States", "USA", "US"}]

    bare = [phone.partition(" ext.")[0] for phone in told]
    digits = [re.sub(r"\D", "", phone)[-10:] for phone in bare]
    assert all(FICTIONAL_US.fullmatch(number) for number in digits)
    assert len({re.sub(r"\d", "9", phone) for phone in bare}) == 6


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien",
        "D'Angelo",
        "Müller-Lüdenscheidt",
        "von der Heide",
        "dos Santos",
        "小林",
        "Łukasz",
        "Zoë",
        "Ødegård",
        "Шевченко",
    ],
)
def test_names_of_many_cultures_stand_in_the_books(book: Book, other: Book, name: str) -> None:
    """The names that break naive code are there."""
    people = book.people + other.people

    assert any(name in {person.first_name, person.last_name} for person in people)


@pytest.mark.parametrize("sign", ["'", '"', "\\", "%", "_", "<", "&", "🎉", "\n", "{", "ا", "\u200b"])
def test_descriptions_hold_awkward_signs(book: Book, sign: str) -> None:
    """Quotes, wildcards, markup, emoji and the like stand in a few descriptions."""
    assert 0 < share(sign in (person.description or "") for person in book.people) < 0.5


def test_users_are_people_and_queues(book: Book) -> None:
    """Two are queues and two are inactive people; queues own leads and tasks only, as CRMs have it."""
    queues = {user.number for user in book.users if user.kind == "queue"}
    owners = {name: {getattr(row, "owner", None) for row in rows} for name, rows in lists(book).items()}

    assert len(queues) == 2
    assert sum(not user.is_active for user in book.users) == 2
    assert all(user.email for user in book.users if user.kind == "user")
    assert {name for name, numbers in owners.items() if numbers & queues} == {"leads", "tasks"}


def test_some_companies_have_parents_without_circles(book: Book) -> None:
    """Following parents always ends."""
    parents = {company.number: company.parent for company in book.companies}

    assert 0.08 < share(parent is not None for parent in parents.values()) < 0.25
    for number in parents:
        seen: list[int] = []
        at: int | None = number
        while at is not None:
            assert at not in seen
            seen.append(at)
            at = parents[at]


def test_company_names_are_written_in_many_ways(book: Book, other: Book) -> None:
    """The same company has another suffix, or none, in another book."""
    names = {company.truth: company.name for company in other.companies if company.truth}

    pairs = [(company.name, names[company.truth]) for company in book.companies if company.truth]

    assert 0.2 < share(one != two for one, two in pairs) < 0.7


def test_people_belong_to_none_one_or_several_companies(book: Book) -> None:
    """Most have one; other companies never repeat the main one."""
    assert 0.12 < share(person.company is None for person in book.people) < 0.28
    assert 0.03 < share(bool(person.other_companies) for person in book.people) < 0.12
    assert all(person.company not in person.other_companies for person in book.people)

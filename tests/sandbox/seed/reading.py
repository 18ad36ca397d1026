"""How the tests of this folder look at books."""

import hashlib
from collections.abc import Iterable

from sandbox.seed import Book, Person, Row

__all__ = ["LISTS", "digest", "lists", "same_people", "share"]

LISTS = ("users", "companies", "people", "leads", "deals", "appointments", "notes", "tasks")


def lists(book: Book) -> dict[str, tuple[Row, ...]]:
    """Every list of rows by its name."""
    return {name: getattr(book, name) for name in LISTS}


def share(hits: Iterable[bool]) -> float:
    """How many of *hits* are true, 0 to 1."""
    found = list(hits)
    return sum(found) / len(found)


def digest(book: Book) -> str:
    """A fingerprint of everything in a book."""
    return hashlib.sha256(repr(book).encode()).hexdigest()


def same_people(book: Book, other: Book) -> list[tuple[Person, Person]]:
    """The two rows of everybody who stands in both books."""
    by_truth = {person.truth: person for person in other.people if person.truth}
    return [(person, by_truth[person.truth]) for person in book.people if person.truth]

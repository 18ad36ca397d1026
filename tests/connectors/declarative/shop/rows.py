"""What the shop holds: drawn people and companies, with all that is awkward in names and times."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

__all__ = ["COMPANIES", "PEOPLE", "STATUSES", "Kind", "Row", "Table", "draw_companies", "draw_people"]

Row = dict[str, Any]
Kind = Literal["id", "text", "number", "bool", "day", "instant", "status"]

PEOPLE: Mapping[str, Kind] = {
    "id": "id",
    "first": "text",
    "last": "text",
    "email": "text",
    "score": "number",
    "vip": "bool",
    "born": "day",
    "company": "id",
    "status": "status",
    "changed": "instant",
}
COMPANIES: Mapping[str, Kind] = {"id": "id", "name": "text", "changed": "instant"}
STATUSES = ("new", "active", "lost")

_FIRST = ("Ada", "ada", "Zoë", "José", "Ægir", "Łukasz", "Ngọc", "Ößl", "Mary Ann", "D'Arcy")
_LAST = (
    "Abel",
    "abel",
    "Strauß",
    "STRAUSS",
    "O'Neil",
    'Hall "Red"',
    "Back\\slash",
    "100%",
    "under_score",
    "Núñez",
    "Lee, Jr.",
)
_COMPANY = ("Acme", "acme", "Groß & Söhne", "O'Hara", 'The "Best"', "C:\\Temp", "Łódź Trade", "Nord, Süd")
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by what they are called in paths; a key that a row lacks is a missing value."""

    name: str
    kinds: Mapping[str, Kind]
    rows: Sequence[Row]


def draw_people(seed: int, count: int = 200) -> list[Row]:
    """People with ids from 1, in no order; *changed* has ties, and one value in four is missing where it may be."""
    draw = random.Random(seed)  # noqa: S311 (test data)
    rows = [_person(number, draw) for number in range(1, count + 1)]
    draw.shuffle(rows)
    return rows


def draw_companies(seed: int, count: int = 20) -> list[Row]:
    """Companies with ids from 1."""
    draw = random.Random(seed)  # noqa: S311 (test data)
    return [{"id": number, "name": draw.choice(_COMPANY), "changed": _instant(draw)} for number in range(1, count + 1)]


def _person(number: int, draw: random.Random) -> Row:
    born = date(1950, 1, 1) + timedelta(days=draw.randrange(20_000))
    return {
        "id": number,
        "first": draw.choice(_FIRST),
        "last": draw.choice(_LAST),
        "email": _or_missing(f"p{number}@{draw.choice(('Example.com', 'example.org'))}", draw),
        "score": _or_missing(draw.randrange(-5, 40), draw),
        "vip": draw.random() < 0.3,
        "born": _or_missing(born.isoformat(), draw),
        "company": _or_missing(draw.randint(1, 20), draw),
        "status": draw.choice(STATUSES),
        "changed": _instant(draw),
    }


def _instant(draw: random.Random) -> datetime:
    return _EPOCH + timedelta(hours=7 * draw.randrange(60), seconds=draw.choice((0, 0, 1)))


def _or_missing(value: Any, draw: random.Random) -> Any:
    return None if draw.random() < 0.25 else value

"""The records that every real CRM is filled with: the same people, firms and deals in each."""

import csv
from functools import cache
from pathlib import Path

__all__ = ["BOOK", "Row", "content", "rows"]

BOOK = Path(__file__).parents[1] / "book"

Row = dict[str, str]


@cache
def rows(table: str) -> tuple[Row, ...]:
    """The rows of *table* in the order of their keys, which are 0, 1, 2 and so on; an empty text is no value.

    A column with the name of another table's rows, as in `company`, has their key.
    """
    with (BOOK / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def content() -> bytes:
    """Every table as it is written; another content is another book."""
    return b"".join(path.read_bytes() for path in sorted(BOOK.glob("*.csv")))

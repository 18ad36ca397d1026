"""Cells: how values are kept, compared, sorted and shown."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

from sandbox.dynamics365.org.tables import Column

__all__ = [
    "Cell",
    "Ref",
    "Row",
    "folded",
    "formatted",
    "guid",
    "guid_key",
    "instant",
    "money",
    "sort_key",
    "wire",
]


@dataclass(frozen=True, slots=True)
class Ref:
    """What a lookup holds: a record of *table*, its *id* and the *name* that is shown."""

    table: str
    id: str
    name: str | None


Cell = str | int | bool | Decimal | Ref | Mapping[str, object] | list[object] | None
"""Times, dates, GUIDs and several choices ("1,3") are text as the Web API writes it; money has four digits."""

Row = dict[str, Cell]
"""Cell by the column's logical name."""

_MINOR = Decimal("0.0001")


def guid(table: str, what: object) -> str:
    """The id of *what* (such as a row's number) in *table*: always the same, in no order."""
    return str(uuid5(NAMESPACE_URL, f"dynamics365.sandbox/{table}/{what}"))


def instant(told: datetime | date | None) -> str | None:
    """UTC in whole seconds, such as 2026-11-02T09:15:00Z; a date is one without a time."""
    if told is None:
        return None
    if not isinstance(told, datetime):
        return told.isoformat()
    return told.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(amount: Decimal | None) -> Decimal | None:
    """*amount* with the four digits that the database keeps."""
    return None if amount is None else amount.quantize(_MINOR)


@lru_cache(maxsize=200_000)
def folded(text: str) -> str:
    """*text* as comparisons see it: whatever its case, without blanks at its end.

    SQL Server's default collation ignores case and trailing blanks, and minds accents.
    """
    return text.casefold().rstrip(" ")


@lru_cache(maxsize=200_000)
def _collated(text: str) -> tuple[str, str]:
    """Letters first, their accents where that leaves a tie."""
    fold = folded(text)
    if fold.isascii():
        return fold, fold
    return "".join(sign for sign in unicodedata.normalize("NFKD", fold) if not unicodedata.combining(sign)), fold


@lru_cache(maxsize=200_000)
def guid_key(text: str) -> str:
    """What SQL Server sorts a GUID by: its groups from the last to the first, the first three byte by byte reversed.

    SqlGuid comparison (Comparing GUID and uniqueidentifier values, read 2026-11).
    """
    first, second, third, fourth, fifth = text.split("-")
    reversed_bytes = (bytes.fromhex(group)[::-1].hex() for group in (third, second, first))
    return "".join((fifth, fourth, *reversed_bytes))


def sort_key(cell: Cell, column: Column) -> object:
    """What *cell* is sorted and compared by: a lookup by the name it shows, missing cells before all others."""
    if isinstance(cell, Ref):
        cell = cell.name if column.kind == "lookup" else cell.id
    if cell is None:
        return (False,)
    if column.kind in {"lookup", "memo", "text"}:
        return True, _collated(str(cell))
    if column.kind == "guid":
        return True, guid_key(str(cell))
    return True, cell


def wire(cell: Cell) -> object:
    """*cell* as JSON shows it."""
    return cell.id if isinstance(cell, Ref) else cell


def formatted(cell: Cell, column: Column, *, symbol: str) -> str | None:
    """The text of a formatted value, in English and UTC; None where there is none.

    Args:
        cell: of *column*.
        column: text and GUID columns have no formatted values.
        symbol: of the row's currency.
    """
    if cell is None or column.kind in {"bigint", "complex", "guid", "memo", "text"}:
        return None
    if isinstance(cell, Ref):
        return cell.name
    if column.kind == "choices":
        return "; ".join(column.options[int(value)] for value in str(cell).split(","))
    if column.options:
        return column.options[int(str(cell))]
    if column.kind in {"date", "datetime"}:
        told = datetime.fromisoformat(str(cell))
        day = f"{told.month}/{told.day}/{told.year}"
        return day if column.kind == "date" else f"{day} {told:%I:%M %p}".replace(" 0", " ")
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    return f"{symbol}{cell:,.2f}" if column.kind == "money" else f"{cell:,}"

"""Cells: how property values are kept in the tables, and how HubSpot's JSON shows them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sandbox.hubspot.definitions import PropertyType

__all__ = ["Cell", "Row", "cell_text", "date_ms", "instant_ms", "iso_instant", "number_cell", "storable"]

Cell = str | int | float | None
"""Times are milliseconds since 1970, dates the milliseconds of their midnight UTC, booleans "true" or "false"."""

Row = dict[str, Cell]
"""Column → cell of one record; `id` is among the columns."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def instant_ms(instant: datetime) -> int:
    """Milliseconds since 1970 of an aware *instant*."""
    return (instant - _EPOCH) // _MILLISECOND


def date_ms(day: date) -> int:
    """Milliseconds since 1970 of midnight UTC on *day*."""
    return instant_ms(datetime(day.year, day.month, day.day, tzinfo=UTC))


def iso_instant(ms: int) -> str:
    """Such as 2024-01-17T19:55:04.281Z."""
    text = (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def number_cell(value: Decimal | None) -> Cell:
    """*value* as a number that SQLite compares exactly up to 15 digits."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def storable(cell: Cell) -> Cell:
    """*cell* as SQLite takes it: a whole number beyond 64 bits becomes a float, which compares and equals no id."""
    return float(str(cell)) if isinstance(cell, int) and not -(2**63) <= cell < 2**63 else cell


def cell_text(cell: Cell, kind: PropertyType) -> str | None:
    """The string that HubSpot's JSON has for *cell*; None for no value."""
    if cell is None or isinstance(cell, str):
        return cell
    if kind == "datetime":
        return iso_instant(int(cell))
    if kind == "date":
        return iso_instant(int(cell))[:10]
    return repr(cell)

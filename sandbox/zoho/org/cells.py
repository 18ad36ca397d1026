"""Cells: how values are kept and compared, and how Zoho's JSON shows them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

__all__ = ["Cell", "Key", "Record", "Ref", "key_of", "module_id", "record_id", "told"]


@dataclass(frozen=True, slots=True)
class Ref:
    """The record or user that a look-up leads to; *tells_module* where the look-up may lead to several modules."""

    module: str
    id: str
    name: str | None
    email: str | None = None
    tells_module: bool = False


Cell = str | int | float | Decimal | bool | date | datetime | Ref | list[str] | list[dict[str, object]] | None
"""Instants are aware and whole seconds; several choices and participants are lists."""

Record = dict[str, Cell]
"""Cells by API name."""

Key = str | int | Decimal | bool | date | datetime
"""What a cell is compared by; keys of one field have one type."""

_SERIES = ("Users", "Contacts", "Leads", "Accounts", "Deals", "Events", "Tasks", "Notes", "Settings", "Participants")


def record_id(series: str, number: int) -> str:
    """The id of row *number* of a module: 18 digits, unique in the account, as Zoho draws all from one counter."""
    return str(554_023_000_000_301_000 + (number * 16 + _SERIES.index(series)) * 7)


def module_id(module: str) -> str:
    """The id of a module itself."""
    return record_id("Settings", 100 + _SERIES.index(module))


def key_of(cell: Cell, kind: str) -> Key | None:
    """What *cell* is compared by; None for no value."""
    if cell is None:
        return None
    if isinstance(cell, Ref):
        return cell.id
    if kind == "bigint":
        return int(str(cell))
    if isinstance(cell, list):
        return ";".join(map(str, cell)).casefold() or None
    if isinstance(cell, str):
        return cell.casefold()
    return Decimal(repr(cell)) if isinstance(cell, float) else cell


def told(cell: Cell, zone: ZoneInfo, *, is_short: bool = False) -> object:
    """*cell* as JSON has it, instants with the offset of *zone*; *is_short* tells look-ups by their id alone."""
    match cell:
        case Ref():
            return {"id": cell.id} if is_short else _told_ref(cell)
        case Decimal():
            return int(cell) if cell == cell.to_integral_value() else float(cell)
        case datetime():
            return cell.astimezone(zone).isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
        case _:
            return cell


def _told_ref(ref: Ref) -> dict[str, object]:
    shown: dict[str, object] = {"name": ref.name, "id": ref.id}
    if ref.email is not None:
        shown["email"] = ref.email
    if ref.tells_module:
        shown["module"] = {"api_name": ref.module, "id": module_id(ref.module)}
    return shown

"""Ids, and how values are written."""

import re
from datetime import datetime
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sandbox.seed import Company, Person

__all__ = [
    "Row",
    "address",
    "clock_time",
    "html",
    "instant",
    "lead_id",
    "millis",
    "null_first",
    "optional_id",
    "place_of",
    "row_id",
    "user_id",
]

Row = dict[str, Any]
"""Field → value of one record, as its JSON has them."""

_STEP, _IDS = 7_919, 999_983
_OFFSETS = {"persons": 0, "organizations": 400, "deals": 900, "activities": 1_700, "notes": 3_100}
_ADMIN = 11_000_000


def row_id(kind: str, number: int) -> int:
    """The id of row *number* (from 1) of *kind*: below a million, in no order of time, overlapping with other kinds."""
    return 1 + (number + _OFFSETS[kind]) * _STEP % _IDS


def optional_id(kind: str, number: int | None) -> int | None:
    """The id of row *number*, None for None."""
    return None if number is None else row_id(kind, number)


def user_id(number: int | None) -> int:
    """The id of user *number*; of the account's admin for None, because every record has an owner."""
    return _ADMIN + (number or 0) * 37


def lead_id(number: int) -> str:
    """The UUID of lead *number*."""
    return str(uuid5(NAMESPACE_URL, f"pipedrive.sandbox/lead/{number}"))


def instant(at: datetime) -> str:
    """Whole seconds, UTC, as version 2 writes them: 2024-01-17T19:55:04Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def millis(at: datetime) -> str:
    """As leads write them: 2024-01-17T19:55:04.281Z."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def clock_time(text: str) -> str:
    """What `instant` gave, as version 1 writes it: 2024-01-17 19:55:04."""
    return text.replace("T", " ").removesuffix("Z")


def null_first(value: Any) -> tuple[bool, Any]:
    """Sorts None before everything, as Pipedrive's database does (undocumented)."""
    return (value is not None, value if value is not None else 0)


def place_of(row: Row, key: str) -> tuple[tuple[bool, Any], Any]:
    """The place of *row* in a list by *key*, equal ones by id."""
    return (null_first(row[key]), row["id"])


def html(text: str) -> str:
    """Plain *text* as the editor keeps it."""
    return escape(text, quote=False).replace("\r\n", "\n").replace("\n", "<br>")


def address(row: Person | Company) -> Row | None:
    """An address as the maps service splits it, None for none."""
    parts = [row.street, row.city, row.region, row.postal_code, row.country]
    if not any(parts):
        return None
    found = re.fullmatch(r"(?:(?P<before>\d+\w?) )?(?P<route>.*?)(?: (?P<after>\d+\w?))?", row.street or "")
    split = found.groupdict() if found else {}
    return {
        "value": ", ".join(part for part in parts if part),
        "country": row.country,
        "admin_area_level_1": row.region,
        "admin_area_level_2": None,
        "locality": row.city,
        "sublocality": None,
        "route": split.get("route") or None,
        "street_number": split.get("before") or split.get("after"),
        "subpremise": None,
        "postal_code": row.postal_code,
    }

"""Values as the API writes them; missing texts within composites are empty, missing plain values null."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from sandbox.seed import Row as Told

__all__ = ["Row", "full_name", "instant", "link", "made", "member_id", "midnight", "money", "phones", "row_id"]

Row = dict[str, Any]


def row_id(type_name: str, number: int | None, place: int = 0) -> str | None:
    """The id of row *number* of a type, or of what stands at a *place* of it; ids are in no order."""
    if number is None:
        return None
    digest = sha256(f"{type_name}/{number}/{place}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))


def made(told: Told, type_name: str, place: int = 0) -> Row:
    """The fields that every type has."""
    return {
        "id": row_id(type_name, told.number, place),
        "createdAt": instant(told.created_at),
        "updatedAt": instant(told.updated_at),
        "deletedAt": None,
    }


def instant(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, with milliseconds: texts in order are instants in order."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def midnight(day: date | None) -> str | None:
    """A day as its first instant."""
    return None if day is None else instant(datetime.combine(day, time(), UTC))


def money(amount: Decimal | None, currency: str) -> Row:
    """Millionths; without an amount the currency is lost too."""
    if amount is None:
        return {"amountMicros": None, "currencyCode": ""}
    return {"amountMicros": int(amount * 1_000_000), "currencyCode": currency}


def full_name(first: str | None, last: str) -> Row:
    """A name in its parts."""
    return {"firstName": first or "", "lastName": last}


def link(url: str | None) -> Row:
    """An address."""
    return {"primaryLinkUrl": url or ""}


def phones(told: list[str]) -> Row:
    """Numbers as people wrote them; the calling code of the first stands apart where it was written."""
    first, *others = told or [""]
    code = _calling_code(first)
    number = first.removeprefix(code).lstrip(" -")
    return {"primaryPhoneNumber": number, "primaryPhoneCallingCode": code, "additionalPhones": others}


def member_id(user: int | None, members: frozenset[int]) -> str | None:
    """The id of a workspace member; queues are none."""
    return row_id("WorkspaceMember", user) if user in members else None


def _calling_code(number: str) -> str:
    """Such as "+49", or an empty text."""
    digits = number[1:4] if number.startswith("+") else ""
    prefixes = (digits[:length] for length in range(1, len(digits) + 1))
    return next(
        (f"+{one}" for one in prefixes if one.isdigit() and int(one) in COUNTRY_CODE_TO_REGION_CODE),
        "",
    )

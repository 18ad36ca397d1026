"""What endpoints read from a query, and the pages that they give."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request

from sandbox.pipedrive.content import Row
from sandbox.pipedrive.errors import invalid, not_found

__all__ = [
    "Kind",
    "between",
    "boolean",
    "cursor",
    "day",
    "identifier",
    "integers",
    "moment",
    "offset",
    "one_of",
    "path_id",
    "position",
    "read",
    "several",
    "text",
    "whole",
]

Kind = Callable[[str], Any]
"""The value of a parameter's text; ValueError says what it must be."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


def read(request: Request, kinds: Mapping[str, Kind], *, is_strict: bool) -> dict[str, Any]:
    """The parameters that the query has, by name.

    Version 2 refuses what it does not know (*is_strict*), version 1 passes over it.
    No filter is saved in this account, so whoever names one is told that it is not there.

    Raises:
        VendorError: 400, or 404 for a `filter_id`.
    """
    found: dict[str, Any] = {}
    for name, told in request.query_params.items():
        if name not in kinds:
            if is_strict:
                raise invalid(f"query parameter {name} is not allowed")
            continue
        try:
            found[name] = kinds[name](told)
        except ValueError as error:
            raise invalid(f"query parameter {name} {error}") from None
    if "filter_id" in found:
        raise not_found("Filter")
    return found


def path_id(request: Request) -> int:
    """The whole number at `{id}` of the path.

    Raises:
        VendorError: 400 for anything else.
    """
    try:
        return whole(request.path_params["id"])
    except ValueError as error:
        raise invalid(f"path parameter id {error}") from None


def text(told: str) -> str:
    """Any text."""
    return told


def whole(told: str) -> int:
    """A whole number, 0 or more."""
    if not re.fullmatch(r"[0-9]{1,15}", told):
        raise ValueError("must be an integer")
    return int(told)


def between(least: int, most: int) -> Kind:
    """Whole numbers from *least* to *most*."""

    def read_number(told: str) -> int:
        number = whole(told)
        if not least <= number <= most:
            raise ValueError(f"must be between {least} and {most}")
        return number

    return read_number


def boolean(told: str) -> bool:
    """`true` or `false`, which 1 and 0 stand for as well."""
    if told not in {"true", "false", "1", "0"}:
        raise ValueError("must be a boolean")
    return told in {"true", "1"}


def identifier(told: str) -> str:
    """A UUID."""
    try:
        return str(UUID(told))
    except ValueError:
        raise ValueError("must be a valid UUID") from None


def moment(told: str) -> datetime:
    """RFC 3339 without fractions of seconds (version 2 lists refuse them, as seen on the live host)."""
    if not _MOMENT.fullmatch(told):
        raise ValueError("is not a valid datetime")
    try:
        return datetime.fromisoformat(told).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is not a valid datetime") from None


def day(told: str) -> str:
    """YYYY-MM-DD."""
    try:
        return date.fromisoformat(told).isoformat()
    except ValueError:
        raise ValueError("is not a valid date") from None


def one_of(*words: str) -> Kind:
    """One of *words*."""

    def read_word(told: str) -> str:
        if told not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return told

    return read_word


def several(*words: str, most: int | None = None) -> Kind:
    """A list between commas of *words*."""
    known = one_of(*words)

    def read_words(told: str) -> list[str]:
        found = [known(one.strip()) for one in told.split(",")]
        if most is not None and len(found) > most:
            raise ValueError(f"must have at most {most} items")
        return found

    return read_words


def integers(most: int) -> Kind:
    """A list between commas of at most *most* whole numbers."""

    def read_integers(told: str) -> list[int]:
        found = [whole(one.strip()) for one in told.split(",")]
        if len(found) > most:
            raise ValueError(f"must have at most {most} items")
        return found

    return read_integers


def cursor(place: Row) -> str:
    """An opaque text that holds *place*."""
    return urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def position(told: str) -> Row:
    """The place in a cursor."""
    try:
        place = json.loads(urlsafe_b64decode(told + "=" * (-len(told) % 4)))
    except (Base64Error, ValueError):
        raise ValueError("is invalid") from None
    if not isinstance(place, dict):
        raise ValueError("is invalid")
    return place


def offset(told: str) -> int:
    """The number of rows before the place in a cursor."""
    rows = position(told).get("offset")
    if not isinstance(rows, int) or rows < 0:
        raise ValueError("is invalid")
    return rows

"""Query parameters of lists: pages and order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from starlette.datastructures import QueryParams

from sandbox.freshsales.errors import invalid
from sandbox.freshsales.tables import Object, Row

__all__ = ["Paging", "in_order", "whole"]

_DEFAULT_SIZE, _MOST_ROWS = 25, 100
_NUMBER = re.compile(r"[0-9]{1,18}")
_AMOUNTS = frozenset(("amount", "base_currency_amount"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which page is asked for, from 1, and of how many rows: at most 100, whatever more is asked for."""

    page: int
    size: int

    @classmethod
    def of(cls, query: QueryParams) -> "Paging":
        """What *query* asks for.

        Raises:
            VendorError: 400 for what is no number, or a page before the first.
        """
        page = whole(query, "page", 1)
        if page < 1:
            raise invalid("page should be a positive number")
        return cls(page=page, size=min(whole(query, "per_page", _DEFAULT_SIZE), _MOST_ROWS))

    def cut(self, rows: Sequence[Row]) -> list[Row]:
        """The page's rows; none past the last page."""
        start = (self.page - 1) * self.size
        return list(rows[start : start + self.size])

    def meta(self, total: int) -> dict[str, int]:
        """The `meta` of a list of *total* rows."""
        return {"total_pages": ceil(total / self.size) if self.size else 0, "total": total}


def whole(query: QueryParams, name: str, default: int) -> int:
    """A parameter that is a number of 0 or more.

    Raises:
        VendorError: 400 for anything else.
    """
    text = query.get(name, str(default))
    if not _NUMBER.fullmatch(text):
        raise invalid(f"{name} should be a positive number")
    return int(text)


def in_order(rows: list[Row], kind: Object, query: QueryParams, *, usual: tuple[str, str]) -> list[Row]:
    """*rows*, which come by id, by `sort` and `sort_type` (ascending if left out).

    Missing values come first in ascending order, last in descending order, as MySQL has them; texts regardless of
    case; equal rows by ascending id, whatever the direction.

    Args:
        rows: of *kind*.
        kind: whose sort keys are known.
        query: the request's.
        usual: sort and direction where *query* tells no sort.

    Raises:
        VendorError: 400 for another key or direction.
    """
    name, direction = (query["sort"], query.get("sort_type", "asc")) if query.get("sort") else usual
    if name not in kind.sorts:
        raise invalid(f"Invalid sort attribute: {name}")
    if direction not in {"asc", "desc"}:
        raise invalid(f"Invalid sort_type: {direction}")
    return sorted(rows, key=lambda row: _sort_key(name, row.get(name)), reverse=direction == "desc")


def _sort_key(name: str, value: Any) -> tuple[Any, ...]:
    if value is None:
        return (False,)
    if name in _AMOUNTS:
        return True, Decimal(value)
    return True, value.casefold() if isinstance(value, str) else value

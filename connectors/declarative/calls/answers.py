"""Reading rows out of answers: where they are, whether others follow, how many there are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.declarative.spec import ListSpec, PagingSpec
from connectors.mapping import Row
from connectors.tables import at

__all__ = ["Reading", "Rows"]

_HEADER = "header:"
_MOST = 2**53 - 1  # whole numbers up to here are exact in JSON (RFC 8259, 6)
_LINK = re.compile(r"<([^>]*)>([^<]*)")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one answer.

    Attributes:
        next: what the answer gives to go on by, where it gives that.
        total: of all that match, where the answer says so.
    """

    rows: Sequence[Row]
    has_more: bool = False
    next: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How one answer is read.

    Attributes:
        limit, place: rows that were asked for, and those before them.
        root: where all its paths begin.
        is_single: whether it is one record rather than a list.
        flags: columns of truth values, of which false is no missing one.
    """

    listed: ListSpec
    paging: PagingSpec
    empties: tuple[Any, ...]
    limit: int
    place: int = 0
    root: str = ""
    is_single: bool = False
    flags: frozenset[str] = frozenset()

    def paths(self, columns: Sequence[str]) -> Iterator[str]:
        """What to select of a GraphQL root for rows of *columns*."""
        listed = self.listed
        below = ".".join(part for part in (listed.rows, listed.row) if part)
        yield from (f"{below}.{column}" for column in columns)
        yield from (path for path in (listed.total, listed.more, listed.next) if path is not None)

    def rows(self, payload: tuple[Any, Mapping[str, str]]) -> Rows:
        """The rows of an answer and its headers.

        Raises:
            LookupError, TypeError, ValueError: it is not of the shape that the file tells.
        """
        data, headers = payload
        body = _found(data, self.root)
        found = _found(body, self.listed.rows)
        if self.is_single:
            found = [] if found is None else [found]
        if not isinstance(found, list):
            raise TypeError("the rows are no list")
        rows = [self._row(item) for item in found]
        following, total = self._next(body, headers), self._total(body, headers)
        if self.listed.more is not None:
            more = _value(self.listed.more, body, headers)
            return Rows(rows, bool(more) and more != "false", following, total)
        if self.listed.next is not None or self.paging.by == "link":
            return Rows(rows, following is not None, following, total)
        is_cut = len(rows) >= self.limit if total is None else self.place + len(rows) < total
        return Rows(rows, is_cut and bool(rows), following, total)

    def _row(self, item: Any) -> Row:
        row = _found(item, self.listed.row)
        if not isinstance(row, dict):
            raise TypeError("a row is no object")
        return _emptied(row, self.empties, self.flags) if self.empties else row

    def _next(self, body: Any, headers: Mapping[str, str]) -> str | None:
        if self.listed.next is None:
            return _linked(headers.get("link", "")) if self.paging.by == "link" else None
        found = _value(self.listed.next, body, headers)
        return None if found is None or found == "" else str(found)

    def _total(self, body: Any, headers: Mapping[str, str]) -> int | None:
        if self.listed.total is None:
            return None
        found = _value(self.listed.total, body, headers)
        if found is None:
            return None
        total = int(found)
        if isinstance(found, bool) or not 0 <= total <= _MOST:
            raise ValueError("the total is no number of rows")
        return total


def _value(path: str, body: Any, headers: Mapping[str, str]) -> Any:
    if path.startswith(_HEADER):
        return headers.get(path.removeprefix(_HEADER).lower())
    return _found(body, path)


def _found(data: Any, path: str) -> Any:
    if not path:
        return data
    if not isinstance(data, dict):
        raise TypeError("the answer is no object")
    return at(path)(data)


def _linked(header: str) -> str | None:
    """The address that a Link header names as the next one (RFC 8288)."""
    for address, attributes in _LINK.findall(header):
        if any(one.strip(" ,") in {'rel="next"', "rel=next"} for one in attributes.split(";")):
            return str(address)
    return None


def _emptied(row: Row, empties: tuple[Any, ...], flags: frozenset[str]) -> Row:
    """*row* without what stands for missing values; truth values are told apart by their type."""

    def is_empty(value: Any) -> bool:
        return any(value is one or (isinstance(one, str) and value == one) for one in empties)

    return {name: None if name not in flags and is_empty(value) else value for name, value in row.items()}

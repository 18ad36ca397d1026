"""Pages of Freshsales' lists behind a position, though the vendor has page numbers alone.

A page number shifts when rows come and go. So the place of the last row that was passed is kept as a hint, the next
call is made such that its page holds that row as well, and what comes behind it is what follows. Without a hint, or
where the row is not there any more, its place is found by halving the list, which takes a call for each half.

How the vendor orders ties is not known: a group of them is returned when all of it was read, in the order of ids.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil
from typing import Any, TypeAlias

import orjson

from connectors.freshsales.manifest import manifest
from connectors.freshsales.rules import Rule
from connectors.http import Call, HttpClient, together
from connectors.mapping import Row, convert, understood
from model.entities import Entity
from model.errors import UnsupportedBySource
from model.page import Position

__all__ = ["Listing", "Lists", "Rows", "Sorting", "listed_call"]

_HINTS = 2_000
_SPARE = 10  # rows asked beyond a page: ties, and contacts that are leads

Sorting: TypeAlias = tuple[str, bool]
"""A column, and whether great values come first."""

_BY_ID: Sorting = ("id", False)
_Place: TypeAlias = tuple[Any, int]
"""Where a row stands: its key, turned round where great ones come first, and its id."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: where it is, its rules, and what comes along."""

    remote: str
    entity: Entity
    path: str
    params: tuple[tuple[str, str], ...] = ()
    rules: tuple[Rule, ...] = ()
    includes: tuple[str, ...] = ()

    @property
    def is_search(self) -> bool:
        """Whether it is a filtered search, which shows no more than 10,000 rows."""
        return self.path.startswith("/filtered_search/")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows behind a position, whether others follow, and where to go on if not behind the last row."""

    rows: Sequence[Row]
    has_more: bool
    resume: Position | None = None


@dataclass(frozen=True, slots=True)
class _Chunk:
    rows: Sequence[Row]
    total: int


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of one list from the place *start* on; *known* are those whose whole group of ties was read."""

    start: int
    rows: Sequence[Row]
    known: Sequence[Row]
    has_more: bool


class Lists:
    """Reads the lists of one source; lives as long as its connector, and keeps where they were left last."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client
        self._hints: OrderedDict[tuple[Listing, Sorting, Position], tuple[int, str]] = OrderedDict()

    async def page(
        self,
        listings: Sequence[Listing],
        is_member: Callable[[Row], bool],
        *,
        sorting: Sorting | None,
        limit: int,
        after: Position | None,
    ) -> Rows:
        """Up to *limit* members behind *after* of *listings* together, which have no row in common."""
        order = sorting or _BY_ID
        parts = await together(*(self._part(one, order, limit, after) for one in listings))
        # Behind the first end that is no end of its list, rows of that list may come before those of others.
        ends = [_place(part.known[-1], order) for part in parts if part.has_more]
        merged = sorted((row for part in parts for row in part.known), key=lambda row: _place(row, order))
        rows = [row for row in merged if not ends or _place(row, order) <= min(ends)]
        members = [row for row in rows if is_member(row)]
        is_cut = len(members) > limit
        chosen = members[:limit]
        has_more = is_cut or bool(ends)
        last = chosen[-1] if is_cut else rows[-1] if rows else None
        if last is None or not has_more:
            return Rows(chosen, has_more=False)
        position = _position(last, sorting)
        for listing, part in zip(listings, parts, strict=True):
            self._keep(listing, order, position, part)
        return Rows(chosen, has_more=True, resume=position)

    async def _part(self, listing: Listing, order: Sorting, limit: int, after: Position | None) -> _Part:
        passed = None if after is None else _passed(after, order)
        wanted = min(manifest().page, limit + limit // 3 + _SPARE)
        start, size, chunk = await self._begun(listing, order, wanted, after, passed)
        rows = [*chunk.rows]
        while True:
            following = start + len(rows)
            has_more = following < chunk.total and bool(chunk.rows)
            known = [
                row
                for row in _whole(rows, order, is_last=not has_more)
                if passed is None or _place(row, order) > passed
            ]
            if known or not has_more:
                return _Part(start, rows, known, has_more)
            chunk = await self._chunk(listing, order, following // size, size)
            rows += chunk.rows

    async def _begun(
        self, listing: Listing, order: Sorting, wanted: int, after: Position | None, passed: _Place | None
    ) -> tuple[int, int, _Chunk]:
        """The place of the first row read, the rows of a page, and the page that what is wanted begins on."""
        if after is None or passed is None:
            return 0, wanted, await self._chunk(listing, order, 0, wanted)
        hint = self._hints.get((listing, order, after))
        if hint is not None:
            index, remote_id = hint
            size, page = _window(index, wanted)
            chunk = await self._chunk(listing, order, page, size)
            own = index - page * size
            if index < 0 or (own < len(chunk.rows) and str(chunk.rows[own]["id"]) == remote_id):
                return page * size, size, chunk
        return await self._found(listing, order, passed)

    async def _found(self, listing: Listing, order: Sorting, passed: _Place) -> tuple[int, int, _Chunk]:
        """The last page whose first row stands before *passed* by its key alone, found by halving."""
        size = manifest().page
        first = await self._chunk(listing, order, 0, size)
        low, high, held = 0, max(0, ceil(first.total / size) - 1), {0: first}
        while low < high:
            middle = (low + high + 1) // 2
            held[middle] = await self._chunk(listing, order, middle, size)
            rows = held[middle].rows
            if rows and _place(rows[0], order)[0] < passed[0]:
                low = middle
            else:
                high = middle - 1
        return low * size, size, held[low]

    def _keep(self, listing: Listing, order: Sorting, position: Position, part: _Part) -> None:
        """Remember the first row of the group of ties that *position* stands in or behind, in this list."""
        passed = _passed(position, order)
        index, remote_id = part.start - 1, ""
        for place, row in enumerate(part.rows):
            if _place(row, order) > passed:
                continue
            if index < part.start or _place(row, order)[0] != _place(part.rows[index - part.start], order)[0]:
                index, remote_id = part.start + place, str(row["id"])
        if index < part.start and part.start:
            return
        self._hints[listing, order, position] = (index, remote_id)
        while len(self._hints) > _HINTS:
            self._hints.popitem(last=False)

    async def _chunk(self, listing: Listing, order: Sorting, page: int, size: int) -> _Chunk:
        facts = manifest()
        if listing.is_search and page * size >= facts.found:
            text = (
                f"{self._client.source} shows no more than {facts.found} rows of a filtered search; narrow the filter"
            )
            raise UnsupportedBySource(text, source=self._client.source)
        chunk = await self._client.send(listed_call(listing, order, page, size))
        with understood(self._client.source):
            keys = [_place(row, order)[0] for row in chunk.rows]
        # That Freshsales sorts activities, and anything by id, is not documented: other orders would lose rows.
        if any(later < earlier for earlier, later in pairwise(keys)):
            text = f"{self._client.source} did not sort {listing.remote} by {order[0]}; they cannot be read in pages"
            raise UnsupportedBySource(text, source=self._client.source)
        return chunk


def listed_call(listing: Listing, order: Sorting, page: int, size: int) -> Call[_Chunk]:
    """The call of one page; *page* counts from 0."""
    column, falls = order
    params = (
        *listing.params,
        ("page", str(page + 1)),
        ("per_page", str(size)),
        ("sort", column),
        ("sort_type", "desc" if falls else "asc"),
        *((("include", ",".join(listing.includes)),) if listing.includes else ()),
    )
    content = None
    if listing.is_search:
        rules = [
            {"attribute": name, "operator": "is_in", "value": [*map(_value, values)]} for name, values in listing.rules
        ]
        content = orjson.dumps({"filter_rule": rules})
    path = manifest().base_path + listing.path
    text = f"{'POST' if content else 'GET'} {path}?" + "&".join(f"{name}={value}" for name, value in params)
    return Call(
        operation="search" if listing.is_search else "list",
        method="POST" if content else "GET",
        path=path,
        params=params,
        content=content,
        parse=lambda data: _read(data, listing.remote),
        rows=lambda chunk: len(chunk.rows),
        entity=listing.entity.value,
        query=text + (f" {content.decode()}" if content else ""),
    )


def _value(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else text


def _read(data: Any, remote: str) -> _Chunk:
    """The rows, which may stand behind what came along; attendees are put into their appointments."""
    attendees = {one["id"]: one["attendee"] for one in data.get("appointment_attendees") or ()}
    rows: Iterable[Mapping[str, Any]] = data[remote]
    completed = tuple(with_attendees(row, attendees) for row in rows)
    for row in completed:
        row["id"]  # a row without one is garbage, and is told as such where its call is known
    return _Chunk(completed, int(data["meta"]["total"]))


def with_attendees(row: Row, attendees: Mapping[Any, Any]) -> Row:
    """*row* of an appointment with those who attend it, where they came along."""
    ids = row.get("appointment_attendee_ids")
    if not ids or not attendees:
        return row
    return {**row, "attendees": [attendees[one] for one in ids if one in attendees]}


def _place(row: Row, order: Sorting) -> _Place:
    column, falls = order
    number = int(row["id"])
    if column == "id":
        return number, number
    key = convert.instant(row[column]) or ""
    return (_turned(key) if falls else key), number


def _turned(key: str) -> str:
    """An instant as a text that falls as it grows."""
    return "".join(chr(ord("9") - int(char)) if char.isdigit() else char for char in key)


def _passed(after: Position, order: Sorting) -> _Place:
    number = int(after.remote_id)
    if order == _BY_ID:
        return number, number
    key = str(after.keys[0])
    return (_turned(key) if order[1] else key), number


def _position(row: Row, sorting: Sorting | None) -> Position:
    keys = () if sorting is None else (convert.instant(row[sorting[0]]),)
    return Position(keys, str(row["id"]))


def _whole(rows: Sequence[Row], order: Sorting, *, is_last: bool) -> list[Row]:
    """*rows* in order, without the last group of ties where some of it may not have been read."""
    ordered = sorted(rows, key=lambda row: _place(row, order))
    groups = [list(group) for _, group in groupby(ordered, key=lambda row: _place(row, order)[0])]
    is_by_id = order[0] == "id"
    return [row for group in (groups if is_last or is_by_id else groups[:-1]) for row in group]


def _window(index: int, wanted: int) -> tuple[int, int]:
    """Rows of a page and its number, such that the page holds the row at *index* and what is wanted behind it."""
    best = (-1, 0, 0)
    for size in range(2, manifest().page + 1):
        page = max(index, 0) // size
        behind = (page + 1) * size - index - 1
        if size >= wanted and behind >= wanted:
            return size, page
        best = max(best, (behind, size, page))
    return best[1], best[2]

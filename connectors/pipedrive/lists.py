"""Pages of Pipedrive's lists behind a position, though the vendor has cursors and offsets alone.

By id, a page behind a position needs the locator that the page before it gave: a cursor, or in version 1 an offset.
Locators are kept as hints and never needed. Without one the list is walked from its start, 500 rows a call.
By the last change no hint is needed: a list takes bounds of it, and rows that were passed are left out again.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

from connectors.http import Call, HttpClient, together
from connectors.kept import every
from connectors.mapping import Row, convert, understood
from connectors.pipedrive.manifest import manifest
from connectors.pipedrive.params import Parameters, Params, before, since
from model.entities import Entity
from model.errors import Rejected, SourceUnavailable
from model.page import Position

__all__ = ["Listing", "Lists", "Rows", "id_key"]

T = TypeVar("T")

_HINTS = 2_000
_FIRST_VERSION = frozenset({"leads", "notes"})  # version 2 does not list them (client 33.7.0, read 2026-11)
_SPARE = 50  # rows asked beyond a page, for those of the same second that were passed already


def id_key(remote_id: str) -> tuple[bool, int, str]:
    """Numbers as numbers, UUIDs of leads as texts."""
    return (False, int(remote_id), "") if remote_id.isdecimal() else (True, 0, remote_id)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its object, its conditions, and what else each row should carry."""

    remote: str
    entity: Entity
    params: Params = ()
    extra: Params = ()
    is_archived: bool = False

    @property
    def is_first_version(self) -> bool:
        """Whether version 1 has it, which pages by offset and costs twice as much."""
        return self.remote in _FIRST_VERSION

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/api/v{1 if self.is_first_version else 2}/{self.remote}" + "/archived" * self.is_archived

    @property
    def told(self) -> str:
        """What it asks, for people."""
        return f"GET {self.path}?" + "&".join(f"{name}={value}" for name, value in (*self.params, *self.extra))

    @property
    def weight(self) -> int:
        """Tokens of a page; those of version 1 and of archived records are twice the usual."""
        return manifest().weights.list * (1 + (self.is_first_version or self.is_archived))


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows behind a position.

    Attributes:
        has_more: whether others follow.
        resume: where to go on; None where nothing follows.
        place: of the chunk that they were read in.
    """

    rows: Sequence[Row]
    has_more: bool
    resume: Position | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a page by id is made of: up to *limit* members behind *after*."""

    listing: Listing
    is_member: Callable[[Row], bool]
    limit: int
    after: str | None


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a page by the last change is made of, *size* rows asked."""

    is_member: Callable[[Row], bool]
    is_falling: bool
    limit: int
    after: Position | None
    size: int


@dataclass(frozen=True, slots=True)
class _Chunk:
    rows: Sequence[Row]
    following: str | None


class Lists:
    """Reads the lists of one source; lives as long as its connector, and keeps the latest locators."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client
        self._hints: OrderedDict[tuple[Listing, str], str] = OrderedDict()

    async def by_id(
        self,
        listings: Sequence[Listing],
        is_member: Callable[[Row], bool],
        *,
        limit: int,
        after: str | None,
        size: int,
    ) -> Rows:
        """Up to *limit* members with ids behind *after*, *size* rows asked; a call each where hints lead there."""
        each = await together(*(self._by_id(one, is_member, limit, after, size) for one in listings))
        merged = _merged(each, _by_its_id, lambda place: id_key(place.remote_id), limit)
        if len(each) > 1 and merged.resume is not None:
            for listing, rows in zip(listings, each, strict=True):
                place = rows.place or ("0" if listing.is_first_version else None)
                if place is not None:
                    self._hints.setdefault((listing, merged.resume.remote_id), place)
        return merged

    async def _by_id(
        self, listing: Listing, is_member: Callable[[Row], bool], limit: int, after: str | None, size: int
    ) -> Rows:
        size, wanted = min(manifest().page, size), _Wanted(listing, is_member, limit, after)
        if after is None:
            return self._cut(wanted, None, await self._chunk(listing, None, size))
        hint = self._hints.get((listing, after))
        if hint is not None:
            try:
                chunk = await self._chunk(listing, hint, size + listing.is_first_version)
            except Rejected:
                del self._hints[listing, after]
            else:
                if not listing.is_first_version or hint == "0" or _reaches(chunk, after):
                    return self._cut(wanted, hint, chunk)
        return await self._walked(wanted, after)

    async def _walked(self, wanted: _Wanted, after: str) -> Rows:
        """From the start of the list to the first chunk with a row behind *after*."""
        place: str | None = None
        while True:
            chunk = await self._chunk(wanted.listing, place, manifest().page)
            if chunk.following is None or id_key(str(chunk.rows[-1]["id"])) > id_key(after):
                return self._cut(wanted, place, chunk)
            place = chunk.following

    def _cut(self, wanted: _Wanted, place: str | None, chunk: _Chunk) -> Rows:
        """What is wanted of *chunk*, which is at *place*, and where the rest is found again."""
        start = None if wanted.after is None else id_key(wanted.after)
        members = [
            row for row in chunk.rows if (start is None or id_key(str(row["id"])) > start) and wanted.is_member(row)
        ]
        if len(members) > wanted.limit:
            chosen = members[: wanted.limit]
            self._keep(wanted.listing, chosen[-1], place, chunk)
            return Rows(chosen, has_more=True, resume=_by_its_id(chosen[-1]), place=place)
        if chunk.following is None:
            return Rows(members, has_more=False, place=place)
        self._keep(wanted.listing, chunk.rows[-1], chunk.following, chunk)
        return Rows(members, has_more=True, resume=_by_its_id(chunk.rows[-1]), place=place)

    def _keep(self, listing: Listing, row: Row, place: str | None, chunk: _Chunk) -> None:
        """Remember where the rows behind *row* are: an offset leads to *row* itself, so that a shift shows."""
        if listing.is_first_version:
            start = int(place or 0) if place != chunk.following else int(place or 0) - len(chunk.rows)
            place = str(start + [str(one["id"]) for one in chunk.rows].index(str(row["id"])))
        if place is None:
            return
        self._hints[listing, str(row["id"])] = place
        while len(self._hints) > _HINTS:
            self._hints.popitem(last=False)

    async def by_change(
        self,
        listings: Sequence[Listing],
        is_member: Callable[[Row], bool],
        *,
        is_falling: bool,
        limit: int,
        after: Position | None,
        size: int,
    ) -> Rows:
        """Up to *limit* members behind *after* by their last change, ties by id.

        How the vendor orders ties is not known: a group of them is returned when all of it was read.
        """
        ask = _Changes(is_member, is_falling, limit, after, size)
        each = await together(*(self._by_change(one, ask) for one in listings))
        sign = -1 if is_falling else 1

        def key(place: Position) -> tuple[float, Any]:
            return sign * datetime.fromisoformat(str(place.keys[0])).timestamp(), id_key(place.remote_id)

        return _merged(each, _by_its_change, key, limit)

    async def _by_change(self, listing: Listing, ask: _Changes) -> Rows:
        after, is_falling = ask.after, ask.is_falling
        passed = None if after is None or after.keys[0] is None else (after.keys[0], id_key(after.remote_id))
        if passed is not None:
            bound = before(passed[0]) if is_falling else since(passed[0])
            listing = replace(listing, params=_narrowed(listing.params, bound))
        sort = (("sort_by", "update_time"), ("sort_direction", "desc" if is_falling else "asc"))
        size = min(manifest().page, ask.size + _SPARE)
        chunk = await self._chunk(listing, None, size, sort)
        rows = [*chunk.rows]
        while not (whole := self._whole(rows, chunk, passed, is_falling=is_falling)):
            if chunk.following is None:
                return Rows((), has_more=False)
            chunk = await self._chunk(listing, chunk.following, manifest().page, sort)
            rows += chunk.rows
        members = [row for row in whole if ask.is_member(row)]
        if len(members) > ask.limit:
            chosen = members[: ask.limit]
            return Rows(chosen, has_more=True, resume=_by_its_change(chosen[-1]))
        has_more = chunk.following is not None
        return Rows(members, has_more=has_more, resume=_by_its_change(whole[-1]) if has_more else None)

    def _whole(
        self, rows: Sequence[Row], chunk: _Chunk, passed: tuple[str, Any] | None, *, is_falling: bool
    ) -> list[Row]:
        with understood(self._client.source):
            return list(_whole_groups(rows, chunk.following is None, passed, is_falling=is_falling))

    async def _chunk(self, listing: Listing, place: str | None, size: int, sort: Params = ()) -> _Chunk:
        chunk = await self._client.send(_call(listing, place, size, sort))
        if place is not None and chunk.following == place:
            text = f"{self._client.source} leads from a page of {listing.remote} to that page again; try again later"
            raise SourceUnavailable(text, source=self._client.source)
        return chunk

    async def metadata(self, path: str, weight: int) -> Any:
        """What metadata of version 1 holds, read in one call."""
        return await self._client.send(_metadata_call(path, (), lambda data: data["data"], weight))

    async def all(self, path: str, weight: int) -> Sequence[Row]:
        """Every row of a list of metadata."""

        async def read(cursor: str | None) -> tuple[Sequence[Row], str | None]:
            params = (("limit", str(manifest().page)), *((("cursor", cursor),) if cursor else ()))
            chunk = await self._client.send(_metadata_call(path, params, _metadata_chunk, weight))
            return chunk.rows, chunk.following

        return await every(read, source=self._client.source)

    async def by_ids(self, listing: Listing, ids: Sequence[str]) -> Sequence[Row]:
        """The rows of *ids*, as many as one call takes."""
        named = Listing(listing.remote, listing.entity, (("ids", ",".join(ids)),), listing.extra)
        chunk = await self._chunk(named, None, manifest().ids)
        return chunk.rows


def _reaches(chunk: _Chunk, after: str) -> bool:
    """Whether no row behind *after* stands before *chunk*, though rows may have come or gone since."""
    return bool(chunk.rows) and id_key(str(chunk.rows[0]["id"])) <= id_key(after)


def _merged(
    each: Sequence[Rows], position_of: Callable[[Row], Position], key: Callable[[Position], Any], limit: int
) -> Rows:
    """Rows of several lists as of one, as far as all of them were read; *key* tells the order of positions."""
    if len(each) == 1:
        return each[0]
    end = min((rows.resume for rows in each if rows.resume is not None), key=key, default=None)
    found = sorted((row for rows in each for row in rows.rows), key=lambda row: key(position_of(row)))
    known = [row for row in found if end is None or key(position_of(row)) <= key(end)]
    if len(known) > limit:
        return Rows(known[:limit], has_more=True, resume=position_of(known[limit - 1]))
    return Rows(known, has_more=end is not None, resume=end)


def _by_its_id(row: Row) -> Position:
    return Position((), str(row["id"]))


def _by_its_change(row: Row) -> Position:
    return Position((_changed(row),), str(row["id"]))


def _metadata_call(path: str, params: Params, parse: Callable[[Any], T], weight: int) -> Call[T]:
    return Call(
        operation="metadata",
        method="GET",
        path=path,
        params=params,
        parse=parse,
        kind="metadata",
        weight=weight,
    )


def _call(listing: Listing, place: str | None, size: int, sort: Params) -> Call[_Chunk]:
    if listing.is_first_version:
        paging = (("start", place or "0"), ("limit", str(size)), ("sort", "id ASC"))
    else:
        order = sort or (("sort_by", "id"), ("sort_direction", "asc"))
        paging = (("limit", str(size)), *order, *((("cursor", place),) if place else ()))
    params = (*listing.params, *listing.extra, *paging)
    return Call(
        operation="list",
        method="GET",
        path=listing.path,
        params=params,
        parse=_first_chunk if listing.is_first_version else _second_chunk,
        rows=lambda chunk: len(chunk.rows),
        entity=listing.entity.value,
        query=f"GET {listing.path}?" + "&".join(f"{name}={value}" for name, value in params),
        weight=listing.weight,
    )


def _second_chunk(data: Any) -> _Chunk:
    return _filled(_Chunk(_rows(data), _cursor(data)))


def _metadata_chunk(data: Any) -> _Chunk:
    """Fields have no id."""
    return _Chunk(tuple(data["data"] or ()), _cursor(data))


def _cursor(data: Any) -> str | None:
    following = (data.get("additional_data") or {}).get("next_cursor")
    return str(following) if following else None


def _first_chunk(data: Any) -> _Chunk:
    told = (data.get("additional_data") or {}).get("pagination") or {}
    has_more = told.get("more_items_in_collection") is True
    return _filled(_Chunk(_rows(data), str(int(told["next_start"])) if has_more else None))


def _filled(chunk: _Chunk) -> _Chunk:
    """*chunk*, which has a row where others follow: behind no row there is no place to go on from."""
    if chunk.following is not None and not chunk.rows:
        raise ValueError("an empty page that more follows")
    return chunk


def _rows(data: Any) -> Sequence[Row]:
    rows = data["data"] or ()
    for row in rows:
        row["id"]  # a row without one is garbage, and is told as such where its call is known
    return tuple(rows)


def _narrowed(params: Params, bound: tuple[str, str]) -> Params:
    return Parameters().both((params, (bound,))) if params else (bound,)


def _changed(row: Row) -> str:
    changed = convert.instant(row["update_time"])
    if changed is None:
        raise ValueError("a row that says no change")
    return changed


def _whole_groups(
    rows: Sequence[Row], is_last: bool, passed: tuple[str, Any] | None, *, is_falling: bool
) -> Iterator[Row]:
    """*rows* in order, ties by id, behind *passed*; the last group of ties only where no row can be missing from it."""
    ordered = sorted(rows, key=lambda row: id_key(str(row["id"])))
    ordered.sort(key=_changed, reverse=is_falling)
    groups = [list(group) for _, group in groupby(ordered, key=_changed)]
    for group in groups if is_last else groups[:-1]:
        for row in group:
            key = _changed(row)
            is_beyond = passed is None or (key < passed[0] if is_falling else key > passed[0])
            if is_beyond or (passed is not None and key == passed[0] and id_key(str(row["id"])) > passed[1]):
                yield row

"""What one read asks of each row, what comes along with it, and the call that asks it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from connectors.dynamics365.columns import ATTENDEES, FORMATTED, TYPE
from connectors.dynamics365.manifest import manifest
from connectors.dynamics365.odata import address, sort_key
from connectors.http import Call
from connectors.mapping import Row
from connectors.scope import CallKind
from connectors.tables import Account, SortKey, TableType, paged
from model.entities import Entity, Record
from model.fields import RELATIONS
from model.page import Link, RelatedPage
from model.query import RelationSelection
from model.values import Ref

__all__ = ["Rows", "Shape", "carried", "rows_call", "shape_of"]

_HEADERS = {"odata-version": "4.0", "odata-maxversion": "4.0", "if-none-match": "null"}
_PARTY = ("_partyid_value", "participationtypemask", "addressused")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one answer, and the address of those that follow."""

    rows: Sequence[Row]
    next_link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One navigation property that leads to related records; where *pointer* is set its rows only point to them."""

    navigation: str
    pointer: str | None
    role: str | None
    where: str | None

    @classmethod
    def of(cls, text: str) -> "_Way":
        """As the manifest writes it."""
        body, _, where = text.strip().partition("?")
        navigation, pointer, role = (*body.split("/"), None, None)[:3]
        return cls(navigation=navigation or "", pointer=pointer, role=role, where=where or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Many:
    """A relation to many that comes along."""

    name: str
    target: Entity
    ways: tuple[_Way, ...]
    first: int
    id: str
    table: str
    read: Callable[[Row], Record] | None

    def links(self, row: Row) -> Iterator[Link]:
        """Every link of *row*; one that is said twice comes twice."""
        for way in self.ways:
            found = row.get(way.navigation) if way.navigation else row
            for one in [found] if isinstance(found, Mapping) else found or ():
                if way.pointer is None:
                    record = None if self.read is None else self.read(one)
                    ref = Ref(self.target, _id(one[self.id]))
                    yield Link(ref=ref, record=record, is_primary=isinstance(found, Mapping))
                elif one.get(way.pointer) and one.get(way.pointer + TYPE) == self.table:
                    role = one.get(f"{way.role}{FORMATTED}") if way.role else None
                    yield Link(ref=Ref(self.target, _id(one[way.pointer])), role=role, is_primary=not way.navigation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is asked of each row.

    Attributes:
        select: columns.
        expand: options by navigation property.
        read: from a row to its record.
        is_annotated: whether types and labels of look-ups are wanted.
    """

    entity: Entity
    select: tuple[str, ...]
    expand: Mapping[str, str]
    read: Callable[[Row], Record]
    is_annotated: bool
    ones: tuple[tuple[str, Callable[[Row], Record]], ...]
    manys: tuple[_Many, ...]

    def options(self, condition: str | None, order: Sequence[SortKey] = ()) -> dict[str, str | None]:
        """Query options of a read under *condition*."""
        return {
            "select": ",".join(self.select),
            "filter": condition,
            "orderby": ",".join(f"{column} desc" if falls else column for column, falls in order) or None,
            "expand": ",".join(f"{name}({options})" for name, options in self.expand.items()) or None,
        }

    def primed(self, rows: Iterable[Row]) -> list[Record]:
        """Records that came along by relations to one."""
        return [read(row[name]) for row in rows for name, read in self.ones if row.get(name)]

    def related(
        self, rows: Mapping[str, Row], parents: Sequence[str], *, after: str | None = None
    ) -> dict[tuple[str, str], RelatedPage]:
        """Links that came along with *rows*, of each of *parents*."""
        found: dict[tuple[str, str], RelatedPage] = {}
        for many in self.manys:
            links = (
                (parent, link) for parent in parents if parent in rows for link in _joined(many.links(rows[parent]))
            )
            pages = paged(links, parents, first=many.first, after=after, id_key=sort_key)
            found |= {(many.name, parent): page for parent, page in zip(parents, pages, strict=True)}
        return found


def _id(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not an id")
    return value


def _joined(links: Iterable[Link]) -> Iterable[Link]:
    """*links*, those to one record made one."""
    held: dict[str, Link] = {}
    for link in links:
        known = held.setdefault(link.ref.remote_id, link)
        joined = replace(known, role=known.role or link.role, is_primary=known.is_primary or link.is_primary)
        held[link.ref.remote_id] = joined
    return held.values()


def carried(found: TableType, account: Account, names: Iterable[str]) -> frozenset[str]:
    """Those of the relations *names* that come along with a read."""
    ones = manifest().types[found.entity].at
    return frozenset(
        name
        for name in names
        if RELATIONS[found.entity][name].target in account.types
        and (name in found.links or (name in ones and name in found.table.columns))
    )


def shape_of(
    found: TableType,
    account: Account,
    fields: Iterable[str],
    relations: Mapping[str, RelationSelection],
    *,
    source: str,
    after: str | None = None,
) -> Shape:
    """A read of *fields*, with those of *relations* that can come along; links begin behind the id *after*."""
    making = _Making(found, source)
    for name in sorted(carried(found, account, relations)):
        far = account.types[RELATIONS[found.entity][name].target]
        if name in found.links:
            making.add_many(name, far, relations[name], after=after)
        else:
            making.add_one(name, far, relations[name])
    return making.shape(fields)


class _Making:
    """A shape that is put together; each navigation property is expanded once."""

    def __init__(self, found: TableType, source: str) -> None:
        self._found = found
        self._source = source
        self._spec = manifest().types[found.entity]
        self._columns: dict[str, dict[str, None]] = {}
        self._further: dict[str, tuple[str | None, ...]] = {}
        self._own: list[str] = []
        self._ones: list[tuple[str, Callable[[Row], Record]]] = []
        self._manys: list[_Many] = []

    def add_one(self, name: str, far: TableType, wanted: RelationSelection) -> None:
        """A relation to one."""
        fields, navigation = far.fields_of(wanted.selection), self._spec.at[name]
        self._ones.append((navigation, far.reader(fields, source=self._source)))
        self._expand(navigation, far.columns(fields))

    def add_many(self, name: str, far: TableType, wanted: RelationSelection, *, after: str | None) -> None:
        """A relation to many; where its rows are the records, one more than asked tells whether others follow."""
        link, fields, first = self._found.links[name], far.fields_of(wanted.selection), wanted.first or 1
        ways = tuple(map(_Way.of, link.via.split("|")))
        for way in ways:
            if way.pointer is not None:
                self._add_pointer(way, way.pointer)
            elif way.navigation in self._spec.at.values():
                self._expand(way.navigation, far.columns(fields))
            else:
                columns = far.columns(fields) if link.carries_records else (far.id,)
                behind = None if after is None else f"{far.id} gt {after}"
                where = " and ".join(part for part in (far.base, behind) if part)
                further = (f"$filter={where}" if where else None, f"$orderby={far.id}", f"$top={first + 1}")
                self._expand(way.navigation, columns, further)
        self._manys.append(
            _Many(
                name=name,
                target=far.entity,
                ways=ways,
                first=first,
                id=far.id,
                table=manifest().types[far.entity].table,
                read=far.reader(fields, source=self._source) if link.carries_records else None,
            )
        )

    def shape(self, fields: Iterable[str]) -> Shape:
        """The whole, with *fields* of the row itself."""
        select = dict.fromkeys((*self._found.columns(fields), *self._own))
        if ATTENDEES in select:
            self._expand(ATTENDEES, _PARTY)
        asked = {*select, *(column for columns in self._columns.values() for column in columns)}
        return Shape(
            entity=self._found.entity,
            select=tuple(column for column in select if column != ATTENDEES),
            expand={
                name: ";".join(part for part in (f"$select={','.join(columns)}", *self._further.get(name, ())) if part)
                for name, columns in self._columns.items()
            },
            read=self._found.reader(fields, source=self._source),
            is_annotated=not asked.isdisjoint(_typed_columns()),
            ones=tuple(self._ones),
            manys=tuple(self._manys),
        )

    def _add_pointer(self, way: _Way, pointer: str) -> None:
        if way.navigation:
            columns = [pointer, *([way.role] if way.role else [])]
            self._expand(way.navigation, columns, (f"$filter={way.where}" if way.where else None,))
        else:
            self._own.append(pointer)

    def _expand(self, navigation: str, columns: Iterable[str], further: tuple[str | None, ...] = ()) -> None:
        self._columns.setdefault(navigation, {}).update(dict.fromkeys(columns))
        if further:
            self._further[navigation] = further


@cache
def _typed_columns() -> frozenset[str]:
    """Look-ups of which a record must know where they lead."""
    found = {column for spec in manifest().types.values() for column in (spec.about,) if column}
    for spec in manifest().types.values():
        found |= {str(spec.fields[name].link) for name in spec.typed}
        ways = (_Way.of(way) for via in spec.related.values() for way in via.split("|"))
        found |= {way.pointer for way in ways if way.pointer is not None}
    return frozenset(found)


def rows_call(
    path: str,
    options: Mapping[str, str | None],
    *,
    operation: str,
    limit: int | None = None,
    is_annotated: bool = False,
    kind: CallKind = "data",
    entity: str | None = None,
) -> Call[Rows]:
    """The call for rows of an entity set; *limit* of them at most."""
    wanted = [f"odata.maxpagesize={limit}"] if limit is not None else []
    if is_annotated:
        wanted.append(f'odata.include-annotations="{TYPE[1:]},{FORMATTED[1:]}"')
    headers = {**_HEADERS, "prefer": ",".join(wanted)} if wanted else _HEADERS
    return Call(
        operation=operation,
        method="GET",
        path=address(f"{manifest().api}/{path}", options),
        parse=_rows,
        headers=headers,
        rows=lambda found: len(found.rows),
        kind=kind,
        entity=entity,
        query=told(path, options),
    )


def told(path: str, options: Mapping[str, str | None]) -> str:
    """A query as people read it."""
    return f"{path}?{'&'.join(f'${name}={value}' for name, value in options.items() if value)}"


def _rows(body: Any) -> Rows:
    rows = body["value"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TypeError("no rows")
    return Rows(rows, body.get("@odata.nextLink"))

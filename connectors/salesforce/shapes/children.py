"""To-many relations as child queries, and the links in their rows."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from connectors.mapping import Row
from connectors.salesforce.objects.facts import ENTITY_OF
from connectors.salesforce.objects.relations import TO_MANY, Way
from connectors.salesforce.objects.tables import APART, ObjectTable, Tables
from connectors.salesforce.shapes.record import RecordShape, record_shape
from connectors.salesforce.soql import (
    Condition,
    Select,
    all_of,
    compares,
    is_in,
    text_literal,
)
from model.entities import Entity, Record
from model.fields import RELATIONS
from model.page import Link, RelatedPage
from model.query import RelationSelection, Selection
from model.values import Ref

__all__ = ["ChildShape", "ChildWay", "Gathered", "child_shape", "ways_of"]

# Rows asked of each parent beyond the first and the one that tells of more, where a record can repeat.
_SPARE_ROWS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildWay:
    """One way to the rows of a relation, with what is asked of each.

    Attributes:
        relationship: what a child query selects from; None where no child query is needed or possible.
        shape: of the related record; None where the rows bring ids only.
        ask: rows asked of each parent.
        coverage: what keeps deleted and archived rows out.
    """

    way: Way
    target: Entity
    relationship: str | None
    shape: RecordShape | None
    ask: int
    has_role: bool
    has_primary: bool
    coverage: Condition

    def select(self, *, after: str | None, source: str, parents: Condition = True, limit: int | None = None) -> Select:
        """The rows behind *after*, in the order of the related records' ids."""
        column = self.way.target_column
        return Select(
            items=self.items(),
            source=source,
            where=all_of(
                parents,
                self.way.where,
                compares(column, ">", text_literal(after)) if after else True,
                self.coverage,
            ),
            order=(f"{column} ASC",) if column == "Id" else (f"{column} ASC", "Id ASC"),
            limit=limit,
        )

    def child_item(self, after: str | None) -> list[str]:
        """What a query over the parents selects for this way."""
        if self.way.child is None:
            return self.items()
        if self.relationship is None:
            return []
        return [self.select(after=after, source=self.relationship, limit=self.ask).as_child()]

    def unnamed_select(self, parents: Sequence[str], after: str | None) -> Select:
        """All rows of *parents*, for a relationship without a name."""
        condition = is_in(self.way.parent_column, [text_literal(parent) for parent in parents])
        select = self.select(after=after, source=self.way.child or "", parents=condition)
        return Select(
            items=[*select.items, self.way.parent_column], source=select.source, where=select.where, order=select.order
        )

    def items(self) -> list[str]:
        """Columns of a child row."""
        way = self.way
        link = [way.target_column]
        if self.has_role and way.role_column:
            link.append(way.role_column)
        if self.has_primary and way.primary_column:
            link.append(way.primary_column)
        carried = self.shape.items(f"{way.path}." if way.path else "", has_id=True) if self.shape else []
        return list(dict.fromkeys((*link, *carried)))

    def links(self, rows: Sequence[Row], primed: list[Record]) -> list[Link]:
        """One link for each row with a related record."""
        way = self.way
        found = [row for row in rows if row.get(way.target_column)]
        inner = {row[way.target_column]: row[way.path] if way.path else row for row in found} if self.shape else {}
        carried = [{**row, "Id": remote_id} for remote_id, row in inner.items() if row]
        records = self.shape.read(carried, primed) if self.shape else []
        by_id = {record.remote_id: record for record in records}
        return [self._link(row, by_id.get(row[way.target_column])) for row in found]

    def _link(self, row: Row, record: Record | None) -> Link:
        way = self.way
        return Link(
            ref=Ref(self.target, row[way.target_column]),
            record=record,
            role=row.get(way.role_column) if way.role_column else None,
            is_primary=bool(row.get(way.primary_column)) if way.primary_column else way.child is None,
        )


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the rows of one parent tell.

    Attributes:
        page: the links.
        unread_after: where to go on when *page* cannot yet tell whether it is whole; None when it can.
    """

    page: RelatedPage
    unread_after: str | None = None


@dataclass(frozen=True, slots=True)
class ChildShape:
    """One to-many relation with the number of links wanted."""

    name: str
    first: int
    ways: tuple[ChildWay, ...]

    @property
    def is_inline(self) -> bool:
        """Whether a query over the parents can carry it."""
        return all(way.relationship is not None or way.way.child is None for way in self.ways)

    @property
    def rows_each(self) -> int:
        """Child rows that one parent can bring."""
        return sum(way.ask for way in self.ways if way.relationship is not None)

    @property
    def inline(self) -> frozenset[str]:
        """This relation, and with their path the relations that its records carry."""
        shapes = [way.shape for way in self.ways]
        nested = [shape.inline if shape else frozenset() for shape in shapes]
        return frozenset({self.name}) | {f"{self.name}.{inner}" for inner in frozenset.intersection(*nested)}

    def narrowed(self, first: int) -> "ChildShape":
        """The same for *first* links."""
        spare = first - self.first
        return replace(self, first=first, ways=tuple(replace(way, ask=way.ask + spare) for way in self.ways))

    def items(self, after: str | None = None) -> list[str]:
        """What a query over the parents selects for it."""
        return [item for way in self.ways for item in way.child_item(after)]

    def gather(self, rows: Sequence[Sequence[Row]], primed: list[Record], *, is_whole: bool = False) -> Gathered:
        """The first distinct links in *rows*, given by way; *is_whole* when no limit cut them."""
        merged: dict[str, Link] = {}
        horizon: str | None = None
        for way, found in zip(self.ways, rows, strict=True):
            for link in way.links(found, primed):
                merged[link.ref.remote_id] = _united(merged.get(link.ref.remote_id), link)
            if not is_whole and way.relationship is not None and len(found) >= way.ask:
                last = str(found[-1][way.way.target_column])
                horizon = last if horizon is None else min(horizon, last)
        ids = sorted(remote_id for remote_id in merged if horizon is None or remote_id <= horizon)
        page = RelatedPage(tuple(merged[remote_id] for remote_id in ids[: self.first]), has_more=len(ids) > self.first)
        return Gathered(page, horizon if horizon is not None and not page.has_more else None)


def _united(held: Link | None, link: Link) -> Link:
    """One link for two rows of one record: the primary row's role counts, else the first."""
    if held is None:
        return link
    leading = link if link.is_primary and not held.is_primary else held
    record = leading.record or held.record or link.record
    role = leading.role or held.role or link.role
    return Link(ref=held.ref, record=record, role=role, is_primary=held.is_primary or link.is_primary)


def ways_of(tables: Tables, table: ObjectTable, name: str) -> tuple[Way, ...]:
    """The ways by which this org reads a relation; none where it cannot."""
    for choice in TO_MANY.get(table.entity, {}).get(name, ()):
        if all(_has(tables, table, way) for way in choice):
            return choice
    return ()


def _has(tables: Tables, table: ObjectTable, way: Way) -> bool:
    if way.child is None:
        return way.target_column in table.info.columns
    child = tables.objects.get(way.child)
    if child is None or not {way.parent_column, way.target_column} <= child.columns.keys():
        return False
    return way.is_unnamed or (way.child, way.parent_column) in table.info.children


def child_shape(
    tables: Tables, table: ObjectTable, name: str, wanted: RelationSelection, *, with_deleted: bool = False
) -> ChildShape | None:
    """The shape of the relation *name* of *table*'s rows; None where this org cannot read it."""
    ways = ways_of(tables, table, name)
    if not ways or name not in RELATIONS[table.entity]:
        return None
    first = wanted.first or 1
    return ChildShape(
        name,
        first,
        tuple(
            _child_way(tables, table, way, selection=wanted.selection, first=first, with_deleted=with_deleted)
            for way in ways
        ),
    )


def _living(columns: Container[str]) -> Condition:
    """Child rows that queryAll would add to those of query."""
    return all_of(*(f"{column} = false" for column in ("IsDeleted", "IsArchived") if column in columns))


def _child_way(
    tables: Tables, table: ObjectTable, way: Way, *, selection: Selection, first: int, with_deleted: bool
) -> ChildWay:
    columns = tables.objects[way.child].columns if way.child else table.info.columns
    target = tables.by_object.get(way.target)
    is_reached = way.path is not None or way.target_column == "Id"
    shape = None
    if target is not None and is_reached and not selection.fields & APART.get(way.target, frozenset()):
        level = 1 if way.path else 0
        shape = record_shape(tables, target, selection, level=level, can_branch=False)
    return ChildWay(
        way=way,
        target=ENTITY_OF[way.target],
        relationship=table.info.children.get((way.child, way.parent_column)) if way.child else None,
        shape=shape,
        ask=first + 1 + (_SPARE_ROWS if way.may_repeat else 0),
        has_role=way.role_column in columns,
        has_primary=way.primary_column in columns,
        coverage=_living(columns) if with_deleted else True,
    )

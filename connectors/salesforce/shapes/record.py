"""What one row of a query is asked for, and how it becomes a record and the records that its references lead to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.mapping import Row, understood
from connectors.salesforce.objects.relations import TO_ONE, Path
from connectors.salesforce.objects.tables import APART, ObjectTable, Tables
from connectors.salesforce.soql import typeof
from model.entities import Entity, Record
from model.fields import RELATIONS
from model.query import Selection

__all__ = ["RecordShape", "record_shape"]

# Salesforce, SOQL reference, "Relationship queries": five levels of child-to-parent (read 2026-11).
_MAX_LEVELS = 5


@dataclass(frozen=True, slots=True)
class _Parent:
    """A reference followed within the query: the shapes of what it may lead to, by object."""

    column: str
    relationship: str
    shapes: Mapping[str, "RecordShape"]
    is_polymorphic: bool


@dataclass(frozen=True, slots=True)
class RecordShape:
    """A selection of one object.

    Attributes:
        refs: to-one relations by name, each with its column and the types it may point to.
    """

    table: ObjectTable
    tables: Tables
    fields: frozenset[str]
    refs: Mapping[str, tuple[str, tuple[Entity, ...]]]
    parents: Mapping[str, _Parent]

    @property
    def apart(self) -> frozenset[str]:
        """Fields that take calls of their own after the rows are read."""
        return self.fields & APART.get(self.table.name, frozenset())

    @property
    def inline(self) -> frozenset[str]:
        """Relations whose records come with the row; those of nested records with their path."""
        nested = {
            f"{name}.{inner}"
            for name, parent in self.parents.items()
            for shape in parent.shapes.values()
            for inner in shape.inline
        }
        return frozenset(self.parents) | nested

    def columns(self) -> tuple[str, ...]:
        """Columns of the object itself, Id among them."""
        keys = (column for column, _ in self.refs.values())
        return tuple(dict.fromkeys(("Id", *self.table.columns(self.fields), *keys)))

    def items(self, prefix: str = "", *, has_id: bool = False) -> list[str]:
        """What to SELECT; *prefix* is the path to the record, with its last dot.

        Args:
            prefix: path and dot; empty for the query's own rows.
            has_id: whether the row that leads here holds the id already, so that it is not read twice.
        """
        own = [column for column in self.columns() if column != "Id"] if has_id else []
        found = [prefix + column for column in own or self.columns()]
        for parent in self.parents.values():
            path = prefix + parent.relationship
            if parent.is_polymorphic:
                found.append(typeof(path, [(name, shape.items(has_id=True)) for name, shape in parent.shapes.items()]))
            else:
                found.extend(item for shape in parent.shapes.values() for item in shape.items(f"{path}.", has_id=True))
        return list(dict.fromkeys(found))

    def read(self, rows: Sequence[Row], primed: list[Record]) -> list[Record]:
        """The records in *rows*; what their references carried is added to *primed*.

        Raises:
            SourceUnavailable: the rows are not what was asked for.
        """
        with understood(self.tables.source):
            return self._read(rows, primed)

    def _read(self, rows: Sequence[Row], primed: list[Record]) -> list[Record]:
        reader = self.table.reader(self.fields, source=self.tables.source)
        facts = self.tables.facts
        records = []
        for row in rows:
            record = reader(row, _id_of(row))
            for name, (column, entities) in self.refs.items():
                setattr(record, name, facts.ref(row[column], *entities))
            records.append(record)
        for parent in self.parents.values():
            self._prime(parent, rows, primed)
        return records

    def _prime(self, parent: _Parent, rows: Sequence[Row], primed: list[Record]) -> None:
        found: dict[str, dict[str, Row]] = {name: {} for name in parent.shapes}
        for row in rows:
            remote_id, inner = row[parent.column], row.get(parent.relationship)
            name = self.tables.facts.object_of(remote_id) if remote_id and inner else None
            if name in found and inner:
                found[name].setdefault(remote_id, {**inner, "Id": remote_id})
        for name, shape in parent.shapes.items():
            primed.extend(shape.read(list(found[name].values()), primed))


def _id_of(row: Row) -> str:
    remote_id = row["Id"]
    if not isinstance(remote_id, str):
        raise TypeError("an id is no text")
    return remote_id


def record_shape(
    tables: Tables,
    table: ObjectTable,
    selection: Selection,
    *,
    level: int = 0,
    can_branch: bool = True,
    can_follow: bool = True,
) -> RecordShape:
    """The shape of *selection* on rows of *table*.

    Args:
        tables: of the account.
        table: of the rows.
        selection: fields and to-one relations; to-many ones are left to the caller.
        level: references followed already.
        can_branch: whether TYPEOF may be used here; it does not nest.
        can_follow: whether references may be followed at all; a read by ids gives columns alone.
    """
    refs: dict[str, tuple[str, tuple[Entity, ...]]] = {}
    parents: dict[str, _Parent] = {}
    fields = set(selection.fields)
    for name, wanted in selection.relations.items():
        relation = RELATIONS[table.entity].get(name)
        if relation is None or relation.is_many:
            continue
        path = TO_ONE[table.name].get(name)
        if path is None or path.column not in table.info.columns:
            fields.add(name)
            continue
        refs[name] = (path.column, (relation.target,))
        parent = (
            _parent(tables, table, path, wanted.selection, level=level, can_branch=can_branch) if can_follow else None
        )
        if parent is not None:
            parents[name] = parent
    return RecordShape(table, tables, frozenset(fields - {"remote_id"}), refs, parents)


def _parent(
    tables: Tables, table: ObjectTable, path: Path, selection: Selection, *, level: int, can_branch: bool
) -> _Parent | None:
    column = table.info.columns[path.column]
    is_polymorphic = len(column.reference_to) > 1
    targets = [name for name in path.objects if name in column.reference_to and name in tables.by_object]
    if column.relationship is None or not targets or level >= _MAX_LEVELS:
        return None
    if is_polymorphic and not can_branch:
        return None
    if any(selection.fields & APART.get(name, frozenset()) for name in targets):
        return None
    shapes = {
        name: record_shape(
            tables,
            tables.by_object[name],
            selection,
            level=level + 1,
            can_branch=can_branch and not is_polymorphic,
        )
        for name in targets
    }
    return _Parent(path.column, column.relationship, shapes, is_polymorphic)

"""What the names in a query stand for on one object: fields, relations, paths and the org's own columns."""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.salesforce.objects.custom import is_comparable_as
from connectors.salesforce.objects.ids import canonical
from connectors.salesforce.objects.mapped import Mapped
from connectors.salesforce.objects.relations import TO_ONE, Path
from connectors.salesforce.objects.sobject import ColumnInfo
from connectors.salesforce.objects.tables import PREFIXES, ObjectTable, Tables
from connectors.salesforce.soql import (
    Missing,
    Reference,
    Rule,
    SortKey,
    Text,
    Words,
    behind,
    compares,
    is_in,
    is_missing,
    text_literal,
)
from model.fields import RELATIONS, CustomName, custom_of, path_of

__all__ = ["Names"]

# What Owner.Type and the like call an object (Salesforce, SOQL reference, "Understanding Relationship Fields and
# Polymorphic Fields", read 2026-11); a group that owns records is a queue.
_TYPE_NAMES = {"Group": "Queue"}
_OF_OWNERS = {"name": "Name", "email": "Email"}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one *table* of *tables*."""

    tables: Tables
    table: ObjectTable

    def get(self, name: str, /) -> Rule | None:
        """How *name* is compared; None where that is done here."""
        if name in self.table.fields or name in self.table.rules:
            return self.table.rules.get(name)
        custom = custom_of(name)
        if custom is not None:
            return self._custom_rule(custom)
        path = path_of(name)
        return self._reference_rule(name) if path is None else self._path_rule(*path)

    def _custom_rule(self, custom: CustomName) -> Rule | None:
        """A column that vanished after the query was planned is missing from every row."""
        found = self.table.custom.get(custom.key)
        return Missing() if found is None else found.rule

    def _reference(self, name: str) -> tuple[Path, ColumnInfo] | None:
        path = TO_ONE[self.table.name].get(name)
        column = self.table.info.columns.get(path.column) if path else None
        return (path, column) if path and column else None

    def _reference_rule(self, name: str) -> Rule | None:
        reference = self._reference(name)
        if reference is None:
            return Missing()
        path, column = reference
        if not column.is_filterable:
            return None
        prefixes = tuple(PREFIXES[target] for target in path.objects)

        def spelled(remote_id: str) -> str | None:
            found = canonical(remote_id)
            return found if found is not None and found.startswith(prefixes) else None

        if set(column.reference_to) <= set(path.objects):
            return Reference(column.name, spelled)
        if column.relationship is None:
            return Reference(column.name, spelled, present=None, absent=None)
        of_type = f"{column.relationship}.Type"
        types = [text_literal(_TYPE_NAMES.get(target, target)) for target in path.objects]
        if len(types) > 1:
            return Reference(column.name, spelled, present=None, absent=None)
        return Reference(column.name, spelled, present=is_in(of_type, types), absent=compares(of_type, "!=", types[0]))

    def _path_rule(self, relation: str, field: str) -> Rule | None:
        if field == "remote_id":
            return self._reference_rule(relation)
        reference = self._reference(relation)
        if reference is None:
            return Missing()
        path, column = reference
        if column.relationship is None or not column.is_filterable:
            return None
        if len(column.reference_to) > 1:
            return _of_owner(column, field) if set(column.reference_to) <= set(path.objects) else None
        target = self.tables.by_object.get(column.reference_to[0]) if column.reference_to else None
        rule = Names(self.tables, target).get(field) if target else None
        return behind(rule, column.relationship, column.name) if rule else None

    def sort_key(self, name: str) -> SortKey | None:
        """The column that orders by *name*; None where no row has a value, and it changes no order.

        Raises:
            KeyError: SOQL cannot order by it.
        """
        found = self.mapped(name)
        if found is None:
            return None
        if found.sort is None:
            raise KeyError(name)
        return found.sort

    def mapped(self, name: str) -> Mapped | None:
        """The field of the object's own that *name* is; None for one that no row has.

        Raises:
            KeyError: it is a relation, or stands behind one.
        """
        custom = custom_of(name)
        if custom is not None:
            return self.table.custom.get(custom.key)
        if name in RELATIONS[self.table.entity] or path_of(name):
            raise KeyError(name)
        return self.table.fields.get(name)

    def hidden(self, names: Iterable[str]) -> list[str]:
        """Those of *names* that read as missing since this credential may not read their columns."""
        return sorted({name for name in names if self._is_hidden(name)})

    def _is_hidden(self, name: str) -> bool:
        path = path_of(name)
        if name in self.table.hidden or path is None:
            return name in self.table.hidden
        return path[0] in self.table.hidden or any(path[1] in target.table.hidden for target in self._targets(path[0]))

    def _targets(self, relation: str) -> "list[Names]":
        """The names of what *relation* may lead to."""
        reference = self._reference(relation)
        tables = [self.tables.by_object.get(name) for name in reference[0].objects] if reference else []
        return [Names(self.tables, table) for table in tables if table is not None]

    def complaint(self, names: Iterable[str]) -> str | None:
        """Why one of *names* cannot be compared: a column the org lacks, or one of another kind."""
        return next((found for name in names if (found := self._complaint(name)) is not None), None)

    def _complaint(self, name: str) -> str | None:
        path, custom = path_of(name), custom_of(name)
        if path is not None:
            found = [target.complaint([path[1]]) for target in self._targets(path[0])]
            return found[0] if found and all(found) else None
        if custom is None:
            return None
        column = self.table.info.columns.get(custom.key)
        if column is None or column.is_compound:
            return f"{self.table.name} shows no field {custom.key} that holds one value; see the source's fields"
        if is_comparable_as(custom.kind, column):
            return None
        kind = column.kind.value
        return f"{self.table.name}.{custom.key} is of kind {kind} and not {custom.kind.value}: compare it as {kind}"


def _of_owner(column: ColumnInfo, field: str) -> Rule | None:
    """What SOQL shows of a user or queue alike: name, e-mail address and type.

    Salesforce, object reference, "Name", the object behind a reference to several (read 2026-11).
    """
    path = column.relationship or ""
    if field in _OF_OWNERS:
        return behind(Text(_OF_OWNERS[field]), path, column.name)
    if field == "kind":
        types = {"USER": compares(f"{path}.Type", "=", "'User'"), "QUEUE": compares(f"{path}.Type", "=", "'Queue'")}
        return Words(types, is_missing(column.name))
    return None

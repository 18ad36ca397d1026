"""What a field path in a statement names: a column, and the joins that lead to it."""

from dataclasses import dataclass

from sandbox.salesforce.org import Catalog, Field, SObject
from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.syntax import Path

__all__ = ["Column", "Scope", "no_such_column", "no_such_object", "no_such_relationship"]

_MAX_LEVELS = 5
"""Relationships in one path (Relationship Query Limitations, read 2026-11)."""

_HINT = "Please reference your WSDL or the describe call for the appropriate names."


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the queried object or of a parent.

    Attributes:
        field: what describe says of it.
        sql: the value.
        key: what comparisons use.
        table: alias of the table that holds it.
        nillable: whether a row may have no value, also for want of the parent.
        is_row_id: it is the queried object's own Id.
    """

    field: Field
    sql: str
    key: str
    table: str
    nillable: bool
    is_row_id: bool


class Scope:
    """The object that a statement reads, and the parents that its paths reach."""

    def __init__(self, catalog: Catalog, sobject: SObject, *, alias: str | None = None, letter: str = "t") -> None:
        """Args: alias: the statement's own name for the object; letter: what table aliases begin with."""
        self.catalog = catalog
        self.sobject = sobject
        self.table = f"{letter}0"
        self._alias = alias
        self._letter = letter
        self._joins: dict[tuple[str, ...], tuple[str, SObject]] = {}
        self._sources = [f'"{sobject.name}" {self.table}']

    def column(self, path: Path) -> Column:
        """The column that *path* names.

        Raises:
            SoqlError: INVALID_FIELD for an unknown relationship or field, or for a compound field's path.
        """
        *steps, name = self.own_parts(path)
        if len(steps) > _MAX_LEVELS:
            raise SoqlError(
                "MALFORMED_QUERY", f"{path}: no more than {_MAX_LEVELS} child-to-parent relationships", at=path.at
            )
        table, sobject = self._parent(tuple(steps), path)
        found = sobject.named(name)
        if found is None:
            raise no_such_column(name, sobject, path.at)
        if not found.is_stored:
            reason = f"field '{found.name}' can not be filtered in a query call"
            raise SoqlError("INVALID_FIELD", reason, at=path.at)
        sql = f'{table}."{found.name}"'
        key = f'{table}."k_{found.name}"' if found.has_key else sql
        return Column(found, sql, key, table, found.nillable or bool(steps), not steps and found.type == "id")

    def own_parts(self, path: Path) -> tuple[str, ...]:
        """The path without the object's own name or alias in front."""
        first = path.parts[0].lower()
        if len(path.parts) > 1 and first == (self._alias or "").lower():
            return path.parts[1:]
        if len(path.parts) > 1 and first == self.sobject.name.lower() and not self.sobject.parent_reference(first):
            return path.parts[1:]
        return path.parts

    def from_clause(self) -> str:
        """The tables, once every path is resolved."""
        return "FROM " + " ".join(self._sources)

    def _parent(self, steps: tuple[str, ...], path: Path) -> tuple[str, SObject]:
        if not steps:
            return self.table, self.sobject
        seen = tuple(step.lower() for step in steps)
        if seen not in self._joins:
            child_table, child = self._parent(steps[:-1], path)
            reference = child.parent_reference(steps[-1])
            if reference is None:
                raise no_such_relationship(steps[-1], path.at)
            target = self.catalog.target_of(reference)
            table = f"{self._letter}{len(self._sources)}"
            self._sources.append(
                f'LEFT JOIN "{target.name}" {table} ON {table}."Id" = {child_table}."{reference.name}"'
            )
            self._joins[seen] = table, target
        return self._joins[seen]


def no_such_column(name: str, sobject: SObject, at: int) -> SoqlError:
    """The error for a field that does not exist, or that the user may not see."""
    reason = (
        f"No such column '{name}' on entity '{sobject.name}'. If you are attempting to use a custom field, be sure to "
        f"append the '__c' after the custom field name. {_HINT}"
    )
    return SoqlError("INVALID_FIELD", reason, at=at)


def no_such_relationship(name: str, at: int) -> SoqlError:
    """The error for a path through a relationship that does not exist."""
    reason = (
        f"Didn't understand relationship '{name}' in field path. If you are attempting to use a custom relationship, "
        f"be sure to append the '__r' after the custom relationship name. {_HINT}"
    )
    return SoqlError("INVALID_FIELD", reason, at=at)


def no_such_object(name: str, at: int) -> SoqlError:
    """The error for an object that does not exist."""
    reason = (
        f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append the "
        f"'__c' after the entity name. {_HINT}"
    )
    return SoqlError("INVALID_TYPE", reason, at=at)

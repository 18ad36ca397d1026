"""One unified type at one vendor: which columns each field is read from, how, and what the vendor can do with it."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from model.capabilities import FieldCapability, Pushdown
from model.entities import Entity, Record, record_type
from model.query import Operator

__all__ = ["Column", "Row", "Table"]

Row: TypeAlias = Mapping[str, Any]
"""A vendor's row as decoded, properties flattened; only columns that were asked for are looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How one unified field is read.

    Attributes:
        field: attribute of the record class.
        remote: vendor columns to ask for; empty for a value that every answer carries.
        read: from a row to the unified value in wire form.
        operators: what the vendor evaluates itself; LOCAL operators need not be listed.
        is_sortable: whether the vendor orders by it with one meaning.
    """

    field: str
    remote: tuple[str, ...]
    read: Callable[[Row], Any]
    operators: Mapping[Operator, Pushdown] = dataclasses.field(default_factory=lambda: MappingProxyType({}))
    is_sortable: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one type, by unified field."""

    entity: Entity
    remote_type: str
    columns: Mapping[str, Column]

    @classmethod
    def of(cls, entity: Entity, remote_type: str, columns: Iterable[Column]) -> "Table":
        """The table of *columns*."""
        return cls(entity, remote_type, MappingProxyType({column.field: column for column in columns}))

    def remote_fields(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Vendor columns that *fields* need, without repeats; fields the vendor does not have need none."""
        known = (self.columns[name] for name in sorted(fields) if name in self.columns)
        return tuple(dict.fromkeys(remote for column in known for remote in column.remote))

    def reader(self, fields: Iterable[str], *, source: str) -> Callable[[Row, str], Record]:
        """From a row and its remote id to a record with *fields* set, None where the vendor has no such field."""
        make = record_type(self.entity)
        known = tuple(
            (name, self.columns[name].read) for name in fields if name in self.columns and name != "remote_id"
        )
        absent = dict.fromkeys(name for name in fields if name not in self.columns and name != "remote_id")

        def read(row: Row, remote_id: str) -> Record:
            values = {name: convert(row) for name, convert in known}
            return make(source=source, remote_id=remote_id, **absent, **values)

        return read

    def capabilities(self) -> Mapping[str, FieldCapability]:
        """What the vendor can do with each field, for `TypeCapability.fields`."""
        return {
            name: FieldCapability(
                field=name, remote_fields=column.remote, operators=column.operators, is_sortable=column.is_sortable
            )
            for name, column in self.columns.items()
        }

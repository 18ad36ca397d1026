"""One unified type at one vendor: which columns each field is read from, how, and what the vendor can do with it."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from model.capabilities import FieldCapability, Pushdown
from model.entities import CustomValue, Entity, Record, record_type
from model.fields import custom_of
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
    """The columns of one type, by unified field, and those of the CRM's own fields, by their keys."""

    entity: Entity
    remote_type: str
    columns: Mapping[str, Column]
    custom: Mapping[str, Column] = dataclasses.field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, entity: Entity, remote_type: str, columns: Iterable[Column], custom: Iterable[Column] = ()) -> "Table":
        """The table of *columns*; the *field* of a *custom* one is its key at the CRM."""
        own = {column.field: column for column in custom}
        columns_ = {column.field: column for column in columns}
        return cls(entity, remote_type, MappingProxyType(columns_), MappingProxyType(own))

    def remote_fields(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Vendor columns that *fields* need, without repeats; fields the vendor does not have need none."""
        known = (found for name in sorted(fields) if (found := self._column(name)) is not None)
        return tuple(dict.fromkeys(remote for column in known for remote in column.remote))

    def _column(self, name: str) -> Column | None:
        custom = custom_of(name)
        return self.columns.get(name) if custom is None else self.custom.get(custom.key)

    def reader(self, fields: Iterable[str], *, source: str) -> Callable[[Row, str], Record]:
        """From a row and its remote id to a record with *fields* set, None where the vendor has no such field."""
        make = record_type(self.entity)
        keys = [custom.key for name in sorted(fields) if (custom := custom_of(name)) is not None]
        names = [name for name in fields if custom_of(name) is None and name != "remote_id"]
        known = tuple((name, self.columns[name].read) for name in names if name in self.columns)
        absent: dict[str, Any] = dict.fromkeys(name for name in names if name not in self.columns)
        own = self._own_reader(keys)

        def read(row: Row, remote_id: str) -> Record:
            values = {name: convert(row) for name, convert in known}
            return make(source=source, remote_id=remote_id, **absent, **values)

        def read_with_own(row: Row, remote_id: str) -> Record:
            record = read(row, remote_id)
            record.custom = own(row)
            return record

        return read_with_own if keys else read

    def _own_reader(self, keys: Iterable[str]) -> Callable[[Row], Mapping[str, CustomValue]]:
        """From a row to the CRM's own fields under *keys*, None for a key that it does not have."""
        known = tuple((key, self.custom[key].read) for key in keys if key in self.custom)
        absent: dict[str, CustomValue] = dict.fromkeys(key for key in keys if key not in self.custom)

        def read(row: Row) -> Mapping[str, CustomValue]:
            return {**absent, **{key: convert(row) for key, convert in known}}

        return read

    def capabilities(self) -> Mapping[str, FieldCapability]:
        """What the vendor can do with each field, for `TypeCapability.fields`."""
        return {
            name: FieldCapability(
                field=name, remote_fields=column.remote, operators=column.operators, is_sortable=column.is_sortable
            )
            for name, column in self.columns.items()
        }

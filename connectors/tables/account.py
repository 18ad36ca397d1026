"""What one connected account is, told by tables: its types, their columns, relations and own fields."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from connectors.mapping import Row, Table, convert
from connectors.tables.columns import at
from connectors.tables.criteria import Criterion
from connectors.tables.held import Held
from connectors.tables.own import OwnField
from model.capabilities import Coverage, LeadModel, RelationMode
from model.entities import Entity, Pipeline, Record
from model.fields import RELATIONS, custom_of
from model.query import Selection

__all__ = ["Account", "Link", "TableType"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How one relation that does not stand on the record is read.

    Attributes:
        via: where the vendor has it; what it says is the connector's own.
        batch_size: parents in one call.
    """

    via: str
    mode: RelationMode = RelationMode.BATCH
    batch_size: int = 1
    carries_records: bool = True
    coverage: Coverage = Coverage.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class TableType:
    """One unified type at one account.

    Attributes:
        remote: the vendor's name of its object.
        id: column of a record's id.
        table: how fields and keyed relations are read.
        criteria: how fields and keyed relations compare at the vendor; the rest are compared here.
        constants: fields and relations that every record has alike, None for those that the vendor does not have.
        own: the account's own fields by key.
        links: relations that do not stand on the record, by name.
        base: what makes a row of the object one of this type, as our predicate over *criteria*' columns would, in
            the vendor's words; None where every row is one.
        primary_only: keyed relations of which the record shows the first alone.
        batch_read_size: ids in one `by_ids` call; None where each takes a call of its own.
        can_list: whether the vendor lists them; else they are read by id and through relations.
    """

    entity: Entity
    remote: str
    id: str
    table: Table
    criteria: Mapping[str, Criterion]
    constants: Mapping[str, Any]
    own: Mapping[str, OwnField] = field(default_factory=lambda: MappingProxyType({}))
    links: Mapping[str, Link] = field(default_factory=lambda: MappingProxyType({}))
    base: Any = None
    primary_only: frozenset[str] = frozenset()
    batch_read_size: int | None = None
    can_list: bool = True
    can_count: bool = False
    can_aggregate: bool = False
    can_search: bool = False

    def columns(self, fields: Iterable[str]) -> tuple[str, ...]:
        """What to ask the vendor for, the id's column first."""
        return tuple(dict.fromkeys((self.id, *self.table.remote_fields(fields))))

    def reader(self, fields: Iterable[str], *, source: str) -> Callable[[Row], Record]:
        """From a row to a record with *fields* set."""
        read, find = self.table.reader(fields, source=source), at(self.id)
        return lambda row: read(row, _id_in(find(row)))

    def criteria_with(self, names: Iterable[str]) -> Mapping[str, Criterion]:
        """*criteria*, and those of the account's own fields among *names*."""
        own = {name: self.criterion(name) for name in names if custom_of(name) is not None}
        return {**self.criteria, **{name: found for name, found in own.items() if found is not None}}

    def constants_with(self, names: Iterable[str]) -> Mapping[str, Any]:
        """*constants*, and None for those own fields among *names* that the account does not have."""
        own = [(name, custom.key) for name in names if (custom := custom_of(name)) is not None]
        return {**self.constants, **{name: None for name, key in own if key not in self.own}}

    def criterion(self, name: str) -> Criterion | None:
        """How what *name* stands for compares at the vendor; None where it is compared here."""
        custom = custom_of(name)
        if custom is None:
            return self.criteria.get(name)
        found = self.own.get(custom.key)
        return None if found is None else found.criterion_as(custom.kind)

    def why_unfit(self, names: Iterable[str]) -> str | None:
        """Why the own fields among *names* cannot be compared as they are named; None where they can."""
        for name in names:
            custom = custom_of(name)
            if custom is None or not custom.key:
                continue
            found = self.own.get(custom.key)
            if found is None:
                return f"{self.remote} has no field {custom.key}; see the account's fields for those it has"
            why = found.why_unfit(custom, self.remote)
            if why is not None:
                return why
        return None

    def fields_of(self, selection: Selection) -> frozenset[str]:
        """Attributes a record needs for *selection*: its fields and the Refs of its keyed relations."""
        keyed = {name for name in selection.relations if name in RELATIONS[self.entity] and name in self.table.columns}
        return selection.fields | keyed


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One reading of an account's metadata.

    Attributes:
        types: those that are read by calls.
        held: those whose records came with the metadata.
        missing: why each other type is not there, for people.
        facts: what the connector itself keeps of the metadata; nobody else looks inside.
    """

    types: Mapping[Entity, TableType]
    held: Mapping[Entity, Held] = field(default_factory=lambda: MappingProxyType({}))
    missing: Mapping[Entity, str] = field(default_factory=lambda: MappingProxyType({}))
    pipelines: tuple[Pipeline, ...] = ()
    account_id: str | None = None
    region: str | None = None
    currency: str | None = None
    time_zone: str | None = None
    lead_model: LeadModel = LeadModel.NONE
    notes: tuple[str, ...] = ()
    facts: Any = None


def _id_in(value: Any) -> str:
    """A row's id as text.

    Raises:
        TypeError, ValueError: it is none.
    """
    found = convert.text(value)
    if found is None:
        raise ValueError("a row has no id")
    return found

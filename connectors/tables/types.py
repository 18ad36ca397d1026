"""The types of a manifest: its columns put together with what the connector adds in code."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from connectors.mapping import Table, convert
from connectors.tables.account import Link, TableType
from connectors.tables.columns import Entry, Labels, at, entry_of
from connectors.tables.criteria import Criterion, Kind
from connectors.tables.fields import FieldSpec
from connectors.tables.own import OwnField
from model.capabilities import Coverage, RelationMode
from model.entities import Entity
from model.fields import FIELDS, RELATIONS
from model.values import instant_text

__all__ = ["LinkSpec", "TypeSpec", "table_type"]


class LinkSpec(BaseModel):
    """One relation of a manifest that does not stand on the record; *via* is the connector's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    via: str
    mode: RelationMode = RelationMode.BATCH
    batch_size: int = 1
    carries_records: bool = True
    coverage: Coverage = Coverage.ALL


class TypeSpec(BaseModel):
    """One unified type of a manifest.

    Attributes:
        remote: the vendor's name of the object.
        id: column of a record's id.
        fields: by unified field or to-one relation.
        links: relations that do not stand on the record.
        batch_read_size: ids in one call; None where each takes its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    remote: str
    id: str = "id"
    fields: Mapping[str, FieldSpec]
    links: Mapping[str, LinkSpec] = Field(default_factory=dict)
    batch_read_size: int | None = None
    can_list: bool = True
    can_count: bool = False
    can_aggregate: bool = False
    can_search: bool = False


def table_type(
    entity: Entity,
    spec: TypeSpec,
    *,
    labels: Labels,
    currency: str | None,
    coded: Iterable[Entry] = (),
    own: Iterable[OwnField] = (),
    base: Any = None,
    primary_only: frozenset[str] = frozenset(),
    is_id: Callable[[str], bool] | None = None,
    sorts_missing_last: frozenset[str] = frozenset(),
) -> TableType:
    """The type that *spec* tells, with the entries *coded* in place of its own or beside them.

    What neither tells, the vendor does not have: it is missing on every record.

    Args:
        entity: which type.
        spec: its columns.
        labels: by column, how people see each value of a closed list.
        currency: of amounts that name none.
        coded: what takes code to read.
        own: the account's own fields.
        base: what makes a row one of the type, in the vendor's words.
        primary_only: keyed relations of which the record shows the first alone.
        is_id: whether a text can be the id of a record, by its form.
        sorts_missing_last: the directions, "asc" and "desc", in which the vendor itself puts missing values last.

    Raises:
        ValueError: *spec* names what the type does not have.
    """
    entries = {name: entry_of(name, one, labels=labels, currency=currency) for name, one in spec.fields.items()}
    entries |= {entry.column.field: entry for entry in (_identity(spec), _fetched(), *coded)}
    owned = {one.key: one for one in own}
    return TableType(
        entity=entity,
        remote=spec.remote,
        id=spec.id,
        table=Table.of(
            entity, spec.remote, [one.column for one in entries.values()], [one.column() for one in owned.values()]
        ),
        criteria={
            name: _completed(entry.criterion, entity, name, is_id, sorts_missing_last)
            for name, entry in entries.items()
            if entry.criterion is not None
        },
        constants=_constants(entity, spec, entries),
        own=owned,
        links={name: Link(**one.model_dump()) for name, one in spec.links.items()},
        base=base,
        primary_only=primary_only,
        batch_read_size=spec.batch_read_size,
        **spec.model_dump(include={"can_list", "can_count", "can_aggregate", "can_search"}),
    )


def _constants(entity: Entity, spec: TypeSpec, entries: Mapping[str, Entry]) -> Mapping[str, Any]:
    known = {*FIELDS[entity], *RELATIONS[entity]}
    strange = sorted({*entries, *spec.links} - known)
    if strange:
        raise ValueError(f"{entity.value} has no {', '.join(strange)}")
    lacking: dict[str, Any] = {name: None for name in known if name not in entries and name not in spec.links}
    return lacking | {name: one.constant_value for name, one in spec.fields.items() if one.constant is not None}


def _identity(spec: TypeSpec) -> Entry:
    criterion = Criterion(column=spec.id, kind=Kind.ID, is_always=True)
    find = at(spec.id)
    return Entry.of("remote_id", (spec.id,), lambda row: convert.text(find(row)), criterion)


def _fetched() -> Entry:
    return Entry.of("fetched_at", (), lambda _: instant_text(datetime.now(UTC)))


def _completed(
    criterion: Criterion,
    entity: Entity,
    name: str,
    is_id: Callable[[str], bool] | None,
    sorts_missing_last: frozenset[str],
) -> Criterion:
    """*criterion* with what all columns of the vendor share."""
    is_pointer = name == "remote_id" or name in RELATIONS[entity]
    accepts = criterion.accepts or (is_id if is_pointer else None)
    return replace(criterion, accepts=accepts, sorts_missing_last=sorts_missing_last)

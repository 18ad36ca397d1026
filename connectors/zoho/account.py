"""One Zoho account as its metadata tells it: fields, choices, pipelines, users."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from connectors.mapping import Row, convert
from connectors.tables import (
    Account,
    Criterion,
    Entry,
    FieldSpec,
    Held,
    Kind,
    Link,
    OwnField,
    TableType,
    TypeSpec,
    reader_of,
    table_type,
)
from connectors.zoho.calls import is_id
from connectors.zoho.fields import SE_MODULE, Stages, coded_entries
from connectors.zoho.manifest import ZohoOptions, manifest
from model.capabilities import LeadModel, RelationMode
from model.entities import Entity, User
from model.fields import FieldKind
from model.values import Choice, instant_text

__all__ = ["Metadata", "account_of"]

_KINDS: Mapping[FieldKind, Kind] = {
    **dict.fromkeys((FieldKind.TEXT, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.URL, FieldKind.CHOICE), Kind.TEXT),
    **dict.fromkeys((FieldKind.INTEGER, FieldKind.DECIMAL), Kind.NUMBER),
    FieldKind.BOOLEAN: Kind.FLAG,
    FieldKind.DATE: Kind.DAY,
    FieldKind.DATETIME: Kind.INSTANT,
}
"""How the account's own fields compare; those of other kinds are compared here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the metadata calls of one reading gave, as Zoho says it.

    Attributes:
        fields: by module; a module that cannot be read is not among them.
        missing: why it is not.
        pipelines: of all layouts of deals.
        has_coql_notes: whether COQL reads notes; else they stand in related lists alone.
        ui_host: where people see the records.
    """

    org: Row
    fields: Mapping[str, Sequence[Row]]
    missing: Mapping[str, str]
    pipelines: Sequence[Row]
    users: Sequence[Row]
    has_coql_notes: bool
    ui_host: str


def account_of(metadata: Metadata, *, source: str, options: ZohoOptions) -> Account:
    """The account, of those modules and columns that it has."""
    facts, currency = manifest(), convert.text(metadata.org.get("iso_code"))
    stages = Stages.of(metadata.fields, metadata.pipelines, source)
    found: dict[Entity, TableType] = {}
    for entity, spec in facts.types.items():
        if spec.remote in metadata.fields:
            told = _type(entity, spec, metadata, stages, options=options, currency=currency)
            found[entity] = told if metadata.has_coql_notes else _with_listed_notes(told)
    return Account(
        types=found,
        held={Entity.USER: _users(metadata, source)},
        missing={entity: metadata.missing[spec.remote] for entity, spec in facts.types.items() if entity not in found},
        pipelines=stages.pipelines,
        account_id=convert.text(metadata.org["zgid"]),
        region=options.data_center,
        currency=currency,
        time_zone=convert.text(metadata.org.get("time_zone")),
        lead_model=LeadModel.OBJECT if Entity.LEAD in found else LeadModel.NONE,
    )


def _type(
    entity: Entity,
    spec: TypeSpec,
    metadata: Metadata,
    stages: Stages,
    *,
    options: ZohoOptions,
    currency: str | None,
) -> TableType:
    fields = {str(field["api_name"]): field for field in metadata.fields[spec.remote]}
    coded = [
        entry
        for entry in (*coded_entries(entity, stages, options), _url(spec.remote, metadata))
        if all(column in fields or column == SE_MODULE for column in entry.column.remote)
    ]
    kept = {name: held for name, one in spec.fields.items() if (held := _kept(one, fields)) is not None}
    return table_type(
        entity,
        spec.model_copy(update={"fields": kept}),
        labels={name: _labels(field) for name, field in fields.items()},
        currency=currency,
        coded=coded,
        own=list(_own_fields(fields, kept)),
        is_id=is_id,
    )


def _with_listed_notes(told: TableType) -> TableType:
    """*told* where COQL does not read notes: each record lists its own, and there is no list of all."""
    if told.entity is Entity.NOTE:
        return replace(told, can_list=False, can_count=False, can_aggregate=False)
    listed = Link(via="Notes", mode=RelationMode.PER_PARENT)
    return replace(told, links={name: listed if name == "notes" else link for name, link in told.links.items()})


def _kept(spec: FieldSpec, fields: Mapping[str, Row]) -> FieldSpec | None:
    """*spec* of those columns that the account has; None where it has none."""
    currency = spec.currency if spec.currency in fields else None
    parts = tuple(part for part in spec.labelled or () if part.at in fields)
    addresses = tuple(
        {name: path for name, path in each.items() if name == "label" or path in fields}
        for each in spec.addresses or ()
    )
    said = getattr(spec, spec.form)
    if spec.form == "labelled":
        return spec.model_copy(update={"labelled": parts}) if parts else None
    if spec.form == "addresses":
        return spec.model_copy(update={"addresses": addresses})
    is_there = spec.form == "constant" or str(said).partition(".")[0] in fields
    return spec.model_copy(update={"currency": currency}) if is_there else None


def _labels(field: Row) -> Mapping[str, str]:
    return {str(one["actual_value"]): str(one["display_value"]) for one in field.get("pick_list_values") or ()}


def _own_fields(fields: Mapping[str, Row], specs: Mapping[str, FieldSpec]) -> Iterator[OwnField]:
    mapped = {str(getattr(spec, spec.form)).partition(".")[0]: name for name, spec in specs.items()}
    for key, field in fields.items():
        kind = manifest().kinds.get(field["data_type"])
        if kind is None or key in manifest().listed | {"id"}:
            continue
        compared = _KINDS.get(kind)
        choices = tuple(Choice(value, label) for value, label in _labels(field).items())
        yield OwnField(
            key=key,
            label=str(field["field_label"]),
            kind=kind,
            remote=(key,),
            read=_own_reader(key, kind),
            criterion=None if compared is None else Criterion(column=key, kind=compared),
            field=mapped.get(key),
            is_custom=field["custom_field"] is True,
            is_required=field["system_mandatory"] is True,
            is_writable=field["read_only"] is False,
            choices=choices if kind in {FieldKind.CHOICE, FieldKind.MULTI_CHOICE} else None,
        )


def _own_reader(key: str, kind: FieldKind) -> Callable[[Row], Any]:
    if kind is FieldKind.REFERENCE:
        return lambda row: None if row[key] is None else convert.text(row[key]["id"])
    if kind is FieldKind.MULTI_CHOICE:
        return lambda row: tuple(str(one) for one in row[key]) if row[key] else None
    read = reader_of(kind)
    return lambda row: read(row[key])


def _url(module: str, metadata: Metadata) -> Entry:
    tab, org = manifest().tabs.get(module), metadata.org["zgid"]
    return Entry.of(
        "url", (), lambda row: None if tab is None else f"https://{metadata.ui_host}/crm/org{org}/tab/{tab}/{row['id']}"
    )


def _users(metadata: Metadata, source: str) -> Held:
    now = instant_text(datetime.now(UTC))
    records = {str(row["id"]): _user(row, source, now) for row in metadata.users}
    return Held(entity=Entity.USER, remote_type="users", records=records, id_key=int, searched=("name", "email"))


def _user(row: Row, source: str, now: str) -> User:
    return User(
        source=source,
        remote_id=str(row["id"]),
        url=None,
        created_at=convert.instant(row.get("created_time")),
        updated_at=convert.instant(row.get("Modified_Time")),
        created_by=None,
        updated_by=None,
        version=convert.text(row.get("Modified_Time")),
        fetched_at=now,
        is_deleted=False,
        is_archived=False,
        name=convert.text(row["full_name"]),
        email=convert.text(row.get("email")),
        is_active=row["status"] == "active",
        time_zone=convert.text(row.get("time_zone")),
        kind="USER",
    )

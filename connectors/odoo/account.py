"""One Odoo database as its metadata tells it: columns, own fields, stages, users, currencies."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from connectors.mapping import Row, convert
from connectors.odoo.domains import Behind, joined
from connectors.odoo.fields import Currencies, coded_entries, is_id
from connectors.odoo.links import conditions_of
from connectors.odoo.manifest import Base, OdooOptions, manifest
from connectors.tables import (
    Account,
    Criterion,
    Entry,
    FieldSpec,
    Held,
    Kind,
    OwnField,
    TableType,
    TypeSpec,
    reader_of,
    table_type,
)
from model.capabilities import LeadModel
from model.entities import Entity, Pipeline, Stage, User
from model.fields import RELATIONS, FieldKind
from model.values import Choice, Ref, instant_text

__all__ = ["Metadata", "account_of"]

_PIPELINE = "crm"
_THE_PIPELINE = Ref("pipeline", _PIPELINE)
_KINDS: Mapping[FieldKind, Kind] = {
    **dict.fromkeys((FieldKind.TEXT, FieldKind.CHOICE), Kind.TEXT),
    **dict.fromkeys((FieldKind.INTEGER, FieldKind.DECIMAL), Kind.NUMBER),
    FieldKind.BOOLEAN: Kind.FLAG,
    FieldKind.DATE: Kind.DAY,
    FieldKind.DATETIME: Kind.INSTANT,
}
"""How the account's own fields compare; those of other kinds are compared here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the metadata calls of one reading gave, as Odoo says it.

    Attributes:
        user: id, language and time zone of the key's own user.
        fields: by model; a model that cannot be read is not among them.
        missing: why it is not.
        companies: those of the user, with their currencies.
        secretive: users whose meetings are private unless these say otherwise.
        base_url: where people see the records.
    """

    user: Row
    fields: Mapping[str, Mapping[str, Row]]
    missing: Mapping[str, str]
    stages: Sequence[Row]
    users: Sequence[Row]
    companies: Sequence[Row]
    secretive: frozenset[int]
    base_url: str

    @property
    def currencies(self) -> Currencies:
        """Those of the user's companies."""
        named = {row["id"]: str(row["currency_id"]["name"]) for row in self.companies}
        own = next((row["company_id"] for row in self.users if row["id"] == self.user["uid"]), None)
        return Currencies(named.get(own), are_several=len(set(named.values())) > 1)


def account_of(metadata: Metadata, *, source: str, options: OdooOptions) -> Account:
    """The account, of those models and columns that it has."""
    facts, currencies = manifest(), metadata.currencies
    found = {
        entity: _type(entity, spec, metadata, currencies)
        for entity, spec in facts.types.items()
        if spec.remote in metadata.fields
    }
    return Account(
        types={entity: _with_far_fields(told, found) for entity, told in found.items()},
        held={Entity.USER: _users(metadata, source)},
        missing={entity: metadata.missing[spec.remote] for entity, spec in facts.types.items() if entity not in found},
        pipelines=(_pipeline(metadata.stages, source),) if metadata.stages else (),
        account_id=options.database,
        currency=currencies.own,
        time_zone=convert.text(metadata.user.get("tz") or None),
        lead_model=LeadModel.OBJECT if Entity.LEAD in found else LeadModel.NONE,
    )


def _type(entity: Entity, spec: TypeSpec, metadata: Metadata, currencies: Currencies) -> TableType:
    fields = metadata.fields[spec.remote]
    partners = {str(row["partner_id"]["id"]): str(row["id"]) for row in metadata.users if row["partner_id"]}
    coded = [
        entry
        for entry in (
            *coded_entries(entity, currencies, partners),
            _url(entity, metadata.base_url),
            *_pipeline_of(entity),
        )
        if all(column in fields for column in entry.column.remote)
    ]
    kept = {name: held for name, one in spec.fields.items() if (held := _kept(one, fields)) is not None}
    told = table_type(
        entity,
        spec.model_copy(update={"fields": kept}),
        labels={name: _labels(field) for name, field in fields.items()},
        currency=currencies.own,
        coded=coded,
        own=list(_own_fields(fields)),
        base=_base(entity, metadata),
        is_id=is_id,
    )
    if entity is not Entity.DEAL:
        return told
    return replace(told, constants=MappingProxyType({**told.constants, "pipeline": _THE_PIPELINE}))


def _with_far_fields(told: TableType, types: Mapping[Entity, TableType]) -> TableType:
    """*told*, with how fields behind its pointers compare, such as a company's name."""
    far: dict[str, Criterion] = {}
    for name, relation in RELATIONS[told.entity].items():
        target, pointer = types.get(relation.target), told.criteria.get(name)
        if target is not None and pointer is not None:
            where = joined("&", *conditions_of(target.base, is_listed=False))
            far |= {f"{name}.{field}": Behind.of(pointer, one, where) for field, one in target.criteria.items()}
    return replace(told, criteria=MappingProxyType({**far, **told.criteria}))


def _base(entity: Entity, metadata: Metadata) -> Base:
    """What makes a row one of the type; of meetings those that the user may look into, for Odoo blanks the others."""
    base = manifest().bases[entity]
    if entity is not Entity.APPOINTMENT:
        return base
    user = int(metadata.user["uid"])
    partners = tuple(row["partner_id"]["id"] for row in metadata.users if row["id"] == user)
    by_default = joined("&", (("privacy", "=", False),), ("!", ("user_id", "in", tuple(sorted(metadata.secretive)))))
    own = joined("|", (("user_id", "=", user),), (("partner_ids", "in", partners),))
    shown = (("privacy", "in", ("public", "confidential")),)
    return base.model_copy(update={"rows": joined("|", shown, own, by_default)})


def _pipeline_of(entity: Entity) -> Sequence[Entry]:
    return (Entry.of("pipeline", (), lambda _: _THE_PIPELINE),) if entity is Entity.DEAL else ()


def _kept(spec: FieldSpec, fields: Mapping[str, Row]) -> FieldSpec | None:
    """*spec* of those columns that the database has; None where it has none."""
    said = getattr(spec, spec.form)
    if spec.form == "labelled":
        return spec if all(part.at in fields for part in said) else None
    if spec.form == "addresses":
        each = tuple({name: path for name, path in one.items() if path.partition(".")[0] in fields} for one in said)
        return spec.model_copy(update={"addresses": each})
    return spec if spec.form == "constant" or said.partition(".")[0] in fields else None


def _labels(field: Row) -> Mapping[str, str]:
    return {str(value): str(label) for value, label in field.get("selection") or ()}


def _own_fields(fields: Mapping[str, Row]) -> Iterator[OwnField]:
    for key, field in fields.items():
        kind = manifest().kinds.get(field["type"])
        if kind is None or not key.startswith(manifest().own_prefix) or not field["store"]:
            continue
        choices = tuple(Choice(value, label) for value, label in _labels(field).items())
        yield OwnField(
            key=key,
            label=str(field["string"]),
            kind=kind,
            remote=(key,),
            read=_own_reader(key, field["type"], kind),
            criterion=_own_criterion(key, field, kind),
            is_custom=True,
            is_required=field["required"] is True,
            is_writable=field["readonly"] is False,
            choices=choices if kind is FieldKind.CHOICE else None,
        )


def _own_criterion(key: str, field: Row, kind: FieldKind) -> Criterion | None:
    """How an own field compares; numbers and truth values are never missing in Odoo, but 0 and false."""
    compared = _KINDS.get(kind)
    if compared is None:
        return None
    places = 0 if kind is FieldKind.INTEGER else (field.get("digits") or (0, None))[1]
    accepts = None if compared is not Kind.NUMBER or places is None else _within_places(places)
    return Criterion(column=key, kind=compared, is_always=compared in {Kind.NUMBER, Kind.FLAG}, accepts=accepts)


def _within_places(places: int) -> Callable[[str], bool]:
    """Whether a number has so few decimals that Odoo, which rounds what it compares with, leaves it as it is."""
    return lambda operand: Decimal(operand).quantize(Decimal(1).scaleb(-places)) == Decimal(operand)


def _own_reader(key: str, remote: str, kind: FieldKind) -> Callable[[Row], Any]:
    if kind is FieldKind.BOOLEAN:
        return lambda row: bool(row[key])
    if remote == "datetime":
        return lambda row: convert.instant(None if row[key] is None else f"{row[key]}Z")
    read = reader_of(kind)
    return lambda row: read(row[key])


def _url(entity: Entity, base_url: str) -> Entry:
    model = manifest().pages.get(entity)
    return Entry.of("url", (), lambda row: None if model is None else f"{base_url}/odoo/{model}/{row['id']}")


def _pipeline(stages: Sequence[Row], source: str) -> Pipeline:
    """All stages, in the order that people see; which teams have which is not told here."""
    ordered = sorted(stages, key=lambda row: (row["sequence"], row["id"]))
    return Pipeline(
        source=source,
        remote_id=_PIPELINE,
        name="Pipeline",
        stages=tuple(
            Stage(
                source=source,
                remote_id=str(row["id"]),
                pipeline_id=_PIPELINE,
                name=str(row["name"]),
                position=position,
                probability=None,
                outcome="WON" if row["is_won"] else "OPEN",
            )
            for position, row in enumerate(ordered)
        ),
    )


def _users(metadata: Metadata, source: str) -> Held:
    now = instant_text(datetime.now(UTC))
    records = {str(row["id"]): _user(row, source, now) for row in metadata.users}
    return Held(entity=Entity.USER, remote_type="res.users", records=records, id_key=int)


def _user(row: Row, source: str, now: str) -> User:
    return User(
        source=source,
        remote_id=str(row["id"]),
        url=None,
        created_at=convert.instant(row["create_date"]),
        updated_at=convert.instant(row["write_date"]),
        created_by=None,
        updated_by=None,
        version=convert.text(row["write_date"]),
        fetched_at=now,
        is_deleted=False,
        is_archived=False,
        name=convert.text(row["name"]),
        email=convert.text(row["email"]),
        is_active=bool(row["active"]),
        time_zone=convert.text(row["tz"]),
        kind="USER",
    )

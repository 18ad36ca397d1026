"""One Zoho account as its metadata tells it: fields, choices, pipelines, users."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

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
from connectors.zoho.coql import CONVERTED, Condition, Coql, Guarded, Within
from connectors.zoho.manifest import ZohoOptions, manifest
from model.capabilities import LeadModel, RelationMode
from model.entities import Entity, Pipeline, Stage, User
from model.fields import FieldKind
from model.query import Compare, Operator
from model.values import Attendee, Choice, RecordRef, Ref, instant_text

__all__ = ["Metadata", "account_of", "related_refs"]

_SE_MODULE = "$se_module"
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
    stages = _Stages.of(metadata, source)
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
    stages: "_Stages",
    *,
    options: ZohoOptions,
    currency: str | None,
) -> TableType:
    fields = {str(field["api_name"]): field for field in metadata.fields[spec.remote]}
    coded = [*_coded(entity, fields, stages, options), _url(spec.remote, metadata)]
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


def _coded(entity: Entity, fields: Mapping[str, Row], stages: "_Stages", options: ZohoOptions) -> Iterator[Entry]:
    """What takes code to read, where the account has the columns."""
    if "Tag" in fields:
        yield Entry.of("tags", ("Tag",), lambda row: tuple(str(tag["name"]) for tag in row["Tag"] or ()))
    if "What_Id" in fields or "Parent_Id" in fields:
        columns = ("Parent_Id",) if "Parent_Id" in fields else ("What_Id", "Who_Id")
        yield Entry.of("about", (*columns, _SE_MODULE), _about)
    match entity:
        case Entity.COMPANY if "Website" in fields:
            within = Within(column="Website", kind=Kind.TEXT)
            yield Entry.of("domain", ("Website",), lambda row: _domain(row["Website"]), within)
        case Entity.LEAD if {"Lead_Status", "Converted__s"} <= set(fields):
            yield _lead_status({**manifest().lead_statuses, **options.lead_statuses})
        case Entity.DEAL if {"Stage", "Closing_Date"} <= set(fields):
            yield from stages.entries(has_pipelines="Pipeline" in fields)
        case Entity.APPOINTMENT:
            yield from _appointment()


def _domain(website: str | None) -> str | None:
    """The host of a web address, in lower case, without www."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname if website else None
    except ValueError:
        return None
    return (host or "").removeprefix("www.") or None


def _lead_status(words: Mapping[str, str]) -> Entry:
    """The map by Lead_Status; a converted lead is CONVERTED whatever that says."""

    def read(row: Row) -> str | None:
        if row["Converted__s"]:
            return "CONVERTED"
        return None if row["Lead_Status"] is None else words.get(row["Lead_Status"], "UNKNOWN")

    values = {word: tuple(value for value, one in words.items() if one == word) for word in set(words.values())}
    values["CONVERTED"] = (*values.get("CONVERTED", ()), CONVERTED)
    criterion = Guarded(
        column="Lead_Status",
        kind=Kind.WORD,
        words={word.casefold(): held for word, held in values.items()},
        unmapped="UNKNOWN",
        where=Condition("Converted__s = 'false'"),
        unless=Condition("Converted__s = 'true'"),
    )
    return Entry.of("status", ("Lead_Status", "Converted__s"), read, criterion)


def related_refs(row: Row) -> Iterator[tuple[str, str]]:
    """Module and id of each record that an activity or a note points to.

    '$se_module' tells the module of What_Id or Parent_Id; Who_Id is a contact, or the lead where there is no other.
    """
    module = convert.text(row[_SE_MODULE])
    for column in ("Parent_Id", "What_Id"):
        if row.get(column) is not None:
            yield module or "", str(row[column]["id"])
    if row.get("Who_Id") is not None:
        is_lead = module == "Leads" and row.get("What_Id") is None
        yield "Leads" if is_lead else "Contacts", str(row["Who_Id"]["id"])


def _about(row: Row) -> tuple[RecordRef, ...]:
    known = manifest().modules
    return tuple(
        RecordRef(remote_type=module, remote_id=found, ref=Ref(known[module], found) if module in known else None)
        for module, found in related_refs(row)
    )


def _pointed(entity: Entity) -> Callable[[Row], Ref | None]:
    def read(row: Row) -> Ref | None:
        found = (one for module, one in related_refs(row) if manifest().modules.get(module) is entity)
        return next((Ref(entity, one) for one in found), None)

    return read


def _appointment() -> Iterator[Entry]:
    """All-day ones have days and no instants, the others the reverse; the last day is in the end that Zoho gives."""
    timed, all_day = Condition("All_day = 'false'"), Condition("All_day = 'true'")
    for field, column in (("starts_at", "Start_DateTime"), ("ends_at", "End_DateTime")):
        criterion = Guarded(column=column, kind=Kind.INSTANT, is_sortable=True, where=timed, unless=all_day)
        yield Entry.of(field, (column, "All_day"), _instant(column), criterion)
    yield Entry.of("starts_on", ("Start_DateTime", "All_day"), lambda row: _day(row, "Start_DateTime"))
    yield Entry.of("ends_on", ("End_DateTime", "All_day"), lambda row: _day(row, "End_DateTime", further=1))
    yield Entry.of("attendees", ("Participants",), _attendees)
    for name in (Entity.COMPANY, Entity.DEAL, Entity.LEAD):
        criterion_ = Criterion(column="What_Id", kind=Kind.LINK) if name is not Entity.LEAD else None
        yield Entry.of(name.value, ("What_Id", "Who_Id", _SE_MODULE), _pointed(name), criterion_)


def _instant(column: str) -> Callable[[Row], str | None]:
    return lambda row: None if row["All_day"] else convert.instant(row[column])


def _day(row: Row, column: str, further: int = 0) -> str | None:
    """The day in the offset that Zoho writes; a moment behind midnight is within it, so that *further* days end it."""
    if not row["All_day"] or row[column] is None:
        return None
    moment = datetime.fromisoformat(row[column])
    is_start_of_day = (moment.hour, moment.minute) == (0, 0)
    return (moment.date() + timedelta(days=0 if is_start_of_day else further)).isoformat()


def _attendees(row: Row) -> tuple[Attendee, ...]:
    return tuple(_attendee(one) for one in row["Participants"] or ())


def _attendee(one: Row) -> Attendee:
    def ref(entity: Entity) -> Ref | None:
        return Ref(entity, str(one["participant"])) if one["type"] == entity.value else None

    return Attendee(
        name=convert.text(one.get("name")),
        email=convert.text(one.get("Email")),
        contact=ref(Entity.CONTACT),
        lead=ref(Entity.LEAD),
        user=ref(Entity.USER),
        response=convert.text(one.get("status")),
    )


@dataclass(frozen=True, slots=True)
class _Stages:
    """Stages of deals by the value that deals have: their ids, and what becomes of a deal there."""

    pipelines: tuple[Pipeline, ...]
    names: Mapping[str, tuple[str, ...]]
    ids: Mapping[str, str]
    outcomes: Mapping[str, str]

    @classmethod
    def of(cls, metadata: Metadata, source: str) -> "_Stages":
        facts = manifest()
        deals = {str(field["api_name"]): field for field in metadata.fields.get("Deals", ())}
        listed = {str(one["actual_value"]): one for one in (deals.get("Stage") or {}).get("pick_list_values") or ()}
        rows = {**listed, **{str(one["actual_value"]): one for held in metadata.pipelines for one in held["maps"]}}
        outcomes = {value: facts.outcomes.get(str(one.get("forecast_type")), "UNKNOWN") for value, one in rows.items()}
        return cls(
            pipelines=tuple(_pipeline(row, listed, outcomes, source) for row in metadata.pipelines),
            names={str(row["id"]): (str(row["actual_value"]), str(row["display_value"])) for row in metadata.pipelines},
            ids={value: str(one["id"]) for value, one in rows.items()},
            outcomes=outcomes,
        )

    def entries(self, *, has_pipelines: bool) -> Iterator[Entry]:
        """The fields of a deal that its stage decides."""
        yield _word("stage", "Stage", self.ids.get, self.ids, Ref)
        yield _word("status", "Stage", lambda value: self.outcomes.get(value, "UNKNOWN"), self.outcomes, None)
        if has_pipelines:
            ids = {name: one for one, names in self.names.items() for name in names}
            yield _word("pipeline", "Pipeline", ids.get, ids, Ref)
        closed = tuple(value for value, outcome in self.outcomes.items() if outcome in {"WON", "LOST"})
        word = Criterion(column="Stage", kind=Kind.WORD)
        told = [
            Coql().tell(word, Compare("stage", one, closed), negate=False) for one in (Operator.IN, Operator.NOT_IN)
        ]
        where, unless = (None if one is None else one.condition for one in told)
        criterion = None
        if closed and where is not None and unless is not None:
            criterion = Guarded(column="Closing_Date", kind=Kind.DAY, is_sortable=True, where=where, unless=unless)

        def closed_on(row: Row) -> str | None:
            return convert.date(row["Closing_Date"]) if row["Stage"] in closed else None

        yield Entry.of("closed_on", ("Closing_Date", "Stage"), closed_on, criterion)


def _word(
    field: str,
    column: str,
    find: Callable[[str], str | None],
    words: Mapping[str, str],
    ref: type[Ref] | None,
) -> Entry:
    """A field that a closed list's value decides; as a pointer, or as a word with UNKNOWN for values not listed."""

    def read(row: Row) -> Ref | str | None:
        word = None if row[column] is None else find(str(row[column]))
        return word if ref is None or word is None else ref(field, word)

    inverse: dict[str, tuple[str, ...]] = {}
    for value, word in words.items():
        inverse[word.casefold()] = (*inverse.get(word.casefold(), ()), value)
    unmapped = "UNKNOWN" if ref is None else None
    return Entry.of(field, (column,), read, Criterion(column=column, kind=Kind.WORD, words=inverse, unmapped=unmapped))


def _pipeline(row: Row, listed: Mapping[str, Row], outcomes: Mapping[str, str], source: str) -> Pipeline:
    pipeline_id = str(row["id"])
    stages = tuple(
        Stage(
            source=source,
            remote_id=str(one["id"]),
            pipeline_id=pipeline_id,
            name=str(one["display_value"]),
            position=int(one["sequence_number"]),
            probability=convert.percent((listed.get(str(one["actual_value"])) or {}).get("probability")),
            outcome=outcomes[str(one["actual_value"])],
        )
        for one in row["maps"]
    )
    return Pipeline(source=source, remote_id=pipeline_id, name=str(row["display_value"]), stages=stages)


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

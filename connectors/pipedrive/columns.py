"""What takes code to read of Pipedrive's rows, and an account put together from its metadata."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from connectors.mapping import Row, convert
from connectors.pipedrive.manifest import PipedriveOptions, manifest
from connectors.tables import Account, Entry, Held, Labels, OwnField, TableType, reader_of, table_type
from model.capabilities import LeadModel
from model.entities import Entity, Pipeline, Stage, User
from model.fields import FieldKind
from model.values import Address, Attendee, Choice, LabelledValue, RecordRef, Ref, instant_text

__all__ = ["Metadata", "account_of", "is_id", "is_id_of", "is_of"]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ABOUT = (
    ("deal_id", "deal", Entity.DEAL),
    ("lead_id", "lead", Entity.LEAD),
    ("person_id", "person", Entity.CONTACT),
    ("org_id", "organization", Entity.COMPANY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the metadata calls of one reading gave, as Pipedrive says it.

    Attributes:
        me: the user that the token belongs to, with the company's own facts.
        fields: of persons, organizations, deals and activities.
    """

    me: Row
    users: Sequence[Row]
    pipelines: Sequence[Row]
    stages: Sequence[Row]
    lead_labels: Sequence[Row]
    fields: Mapping[str, Sequence[Row]]


def is_id(text: str) -> bool:
    """Whether *text* can be an id: a whole number without zeros before it, or a lead's UUID in lower case."""
    if text.isascii() and text.isdecimal():
        return text[0] != "0" and len(text) < 19
    return _UUID.fullmatch(text) is not None


def is_id_of(target: str, text: str) -> bool:
    """Whether *text* can be an id of *target*: leads have UUIDs, all others numbers."""
    return is_id(text) and text.isdecimal() is not (target == Entity.LEAD)


def is_of(entity: Entity, options: PipedriveOptions) -> Callable[[Row], bool]:
    """Whether a row of the type's object is one of the type: activities are appointments or tasks by their type."""
    if entity is Entity.APPOINTMENT:
        return lambda row: row["type"] not in options.task_types
    if entity is Entity.TASK:
        return lambda row: row["type"] in options.task_types
    return lambda _: True


def account_of(metadata: Metadata, *, source: str, options: PipedriveOptions) -> Account:
    """The account."""
    del options
    currency = convert.text(metadata.me.get("default_currency"))
    return Account(
        types={entity: _type(entity, metadata, currency) for entity in manifest().types},
        held={Entity.USER: _users(metadata, source)},
        pipelines=_pipelines(metadata, source),
        account_id=convert.text(metadata.me.get("company_id")),
        currency=currency,
        time_zone=convert.text(metadata.me.get("timezone_name")),
        lead_model=LeadModel.INBOX_ITEM,
    )


def _type(entity: Entity, metadata: Metadata, currency: str | None) -> TableType:
    spec = manifest().types[entity]
    fields = metadata.fields.get(manifest().fields_of.get(spec.remote, ""), ())
    labels = {str(field["field_code"]): _labels(field) for field in fields}
    found = table_type(
        entity,
        spec,
        labels=labels,
        currency=currency,
        coded=_coded(entity, metadata, labels),
        own=_own_fields(fields, is_flat=entity is Entity.LEAD),
        is_id=is_id,
    )
    targets = {"remote_id": entity.value} | {name: one.to for name, one in spec.fields.items() if one.to is not None}
    accepting = {
        name: replace(found.criteria[name], accepts=partial(is_id_of, target))
        for name, target in targets.items()
        if name in found.criteria
    }
    return replace(found, criteria={**found.criteria, **accepting})


def _labels(field: Row) -> Mapping[str, str]:
    return {str(one["id"]): str(one["label"]) for one in field.get("options") or ()}


def _coded(entity: Entity, metadata: Metadata, labels: Labels) -> Iterator[Entry]:
    remote = manifest().types[entity].remote
    page, domain = manifest().pages.get(remote), metadata.me.get("company_domain")
    if page and domain:
        yield Entry.of("url", ("id",), lambda row: f"https://{domain}.pipedrive.com/{page}/{row['id']}")
    if entity in {Entity.CONTACT, Entity.COMPANY, Entity.DEAL}:
        yield _tags(labels.get("label_ids", {}))
    if entity is Entity.LEAD:
        yield _tags({str(one["id"]): str(one["name"]) for one in metadata.lead_labels})
    if entity in {Entity.APPOINTMENT, Entity.TASK, Entity.NOTE}:
        yield Entry.of("about", [column for column, _, _ in _ABOUT], _about)
    yield from _CODED.get(entity, _nothing)(metadata, labels)


def _nothing(metadata: Metadata, labels: Labels) -> Iterator[Entry]:
    del metadata, labels
    yield from ()


def _contact(metadata: Metadata, labels: Labels) -> Iterator[Entry]:
    del metadata, labels
    yield Entry.of("emails", ("emails",), lambda row: _labelled(row["emails"]))
    yield Entry.of("email", ("emails",), lambda row: _primary(_labelled(row["emails"])))
    yield Entry.of("phones", ("phones",), lambda row: _labelled(row["phones"]))
    yield Entry.of("phone", ("phones",), lambda row: _primary(_labelled(row["phones"])))
    yield Entry.of("addresses", ("postal_address",), lambda row: _address(row.get("postal_address")))


def _company(metadata: Metadata, labels: Labels) -> Iterator[Entry]:
    del metadata, labels
    yield Entry.of("addresses", ("address",), lambda row: _address(row.get("address")))
    yield Entry.of("domain", ("website",), lambda row: convert.host(convert.text(row.get("website"))))


def _deal(metadata: Metadata, labels: Labels) -> Iterator[Entry]:
    del labels
    chances = {str(one["id"]): one["deal_probability"] for one in metadata.stages}

    def probability(row: Row) -> str | None:
        """Its own, else its stage's, but for deals that are decided."""
        if row["status"] in {"won", "lost"}:
            return "1" if row["status"] == "won" else "0"
        own = row.get("probability")
        return convert.percent(chances.get(str(row["stage_id"])) if own is None else own)

    yield Entry.of("probability", ("probability", "stage_id", "status"), probability)


def _appointment(metadata: Metadata, labels: Labels) -> Iterator[Entry]:
    del labels
    names = {row["id"]: (convert.text(row["name"]), convert.text(row["email"])) for row in metadata.users}
    when = ("due_date", "due_time", "duration")
    yield Entry.of("is_all_day", when, lambda row: row["due_time"] is None)
    yield Entry.of("starts_at", when, _instant)
    yield Entry.of("ends_at", when, _end)
    yield Entry.of("starts_on", when, lambda row: row["due_date"] if row["due_time"] is None else None)
    yield Entry.of("ends_on", when, _day_behind)
    yield Entry.of("attendees", ("participants", "attendees"), lambda row: _attendees(row, names))


def _task(metadata: Metadata, labels: Labels) -> Iterator[Entry]:
    del metadata
    words = {value: manifest().priorities.get(label) for value, label in labels.get("priority", {}).items()}
    yield Entry.of("priority", ("priority",), lambda row: words.get(convert.text(row["priority"]) or ""))
    yield Entry.of("due_at", ("due_date", "due_time"), _instant)


def _note(metadata: Metadata, labels: Labels) -> Iterator[Entry]:
    """Version 1 tells instants in UTC without saying so."""
    del metadata, labels
    yield Entry.of("created_at", ("add_time",), lambda row: _utc(row["add_time"]))
    yield Entry.of("updated_at", ("update_time",), lambda row: _utc(row["update_time"]))
    yield Entry.of("is_deleted", ("active_flag",), lambda row: not row["active_flag"])


_CODED: Mapping[Entity, Callable[[Metadata, Labels], Iterator[Entry]]] = {
    Entity.CONTACT: _contact,
    Entity.COMPANY: _company,
    Entity.DEAL: _deal,
    Entity.APPOINTMENT: _appointment,
    Entity.TASK: _task,
    Entity.NOTE: _note,
}


def _tags(labels: Mapping[str, str]) -> Entry:
    def read(row: Row) -> tuple[str, ...]:
        return tuple(labels.get(str(one), str(one)) for one in row["label_ids"] or ())

    return Entry.of("tags", ("label_ids",), read)


def _about(row: Row) -> tuple[RecordRef, ...]:
    found = ((row.get(column), remote, entity) for column, remote, entity in _ABOUT)
    return tuple(
        RecordRef(remote_type=remote, remote_id=str(value), ref=Ref(entity, str(value)))
        for value, remote, entity in found
        if value is not None
    )


def _labelled(values: Any) -> tuple[LabelledValue, ...]:
    return tuple(
        LabelledValue(str(one["value"]), convert.text(one.get("label")), is_primary=bool(one.get("primary")))
        for one in values or ()
        if one.get("value")
    )


def _primary(values: tuple[LabelledValue, ...]) -> str | None:
    return next((one.value for one in values if one.is_primary), values[0].value if values else None)


def _address(value: Any) -> tuple[Address, ...]:
    if not value or not any(value.values()):
        return ()
    street = " ".join(str(value[name]) for name in ("route", "street_number") if value.get(name))
    return (
        Address(
            street=street or None,
            street2=convert.text(value.get("subpremise")),
            city=convert.text(value.get("locality")),
            region=convert.text(value.get("admin_area_level_1")),
            postal_code=convert.text(value.get("postal_code")),
            country=convert.text(value.get("country")),
        ),
    )


def _instant(row: Row, later: timedelta = timedelta()) -> str | None:
    """When an activity is due, *later*; None for one without a time. Times are UTC ("Activities", read 2026-11)."""
    if row["due_date"] is None or row["due_time"] is None:
        return None
    start = datetime.combine(date.fromisoformat(row["due_date"]), time.fromisoformat(row["due_time"]), UTC)
    return instant_text(start + later)


def _end(row: Row) -> str | None:
    hours, minutes, *rest = (int(part) for part in (row["duration"] or "00:00").split(":"))
    return _instant(row, timedelta(hours=hours, minutes=minutes, seconds=rest[0] if rest else 0))


def _day_behind(row: Row) -> str | None:
    if row["due_date"] is None or row["due_time"] is not None:
        return None
    return (date.fromisoformat(row["due_date"]) + timedelta(days=1)).isoformat()


def _attendees(row: Row, users: Mapping[Any, tuple[str | None, str | None]]) -> tuple[Attendee, ...]:
    """Whom the calendar tells, then participants that it does not."""
    told = [_attendee(one, users) for one in row.get("attendees") or ()]
    known = {one.contact.remote_id for one in told if one.contact is not None}
    ids = (str(one["person_id"]) for one in row["participants"] or ())
    return (*told, *(Attendee(contact=Ref(Entity.CONTACT, one)) for one in ids if one not in known))


def _attendee(one: Row, users: Mapping[Any, tuple[str | None, str | None]]) -> Attendee:
    person, user = one.get("person_id"), one.get("user_id")
    name, email = users.get(user, (None, None))
    return Attendee(
        name=convert.text(one.get("name")) or name,
        email=convert.text(one.get("email")) or email,
        contact=Ref(Entity.CONTACT, str(person)) if person is not None else None,
        user=Ref(Entity.USER, str(user)) if user is not None and person is None else None,
        response=convert.text(one.get("status")),
    )


def _utc(value: str | None) -> str | None:
    return None if not value else convert.instant(f"{value.replace(' ', 'T')}+00:00")


def _own_fields(fields: Sequence[Row], *, is_flat: bool) -> Iterator[OwnField]:
    """The account's own fields; leads have them beside their other columns, others below `custom_fields`."""
    for field in fields:
        kind = manifest().kinds.get(str(field["field_type"]))
        if kind is None or field["is_custom_field"] is not True:
            continue
        key = str(field["field_code"])
        choices = tuple(Choice(value, label) for value, label in _labels(field).items())
        yield OwnField(
            key=key,
            label=str(field["field_name"]),
            kind=kind,
            remote=(key,) if is_flat else ("custom_fields",),
            read=_own_reader(key, kind, is_flat=is_flat),
            is_custom=True,
            is_writable=True,
            choices=choices or None,
        )


def _own_reader(key: str, kind: FieldKind, *, is_flat: bool) -> Callable[[Row], Any]:
    read = reader_of(kind)

    def value_of(row: Row) -> Any:
        value = row.get(key) if is_flat else (row["custom_fields"] or {}).get(key)
        return value.get("value") if isinstance(value, dict) else value

    if kind is FieldKind.MULTI_CHOICE:
        return lambda row: _several(value_of(row))
    return lambda row: read(value_of(row))


def _several(value: Any) -> tuple[str, ...] | None:
    """Option ids: a list in version 2, joined by commas in version 1."""
    if isinstance(value, str):
        value = [part for part in value.split(",") if part]
    return tuple(str(one) for one in value) if value else None


def _pipelines(metadata: Metadata, source: str) -> tuple[Pipeline, ...]:
    """Pipelines with their stages in Pipedrive's order; a deal is decided by its status, so that stages are open."""
    stages = [
        Stage(
            source=source,
            remote_id=str(row["id"]),
            pipeline_id=str(row["pipeline_id"]),
            name=str(row["name"]),
            position=int(row["order_nr"] or 0),
            probability=convert.percent(row["deal_probability"]),
            outcome="OPEN",
        )
        for row in sorted(metadata.stages, key=lambda row: int(row["order_nr"] or 0))
    ]
    return tuple(
        Pipeline(
            source=source,
            remote_id=str(row["id"]),
            name=str(row["name"]),
            stages=tuple(stage for stage in stages if stage.pipeline_id == str(row["id"])),
        )
        for row in sorted(metadata.pipelines, key=lambda row: int(row["order_nr"] or 0))
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
        created_at=_utc(row.get("created")),
        updated_at=_utc(row.get("modified")),
        created_by=None,
        updated_by=None,
        version=convert.text(row.get("modified")),
        fetched_at=now,
        is_deleted=bool(row.get("is_deleted")),
        is_archived=False,
        name=convert.text(row["name"]),
        email=convert.text(row.get("email")),
        is_active=row["active_flag"] is True,
        time_zone=convert.text(row.get("timezone_name")),
        kind="USER",
    )

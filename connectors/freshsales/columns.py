"""What takes code to read of Freshsales' rows, and an account put together from its metadata."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.freshsales.manifest import FreshsalesOptions, manifest
from connectors.mapping import Row, convert
from connectors.tables import Account, Criterion, Entry, Held, Kind, OwnField, TableType, reader_of, table_type
from model.capabilities import LeadModel
from model.entities import Entity, Pipeline, Stage, User
from model.fields import FieldKind
from model.values import Attendee, Choice, LabelledValue, Money, RecordRef, Ref, instant_text

__all__ = ["Metadata", "account_of", "is_id", "is_of"]

_LEAD_TYPE = "Lead"
_USER_TYPE = "FdMultitenant::User"  # "Appointments": who attends is told by the class's name (read 2026-11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the metadata calls of one reading gave, as Freshsales says it.

    Attributes:
        lists: rows of each selector.
        fields: of contacts, accounts and deals.
        views: ids of lists by object and name.
        host: where people see the records.
    """

    lists: Mapping[str, Sequence[Row]]
    fields: Mapping[str, Sequence[Row]]
    views: Mapping[str, Mapping[str, str]]
    host: str

    @property
    def lead_stages(self) -> tuple[str, ...]:
        """Ids of the lifecycle stages whose contacts are leads."""
        return tuple(str(one["id"]) for one in self.lists["lifecycle_stages"] if one.get("type") == _LEAD_TYPE)

    def names(self, selector: str) -> Mapping[str, str]:
        """How people see the ids of a list."""
        return {str(one["id"]): str(one["name"]) for one in self.lists[selector]}

    @property
    def currencies(self) -> Mapping[str, str]:
        """ISO codes by id."""
        return {str(one["id"]): str(one["currency_code"]) for one in self.lists["currencies"]}

    @property
    def home_currency(self) -> str | None:
        """The one that amounts are converted to."""
        homes = (str(one["currency_code"]) for one in self.lists["currencies"] if one.get("currency_type") == 1)
        return next(homes, None)

    @property
    def stages(self) -> Sequence[Row]:
        """Of all pipelines."""
        return [stage for line in self.lists["deal_pipelines"] for stage in line.get("deal_stages") or ()]


def is_id(text: str) -> bool:
    """Whether *text* can be an id: a whole number without zeros before it."""
    return text.isascii() and text.isdecimal() and text[0] != "0" and len(text) < 19


def is_of(entity: Entity, metadata: Metadata) -> Callable[[Row], bool]:
    """Whether a row of the type's object is one of the type: a contact in a lead's stage is a lead, and no contact."""
    stages = set(metadata.lead_stages)
    if entity is Entity.LEAD:
        return lambda row: str(row["lifecycle_stage_id"]) in stages
    if entity is Entity.CONTACT:
        return lambda row: str(row["lifecycle_stage_id"]) not in stages
    return lambda _: True


def account_of(metadata: Metadata, *, source: str, options: FreshsalesOptions) -> Account:
    """The account; without a lifecycle stage for leads there are none."""
    has_leads = bool(metadata.lead_stages)
    types = {
        entity: _type(entity, metadata, options)
        for entity in manifest().types
        if entity is not Entity.LEAD or has_leads
    }
    missing = {} if has_leads else {Entity.LEAD: "no lifecycle stage of the account is of type Lead"}
    return Account(
        types=types,
        held={Entity.USER: _users(metadata, source)},
        missing=missing,
        pipelines=_pipelines(metadata, source),
        currency=metadata.home_currency,
        lead_model=LeadModel.CONTACT_STAGE if has_leads else LeadModel.NONE,
        facts=metadata,
    )


def _type(entity: Entity, metadata: Metadata, options: FreshsalesOptions) -> TableType:
    spec = manifest().types[entity]
    labels = {
        "lead_source_id": metadata.names("lead_sources"),
        "industry_type_id": metadata.names("industry_types"),
        "deal_type_id": metadata.names("deal_types"),
        "deal_reason_id": metadata.names("deal_reasons"),
        "contact_status_id": metadata.names("contact_statuses"),
        "deal_stage_id": {str(one["id"]): str(one["name"]) for one in metadata.stages},
    }
    return table_type(
        entity,
        spec,
        labels=labels,
        currency=metadata.home_currency,
        coded=_coded(entity, metadata, options),
        own=_own_fields(metadata.fields.get(spec.remote, ())),
        primary_only=frozenset({"company"}) if entity is Entity.CONTACT else frozenset(),
        is_id=is_id,
    )


def _coded(entity: Entity, metadata: Metadata, options: FreshsalesOptions) -> Iterator[Entry]:
    remote = manifest().types[entity].remote
    page = manifest().pages.get(remote)
    if page is not None:
        yield Entry.of("url", ("id",), lambda row: f"https://{metadata.host}/crm/sales/{page}/{row['id']}")
    if remote in manifest().settings:
        yield Entry.of("tags", ("tags",), lambda row: tuple(map(str, row.get("tags") or ())))
    if entity in {Entity.APPOINTMENT, Entity.TASK, Entity.NOTE}:
        yield Entry.of("about", ("targetables",), _about)
    if entity in {Entity.CONTACT, Entity.LEAD}:
        yield Entry.of("emails", ("emails",), _emails)
        yield _account_entry()
    match entity:
        case Entity.CONTACT:
            yield _lifecycle(metadata)
        case Entity.LEAD:
            yield _lead_status(metadata, options)
            yield Entry.of("company_name", ("sales_accounts",), lambda row: _account(row).get("name"))
        case Entity.COMPANY:
            yield Entry.of("domain", ("website",), lambda row: convert.host(convert.text(row.get("website"))))
        case Entity.DEAL:
            yield from _deal(metadata)
        case Entity.APPOINTMENT:
            yield from _appointment(metadata)


def _account_entry() -> Entry:
    def read(row: Row) -> Ref | None:
        found = convert.text(_account(row).get("id"))
        return None if found is None else Ref(Entity.COMPANY, found)

    return Entry.of("company", ("sales_accounts",), read)


def _account(row: Row) -> Mapping[str, Any]:
    accounts: Sequence[Mapping[str, Any]] = row["sales_accounts"] or ()
    return next((one for one in accounts if one.get("is_primary")), accounts[0] if accounts else {})


def _emails(row: Row) -> tuple[LabelledValue, ...]:
    return tuple(
        LabelledValue(str(one["value"]), convert.text(one.get("label")), is_primary=bool(one.get("is_primary")))
        for one in row["emails"] or ()
    )


def _lifecycle(metadata: Metadata) -> Entry:
    """Our word goes by the stage's type, which the account's own names do not change."""
    choices = {
        str(one["id"]): Choice(str(one["id"]), str(one["name"]), manifest().lifecycle.get(str(one.get("type"))))
        for one in metadata.lists["lifecycle_stages"]
    }

    def read(row: Row) -> Choice | None:
        value = convert.text(row["lifecycle_stage_id"])
        return None if value is None else choices.get(value) or Choice(value)

    words = {value.casefold(): (value,) for value in choices}
    criterion = Criterion(column="lifecycle_stage_id", kind=Kind.WORD, words=words, is_open=True)
    return Entry.of("lifecycle", ("lifecycle_stage_id",), read, criterion)


def _lead_status(metadata: Metadata, options: FreshsalesOptions) -> Entry:
    """By the operator's word, else by what the status says of itself: lost, won, or open and the first of its stage."""
    words: dict[str, str] = {}
    for one in metadata.lists["contact_statuses"]:
        is_first = one.get("position") == 1
        told = {"Lost": "DISQUALIFIED", "Won": "QUALIFIED"}.get(str(one.get("forecast_type")))
        value = str(one["id"])
        words[value] = options.lead_statuses.get(value) or told or ("NEW" if is_first else "WORKING")

    def read(row: Row) -> str | None:
        value = convert.text(row["contact_status_id"])
        return None if value is None else words.get(value, "UNKNOWN")

    criterion = Criterion(column="contact_status_id", kind=Kind.WORD, words=_inverse(words), unmapped="UNKNOWN")
    return Entry.of("status", ("contact_status_id",), read, criterion)


def _inverse(words: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """The values of each word."""
    found: dict[str, tuple[str, ...]] = {}
    for value, word in words.items():
        found[word.casefold()] = (*found.get(word.casefold(), ()), value)
    return found


def _deal(metadata: Metadata) -> Iterator[Entry]:
    outcomes = {
        str(one["id"]): manifest().outcomes.get(str(one.get("forecast_type")), "OPEN") for one in metadata.stages
    }
    inverse: dict[str, tuple[str, ...]] = {}
    for value, word in outcomes.items():
        inverse[word.casefold()] = (*inverse.get(word.casefold(), ()), value)
    criterion = Criterion(column="deal_stage_id", kind=Kind.WORD, words=inverse, unmapped="UNKNOWN", is_always=True)
    yield Entry.of(
        "status", ("deal_stage_id",), lambda row: outcomes.get(str(row["deal_stage_id"]), "UNKNOWN"), criterion
    )
    currencies, home = metadata.currencies, metadata.home_currency

    def amount(row: Row) -> Money | None:
        value = convert.decimal(row["amount"])
        return None if value is None else Money(value, currencies.get(str(row["currency_id"]), home))

    yield Entry.of("amount", ("amount", "currency_id"), amount)


def _appointment(metadata: Metadata) -> Iterator[Entry]:
    """All-day ones have days: theirs begin and end at midnight in UTC, the end being the day behind the last."""
    when = ("from_date", "end_date", "is_allday")
    for field, column in (("starts_at", "from_date"), ("ends_at", "end_date")):
        yield Entry.of(field, when, _instant_reader(column))
    for field, column in (("starts_on", "from_date"), ("ends_on", "end_date")):
        yield Entry.of(field, when, _day_reader(column))
    names = {str(one["id"]): one for one in metadata.lists["owners"]}
    yield Entry.of("attendees", ("attendees",), lambda row: _attendees(row, names))


def _instant_reader(column: str) -> Callable[[Row], str | None]:
    return lambda row: None if convert.flag(row["is_allday"]) else convert.instant(row[column])


def _day_reader(column: str) -> Callable[[Row], str | None]:
    return lambda row: convert.date(row[column]) if convert.flag(row["is_allday"]) else None


def _attendees(row: Row, users: Mapping[str, Row]) -> tuple[Attendee, ...]:
    found: list[Attendee] = []
    for one in row.get("attendees") or ():
        remote_id = str(one["id"])
        if one["type"] == _USER_TYPE:
            user = users.get(remote_id, {})
            name, email = convert.text(user.get("display_name")), convert.text(user.get("email"))
            found.append(Attendee(name=name, email=email, user=Ref(Entity.USER, remote_id)))
        else:
            found.append(Attendee(contact=Ref(Entity.CONTACT, remote_id)))
    return tuple(found)


def _about(row: Row) -> tuple[RecordRef, ...]:
    return tuple(
        RecordRef(remote_type=str(one["type"]), remote_id=str(one["id"]), ref=_target(one))
        for one in row["targetables"] or ()
    )


def _target(one: Mapping[str, Any]) -> Ref | None:
    entity = manifest().targets.get(str(one["type"]))
    return None if entity is None else Ref(entity, str(one["id"]))


def _own_fields(fields: Sequence[Row]) -> Iterator[OwnField]:
    """The fields that the account added, which stand below `custom_field`."""
    for field in fields:
        key, kind = str(field["name"]), manifest().kinds.get(str(field["type"]))
        if kind is None or not key.startswith("cf_"):
            continue
        choices = tuple(Choice(str(one["value"])) for one in field.get("choices") or ())
        yield OwnField(
            key=key,
            label=str(field["label"]),
            kind=kind,
            remote=("custom_field",),
            read=_own_reader(key, kind),
            is_custom=True,
            is_required=field.get("required") is True,
            is_writable=True,
            choices=choices or None,
        )


def _own_reader(key: str, kind: FieldKind) -> Callable[[Row], Any]:
    if kind is FieldKind.MULTI_CHOICE:
        return lambda row: _several((row["custom_field"] or {}).get(key))
    read = reader_of(kind)
    return lambda row: read((row["custom_field"] or {}).get(key))


def _several(value: Any) -> tuple[str, ...] | None:
    """Several choices come as a list, or joined by semicolons."""
    if isinstance(value, list):
        return tuple(map(str, value)) or None
    return convert.texts(value)


def _pipelines(metadata: Metadata, source: str) -> tuple[Pipeline, ...]:
    return tuple(
        Pipeline(
            source=source,
            remote_id=str(line["id"]),
            name=str(line["name"]),
            stages=tuple(
                Stage(
                    source=source,
                    remote_id=str(stage["id"]),
                    pipeline_id=str(line["id"]),
                    name=str(stage["name"]),
                    position=int(stage.get("position") or 0),
                    probability=convert.percent(stage.get("probability")),
                    outcome=manifest().outcomes.get(str(stage.get("forecast_type")), "OPEN"),
                )
                for stage in sorted(line.get("deal_stages") or (), key=lambda one: int(one.get("position") or 0))
            ),
        )
        for line in sorted(metadata.lists["deal_pipelines"], key=lambda one: int(one.get("position") or 0))
    )


def _users(metadata: Metadata, source: str) -> Held:
    now = instant_text(datetime.now(UTC))
    records = {str(one["id"]): _user(one, source, now) for one in metadata.lists["owners"]}
    return Held(entity=Entity.USER, remote_type="owners", records=records, id_key=int)


def _user(row: Row, source: str, now: str) -> User:
    return User(
        source=source,
        remote_id=str(row["id"]),
        url=None,
        created_at=None,
        updated_at=None,
        created_by=None,
        updated_by=None,
        version=None,
        fetched_at=now,
        is_deleted=False,
        is_archived=False,
        name=convert.text(row["display_name"]),
        email=convert.text(row.get("email")),
        is_active=row.get("is_active") is True,
        time_zone=None,
        kind="USER",
    )

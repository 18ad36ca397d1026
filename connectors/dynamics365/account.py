"""What one organisation is: its tables, columns and own fields, put together from its metadata."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors.dynamics365.manifest import Case, TableSpec, manifest
from connectors.dynamics365.odata import Term
from connectors.mapping import Row, convert
from connectors.tables import (
    Account,
    Criterion,
    Entry,
    FieldSpec,
    Held,
    Kind,
    LinkSpec,
    OwnField,
    TableType,
    entry_of,
    reader_of,
    table_type,
)
from model.capabilities import LeadModel, RelationMode
from model.entities import Entity, Pipeline, Record, Stage, User
from model.fields import FieldKind
from model.values import Attendee, Choice, Money, RecordRef, Ref, instant_text

__all__ = ["ATTENDEES", "FORMATTED", "TYPE", "Metadata", "account_of", "canonical", "sort_key"]

TYPE = "@Microsoft.Dynamics.CRM.lookuplogicalname"
FORMATTED = "@OData.Community.Display.V1.FormattedValue"
ATTENDEES = "appointment_activity_parties"
"""Who takes part in an appointment, beside its own columns."""

_REQUIRED, _OPTIONAL, _ORGANIZER = 5, 6, 7  # participationtypemask ("ActivityParty entity", read 2026-11)
_KINDS: Mapping[FieldKind, Kind] = {
    FieldKind.TEXT: Kind.TEXT,
    FieldKind.INTEGER: Kind.NUMBER,
    FieldKind.DECIMAL: Kind.NUMBER,
    FieldKind.BOOLEAN: Kind.FLAG,
    FieldKind.DATETIME: Kind.INSTANT,
    FieldKind.DATE: Kind.DAY,
    FieldKind.CHOICE: Kind.WORD,
}
_SORTS = frozenset({"desc"})
"""SQL Server takes missing values for the least: behind all others downwards, before them upwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the organisation answered, by table where it is of one.

    Attributes:
        attributes: rows of attributes by logical name.
        options: by column, its options in their order.
        days: columns of days without a time.
    """

    attributes: Mapping[str, Mapping[str, Row]]
    options: Mapping[str, Mapping[str, Sequence[Row]]]
    days: Mapping[str, frozenset[str]]
    organisation: Row
    currencies: Sequence[Row]
    users: Sequence[Row]
    teams: Sequence[Row]
    flows: Sequence[Row]
    stages: Sequence[Row]


def canonical(remote_id: str) -> str | None:
    """A GUID in lower case; None for anything else."""
    spelled = remote_id.lower()
    shape = "".join("0" if char in "0123456789abcdef" else char for char in spelled)
    return spelled if shape == "00000000-0000-0000-0000-000000000000" else None


def sort_key(remote_id: str) -> bytes:
    """A GUID as SQL Server compares uniqueidentifiers: the last six bytes first, then group by group from the end.

    The first three groups are kept with their bytes turned round ("Comparing GUID and uniqueidentifier values", SQL
    Server documentation, read 2026-11).
    """
    kept = bytes.fromhex(remote_id.replace("-", ""))
    return kept[10:] + kept[8:10] + kept[7:5:-1] + kept[5:3:-1] + kept[3::-1]


def account_of(read: Metadata, *, source: str, base_url: str) -> Account:
    """The account that the metadata tells; links lead to pages below *base_url*."""
    codes = {str(row["transactioncurrencyid"]): str(row["isocurrencycode"]) for row in read.currencies}
    currency = codes.get(str(read.organisation.get("_basecurrencyid_value")))
    specs = {entity: spec for entity, spec in manifest().types.items() if spec.table in read.attributes}
    entities = {spec.table: entity for entity, spec in specs.items()}
    types = {
        entity: _Maker(read, spec, entities, codes, currency, base_url).type_of(entity)
        for entity, spec in specs.items()
    }
    return Account(
        types={entity: _with_paths(types, specs[entity], found) for entity, found in types.items()},
        held={Entity.USER: _users(read, source=source, base_url=base_url)},
        missing={
            entity: f"the organisation has no table {spec.table} that its user may see"
            for entity, spec in manifest().types.items()
            if entity not in specs
        },
        pipelines=tuple(_pipeline(row, read.stages, source) for row in read.flows),
        account_id=convert.text(read.organisation.get("organizationid")),
        currency=currency,
        lead_model=LeadModel.OBJECT if Entity.LEAD in types else LeadModel.NONE,
    )


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes one type of an organisation."""

    read: Metadata
    spec: TableSpec
    entities: Mapping[str, Entity]
    codes: Mapping[str, str]
    currency: str | None
    base_url: str

    @property
    def attributes(self) -> Mapping[str, Row]:
        """The table's attributes."""
        return self.read.attributes[self.spec.table]

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """By column, the label of each option."""
        options = self.read.options[self.spec.table]
        return {column: {str(one["Value"]): _label(one["Label"]) for one in rows} for column, rows in options.items()}

    def type_of(self, entity: Entity) -> TableType:
        """The type, without what stands behind its relations."""
        fields = {name: kept for name, one in self.spec.fields.items() if (kept := self._kept(name, one)) is not None}
        links = {
            name: LinkSpec(
                via=via, mode=RelationMode.INLINE, batch_size=manifest().listed, carries_records="/" not in via
            )
            for name, via in self.spec.related.items()
        }
        spec = self.spec.model_copy(update={"fields": fields, "links": links})
        found = table_type(
            entity,
            spec.model_copy(update={"batch_read_size": manifest().listed, "can_count": True}),
            labels=self.labels,
            currency=self.currency,
            coded=[*self._coded(entity), *self._refined(fields)],
            own=[own for row in self.attributes.values() if (own := self._own(row)) is not None],
            base="statecode eq 0" if self.spec.has_inactive else None,
            is_id=lambda text: canonical(text) == text,
            sorts_missing_last=_SORTS,
        )
        return replace(found, criteria={name: _closed(one) for name, one in found.criteria.items()})

    def _kept(self, name: str, spec: FieldSpec) -> FieldSpec | None:
        """*spec* with what the table has of it, and words for the status codes that the account added."""
        if spec.labelled is not None:
            parts = tuple(part for part in spec.labelled if part.at in self.attributes)
            return spec.model_copy(update={"labelled": parts}) if parts else None
        if spec.addresses is not None:
            each = [
                {key: path for key, path in one.items() if key == "label" or path in self.attributes}
                for one in spec.addresses
            ]
            kept = tuple(one for one in each if one.keys() - {"label"})
            return spec.model_copy(update={"addresses": kept}) if kept else None
        column = getattr(spec, spec.form)
        if spec.constant is None and _attribute(str(column)) not in self.attributes:
            return None
        if name not in self.spec.states:
            return spec
        states, options = self.spec.states[name], self.read.options[self.spec.table].get(str(column), ())
        added = {str(one["Value"]): states[one["State"]] for one in options if one.get("State") in states}
        return spec.model_copy(update={"words": {**added, **spec.words}})

    def _coded(self, entity: Entity) -> Iterable[Entry]:
        spec, page = self.spec, f"{self.base_url}/main.aspx?etn={self.spec.table}&pagetype=entityrecord&id="
        yield Entry.of("url", (spec.id,), lambda row: page + str(row[spec.id]))
        yield Entry.of("version", (), lambda row: convert.text(row.get("@odata.etag")))
        if spec.has_inactive:
            words = {"true": ("1",), "false": ("0",)}
            criterion = Criterion(column="statecode", kind=Kind.WORD, words=words, is_always=True)
            yield Entry.of("is_archived", ("statecode",), lambda row: row["statecode"] == 1, criterion)
        if entity is Entity.COMPANY and "websiteurl" in self.attributes:
            within = Term(column="websiteurl", kind=Kind.TEXT, is_within=True)
            yield Entry.of("domain", ("websiteurl",), lambda row: _domain(convert.text(row["websiteurl"])), within)
        if spec.about is not None:
            yield Entry.of("about", (spec.about,), self._about(spec.about))
        if entity is Entity.APPOINTMENT:
            yield Entry.of("attendees", (ATTENDEES,), lambda row: tuple(map(self._attendee, _parties(row))))

    def _refined(self, fields: Mapping[str, FieldSpec]) -> Iterable[Entry]:
        """Entries of which OData must know more than their columns: amounts, days, typed look-ups, cases."""
        for name, spec in fields.items():
            if spec.constant is not None:
                continue
            entry, case = self._entry(name, spec), self.spec.cases.get(name)
            yield entry if case is None else self._cased(name, spec, entry, case)

    def _entry(self, name: str, spec: FieldSpec) -> Entry:
        entry = entry_of(name, spec, labels=self.labels, currency=self.currency)
        criterion = None if entry.criterion is None else self._term(entry.criterion)
        if name in self.spec.typed:
            return self._typed(name, entry, criterion)
        if spec.money is not None and criterion is not None:
            currencies = {code: key for key, code in self.codes.items()}
            read = self._amount(spec.money, str(spec.currency))
            return Entry.of(name, entry.column.remote, read, replace(criterion, currencies=currencies))
        return Entry.of(name, entry.column.remote, entry.column.read, criterion)

    def _amount(self, column: str, currency_column: str) -> Callable[[Row], Any]:
        def read(row: Row) -> Money | None:
            amount = convert.decimal(row.get(column))
            code = self.codes.get(str(row.get(currency_column)), self.currency)
            return None if amount is None else Money(amount, code)

        return read

    def _typed(self, name: str, entry: Entry, criterion: Term | None) -> Entry:
        """A look-up that counts only where it leads to the relation's own table."""
        (column,), read = entry.column.remote, entry.column.read
        target = str(self.spec.fields[name].to)
        absent = None
        if criterion is not None:
            absent = f"{self.spec.at[name]}/{manifest().types[Entity(target)].id}"
            criterion = replace(criterion, absent=absent)

        def of_type(row: Row) -> Any:
            return read(row) if self.entities.get(str(row.get(column + TYPE))) == target else None

        return Entry.of(name, (column,), of_type, criterion)

    def _cased(self, name: str, spec: FieldSpec, entry: Entry, case: Case) -> Entry:
        other = None
        if case.otherwise is not None:
            other = self._entry(name, spec.model_copy(update={spec.form: case.otherwise}))
        holds = case.is_ is not None
        then, otherwise = entry.column.read, None if other is None else other.column.read

        def read(row: Row) -> Any:
            value = row.get(case.at)
            is_equal = (str(value).lower() if value is not None else None) == case.value
            if is_equal is holds:
                return then(row)
            return None if otherwise is None else otherwise(row)

        term, remote = entry.criterion, (*entry.column.remote, case.at, *(() if other is None else other.column.remote))
        if isinstance(term, Term):
            inner = None if other is None or not isinstance(other.criterion, Term) else other.criterion
            here, there = case.conditions
            sorted_ = replace(term, sorts_missing_last=_SORTS)
            beside = None if inner is None else replace(inner, sorts_missing_last=_SORTS)
            term = replace(term, is_always=False, cases=((here, sorted_), (there, beside)))
        return Entry.of(name, remote, read, term)

    def _term(self, criterion: Criterion) -> Term:
        """*criterion* with the range of its column."""
        row = self.attributes.get(_attribute(criterion.column), {})
        kind, days = row.get("AttributeType"), self.read.days[self.spec.table]
        whole = {"Integer": 2**31 - 1, "BigInt": 2**63 - 1}.get(str(kind))
        if whole is not None:
            return Term.of(criterion, places=0, most=whole)
        if kind == "Money":
            return Term.of(criterion, places=4, most=922_337_203_685_477)
        return Term.of(criterion, holds_instants=criterion.kind is Kind.DAY and criterion.column not in days)

    def _about(self, column: str) -> Callable[[Row], tuple[RecordRef, ...]]:
        def read(row: Row) -> tuple[RecordRef, ...]:
            remote_id, table = convert.text(row.get(column)), str(row.get(column + TYPE))
            if remote_id is None:
                return ()
            ref = Ref(self.entities[table], remote_id) if table in self.entities else None
            url = f"{self.base_url}/main.aspx?etn={table}&pagetype=entityrecord&id={remote_id}"
            return (RecordRef(remote_type=table, remote_id=remote_id, ref=ref, url=url),)

        return read

    def _attendee(self, party: Row) -> Attendee:
        remote_id, table = convert.text(party.get("_partyid_value")), party.get("_partyid_value" + TYPE)
        entity = Entity.USER if table == "systemuser" else self.entities.get(str(table))
        ref = None if remote_id is None or entity is None else Ref(entity, remote_id)
        return Attendee(
            name=convert.text(party.get("_partyid_value" + FORMATTED)),
            email=convert.text(party.get("addressused")),
            contact=ref if entity is Entity.CONTACT else None,
            lead=ref if entity is Entity.LEAD else None,
            user=ref if entity is Entity.USER else None,
            is_required={_REQUIRED: True, _OPTIONAL: False}.get(party["participationtypemask"]),
        )

    def _own(self, row: Row) -> OwnField | None:
        key, listed = str(row["LogicalName"]), None
        kind = manifest().kinds.get(row["AttributeType"])
        if (row.get("AttributeTypeName") or {}).get("Value") == "MultiSelectPicklistType":
            kind = FieldKind.MULTI_CHOICE
        if kind is None or row.get("AttributeOf") is not None:
            return None
        if key in self.read.days[self.spec.table]:
            kind = FieldKind.DATE
        column = f"_{key}_value" if kind is FieldKind.REFERENCE else key
        if kind is FieldKind.CHOICE:
            listed = tuple(Choice(value, label) for value, label in self.labels.get(key, {}).items())
        convert_: Callable[[Any], Any] = reader_of(kind)
        if kind is FieldKind.MULTI_CHOICE:
            convert_ = _choices
        return OwnField(
            key=key,
            label=_label(row.get("DisplayName") or {}) or key,
            kind=kind,
            remote=(column,),
            read=lambda row: convert_(row.get(column)),
            criterion=self._own_criterion(column, kind, listed),
            field=self._mapped(column),
            is_custom=bool(row.get("IsCustomAttribute")),
            choices=listed,
        )

    def _own_criterion(self, column: str, kind: FieldKind, listed: Sequence[Choice] | None) -> Criterion | None:
        if kind not in _KINDS:
            return None
        words = {one.value: (one.value,) for one in listed or ()}
        criterion = Criterion(
            column=column,
            kind=_KINDS[kind],
            words=words,
            is_open=kind is FieldKind.CHOICE,
            is_sortable=True,
            sorts_missing_last=_SORTS,
            accepts=_is_whole if kind is FieldKind.CHOICE else None,
        )
        return self._term(criterion)

    def _mapped(self, column: str) -> str | None:
        """The field that is read from *column* alone."""
        plain = (name for name, one in self.spec.fields.items() if getattr(one, one.form) == column)
        return next(plain, None)


def _with_paths(types: Mapping[Entity, TableType], spec: TableSpec, found: TableType) -> TableType:
    """*found* with conditions on the fields of records at the other end of its relations to one."""
    criteria = dict(found.criteria)
    for name, navigation in spec.at.items():
        far = types.get(Entity(str(spec.fields[name].to))) if name in found.table.columns else None
        for field, criterion in (far.criteria if far is not None else {}).items():
            term = criterion if isinstance(criterion, Term) else Term.of(criterion)
            if not (term.cases or term.absent or term.kind is Kind.MONEY):
                criteria[f"{name}.{field}"] = replace(term, column=f"{navigation}/{term.column}", is_always=False)
    return replace(found, criteria=criteria)


def _users(read: Metadata, *, source: str, base_url: str) -> Held:
    """Users and the teams that own records, by id."""

    def user(row: Row, key: str, kind: str) -> User:
        person = kind == "USER"
        return User(
            source=source,
            remote_id=str(row[key]),
            url=f"{base_url}/main.aspx?etn={key.removesuffix('id')}&pagetype=entityrecord&id={row[key]}",
            created_at=convert.instant(row.get("createdon")),
            updated_at=convert.instant(row.get("modifiedon")),
            created_by=_user_ref(row.get("_createdby_value")),
            updated_by=_user_ref(row.get("_modifiedby_value")),
            version=convert.text(row.get("@odata.etag")),
            fetched_at=instant_text(datetime.now(UTC)),
            is_deleted=False,
            is_archived=None,
            name=convert.text(row.get("fullname" if person else "name")),
            email=convert.text(row.get("internalemailaddress" if person else "emailaddress")),
            is_active=not row["isdisabled"] if person else True,
            time_zone=None,
            kind=kind,
        )

    records: list[Record] = [user(row, "systemuserid", "USER") for row in read.users]
    records += [user(row, "teamid", "TEAM") for row in read.teams]
    by_id = {record.remote_id: record for record in records}
    return Held(entity=Entity.USER, remote_type="systemuser", records=by_id, id_key=sort_key)


def _user_ref(value: Any) -> Ref | None:
    remote_id = convert.text(value)
    return None if remote_id is None else Ref(Entity.USER, remote_id)


def _pipeline(row: Row, stages: Sequence[Row], source: str) -> Pipeline:
    """A business process flow; its stages are none of them won or lost, which are states of an opportunity."""
    key = str(row["workflowid"])
    own = sorted((one for one in stages if one["_processid_value"] == key), key=lambda one: one["stagecategory"] or 0)
    return Pipeline(
        source=source,
        remote_id=key,
        name=str(row["name"]),
        stages=tuple(
            Stage(
                source=source,
                remote_id=str(one["processstageid"]),
                pipeline_id=key,
                name=str(one["stagename"]),
                position=position,
                probability=None,
                outcome="OPEN",
            )
            for position, one in enumerate(own)
        ),
    )


def _parties(row: Row) -> list[Row]:
    masks = {_REQUIRED, _OPTIONAL, _ORGANIZER}
    return [party for party in row[ATTENDEES] if party["participationtypemask"] in masks]


def _attribute(column: str) -> str:
    """The attribute behind a column: that of a look-up is written with signs around it."""
    return column[1:].removesuffix("_value") if column.startswith("_") else column


def _label(value: Row) -> str:
    found = value.get("UserLocalizedLabel") or {}
    return str(found.get("Label") or "")


def _choices(value: Any) -> tuple[str, ...] | None:
    return convert.texts(value, ",")


def _closed(criterion: Criterion) -> Criterion:
    """*criterion*; of a closed list, other texts than its words and numbers are no values."""
    if criterion.kind is not Kind.WORD or not criterion.is_open:
        return criterion
    return replace(criterion, accepts=lambda text: text.casefold() in criterion.words or _is_whole(text))


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= 10


def _domain(website: str | None) -> str | None:
    """The host of a web address, in lower case, without www."""
    if website is None:
        return None
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname
    except ValueError:
        return None
    return (host or "").removeprefix("www.") or None

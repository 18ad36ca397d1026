"""One type at one organisation: the manifest's columns, refined by what its metadata says of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.dynamics365.manifest import Case, TableSpec, manifest
from connectors.dynamics365.odata import Term, canonical
from connectors.mapping import Row, convert
from connectors.tables import (
    Criterion,
    Entry,
    FieldSpec,
    Kind,
    LinkSpec,
    OwnField,
    TableType,
    entry_of,
    reader_of,
    table_type,
)
from model.capabilities import RelationMode
from model.entities import Entity
from model.fields import RELATIONS, FieldKind
from model.values import Attendee, Choice, Money, RecordRef, Ref

__all__ = ["ATTENDEES", "FORMATTED", "TYPE", "Metadata", "TypeMaker"]

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
        refused: what the app's user may not read.
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
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypeMaker:
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
                via=via,
                mode=RelationMode.INLINE,
                batch_size=manifest().listed,
                # Who attends would come by an expansion inside of one, which can be neither ordered nor cut.
                carries_records="/" not in via and RELATIONS[entity][name].target is not Entity.APPOINTMENT,
            )
            for name, via in self.spec.related.items()
        }
        spec = self.spec.model_copy(update={"fields": fields, "links": links})
        found = table_type(
            entity,
            spec.model_copy(update={"batch_read_size": manifest().listed, "can_count": True, "can_aggregate": True}),
            labels=self.labels,
            currency=self.currency,
            coded=[*self._coded(entity), *self._refined(fields)],
            own=[own for row in self.attributes.values() if (own := self._own(row)) is not None],
            base="statecode eq 0" if "is_archived" in self.spec.state_flags else None,
            is_id=_is_id,
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
        yield from (_state_flag(name, state) for name, state in spec.state_flags.items())
        if entity is Entity.COMPANY and "websiteurl" in self.attributes:
            within = Term(column="websiteurl", kind=Kind.TEXT, is_within=True)
            yield Entry.of("domain", ("websiteurl",), lambda row: convert.host(convert.text(row["websiteurl"])), within)
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
        if criterion.kind is Kind.LINK:
            return Term.of(criterion, accepts=_is_id)
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


def _state_flag(name: str, state: int) -> Entry:
    """A flag that is true in one state of three at most."""
    others = tuple(str(other) for other in range(3) if other != state)
    words = {"true": (str(state),), "false": others}
    criterion = Criterion(column="statecode", kind=Kind.WORD, words=words, is_always=True)
    return Entry.of(name, ("statecode",), lambda row: row["statecode"] == state, criterion)


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


def _is_id(text: str) -> bool:
    return canonical(text) == text


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= 10

"""The types of an account as tables, put together from what the file says."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from connectors.declarative.filters import Condition, Declared, Term, Test, both
from connectors.declarative.spec import DeclaredField, DeclaredType, FormatsSpec, Ids, OwnSpec, Spec
from connectors.tables import Criterion, Entry, Kind, Labels, OwnField, TableType, TypeSpec, entry_of, table_type
from model.entities import Entity
from model.fields import FIELDS, RELATIONS, FieldKind
from model.values import instant_text

__all__ = ["canonical", "id_key", "type_of"]

_LAST: Mapping[str | None, frozenset[str]] = MappingProxyType(
    {"last": frozenset({"asc", "desc"}), "high": frozenset({"asc"}), "low": frozenset({"desc"})}
)
_KINDS: Mapping[str, FieldKind] = MappingProxyType(
    {
        "text": FieldKind.TEXT,
        "texts": FieldKind.MULTI_CHOICE,
        "day": FieldKind.DATE,
        "instant": FieldKind.DATETIME,
        "number": FieldKind.DECIMAL,
        "percent": FieldKind.DECIMAL,
        "whole": FieldKind.INTEGER,
        "flag": FieldKind.BOOLEAN,
        "label": FieldKind.CHOICE,
    }
)
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def canonical(remote_id: str, ids: Ids) -> str | None:
    """The one spelling of *remote_id* among such ids; None where it can be none of them."""
    match ids:
        case "number" | "number_as_text":
            return remote_id if _NUMBER.fullmatch(remote_id) else None
        case "uuid":
            spelled = remote_id.lower()
            return spelled if _UUID.fullmatch(spelled) else None
        case "text":
            is_plain = 0 < len(remote_id) <= 200 and remote_id.isprintable() and remote_id.strip(".") != ""
            return remote_id if is_plain else None


def id_key(remote_id: str, *, is_text: bool) -> tuple[int, int, str]:
    """Something that compares as APIs compare ids: numbers by value, unless they are texts, others by their signs."""
    is_number = not is_text and _NUMBER.fullmatch(remote_id) is not None
    return (0, int(remote_id), "") if is_number else (1, 0, remote_id)


def type_of(
    entity: Entity, spec: Spec, language: Declared, *, currency: str | None, lookups: Labels = MappingProxyType({})
) -> TableType:
    """One type as a table; *currency* is that of amounts which name none, *lookups* are the file's by their names.

    Raises:
        ValueError: it names what the type does not have.
    """
    declared, ids = spec.types[entity], spec.ids_of(entity)
    fields = fields_of(entity, spec)
    told = TypeSpec(
        remote=declared.remote,
        id=declared.id,
        fields=fields,
        links=declared.link_specs(),
        can_count=spec.list.total is not None,
    )
    found = table_type(
        entity,
        told,
        labels={},
        currency=currency,
        coded=[_entry(name, field, spec.formats, currency, lookups) for name, field in fields.items()],
        own=[_own(key, field, spec) for key, field in declared.own.items()],
        base=_base(declared),
        is_id=lambda text: canonical(text, ids) == text,
        sorts_missing_last=_LAST.get(spec.sort.missing, frozenset()),
    )
    identity = Term.of(found.criteria["remote_id"], is_numeric=ids == "number", own=_id_operators(declared, spec))
    identity = replace(identity, is_sortable=True)
    criteria = {
        name: _sorted_alike(_of_ids(one, fields[name], spec), spec)
        for name, one in found.criteria.items()
        if name in fields
    } | {"remote_id": identity}
    found = replace(found, criteria=criteria)
    return replace(found, batch_read_size=_batch_size(found, spec, language))


def fields_of(entity: Entity, spec: Spec) -> Mapping[str, DeclaredField]:
    """The fields of a type, those of all types that it can have among them."""
    known = {*FIELDS[entity], *RELATIONS[entity]}
    shared = {name: field for name, field in spec.common.items() if name in known}
    merged: dict[str, DeclaredField | None] = {**shared, **spec.types[entity].fields}
    return {name: field for name, field in merged.items() if field is not None and name != "remote_id"}


def _id_operators(declared: DeclaredType, spec: Spec) -> Mapping[Any, str | None] | None:
    field = declared.fields.get("remote_id", spec.common.get("remote_id"))
    return None if field is None else _operators(field)


def _sorted_alike(criterion: Criterion, spec: Spec) -> Criterion:
    """Without ranges, what is missing cannot be read apart: it has to come last by itself, whatever the direction."""
    if isinstance(criterion, Term) and criterion.guards:
        criterion = replace(criterion, sorts_missing_last=frozenset(), is_always=False)
    is_last = criterion.is_always or criterion.sorts_missing_last >= {"asc", "desc"}
    return criterion if spec.paging.by == "ranges" or is_last else replace(criterion, is_sortable=False)


def _of_ids(criterion: Criterion, field: DeclaredField, spec: Spec) -> Criterion:
    """Links compare as the ids that they hold."""
    if not isinstance(criterion, Term) or criterion.kind is not Kind.LINK:
        return criterion
    ids, known = spec.ids_of(str(field.to)), spec.stages_of(str(field.to))
    accepts = (lambda text: canonical(text, ids) == text) if known is None else known.__contains__
    return replace(criterion, accepts=accepts, is_numeric=ids == "number")


def _batch_size(found: TableType, spec: Spec, language: Declared) -> int | None:
    if spec.get_many is not None:
        return spec.get_many.max
    identity = found.criteria["remote_id"]
    if isinstance(identity, Term) and spec.filter is not None and language.says(identity, "in"):
        return min(spec.filter.most_values, spec.paging.max)
    return None


def _base(declared: DeclaredType) -> Condition | None:
    tests = [Test(one.column, one.operator, one.value) for one in declared.where]
    return both(tests) if tests else None


def _entry(name: str, field: DeclaredField, formats: FormatsSpec, currency: str | None, lookups: Labels) -> Entry:
    """The entry of *name*, read from whole paths."""
    words = field.words if field.lookup is None else lookups.get(field.lookup, {})
    labels = dict.fromkeys(field.paths[:1], words) if field.form in {"label", "choice"} else {}
    entry = entry_of(name, field, labels=labels, currency=currency, converters=_converters(formats))
    column = replace(entry.column, remote=tuple(dict.fromkeys(field.paths)))
    return Entry(column=column, criterion=None if entry.criterion is None else _term(field, entry))


def _term(field: DeclaredField, entry: Entry) -> Term:
    if entry.criterion is None:
        raise ValueError("it is not compared")
    return Term.of(
        replace(entry.criterion, column=field.column or field.paths[0]),
        own=_operators(field),
        empty=field.empty,
        is_numeric=field.numeric,
        is_whole=field.form == "whole" or field.per != 1,
        holds_instants=field.holds_instants,
        guards=() if field.operators is not None else tuple((column, _plain(v)) for column, v in field.when.items()),
        is_open=entry.criterion.is_open and not field.closed,
    )


def _plain(value: str) -> str | bool:
    return {"true": True, "false": False}.get(value, value)


def _operators(field: DeclaredField) -> Mapping[Any, str | None] | None:
    if field.operators is None or isinstance(field.operators, Mapping):
        return field.operators
    return dict.fromkeys(field.operators)


def _own(key: str, field: OwnSpec, spec: Spec) -> OwnField:
    if field.form not in _KINDS:
        raise ValueError(f"own.{key} is a {field.form}; of such fields only {', '.join(_KINDS)} are read")
    entry = _entry(key, field, spec.formats, None, {})
    criterion = entry.criterion
    if criterion is not None:
        criterion = replace(criterion, sorts_missing_last=_LAST.get(spec.sort.missing, frozenset()))
        criterion = _sorted_alike(criterion, spec)
    return OwnField(
        key=key,
        label=field.title or key,
        kind=_KINDS[field.form],
        remote=entry.column.remote,
        read=entry.column.read,
        criterion=criterion,
        is_custom=True,
    )


def _converters(formats: FormatsSpec) -> Mapping[str, Callable[[Any], Any]]:
    return dict(_written_otherwise(formats))


def _written_otherwise(formats: FormatsSpec) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    if formats.instant != "iso":
        yield "instant", lambda value: _moment(value, formats.instant)
    if formats.day != "iso":
        yield "day", lambda value: None if value in {None, ""} else _parsed(value, formats.day).date().isoformat()


def _moment(value: Any, style: str) -> str | None:
    if value is None or value == "":
        return None
    moment = datetime.fromtimestamp(int(value), UTC) if style == "epoch" else _parsed(value, style)
    return instant_text(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))


def _parsed(value: Any, style: str) -> datetime:
    return datetime.strptime(str(value), style)  # noqa: DTZ007  # the caller knows what it means without an offset

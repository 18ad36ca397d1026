"""An account's description, read off its tables and the vendor's language."""

from collections.abc import Mapping
from typing import Any

from connectors.mapping import offered
from connectors.tables.account import Account, TableType
from connectors.tables.criteria import Criterion, Kind
from connectors.tables.division import Language, written
from model.capabilities import (
    Coverage,
    Description,
    FieldCapability,
    Pushdown,
    RelationCapability,
    RelationMode,
    TypeCapability,
)
from model.entities import Entity
from model.fields import FIELDS, RELATIONS, Field, field_of
from model.query import Compare, MoneyBound, Operand, Operator

__all__ = ["description_of"]

_SAMPLES: Mapping[Kind, Operand] = {
    Kind.FLAG: True,
    Kind.NUMBER: "1",
    Kind.INSTANT: "2026-01-01T00:00:00.000Z",
    Kind.DAY: "2026-01-01",
}


def description_of(account: Account, language: Language[Any]) -> Description:
    """The account's description; types that cannot be read are absent, with a note each."""
    offered = {entity: _type(found, account, language) for entity, found in account.types.items()}
    return Description(
        types={**offered, **{entity: held.capability() for entity, held in account.held.items()}},
        pipelines=account.pipelines,
        remote_fields={
            entity: tuple(own.described() for own in found.own.values()) for entity, found in account.types.items()
        },
        remote_account_id=account.account_id,
        region=account.region,
        default_currency=account.currency,
        time_zone=account.time_zone,
        lead_model=account.lead_model,
        notes=(*account.missing.values(), *account.notes),
        lacking=frozenset({*Entity} - {*account.types, *account.held, *account.missing}),
    )


def _type(found: TableType, account: Account, language: Language[Any]) -> TypeCapability:
    relations = _relations(found, account)
    pointers = [name for name, relation in relations.items() if not relation.is_many]
    fields = {**FIELDS[found.entity], **{name: field_of(found.entity, name) for name in pointers}}
    return TypeCapability(
        entity=found.entity,
        remote_type=found.remote,
        can_list=found.can_list,
        can_count=found.can_count,
        can_aggregate=found.can_aggregate,
        can_search=found.can_search,
        batch_read_size=found.batch_read_size,
        fields={
            name: _field(field, found, language)
            for name, field in fields.items()
            if found.constants.get(name, name) is not None
        },
        relations=relations,
    )


def _field(field: Field, found: TableType, language: Language[Any]) -> FieldCapability:
    column, criterion = found.table.columns.get(field.name), found.criteria.get(field.name)
    return FieldCapability(
        field=field.name,
        remote_fields=column.remote if column is not None else (),
        operators=_operators(field, criterion, language),
        is_sortable=criterion is not None and criterion.may_sort,
    )


def _operators(field: Field, criterion: Criterion | None, language: Language[Any]) -> Mapping[Operator, Pushdown]:
    """What becomes of each operator that a filter offers, found by telling the vendor a sample of it."""
    if criterion is None:
        return dict.fromkeys(offered(field), Pushdown.LOCAL)
    return {operator: _pushdown(field.name, criterion, operator, language) for operator in offered(field)}


def _pushdown(name: str, criterion: Criterion, operator: Operator, language: Language[Any]) -> Pushdown:
    sample: Operand = _SAMPLES.get(criterion.kind, next(iter(criterion.words), "1"))
    if criterion.kind is Kind.MONEY:
        sample = MoneyBound(criterion.currency or "", "1")
    if operator is Operator.IS_NULL:
        sample = False
    elif operator in {Operator.IN, Operator.NOT_IN}:
        sample = (str(sample),)
    told = written(Compare(name, operator, sample), {name: criterion}, language)
    if told is None:
        return Pushdown.LOCAL
    return Pushdown.PUSHED if told.is_exact else Pushdown.SUPERSET


def _relations(found: TableType, account: Account) -> Mapping[str, RelationCapability]:
    relations: dict[str, RelationCapability] = {}
    for name, relation in RELATIONS[found.entity].items():
        link, is_keyed = found.links.get(name), name in found.table.columns
        far = account.types.get(relation.target)
        if (far is None and relation.target not in account.held) or not (is_keyed or link):
            continue
        batch = far.batch_read_size if far is not None else None
        relations[name] = RelationCapability(
            field=name,
            target=relation.target,
            is_many=relation.is_many,
            mode=_mode(batch, is_held=far is None) if link is None else link.mode,
            is_keyed=link is None,
            carries_records=link is not None and link.carries_records,
            batch_size=batch if link is None else link.batch_size,
            coverage=(Coverage.PRIMARY_ONLY if name in found.primary_only else Coverage.ALL)
            if link is None
            else link.coverage,
        )
    return relations


def _mode(batch: int | None, *, is_held: bool) -> RelationMode:
    return RelationMode.BATCH if is_held or (batch or 1) > 1 else RelationMode.PER_PARENT

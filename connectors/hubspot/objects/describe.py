"""What an account offers, told from its metadata and the mapping."""

from collections.abc import Mapping

from connectors.hubspot.manifest import HubSpotOptions, manifest
from connectors.hubspot.objects.own import kind_of
from connectors.hubspot.objects.portal import Portal, Property
from connectors.hubspot.objects.tables import OBJECTS, Mapped
from connectors.hubspot.search.criteria import Criterion, Kind, pushed
from connectors.mapping import offered
from model.capabilities import (
    Coverage,
    Description,
    FieldCapability,
    LeadModel,
    Pushdown,
    RelationCapability,
    RelationMode,
    RemoteField,
    TypeCapability,
)
from model.entities import Entity
from model.fields import FIELDS, RELATIONS, Field, field_of
from model.query import Compare, MoneyBound, Operand, Operator

__all__ = ["description_of", "missing_types"]

_LEAD_MODELS = {"object": LeadModel.OBJECT, "contact_stage": LeadModel.CONTACT_STAGE, "none": LeadModel.NONE}
_SAMPLES: Mapping[Kind, Operand] = {
    Kind.FLAG: True,
    Kind.MEMBER: True,
    Kind.NUMBER: "1",
    Kind.ID: "1",
    Kind.LINK: "1",
    Kind.TIED: "1",
    Kind.INSTANT: "2026-01-01T00:00:00.000Z",
    Kind.DAY: "2026-01-01",
}
_LACKING = frozenset({Entity.PROJECT, Entity.COMMENT})


def description_of(portal: Portal, types: Mapping[Entity, Mapped], options: HubSpotOptions) -> Description:
    """The account's description; types that cannot be read are absent, with a note each."""
    types_ = {entity: _type(entity, mapped, types, portal) for entity, mapped in types.items()}
    if "owners" not in portal.refused:
        types_[Entity.USER] = portal.owners().capability()
    return Description(
        types=types_,
        pipelines=portal.pipelines,
        remote_fields={entity: _remote_fields(mapped, portal) for entity, mapped in types.items()},
        remote_account_id=portal.account_id,
        region=portal.region,
        default_currency=portal.currency,
        time_zone=portal.time_zone,
        lead_model=_LEAD_MODELS[options.leads] if Entity.LEAD in types else LeadModel.NONE,
        notes=tuple(missing_types(portal, types, options).values()),
        lacking=_LACKING,
    )


def missing_types(portal: Portal, types: Mapping[Entity, Mapped], options: HubSpotOptions) -> Mapping[Entity, str]:
    """Why each type that the account does not offer is missing."""
    reasons: dict[Entity, str] = {}
    for entity, object_ in OBJECTS.items():
        if entity in types:
            continue
        if entity is Entity.LEAD and options.leads == "none":
            reasons[entity] = "this source has no leads: its option leads is none"
            continue
        why = portal.refused.get(object_, "the account does not have them")
        advice = "; set leads: contact_stage to read leads from contacts" if entity is Entity.LEAD else ""
        reasons[entity] = f"no {object_}: {why}{advice}"
    if "owners" in portal.refused:
        reasons[Entity.USER] = f"no owners: {portal.refused['owners']}"
    return reasons


def _type(entity: Entity, mapped: Mapped, types: Mapping[Entity, Mapped], portal: Portal) -> TypeCapability:
    relations = _relations(entity, mapped, types, has_users="owners" not in portal.refused)
    pointers = [name for name, relation in relations.items() if not relation.is_many]
    fields = {
        name: FieldCapability(
            field=name,
            remote_fields=mapped.table.columns[name].remote if name in mapped.table.columns else (),
            operators=_operators(mapped.criteria.get(name), field),
            is_sortable=name in mapped.criteria and mapped.criteria[name].is_sortable,
        )
        for name, field in {**FIELDS[entity], **{name: field_of(entity, name) for name in pointers}}.items()
        if mapped.constants.get(name, name) is not None
    }
    return TypeCapability(
        entity=entity,
        remote_type=mapped.object,
        can_count=True,
        can_aggregate=True,
        can_search=True,
        batch_read_size=manifest().batch_read_size,
        fields=fields,
        relations=relations,
    )


def _operators(criterion: Criterion | None, field: Field) -> Mapping[Operator, Pushdown]:
    """What becomes of each operator that a filter offers, found by telling HubSpot a sample of it."""
    if criterion is None:
        return dict.fromkeys(offered(field), Pushdown.LOCAL)
    return {operator: _pushdown(criterion, operator) for operator in offered(field)}


def _pushdown(criterion: Criterion, operator: Operator) -> Pushdown:
    sample: Operand = _SAMPLES.get(criterion.kind, next(iter(criterion.values), "abc"))
    if criterion.kind is Kind.MONEY:
        sample = MoneyBound(criterion.home_currency or "", "1")
    if operator is Operator.IS_NULL:
        sample = False
    elif operator in {Operator.IN, Operator.NOT_IN}:
        sample = (str(sample),)
    told = pushed(criterion, Compare("", operator, sample))
    if told is None:
        return Pushdown.LOCAL
    return Pushdown.PUSHED if told.is_exact else Pushdown.SUPERSET


def _relations(
    entity: Entity, mapped: Mapped, types: Mapping[Entity, Mapped], *, has_users: bool
) -> Mapping[str, RelationCapability]:
    found: dict[str, RelationCapability] = {}
    for name, relation in RELATIONS[entity].items():
        is_offered = relation.target in types or (relation.target is Entity.USER and has_users)
        is_keyed = name in mapped.table.columns
        if not is_offered or not (is_keyed or name in mapped.links):
            continue
        is_primary = is_keyed and name == "company"
        found[name] = RelationCapability(
            field=name,
            target=relation.target,
            is_many=relation.is_many,
            mode=RelationMode.BATCH,
            is_keyed=is_keyed,
            batch_size=manifest().batch_read_size if is_keyed else manifest().association_batch_size,
            coverage=Coverage.PRIMARY_ONLY if is_primary else Coverage.ALL,
        )
    return found


def _remote_fields(mapped: Mapped, portal: Portal) -> tuple[RemoteField, ...]:
    unified = {
        column.remote[0]: name
        for name, column in reversed(list(mapped.table.columns.items()))
        if len(column.remote) == 1
    }
    known = portal.properties[mapped.object]
    return tuple(_remote_field(found, unified.get(found.name)) for found in known.values())


def _remote_field(found: Property, field: str | None) -> RemoteField:
    return RemoteField(
        remote_field=found.name,
        label=found.label,
        kind=kind_of(found),
        field=field,
        is_custom=found.is_custom,
        is_writable=found.is_writable,
        choices=found.options or None,
    )

"""The schema and the model's tables say the same."""

from enum import StrEnum

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_enum_type
from strawberry.utils.str_converters import to_camel_case

from model import capabilities, reading, relative
from model.entities import Entity
from model.fields import FIELDS, RELATIONS, Field, FieldKind, is_filterable
from model.query import Direction
from model.reading import IDENTITY
from schema import build_schema

TYPES = build_schema()._schema.type_map
ENUMS: dict[str, type[StrEnum]] = {
    "RecordType": Entity,
    "FieldKind": FieldKind,
    "PushdownMode": capabilities.Pushdown,
    "RelationMode": capabilities.RelationMode,
    "RelationCoverage": capabilities.Coverage,
    "LeadModel": capabilities.LeadModel,
    "OutcomeStatus": reading.OutcomeStatus,
    "SourceStatus": reading.SourceStatus,
    "Direction": Direction,
    "RelativeRange": relative.RelativeRange,
}
FILTERS = {
    FieldKind.TEXT: "TextFilter",
    FieldKind.EMAIL: "TextFilter",
    FieldKind.PHONE: "TextFilter",
    FieldKind.URL: "TextFilter",
    FieldKind.MULTI_CHOICE: "TextFilter",
    FieldKind.INTEGER: "IntFilter",
    FieldKind.DECIMAL: "DecimalFilter",
    FieldKind.MONEY: "MoneyFilter",
    FieldKind.BOOLEAN: "BooleanFilter",
    FieldKind.DATE: "DateFilter",
    FieldKind.DATETIME: "DateTimeFilter",
    FieldKind.REFERENCE: "IdFilter",
}
# The global id stands for the remote id; bins and archives are opened by the options.
BEHIND = {
    Entity.CONTACT: {"company", "owner"},
    Entity.LEAD: {"owner", "contact", "company"},
    Entity.APPOINTMENT: {"owner", "company", "deal"},
    Entity.DEAL: {"company", "owner"},
    Entity.COMPANY: {"parent", "owner"},
    Entity.USER: set[str](),
    Entity.NOTE: {"author"},
    Entity.TASK: {"owner", "project"},
    Entity.PROJECT: {"owner", "company"},
    Entity.COMMENT: {"author", "project", "task"},
}
NOT_FILTERED = {"remote_id", "is_deleted", "is_archived"}


def _object(entity: Entity) -> GraphQLObjectType:
    type_ = TYPES[entity.value.capitalize()]
    assert isinstance(type_, GraphQLObjectType)
    return type_


def _filter_name(entity: Entity, field: Field) -> str:
    if field.kind is not FieldKind.CHOICE:
        return FILTERS[field.kind]
    shown = get_named_type(_object(entity).fields[to_camel_case(field.name)].type)
    return f"{shown.name}Filter" if is_enum_type(shown) else "TextFilter"


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_enums_have_the_models_words(name: str) -> None:
    """Names and values are the model's, so that its words pass both ways."""
    enum = TYPES[name]
    assert is_enum_type(enum)

    assert {key: value.value for key, value in enum.values.items()} == {
        member.name: member.value for member in ENUMS[name]
    }


@pytest.mark.parametrize("entity", list(Entity))
def test_every_field_and_relation_of_model_is_shown(entity: Entity) -> None:
    """A type shows its fields and relations, each relation leading to the type it says."""
    fields = _object(entity).fields

    assert {to_camel_case(name) for name in FIELDS[entity]} <= fields.keys()
    targets = {
        name: get_named_type(fields[to_camel_case(name)].type).name.removesuffix("Connection")
        for name in RELATIONS[entity]
    }
    if entity is Entity.DEAL:
        assert targets.pop("contacts") == "DealContact"
    assert targets == {
        name: relation.target.value.capitalize() for name, relation in RELATIONS[entity].items() if name in targets
    }


@pytest.mark.parametrize("entity", list(Entity))
def test_type_shows_nothing_that_cannot_be_asked_for(entity: Entity) -> None:
    """Every field is one of the model's, or always there, or stands for what is found elsewhere."""
    known = {to_camel_case(name) for name in (*FIELDS[entity], *RELATIONS[entity])}
    elsewhere = {"matches"} if entity in IDENTITY else set()

    assert _object(entity).fields.keys() - known == {"id", "source", "customFields", *elsewhere}


@pytest.mark.parametrize("entity", list(Entity))
def test_every_scalar_field_has_its_filter(entity: Entity) -> None:
    """What a predicate may name can be filtered, by the filter of its kind, or of the type behind it."""
    type_ = TYPES[f"{entity.value.capitalize()}Filter"]
    assert isinstance(type_, GraphQLInputObjectType)

    offered = {name: get_named_type(field.type).name for name, field in type_.fields.items()}

    assert offered == {
        "id": "IdFilter",
        "customField": "CustomFieldFilter",
        **dict.fromkeys(("and", "or", "not"), type_.name),
        **{
            to_camel_case(name): _filter_name(entity, field)
            for name, field in FIELDS[entity].items()
            if is_filterable(field) and name not in NOT_FILTERED
        },
        **{name: f"{RELATIONS[entity][name].target.value.capitalize()}Filter" for name in BEHIND[entity]},
    }


@pytest.mark.parametrize("entity", list(Entity))
def test_orders_name_fields_of_model(entity: Entity) -> None:
    """A sort key is a field of the type that has one value to sort by, spelled in capitals."""
    enum = TYPES[f"{entity.value.capitalize()}OrderField"]
    assert is_enum_type(enum)

    values = {key: value.value for key, value in enum.values.items()}
    assert {"CREATED_AT", "UPDATED_AT"} <= values.keys()
    assert all(key == str(value).upper() for key, value in values.items())
    assert all(is_filterable(FIELDS[entity][value]) for value in values.values())

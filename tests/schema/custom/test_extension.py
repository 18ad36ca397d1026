"""Aliases are part of the types of one deployment's schema, and of no other."""

import pytest
from graphql import GraphQLSchema, is_enum_type, is_input_object_type, is_object_type, validate_schema
from strawberry.utils.str_converters import to_camel_case

from model.aliases import ALIAS_KINDS, Alias, Aliases
from model.entities import Entity
from model.fields import FieldKind
from schema import build_schema, sdl
from schema.custom.kinds import KINDS

K = FieldKind
# Words of Python's, of GraphQL's and of the types' own, among names for every kind.
NAMES = {"class": K.TEXT, "self": K.DATE, "query": K.EMAIL, "createdAt": K.DECIMAL, "and": K.INTEGER, "id": K.BOOLEAN}
SORTABLE = {K.TEXT, K.EMAIL, K.INTEGER, K.DECIMAL, K.DATE, K.DATETIME}


def aliases(entity: Entity) -> Aliases:
    """One for every kind, and those with strange names."""
    named = {**NAMES, **{to_camel_case(f"of_kind_{kind.value.lower()}"): kind for kind in ALIAS_KINDS}}
    return Aliases(
        Alias(entity=entity, name=name, kind=kind, description=f"About {name}.", keys={"s": name})
        for name, kind in named.items()
    )


def schema_with(found: Aliases) -> GraphQLSchema:
    """The schema of a deployment."""
    return build_schema(found)._schema


@pytest.mark.parametrize("entity", list(Entity))
def test_every_record_type_takes_aliases_of_every_kind(entity: Entity) -> None:
    """A field, a condition and, where it sorts, a sort key for each; the schema is valid and explains them."""
    name, found = entity.value.capitalize(), aliases(entity)
    schema = schema_with(found)
    types, names = schema.type_map, set(found.of(entity))

    assert validate_schema(schema) == []
    shown, conditions, order = (types[f"{name}{suffix}"] for suffix in ("Custom", "CustomFilter", "OrderField"))
    assert is_object_type(shown)
    assert is_input_object_type(conditions)
    assert is_enum_type(order)
    assert shown.fields.keys() == conditions.fields.keys() == names
    assert all(field.description == f"About {key}." for key, field in shown.fields.items())
    assert {key: str(field.type) for key, field in conditions.fields.items()} == {
        key: KINDS[alias.kind].condition.__name__ for key, alias in found.of(entity).items()
    }
    added = {key: value.description for key, value in order.values.items() if key.startswith("CUSTOM_")}
    assert len(added) == sum(alias.kind in SORTABLE for alias in found.of(entity).values())
    assert added["CUSTOM_CREATED_AT"] == "About createdAt."
    assert order.values["CREATED_AT"].value == "created_at"


def test_other_types_stay_as_they_are() -> None:
    """What a deployment adds to contacts shows nowhere else, and the shared part is printed alike."""
    lines = sdl(aliases(Entity.CONTACT)).splitlines()

    assert "type DealCustom {" not in lines
    rest = iter(lines)
    assert all(line in rest for line in sdl().splitlines()), "a line of the plain schema is missing or moved"


def test_deployments_do_not_touch_each_other() -> None:
    """Schemas are built side by side in one process."""
    before, contacts = sdl(), sdl(aliases(Entity.CONTACT))
    deals = sdl(aliases(Entity.DEAL))

    assert "ContactCustom" in contacts
    assert "DealCustom" not in contacts
    assert "DealCustom" in deals
    assert "ContactCustom" not in deals
    assert sdl() == before
    assert "custom:" not in before
    assert "CUSTOM_" not in before


def test_kinds_without_a_sort_key_leave_the_order_alone() -> None:
    """Only what sorts is added to it."""
    only = Aliases([Alias(entity=Entity.DEAL, name="isBig", kind=K.BOOLEAN, description="Big.", keys={"s": "b"})])

    order = schema_with(only).type_map["DealOrderField"]

    assert is_enum_type(order)
    assert not [key for key in order.values if key.startswith("CUSTOM_")]


def test_every_alias_kind_has_its_place_in_the_schema() -> None:
    """A kind that the config takes is one that the schema shows."""
    assert set(KINDS) == set(ALIAS_KINDS)

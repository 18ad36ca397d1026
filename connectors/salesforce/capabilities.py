"""What an account offers, told in the product's words."""

from collections.abc import Mapping
from types import MappingProxyType

from connectors.salesforce.manifest import manifest
from connectors.salesforce.objects import TO_MANY, TO_ONE, Names, ObjectTable, Tables
from connectors.salesforce.shapes import ways_of
from model.capabilities import Coverage, FieldCapability, RelationCapability, RelationMode, RemoteField, TypeCapability
from model.entities import Entity
from model.fields import FIELDS, RELATIONS, FieldKind

__all__ = ["TEXTS", "remote_fields", "type_capabilities"]

TEXTS = frozenset({FieldKind.TEXT, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.URL})
"""Kinds that the org orders by its own collation, so that rows of two objects cannot be merged by them here."""


def type_capabilities(tables: Tables) -> Mapping[Entity, TypeCapability]:
    """The types this credential can read, each with its fields and relations."""
    return MappingProxyType({entity: _type(tables, table) for entity, table in tables.by_entity.items()})


def _type(tables: Tables, table: ObjectTable) -> TypeCapability:
    is_merged = len(tables.all_of(table.entity)) > 1
    return TypeCapability(
        entity=table.entity,
        remote_type=table.name,
        can_count=True,
        can_aggregate=True,
        can_search=table.info.is_searchable,
        batch_read_size=manifest().read_batch,
        fields={
            **{
                name: FieldCapability(
                    field=name,
                    remote_fields=item.column.remote,
                    operators=item.rule.operators if item.rule else {},
                    is_sortable=item.sort is not None and not (is_merged and FIELDS[table.entity][name].kind in TEXTS),
                )
                for name, item in table.fields.items()
            },
            **_compared_references(tables, table),
        },
        relations={**_to_one(table), **_to_many(tables, table)},
    )


def _compared_references(tables: Tables, table: ObjectTable) -> Mapping[str, FieldCapability]:
    """To-one relations as fields that hold an id."""
    names = Names(tables, table)
    found = {}
    for name, path in TO_ONE[table.name].items():
        rule = names.get(name)
        if path.column in table.info.columns and rule is not None and name in RELATIONS[table.entity]:
            found[name] = FieldCapability(field=name, remote_fields=(path.column,), operators=rule.operators)
    return found


def _to_one(table: ObjectTable) -> Mapping[str, RelationCapability]:
    found = {}
    for name, path in TO_ONE[table.name].items():
        column = table.info.columns.get(path.column)
        if column is not None and name in RELATIONS[table.entity]:
            found[name] = RelationCapability(
                field=name,
                target=RELATIONS[table.entity][name].target,
                is_many=False,
                mode=RelationMode.INLINE if column.relationship else RelationMode.BATCH,
                is_keyed=True,
            )
    return found


def _to_many(tables: Tables, table: ObjectTable) -> Mapping[str, RelationCapability]:
    found = {}
    for name in TO_MANY.get(table.entity, {}):
        ways = ways_of(tables, table, name)
        if ways:
            found[name] = RelationCapability(
                field=name,
                target=RELATIONS[table.entity][name].target,
                is_many=True,
                mode=RelationMode.BATCH if any(way.is_unnamed for way in ways) else RelationMode.INLINE,
                carries_records=all(way.path is not None or way.target_column == "Id" for way in ways),
                batch_size=manifest().related_batch,
                coverage=Coverage.PRIMARY_ONLY if ways in _PRIMARY_ONLY else Coverage.ALL,
            )
    if table.name == "Event" and "EventRelation" in tables.objects:
        found["contacts"] = RelationCapability(
            field="contacts",
            target=Entity.CONTACT,
            is_many=True,
            mode=RelationMode.BATCH,
            batch_size=manifest().related_batch,
        )
    return found


# What an org without AccountContactRelation, or whose invitees cannot be asked by contact, still shows.
_PRIMARY_ONLY = (
    TO_MANY[Entity.CONTACT]["companies"][-1],
    TO_MANY[Entity.CONTACT]["appointments"][-1],
)


def remote_fields(tables: Tables) -> Mapping[Entity, tuple[RemoteField, ...]]:
    """Every column of each type's object, with the unified name of those that are mapped."""
    found = {}
    for entity, table in tables.by_entity.items():
        named: dict[str, str] = {}
        for name, item in table.fields.items():
            for remote in item.column.remote:
                named.setdefault(remote, name)
        found[entity] = tuple(column.remote_field(named.get(column.name)) for column in table.info.columns.values())
    return MappingProxyType(found)

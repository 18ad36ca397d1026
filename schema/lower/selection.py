"""From what a client selects to what is read: fields by name, relations with their own selections."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    get_named_type,
    is_interface_type,
    is_object_type,
)
from strawberry.utils.str_converters import to_camel_case

from model.entities import Entity
from model.errors import OurBug
from model.fields import FIELDS, RELATIONS, Relation
from model.query import Pointed, RelationSelection, Selection, union
from model.reading import IDENTITY
from schema.context import Context, Limits
from schema.lower.collect import Document, FieldNodes
from schema.lower.custom import refuse_keys, selected_name
from schema.lower.paging import page_size, refuse_cursor, stands_under_list, unpaged_size

__all__ = ["custom_names", "relation_of", "selection", "wants_total"]

# Always on the record, asked for or not.
_GIVEN = frozenset({"remote_id"})

_VALUES: dict[Entity, dict[str, str]] = {
    entity: {to_camel_case(name): name for name in fields if name not in _GIVEN} for entity, fields in FIELDS.items()
}
_RELATIONS: dict[Entity, dict[str, Relation]] = {
    entity: {to_camel_case(name): relation for name, relation in relations.items()}
    for entity, relations in RELATIONS.items()
}

# The fields that show the CRM's own fields, by keys or as the configuration names them.
_OWN_FIELDS = frozenset({"customFields", "custom"})

_ENTITIES = frozenset(entity.value for entity in Entity)
# Fields whose values point to records.
_POINTING = frozenset({"about", "attendees"})

# The fields that lead from a connection, a link with a role, a hit, a match or a person to the records themselves.
_TOWARDS_RECORDS = ("nodes", "edges", "node", "contact", "record", "items", "records")


def relation_of(info: GraphQLResolveInfo[Any]) -> Relation:
    """The relation that the field being resolved stands for."""
    return _RELATIONS[Entity(info.parent_type.name.lower())][info.field_name]


def selection(info: GraphQLResolveInfo[Any], context: Context, entity: Entity, *, is_list: bool = False) -> Selection:
    """What the field being resolved selects of its *entity* records.

    It is lowered once for a request, however many parents resolve the field.

    Args:
        info: of a field whose type is the record, an interface of it, a list of it or a connection to it.
        context: holds what is already lowered, and the limits.
        entity: the type of the records.
        is_list: whether the field gives many records.

    Raises:
        BadRequest: a `first` within is out of bounds, or an `after` stands where it has no meaning.
    """
    key = (entity, *map(id, info.field_nodes))
    # An id is unique among living objects only: the variables are kept with it and tell the operation.
    kept = context.selections.get(key)
    if kept and kept[0] is info.variable_values:
        return kept[1]
    lowering = _Lowering(Document.of(info), context.limits)
    under_list = is_list or stands_under_list(info.path.as_list())
    nodes = lowering.towards(get_named_type(info.return_type), info.field_nodes, entity)
    found = lowering.selection(entity, nodes, under_list=under_list)
    context.selections[key] = (info.variable_values, found)
    return found


def custom_names(info: GraphQLResolveInfo[Any], context: Context) -> tuple[str, ...]:
    """The aliases that the field being resolved, a record's `custom`, selects; looked for once for a request."""
    key = tuple(map(id, info.field_nodes))
    kept = context.names.get(key)
    if kept is None or kept[0] is not info.variable_values:
        document, type_ = Document.of(info), get_named_type(info.return_type)
        kept = context.names[key] = (info.variable_values, tuple(document.fields(type_, info.field_nodes)))
    return kept[1]


def wants_total(info: GraphQLResolveInfo[Any]) -> bool:
    """Whether the connection being resolved is asked for `totalCount`, its own or an outcome's."""
    document = Document.of(info)
    connection = get_named_type(info.return_type)
    if not is_object_type(connection):
        raise OurBug(f"{connection.name} is no connection")
    fields = document.fields(connection, info.field_nodes)
    outcome = get_named_type(connection.fields["sources"].type)
    return "totalCount" in fields or "totalCount" in document.fields(outcome, fields.get("sources", ()))


@dataclass(frozen=True, slots=True)
class _Lowering:
    document: Document
    limits: Limits

    def towards(self, type_: GraphQLNamedType, nodes: Iterable[FieldNode], entity: Entity) -> FieldNodes:
        """The nodes whose selection sets are of the records themselves."""
        if self.document.covers(type_, self._object(entity)):
            return list(nodes)
        if not is_object_type(type_):
            raise OurBug(f"{type_} leads to no {entity} record")
        fields = self.document.fields(type_, nodes)
        return [
            node
            for name in _TOWARDS_RECORDS
            if name in fields
            for node in self.towards(get_named_type(type_.fields[name].type), fields[name], entity)
        ]

    def selection(self, entity: Entity, nodes: FieldNodes, *, under_list: bool) -> Selection:
        """What *nodes* select of an *entity* record."""
        type_ = self._object(entity)
        values, relations, pointed = set[str](), dict[str, RelationSelection](), list[Pointed]()
        fields = self.document.fields(type_, nodes)
        for name, selected in fields.items():
            if name in _VALUES[entity]:
                values.add(_VALUES[entity][name])
                pointed.extend(self._pointed(name, type_, selected) if name in _POINTING else ())
            elif name in _OWN_FIELDS:
                values |= {selected_name(key) for key in self._keys(type_, name, selected)}
            elif name in _RELATIONS[entity]:
                relation = _RELATIONS[entity][name]
                followed = self._relation(relation, type_, selected, under_list=under_list)
                if followed:
                    relations[relation.name] = followed
        found = Selection(frozenset(values), relations, pointed=tuple(pointed))
        return self._with_matches(found, entity, type_, fields["matches"]) if "matches" in fields else found

    def _with_matches(self, found: Selection, entity: Entity, type_: GraphQLObjectType, nodes: FieldNodes) -> Selection:
        """*found* with what a record is recognised by, and what *nodes* select of its matches."""
        inner = self.towards(get_named_type(type_.fields["matches"].type), nodes, entity)
        matches = self.selection(entity, inner, under_list=True)
        return union([found, IDENTITY[entity], Selection(matches=matches)])

    def _pointed(self, name: str, type_: GraphQLObjectType, nodes: FieldNodes) -> Iterator[Pointed]:
        """What *nodes* of a field whose values point to records select of those records."""
        value = get_named_type(type_.fields[name].type)
        if not is_object_type(value):
            raise OurBug(f"{type_.name}.{name} holds no values that point to records")
        for field, selected in self.document.fields(value, nodes).items():
            leads_to = get_named_type(value.fields[field].type) if field in value.fields else None
            if is_interface_type(leads_to):
                yield from self._of_any_type(name, selected)
            elif is_object_type(leads_to) and leads_to.name.lower() in _ENTITIES:
                entity = Entity(leads_to.name.lower())
                yield Pointed(name, entity, self.selection(entity, selected, under_list=True))

    def _of_any_type(self, name: str, nodes: FieldNodes) -> Iterator[Pointed]:
        """One for each type that *nodes* ask something of its own; where they ask none, one for whatever comes."""
        asked = {entity: set(self.document.fields(self._object(entity), nodes)) for entity in Entity}
        common = set.intersection(*asked.values())
        named = [entity for entity, fields in asked.items() if fields - common]
        for entity in named:
            yield Pointed(name, entity, self.selection(entity, nodes, under_list=True))
        if not named:
            yield Pointed(name, None, Selection())

    def _keys(self, type_: GraphQLObjectType, name: str, nodes: FieldNodes) -> list[str]:
        """What *nodes* of a field for the CRM's own fields ask for, aliases of the document merged."""
        if name == "custom":
            return list(self.document.fields(get_named_type(type_.fields[name].type), nodes))
        given = [self.document.argument(node, "keys") for node in nodes]
        # One value stands for a list of one.
        keys = [key for item in given for key in ([item] if isinstance(item, str) else item)]
        refuse_keys(keys, most=self.limits.custom_keys)
        return keys

    def _relation(
        self, relation: Relation, type_: GraphQLObjectType, nodes: FieldNodes, *, under_list: bool
    ) -> RelationSelection | None:
        field = type_.fields[nodes[0].name.value]
        inner = self.selection(
            relation.target,
            self.towards(get_named_type(field.type), nodes, relation.target),
            under_list=under_list or relation.is_many,
        )
        if not relation.is_many:
            return RelationSelection(inner)
        if "first" not in field.args:
            return RelationSelection(inner, unpaged_size(self.limits))
        default: int = field.args["first"].default_value
        # A later page is read when it is resolved; only first pages can come along with the parents.
        sizes = [self._size(node, default, under_list=under_list) for node in nodes]
        first = max((size for size in sizes if size), default=None)
        return RelationSelection(inner, first) if first else None

    def _size(self, node: FieldNode, default: int, *, under_list: bool) -> int | None:
        size = page_size(self.document.argument(node, "first"), default=default, most=self.limits.first)
        if self.document.argument(node, "after") is None:
            return size
        if under_list:
            refuse_cursor()
        return None

    def _object(self, entity: Entity) -> GraphQLObjectType:
        type_ = self.document.schema.get_type(entity.value.capitalize())
        if not is_object_type(type_):
            raise OurBug(f"the schema has no type for {entity}")
        return type_

"""What the records of an answer look like: which fields, which parents, which blocks of children."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sandbox.salesforce.org import Catalog, Child, Field, SObject
from sandbox.salesforce.soql.context import Context
from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.syntax import Call, Operand, Path, Query, Selected, TypeOf
from sandbox.salesforce.soql.names import Scope, no_such_column, no_such_object, no_such_relationship

__all__ = ["Block", "Parent", "Plain", "Shape", "shape_of_fields", "shape_of_query"]

_FIELDS_SINCE = 51
_FIELDS_LIMIT = 200
"""Rows of a query with FIELDS(ALL) or FIELDS(CUSTOM) (FIELDS(), read 2026-11)."""

_MAX_BLOCKS = 20
"""Parent-to-child relationships of a query (Relationship Query Limitations, read 2026-11)."""

_DEEP_SINCE = 58
_MAX_LEVELS = 5
_MAX_LEVELS_BEFORE = 2

_SHOWN_AS_THEY_ARE = frozenset({"TOLABEL", "FORMAT"})


@dataclass(frozen=True, slots=True)
class Plain:
    """A field of the record itself; *parts* are a compound field's components."""

    key: str
    field: Field
    is_converted: bool = False
    parts: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Parent:
    """A parent record, by the name of its object; the shape under "" serves every other object."""

    key: str
    reference: Field
    shapes: "Mapping[str, Shape]"


@dataclass(frozen=True, slots=True)
class Block:
    """The children of a record."""

    key: str
    child: Child
    query: Query
    shape: "Shape"


@dataclass(slots=True)
class Shape:
    """The members of a record, in the order of the SELECT list."""

    sobject: SObject
    members: "dict[str, Plain | Parent | Block]" = field(default_factory=dict)

    def plain(self) -> list[Plain]:
        """The fields of the record itself."""
        return [one for one in self.members.values() if isinstance(one, Plain)]

    def parents(self) -> list[Parent]:
        """The parent records."""
        return [one for one in self.members.values() if isinstance(one, Parent)]

    def blocks(self) -> list[Block]:
        """The blocks of children."""
        return [one for one in self.members.values() if isinstance(one, Block)]


def shape_of_fields(sobject: SObject, fields: Iterable[Field]) -> Shape:
    """A shape of plain fields."""
    shape = Shape(sobject)
    for one in fields:
        shape.members[one.name] = _plain(one, one.name, sobject)
    return shape


def shape_of_query(query: Query, scope: Scope, context: Context, *, level: int = 1) -> Shape:
    """The shape of the records that *query* selects.

    Args:
        query: a statement without aggregates.
        scope: of the object that it reads.
        context: of the run.
        level: 1 for the statement, 2 for its sub-queries, ….

    Raises:
        SoqlError: an unknown field, relationship or object, or a limit of the language passed.
    """
    shape = Shape(scope.sobject)
    for item in query.select:
        if isinstance(item, Query):
            _add_block(shape, item, query, context, level)
        elif isinstance(item, TypeOf):
            _add_typed_parent(shape, item, context.catalog)
        else:
            _add_selected(shape, item, query, scope, context)
    if len(shape.blocks()) > _MAX_BLOCKS:
        raise SoqlError("MALFORMED_QUERY", f"no more than {_MAX_BLOCKS} parent-to-child relationships are allowed")
    return shape


def _plain(declared: Field, key: str, sobject: SObject, *, is_converted: bool = False) -> Plain:
    return Plain(key, declared, is_converted, tuple(sobject.components(declared.name)))


def _add_selected(shape: Shape, item: Selected, query: Query, scope: Scope, context: Context) -> None:
    operand = item.operand
    if isinstance(operand, Path):
        _add_path(shape, scope.own_parts(operand), operand, item.alias, context.catalog)
    elif operand.name == "FIELDS":
        _add_all(shape, operand, query, context.version)
    else:
        _add_function(shape, operand, item.alias, scope, context)


def _add_path(shape: Shape, parts: tuple[str, ...], path: Path, alias: str | None, catalog: Catalog) -> None:
    if alias is not None:
        raise SoqlError("MALFORMED_QUERY", "only aggregate expressions use field aliasing", at=path.at)
    *steps, name = parts
    for step in steps:
        shape = _parent_shape(shape, step, path.at, catalog)
    _put(shape, _plain(_field(shape.sobject, name, path.at), "", shape.sobject), path.at)


def _put(shape: Shape, member: Plain, at: int) -> None:
    key = member.key or member.field.name
    if key in shape.members:
        raise SoqlError("MALFORMED_QUERY", f"duplicate field selected: {key}", at=at)
    shape.members[key] = Plain(key, member.field, member.is_converted, member.parts)


def _field(sobject: SObject, name: str, at: int) -> Field:
    found = sobject.named(name)
    if found is None:
        raise no_such_column(name, sobject, at)
    return found


def _parent_shape(shape: Shape, step: str, at: int, catalog: Catalog) -> Shape:
    reference = shape.sobject.parent_reference(step)
    if reference is None or reference.relationship is None:
        raise no_such_relationship(step, at)
    member = shape.members.get(reference.relationship)
    if member is None:
        member = Parent(reference.relationship, reference, {"": Shape(catalog.target_of(reference))})
        shape.members[member.key] = member
    if not isinstance(member, Parent) or "" not in member.shapes:
        raise SoqlError("MALFORMED_QUERY", f"duplicate field selected: {reference.relationship}", at=at)
    return member.shapes[""]


def _add_all(shape: Shape, call: Call, query: Query, version: int) -> None:
    """FIELDS(…)."""
    if version < _FIELDS_SINCE:
        reason = "The SOQL FIELDS function is not supported in this version of the API"
        raise SoqlError("UNSUPPORTED_API_VERSION", reason, at=call.at)
    wanted = call.arguments[0] if len(call.arguments) == 1 else None
    group = str(wanted).upper() if isinstance(wanted, Path) else ""
    if group not in {"ALL", "CUSTOM", "STANDARD"}:
        raise SoqlError("MALFORMED_QUERY", "FIELDS takes one of ALL, CUSTOM or STANDARD", at=call.at)
    if group != "STANDARD" and (query.limit is None or query.limit > _FIELDS_LIMIT):
        reason = f"The SOQL FIELDS function must have a LIMIT of at most {_FIELDS_LIMIT}"
        raise SoqlError("MALFORMED_QUERY", reason, at=call.at)
    for one in shape.sobject.fields.values():
        if group == "ALL" or one.is_custom == (group == "CUSTOM"):
            _put(shape, _plain(one, one.name, shape.sobject), call.at)


def _add_function(shape: Shape, call: Call, alias: str | None, scope: Scope, context: Context) -> None:
    inner: Operand | None = call.arguments[0] if len(call.arguments) == 1 else None
    is_converted = call.name == "CONVERTCURRENCY"
    if not isinstance(inner, Path) or not (is_converted or call.name in _SHOWN_AS_THEY_ARE):
        raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{call.name}'", at=call.at)
    *steps, name = scope.own_parts(inner)
    for step in steps:
        shape = _parent_shape(shape, step, inner.at, context.catalog)
    found = _field(shape.sobject, name, inner.at)
    if is_converted and (found.type != "currency" or not context.rates):
        raise SoqlError("INVALID_FIELD", f"convertCurrency is not allowed on field {found.name}", at=call.at)
    _put(shape, _plain(found, alias or found.name, shape.sobject, is_converted=is_converted), call.at)


def _add_typed_parent(shape: Shape, item: TypeOf, catalog: Catalog) -> None:
    name = str(item.relationship)
    at = item.relationship.at
    reference = shape.sobject.parent_reference(name)
    if reference is None or reference.relationship is None:
        raise no_such_relationship(name, at)
    if not reference.is_polymorphic or reference.relationship in shape.members:
        raise SoqlError("MALFORMED_QUERY", f"TYPEOF cannot be used with relationship {name}", at=at)
    shapes: dict[str, Shape] = {}
    for target, paths in item.branches:
        sobject = catalog.named(str(target))
        if sobject is None or sobject.name not in reference.targets:
            raise no_such_object(str(target), target.at)
        shapes[sobject.name] = _typed_shape(sobject, paths, catalog)
    if item.otherwise:
        shapes[""] = _typed_shape(catalog.require("Name"), item.otherwise, catalog)
    shape.members[reference.relationship] = Parent(reference.relationship, reference, shapes)


def _typed_shape(sobject: SObject, paths: tuple[Path, ...], catalog: Catalog) -> Shape:
    shape = Shape(sobject)
    for path in paths:
        _add_path(shape, path.parts, path, None, catalog)
    return shape


def _add_block(shape: Shape, query: Query, outer: Query, context: Context, level: int) -> None:
    at = query.source.at
    deepest = _MAX_LEVELS if context.version >= _DEEP_SINCE else _MAX_LEVELS_BEFORE
    if level >= deepest:
        raise SoqlError("MALFORMED_QUERY", f"no more than {deepest} levels of parent-to-child relationships", at=at)
    child = context.catalog.child(shape.sobject, query.source.parts[-1])
    if child is None or child.relationship is None:
        raise no_such_relationship(str(query.source), at)
    if query.group_by or query.having:
        raise SoqlError("MALFORMED_QUERY", "aggregates are not allowed in a sub-query of the SELECT list", at=at)
    if query.offset is not None and outer.limit != 1:
        raise SoqlError("MALFORMED_QUERY", "OFFSET in a sub-query needs LIMIT 1 in the parent query", at=at)
    if child.relationship in shape.members:
        raise SoqlError("MALFORMED_QUERY", f"duplicate field selected: {child.relationship}", at=at)
    inner = Scope(context.catalog, child.sobject, alias=query.alias)
    block_shape = shape_of_query(query, inner, context, level=level + 1)
    shape.members[child.relationship] = Block(child.relationship, child, query, block_shape)

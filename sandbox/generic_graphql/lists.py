"""How fields get their values: connections and single records over the tables, found by the schema's own names."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, cast

from graphql import (
    GraphQLEnumType,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    VariableNode,
    get_named_type,
)

from sandbox.generic_graphql.bounds import size_of
from sandbox.generic_graphql.errors import bad_input, internal, refusal
from sandbox.generic_graphql.filters import condition, names_field
from sandbox.generic_graphql.orders import Key, Ranking, order_of
from sandbox.generic_graphql.tables import Row, Table

__all__ = ["Context", "bind"]

_MOST = 200
_Resolver = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What one request carries; *links_broken* is the fault of that name."""

    links_broken: bool


_Info: TypeAlias = GraphQLResolveInfo[Context]


def bind(schema: GraphQLSchema, tables: Mapping[str, Table]) -> None:
    """Give the fields of *schema* that are not plain values their resolvers.

    A field of a connection lists a type: below a record, the rows whose `<record>Id` names it.
    A field of a row's type is one record: below a record, the one that its `<field>Id` names.
    """
    lists = _Lists(schema, tables)
    for name in ("Query", *tables):
        for field_name, field in _object(schema, name).fields.items():
            kind = get_named_type(field.type).name
            if kind.endswith("Connection"):
                owner = None if name == "Query" else f"{name[0].lower()}{name[1:]}Id"
                field.resolve = lists.connection(kind.removesuffix("Connection"), owner, field.args["filter"].type)
            elif kind in tables and name == "Query":
                field.resolve = lists.single(kind, field.args["filter"].type)
            elif kind in tables:
                field.resolve = _link(f"{field_name}Id", tables[kind])


class _Lists:
    def __init__(self, schema: GraphQLSchema, tables: Mapping[str, Table]) -> None:
        self._schema, self._tables = schema, tables
        self._ranking = lru_cache(maxsize=64)(self._ranked)

    def connection(self, kind: str, owner: str | None, filter_type: GraphQLInputType) -> _Resolver:
        """Lists *kind*; only those whose field *owner* names the record above, if there is one."""

        def resolve(above: Row | None, info: _Info, **arguments: Any) -> Row:
            window = _Window.of(info, arguments)
            ranking = self._ranking(kind, order_of(arguments.get("orderBy") or ()))
            rows = ranking.rows
            if owner is not None and above is not None:
                rows = sorted(self._tables[kind].owned(owner, above["id"]), key=ranking.place)
            return window.cut(_kept(rows, arguments.get("filter"), filter_type), ranking)

        return resolve

    def single(self, kind: str, filter_type: GraphQLInputType) -> _Resolver:
        """The first row that a filter finds."""

        def resolve(_: object, __: _Info, **arguments: Any) -> Row:
            found = _kept(self._tables[kind].rows, arguments["filter"], filter_type)
            if not found:
                raise refusal("NOT_FOUND", "Record not found")
            return found[0]

        return resolve

    def _ranked(self, kind: str, keys: tuple[Key, ...]) -> Ranking:
        choices: dict[tuple[str, ...], list[str]] = {
            (name,): list(type_.values)
            for name, field in _object(self._schema, kind).fields.items()
            if isinstance(type_ := get_named_type(field.type), GraphQLEnumType)
        }
        return Ranking(self._tables[kind].rows, keys, choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """The rows that are asked of a list."""

    size: int
    after: str | None
    before: str | None
    is_backward: bool

    @classmethod
    def of(cls, info: _Info, arguments: Mapping[str, Any]) -> "_Window":
        """From a field's arguments; `first` counts as given only where the client wrote it.

        Raises:
            GraphQLError: arguments that exclude each other, or a size that is too much or below nothing.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        if not _wrote(info, "first"):
            given.pop("first", None)
        for one, other in (("first", "last"), ("before", "after"), ("before", "first"), ("after", "last")):
            if one in given and other in given:
                raise bad_input(f"Cannot provide both {one} and {other}")
        size = size_of(given)
        if size < 0:
            raise bad_input(f"{'Last' if 'last' in given else 'First'} argument must be non-negative")
        if size > _MOST:
            raise bad_input(f"Maximum is {_MOST}")
        is_backward = "before" in given or "last" in given
        return cls(size=size, after=given.get("after"), before=given.get("before"), is_backward=is_backward)

    def cut(self, rows: Sequence[Row], ranking: Ranking) -> Row:
        """The connection over *rows*, which are in the order of *ranking*."""
        start, end = 0, len(rows)
        if self.after is not None:
            start = bisect_right(rows, ranking.place_of(self.after), key=ranking.place)
        if self.before is not None:
            end = bisect_left(rows, ranking.place_of(self.before), key=ranking.place)
        if self.is_backward:
            start = max(start, end - self.size)
        else:
            end = min(end, start + self.size)
        edges = [{"cursor": ranking.cursor(row), "node": row} for row in rows[start:end]]
        return {
            "totalCount": len(rows),
            "pageInfo": {
                "hasNextPage": end < len(rows),
                "hasPreviousPage": start > 0,
                "startCursor": edges[0]["cursor"] if edges else None,
                "endCursor": edges[-1]["cursor"] if edges else None,
            },
            "edges": edges,
        }


def _wrote(info: _Info, argument: str) -> bool:
    """Whether the document gives an *argument*, by a value or by a variable that has one."""
    node = next((one for one in info.field_nodes[0].arguments or () if one.name.value == argument), None)
    if node is not None and isinstance(node.value, VariableNode):
        return node.value.name.value in info.variable_values.coerced
    return node is not None


def _kept(rows: Sequence[Row], given: Mapping[str, Any] | None, type_: GraphQLInputType) -> Sequence[Row]:
    """The rows that satisfy a filter; deleted ones only where it speaks of `deletedAt`."""
    holds = condition(given or {}, type_)
    if names_field(given, "deletedAt"):
        return [row for row in rows if holds(row)]
    return [row for row in rows if row["deletedAt"] is None and holds(row)]


def _link(key: str, table: Table) -> _Resolver:
    def resolve(above: Row, info: _Info) -> Row | None:
        if info.context.links_broken:
            raise internal()
        return table.find(above[key])

    return resolve


def _object(schema: GraphQLSchema, name: str) -> GraphQLObjectType:
    return cast("GraphQLObjectType", schema.get_type(name))

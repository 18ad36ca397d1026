"""What an operation can cost at most, before it runs: values in the answer, and calls to the CRMs.

Where a document says how many it wants, with `first` or ids, that counts; other lists have the sizes assumed here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationType,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
    is_object_type,
    value_from_ast_untyped,
)

from gateway.config import Limits
from gateway.limits.document import Fields, Merged
from model.errors import QueryTooComplex

__all__ = ["LIST_SIZES", "Cost", "check_cost", "cost_of"]

# Rows one batch read carries on the CRMs at hand: HubSpot reads 100 ids a call, Salesforce up to 2,000.
_BATCH = 100

_LIST_SIZE = 10
LIST_SIZES: Mapping[str, float] = {
    # Relations that are plain lists give one page of at most this many.
    "Appointment.contacts": 100,
    "Deal.contacts": 100,
    # A source's description; HubSpot has some 300 contact properties.
    "FieldCapability.operators": 10,
    "Source.capabilities": 8,
    "Source.fields": 300,
    "TypeCapability.fields": 20,
    # What introspection finds on average; few types are wrapped, fewer twice.
    "__Field.args": 1,
    "__Schema.types": 150,
    "__Type.enumValues": 2,
    "__Type.fields": 6,
    "__Type.inputFields": 6,
    "__Type.interfaces": 1,
    "__Type.ofType": 0.5,
    "__Type.possibleTypes": 1,
}
"""Entries of a list, by type and field."""

# What an explanation takes beside its answer: a document is parsed, validated and planned.
_EXPLANATION = 20_000
# Reading an input object, such as a filter, takes about as long as giving so many values.
_INPUT_OBJECT = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """Values an operation can give, objects counted as well, and the upstream calls that reading them can take."""

    values: int
    calls: int


def check_cost(cost: Cost, limits: Limits) -> None:
    """Refuse what is over the limits.

    Raises:
        QueryTooComplex: naming the figure, the limit and what to lower.
    """
    if cost.values > limits.values:
        raise QueryTooComplex(
            f"the query can give {cost.values} values; at most {limits.values} are allowed:"
            " lower `first`, above all in nested lists, or select less"
        )
    if cost.calls > limits.upstream_calls:
        raise QueryTooComplex(
            f"the query can take {cost.calls} calls to the CRMs; at most {limits.upstream_calls} are allowed:"
            " lower `first`, or ask for fewer relations"
        )


def cost_of(
    fields: Fields, operation: OperationType, schema: GraphQLSchema, variables: Mapping[str, Any], sources: int
) -> Cost:
    """The most the merged *fields* of a valid operation can cost over *sources* sources; their number is bounded."""
    root = schema.get_root_type(operation)
    return Cost(0, 0) if root is None else _Costing(schema, variables, sources).below(fields, [root], parents=1)


class _Costing:
    """One estimate."""

    def __init__(self, schema: GraphQLSchema, variables: Mapping[str, Any], sources: int) -> None:
        self.schema = schema
        self.variables = dict(variables)
        self.sources = sources
        self.record = schema.get_type("Record")

    def below(self, fields: Fields, types: list[GraphQLObjectType], *, parents: int, page: int | None = None) -> Cost:
        """Cost of *fields* of *parents* objects of *types*; *page* is the size of the connection they are of."""
        values = calls = 0
        for entry in fields.values():
            cost = self._field(entry, types, parents, page)
            values, calls = values + cost.values, calls + cost.calls
        return Cost(values, calls)

    def _field(self, entry: Merged, types: list[GraphQLObjectType], parents: int, page: int | None) -> Cost:
        """Under one response name different types may have different fields: the largest of each figure counts."""
        choices = [
            (node, type_, definition)
            for node in entry.nodes
            for type_ in types
            if (definition := self._definition(type_, node.name.value)) is not None
        ]
        if not choices:
            return Cost(parents, 0)
        named = {get_named_type(definition.type): definition.type for _, _, definition in choices}
        below = list({kind.name: kind for type_ in named for kind in self._possible(type_)}.values())
        count = ceil(parents * max(self._size(*choice, page) for choice in choices))
        own = max(self._own_page(node, definition) or 0 for node, _, definition in choices) or None
        weight = max(self._weight(node) for node in entry.nodes)
        calls = max(self._calls(type_, definition, parents, count, own) for _, type_, definition in choices)
        inner = self.below(entry.children, below, parents=count, page=own)
        return Cost(max(parents, count) + parents * weight + inner.values, calls + inner.calls)

    def _definition(self, type_: GraphQLObjectType, name: str) -> GraphQLField | None:
        return self.schema.get_field(type_, name)

    def _size(self, node: FieldNode, type_: GraphQLObjectType, definition: GraphQLField, page: int | None) -> float:
        """Objects the field gives for each parent."""
        name = f"{type_.name}.{node.name.value}"
        if not _is_object_list(definition.type):
            return LIST_SIZES.get(name, 1)
        if page is not None and node.name.value in {"nodes", "edges"}:
            return page
        if "ids" in definition.args:
            ids = self._argument(node, "ids")
            return len(ids) if isinstance(ids, list) else 1
        if get_named_type(definition.type).name in {"Source", "SourceOutcome"}:
            return self.sources
        return LIST_SIZES.get(name, _LIST_SIZE)

    def _own_page(self, node: FieldNode, definition: GraphQLField) -> int | None:
        """The page size where the field is a connection."""
        if "first" not in definition.args:
            return None
        given = self._argument(node, "first")
        return max(given if isinstance(given, int) else definition.args["first"].default_value, 1)

    def _calls(
        self, type_: GraphQLObjectType, definition: GraphQLField, parents: int, count: int, page: int | None
    ) -> int:
        """Upstream calls of the field itself."""
        if page is not None:
            is_root = type_ is self.schema.query_type
            return self.sources if is_root else 1 + ceil(parents * page / _BATCH)
        is_read = any(self.record in kind.interfaces for kind in self._possible(get_named_type(definition.type)))
        # The nodes and edges of a connection came with it.
        return 1 + ceil(count / _BATCH) if is_read and not type_.name.endswith(("Connection", "Edge")) else 0

    def _possible(self, named: object) -> Iterable[GraphQLObjectType]:
        if is_object_type(named):
            return (named,)
        return self.schema.get_possible_types(named) if is_abstract_type(named) else ()

    def _argument(self, node: FieldNode, name: str) -> Any:
        found = (item.value for item in node.arguments or () if item.name.value == name)
        return next((value_from_ast_untyped(value, self.variables) for value in found), None)

    def _weight(self, node: FieldNode) -> int:
        """What reading the field's arguments takes, and doing what they say."""
        stack: list[Any] = [value_from_ast_untyped(item.value, self.variables) for item in node.arguments or ()]
        weight = _EXPLANATION if node.name.value == "explain" else 0
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                weight += _INPUT_OBJECT
                stack.extend(value.values())
            elif isinstance(value, (list, tuple)):
                weight += len(value)
                stack.extend(value)
        return weight


def _is_object_list(type_: GraphQLOutputType) -> bool:
    named = get_named_type(type_)
    return is_list_type(get_nullable_type(type_)) and (is_object_type(named) or is_abstract_type(named))

"""What an operation can cost at most, from its `first`s, before it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from graphql import (
    FieldNode,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_object_type,
)

from gateway.config import Limits
from gateway.limits.document import Merged
from model.errors import QueryTooComplex

__all__ = ["Cost", "check_cost", "cost_of"]

# Rows one batch read carries on the CRMs at hand: HubSpot reads 100 ids a call, Salesforce up to 2,000.
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Cost:
    """Rows an operation can give, and the upstream calls that reading them can take."""

    rows: int
    calls: int


def check_cost(cost: Cost, limits: Limits) -> None:
    """Refuse what is over the limits.

    Raises:
        QueryTooComplex: naming the figure, the limit and what to lower.
    """
    if cost.rows > limits.rows:
        raise QueryTooComplex(
            f"the query can give {cost.rows} rows; at most {limits.rows} are allowed: lower `first` in nested lists"
        )
    if cost.calls > limits.upstream_calls:
        raise QueryTooComplex(
            f"the query can take {cost.calls} calls to the CRMs; at most {limits.upstream_calls} are allowed:"
            " lower `first`, or ask for fewer relations"
        )


def cost_of(fields: Mapping[str, Merged], schema: GraphQLSchema, variables: Mapping[str, Any], sources: int) -> Cost:
    """The most the merged operation *fields* can cost over *sources* sources; its size is bounded already."""
    root = schema.query_type
    return Cost(0, 0) if root is None else _Costing(schema, variables, sources).below(fields, [root], parents=0)


class _Costing:
    """One estimate."""

    def __init__(self, schema: GraphQLSchema, variables: Mapping[str, Any], sources: int) -> None:
        self.schema = schema
        self.variables = variables
        self.sources = sources
        self.record = schema.get_type("Record")

    def below(self, fields: Mapping[str, Merged], types: list[GraphQLObjectType], *, parents: int) -> Cost:
        """Rows and calls behind *parents* rows; 0 parents is the root."""
        rows = calls = 0
        for entry in fields.values():
            cost = self._field(entry, types, parents)
            rows, calls = rows + cost.rows, calls + cost.calls
        return Cost(rows, calls)

    def _field(self, entry: Merged, types: list[GraphQLObjectType], parents: int) -> Cost:
        node = entry.nodes[0]
        definition = next((type_.fields[node.name.value] for type_ in types if node.name.value in type_.fields), None)
        if definition is None:
            return Cost(0, 0)
        named = get_named_type(definition.type)
        below = self._possible(named)
        if "first" in definition.args:
            rows = self._first(node, definition.args["first"].default_value) * max(parents, 1)
            own = self.sources if parents == 0 else 1 + ceil(rows / _BATCH)
            inner = self.below(entry.children, below, parents=rows)
            return Cost(rows + inner.rows, own + inner.calls)
        is_read = self._is_record(below)
        rows = max(parents, 1) if is_read else parents
        if is_read and node.name.value == "nodes" and "ids" in definition.args:
            rows = self._count(node, "ids")
        inner = self.below(entry.children, below, parents=rows)
        return Cost(rows + inner.rows, 1 + ceil(rows / _BATCH) + inner.calls) if self._asks(is_read, types) else inner

    def _asks(self, is_read: bool, types: list[GraphQLObjectType]) -> bool:
        """Whether the field reads records itself: not so the nodes and edges inside a connection."""
        return is_read and not any(type_.name.endswith(("Connection", "Edge")) for type_ in types)

    def _possible(self, named: Any) -> list[GraphQLObjectType]:
        if is_object_type(named):
            return [named]
        return list(self.schema.get_possible_types(named)) if is_abstract_type(named) else []

    def _is_record(self, types: list[GraphQLObjectType]) -> bool:
        return any(self.record in type_.interfaces for type_ in types)

    def _first(self, node: FieldNode, default: Any) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                value = argument.value
                if isinstance(value, IntValueNode):
                    return max(int(value.value[:9]), 1)
                if isinstance(value, VariableNode):
                    given = self.variables.get(value.name.value)
                    return max(given, 1) if isinstance(given, int) else 1
        return default if isinstance(default, int) else 1

    def _count(self, node: FieldNode, name: str) -> int:
        for argument in node.arguments or ():
            if argument.name.value == name:
                if isinstance(argument.value, VariableNode):
                    given = self.variables.get(argument.value.name.value)
                    return len(given) if isinstance(given, list) else 1
                return len(getattr(argument.value, "values", ())) or 1
        return 1

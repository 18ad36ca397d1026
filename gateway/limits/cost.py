"""What an operation can cost at most, before it runs: values in the answer, and calls to the CRMs.

Where a document says how many it wants, with `first`, ids or keys, that counts.
Other lists have the sizes assumed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from graphql import (
    FieldNode,
    GraphQLNamedType,
    GraphQLObjectType,
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
from gateway.limits.bounds import Bounds
from gateway.limits.document import Fields, Merged
from model.errors import QueryTooComplex

__all__ = ["LIST_SIZES", "Cost", "Pricing", "check_cost"]

# Rows one batch read carries on the CRMs at hand: HubSpot reads 100 ids a call, Salesforce up to 2,000.
_BATCH = 100

# Records one look-up for matches carries: HubSpot takes 3,000 characters, some 100 values, a search.
_LOOKED_FOR = 5

_LIST_SIZE = 10
LIST_SIZES: Mapping[str, float] = {
    # Relations that are plain lists give one page of at most this many.
    "Appointment.contacts": 100,
    "Deal.contacts": 100,
    # What a hit matched on: a few names, an address, a free text.
    "SearchHit.matchedOn": 5,
    # Groups have at most five keys; the deals of one group are seldom in more currencies.
    "Group.keys": 5,
    "DealGroup.keys": 5,
    "DealGroup.amounts": 5,
    # A person stands in most sources once, and matches for a reason or two.
    "Match.evidence": 3,
    "MatchResult.items": 5,
    "Person.evidence": 5,
    "Person.fieldSources": 4,
    # A source's description; HubSpot has some 300 contact properties.
    "FieldCapability.operators": 10,
    "Source.capabilities": 10,
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

_NAMES_ENTRIES = ("ids", "keys")
_ONE_A_SOURCE = frozenset({"Source", "SourceOutcome"})
_LOOKING = frozenset({"MatchResult", "PersonConnection"})

# What an explanation takes beside its answer: a document is parsed, validated and planned.
_EXPLANATION = 20_000
# Reading an input object, such as a filter, takes about as long as giving so many values.
_INPUT_OBJECT = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """Values an operation can give, objects counted as well, and the upstream calls that reading them can take."""

    values: int
    calls: int


def check_cost(cost: Cost, limits: Limits, bounds: Bounds) -> None:
    """Refuse what is over the limits, or over the calls that the operation may make.

    Raises:
        QueryTooComplex: naming the figure, the limit and what to lower.
    """
    if cost.values > limits.values:
        raise QueryTooComplex(
            f"the query can give {cost.values} values; at most {limits.values} are allowed:"
            " lower `first`, above all in nested lists, or select less"
        )
    if cost.calls > bounds.calls:
        raise QueryTooComplex(
            f"the query can take {cost.calls} calls to the CRMs; at most {bounds.calls} are allowed:"
            " lower `first`, ask for fewer relations, or raise options.maxCalls"
        )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the schema says of one field.

    Attributes:
        below: object types that it can give.
        size: entries for each parent, as assumed; 1 where it is no list.
        default_first: page size of a connection that is not told one; None for other fields.
        is_page: the entries of the connection, or the groups of the aggregate, it stands in.
        takes: name of the argument that names its entries one by one; None for other fields.
        takes_types: reads each type that it is given by a call of its own, every type where it is given none.
        reads: reads records itself, where the nodes, edges, hits and matches of another field came with it.
        names: labels keys of groups, which can be records whose names are read in batches at each source.
        looks: looks in every source for the matches of its records.
        is_root: of the query itself.
    """

    below: tuple[GraphQLObjectType, ...]
    size: float
    default_first: int | None
    is_page: bool
    takes: str | None
    takes_types: bool
    reads: bool
    names: bool
    looks: bool
    is_root: bool


class Pricing:
    """Prices operations on one schema over *sources* sources; lives as long as the app."""

    def __init__(self, schema: GraphQLSchema, sources: int) -> None:
        self.schema = schema
        self.sources = sources
        self._record = schema.get_type("Record")
        self.record_types = len(self._possible(self._record)) if self._record is not None else 0
        self._facts: dict[tuple[str, str], _Facts | None] = {}

    def cost_of(self, fields: Fields, operation: OperationType, variables: Mapping[str, Any]) -> Cost:
        """The most the merged *fields* of a valid operation can cost; their number is bounded."""
        root = self.schema.get_root_type(operation)
        return Cost(0, 0) if root is None else _Costing(self, dict(variables)).below(fields, (root,), parents=1)

    def facts(self, type_: GraphQLObjectType, name: str) -> _Facts | None:
        """What is known of the field, None where the type has none such."""
        key = (type_.name, name)
        if key not in self._facts:
            self._facts[key] = self._found(type_, name)
        return self._facts[key]

    def _found(self, type_: GraphQLObjectType, name: str) -> _Facts | None:
        definition = self.schema.get_field(type_, name)
        if definition is None:
            return None
        named = get_named_type(definition.type)
        below = self._possible(named)
        is_list = bool(below) and is_list_type(get_nullable_type(definition.type))
        size = LIST_SIZES.get(f"{type_.name}.{name}", _LIST_SIZE if is_list else 1)
        is_one_a_source = named.name in _ONE_A_SOURCE or (type_.name == "Person" and named.name == "Contact")
        is_within_page = type_.name.endswith(("Connection", "Edge", "Hit", "Match", "Person"))
        is_paged = is_within_page or type_.name.endswith("Aggregate")
        return _Facts(
            below=below,
            size=self.sources if is_list and is_one_a_source else size,
            default_first=definition.args["first"].default_value if "first" in definition.args else None,
            is_page=is_list and is_paged and name in {"nodes", "edges", "groups"},
            takes=next((name for name in _NAMES_ENTRIES if name in definition.args), None),
            takes_types="types" in definition.args,
            reads=not is_within_page and any(self._record in kind.interfaces for kind in below),
            names=(type_.name, name) == ("GroupKey", "label"),
            looks=named.name in _LOOKING,
            is_root=type_ is self.schema.query_type,
        )

    def _possible(self, named: GraphQLNamedType) -> tuple[GraphQLObjectType, ...]:
        if is_object_type(named):
            return (named,)
        return tuple(self.schema.get_possible_types(named)) if is_abstract_type(named) else ()


class _Costing:
    """One estimate."""

    def __init__(self, pricing: Pricing, variables: dict[str, Any]) -> None:
        self.pricing = pricing
        self.variables = variables

    def below(self, fields: Fields, types: tuple[GraphQLObjectType, ...], *, parents: int, page: int = 0) -> Cost:
        """Cost of *fields* of *parents* objects of *types*; *page* is the size of the connection they are of."""
        values = calls = 0
        for entry in fields.values():
            cost = self._field(entry, types, parents, page)
            values, calls = values + cost.values, calls + cost.calls
        return Cost(values, calls)

    def _field(self, entry: Merged, types: tuple[GraphQLObjectType, ...], parents: int, page: int) -> Cost:
        """Under one response name different types may have different fields: the largest of each figure counts."""
        found = [
            (node, type_, facts)
            for node in entry.nodes
            for type_ in types
            if (facts := self.pricing.facts(type_, node.name.value)) is not None
        ]
        if not found:
            return Cost(parents, 0)
        own = max(self._first(node, facts) for node, _, facts in found)
        count = ceil(parents * max(self._size(node, facts, page) for node, _, facts in found))
        # Records of different types are read apart, however few there are of each.
        apart = min(parents, len({type_ for _, type_, _ in found}))
        calls = apart * max(self._calls(node, facts, parents * own if own else count) for node, _, facts in found)
        values = max(parents, count) + parents * max(self._weight(node) for node in entry.nodes)
        if not entry.children:
            return Cost(values, calls)
        types_below = tuple(dict.fromkeys(type_ for _, _, facts in found for type_ in facts.below))
        inner = self.below(entry.children, types_below, parents=count, page=own)
        return Cost(values + inner.values, calls + inner.calls)

    def _first(self, node: FieldNode, facts: _Facts) -> int:
        """The page size where the field is a connection, else 0."""
        if facts.default_first is None:
            return 0
        given = self._argument(node, "first")
        return max(given if isinstance(given, int) else facts.default_first, 1)

    def _size(self, node: FieldNode, facts: _Facts, page: int) -> float:
        """Objects the field gives for each parent."""
        if facts.is_page:
            return page
        if facts.takes is not None:
            named = self._argument(node, facts.takes)
            return len(named) if isinstance(named, list) else 1
        return facts.size

    def _calls(self, node: FieldNode, facts: _Facts, rows: int) -> int:
        """Upstream calls of the field itself, for *rows* rows over all parents."""
        if facts.looks:
            # By keys, by names, and the companies behind those; people and decisions read records themselves besides.
            return self.pricing.sources * (2 + ceil(rows / _LOOKED_FOR)) + 2
        if facts.names:
            return self.pricing.sources + ceil(rows / _BATCH)
        if facts.default_first is not None and facts.is_root:
            return self.pricing.sources * (self._types(node) if facts.takes_types else 1)
        return 1 + ceil(rows / _BATCH) if facts.reads or facts.default_first is not None else 0

    def _types(self, node: FieldNode) -> int:
        """How many record types the field reads."""
        given = self._argument(node, "types")
        if isinstance(given, list):
            return len(given)
        return 1 if given is not None else self.pricing.record_types

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

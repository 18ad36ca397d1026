"""What a GraphQL document may be: bounded before anything walks it recursively.

Two passes, both with a ceiling of their own, so that no document costs more to refuse than to answer:
one over the syntax tree, which `tokens` bounds, and one over the operations with fragments opened as an executor opens
them (each once a level, equal response names merged), which stops after a fixed number of visits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    parse,
)

from gateway.config import Limits
from model.errors import QueryTooComplex

__all__ = ["Fields", "Merged", "merged", "parsed"]

_MAX_OPERATIONS = 20
_MAX_FRAGMENTS = 40
_MAX_VARIABLES = 50
_MAX_COMMENTS = 500
_MAX_VALUE_DEPTH = 20
# Decimal takes 46 characters; Python refuses to read integers of more than 4,300 digits.
_MAX_DIGITS = 64
_MAX_VISITS = 5_000
_MAX_MERGED = 20
# What GraphiQL and code generators ask is 14 deep.
_INTROSPECTION_LEVELS = 16
_INTROSPECTION = frozenset({"__schema", "__type"})

_COUNTED: Mapping[type[Node], str] = {
    OperationDefinitionNode: "operations",
    FragmentDefinitionNode: "fragments",
    VariableDefinitionNode: "variables",
    DirectiveNode: "directives",
}


def parsed(text: str, limits: Limits) -> DocumentNode:
    """The syntax tree of *text*.

    Raises:
        GraphQLSyntaxError: it is no GraphQL.
        QueryTooComplex: it is longer, or nested deeper, than the limits allow.
    """
    if len(text) > limits.characters:
        raise QueryTooComplex(f"the document has {len(text)} characters; at most {limits.characters} are read")
    try:
        document = parse(text, max_lexical_tokens=limits.tokens, max_comments=_MAX_COMMENTS)
    except GraphQLSyntaxError as error:
        # The library has no class of its own for this; what it quotes from a document never ends in a full stop.
        if error.message.endswith("Parsing aborted."):
            raise QueryTooComplex(error.message.removeprefix("Syntax Error: ")) from None
        raise
    _check_syntax(document, limits)
    return document


def _check_syntax(document: DocumentNode, limits: Limits) -> None:
    """Count what stands in the document, used or not."""
    counts = dict.fromkeys((*_COUNTED.values(), "aliases"), 0)
    for node, value_depth in _nodes(document):
        if value_depth > _MAX_VALUE_DEPTH:
            raise QueryTooComplex(f"a value in the document is nested deeper than {_MAX_VALUE_DEPTH} levels")
        if isinstance(node, (IntValueNode, FloatValueNode)) and len(node.value) > _MAX_DIGITS:
            raise QueryTooComplex(f"a number in the document has more than {_MAX_DIGITS} digits")
        if isinstance(node, FieldNode) and node.alias is not None:
            counts["aliases"] += 1
        name = _COUNTED.get(type(node))
        if name is not None:
            counts[name] += 1
    bounds = {
        "operations": _MAX_OPERATIONS,
        "fragments": _MAX_FRAGMENTS,
        "variables": _MAX_VARIABLES,
        "directives": limits.directives,
        "aliases": limits.aliases,
    }
    for name, count in counts.items():
        if count > bounds[name]:
            raise QueryTooComplex(f"the document has {count} {name}; at most {bounds[name]} are allowed")


def _nodes(document: DocumentNode) -> Iterator[tuple[Node, int]]:
    """Every node with the depth of list and object values around it; no recursion."""
    stack: list[tuple[Any, int]] = [(document, 0)]
    while stack:
        item, depth = stack.pop()
        if isinstance(item, (tuple, list)):
            stack.extend((child, depth) for child in item)
        elif isinstance(item, Node):
            deeper = depth + isinstance(item, (ListValueNode, ObjectValueNode))
            yield item, deeper
            stack.extend((getattr(item, key, None), deeper) for key in item.keys if key != "loc")


@dataclass(slots=True, eq=False)
class Merged:
    """A field of a merged operation: the nodes that share its response name, and what they select together."""

    nodes: list[FieldNode]
    children: "Fields"


Fields = dict[str, Merged]
"""Fields by response name."""


def merged(document: DocumentNode, limits: Limits) -> dict[str | None, Fields]:
    """Each operation's fields by its name, fragments opened; directives are taken to include.

    Raises:
        QueryTooComplex: one is deeper, or all are larger, than the limits, or merge too many fields into one.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    opening = _Opening(fragments, limits)
    return {
        node.name.value if node.name is not None else None: opening.operation(node)
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    }


class _Opening:
    """The walk over one document; *visits* is its ceiling."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits) -> None:
        self.fragments = fragments
        self.limits = limits
        self.visits = 0

    def operation(self, node: OperationDefinitionNode) -> Fields:
        found = self.own([node.selection_set])
        for name, entry in found.items():
            is_introspection = entry.nodes[0].name.value in _INTROSPECTION
            levels = _INTROSPECTION_LEVELS if is_introspection else self.limits.depth - 1
            entry.children = self.below(entry, levels, name)
        return found

    def below(self, entry: Merged, levels: int, path: str) -> Fields:
        """What *entry* selects, at most *levels* deep."""
        selected = [node.selection_set for node in entry.nodes if node.selection_set is not None]
        if not selected:
            return {}
        if levels == 0:
            raise QueryTooComplex(f"{path} is nested deeper than {self.limits.depth} levels")
        found = self.own(selected)
        for child in found.values():
            child.children = self.below(child, levels - 1, path)
        return found

    def own(self, selected: list[SelectionSetNode]) -> Fields:
        """The fields of one level, without what is below them."""
        found: Fields = {}
        for field in self.fields(selected):
            name = field.alias.value if field.alias is not None else field.name.value
            entry = found.setdefault(name, Merged([], {}))
            entry.nodes.append(field)
            if len(entry.nodes) > _MAX_MERGED:
                raise QueryTooComplex(f"{name[:64]} stands more than {_MAX_MERGED} times in one place")
        return found

    def fields(self, selected: list[SelectionSetNode]) -> Iterator[FieldNode]:
        seen: set[str] = set()
        stack = [node for selection in reversed(selected) for node in reversed(selection.selections)]
        while stack:
            self.visits += 1
            if self.visits > _MAX_VISITS:
                raise QueryTooComplex(f"the document selects more than {_MAX_VISITS} fields once fragments are opened")
            node = stack.pop()
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                stack.extend(reversed(node.selection_set.selections))
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self.fragments.get(node.name.value)
                if fragment is not None:
                    stack.extend(reversed(fragment.selection_set.selections))

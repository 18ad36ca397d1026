"""What a GraphQL document may be: bounded before anything walks it recursively.

Two passes, both with a ceiling of their own, so that no document costs more to refuse than to answer:
one over the syntax tree, which `tokens` bounds, and one over the operation with fragments opened as an executor opens
them (each once a level, equal response names merged), which stops after a fixed number of visits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
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

__all__ = ["Merged", "check_syntax", "merged", "parsed"]

_MAX_OPERATIONS = 20
_MAX_FRAGMENTS = 50
_MAX_VARIABLES = 50
_MAX_VALUE_DEPTH = 20
_MAX_VISITS = 5_000
_MAX_MERGED = 20
# What GraphiQL and code generators ask is 14 deep.
_INTROSPECTION_LEVELS = 16


def parsed(text: str, limits: Limits) -> DocumentNode:
    """The syntax tree of *text*.

    Raises:
        GraphQLSyntaxError: it is no GraphQL.
        QueryTooComplex: it is longer, or nested deeper, than the limits allow.
    """
    if len(text) > limits.characters:
        raise QueryTooComplex(f"the document has {len(text)} characters; at most {limits.characters} are read")
    try:
        document = parse(text, max_tokens=limits.tokens)
    except GraphQLSyntaxError as error:
        if "tokens" in error.message:
            raise QueryTooComplex(f"the document has more than {limits.tokens} tokens") from None
        raise
    except RecursionError:
        raise QueryTooComplex(f"the document is nested deeper than {limits.depth} levels") from None
    check_syntax(document, limits)
    return document


def check_syntax(document: DocumentNode, limits: Limits) -> None:
    """Count what stands in the document, used or not.

    Raises:
        QueryTooComplex: a count is over its limit.
    """
    counts = dict.fromkeys(("operation", "fragment", "variable", "directive", "alias"), 0)
    for node, value_depth in _nodes(document):
        if value_depth > _MAX_VALUE_DEPTH:
            raise QueryTooComplex(f"a value in the document is nested deeper than {_MAX_VALUE_DEPTH} levels")
        name = _COUNTED.get(type(node))
        if name is not None:
            counts[name] += 1
        if isinstance(node, FieldNode) and node.alias is not None:
            counts["alias"] += 1
    bounds = {
        "operation": _MAX_OPERATIONS,
        "fragment": _MAX_FRAGMENTS,
        "variable": _MAX_VARIABLES,
        "directive": limits.directives,
        "alias": limits.aliases,
    }
    for name, count in counts.items():
        if count > bounds[name]:
            plural = "aliases" if name == "alias" else f"{name}s"
            raise QueryTooComplex(f"the document has {count} {plural}; at most {bounds[name]} are allowed")


_COUNTED: Mapping[type[Node], str] = {
    OperationDefinitionNode: "operation",
    FragmentDefinitionNode: "fragment",
    VariableDefinitionNode: "variable",
    DirectiveNode: "directive",
}


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
    """A field of the merged operation: the nodes that share its response name, and what they select together."""

    nodes: list[FieldNode]
    children: "dict[str, Merged]"


def merged(document: DocumentNode, operation: OperationDefinitionNode, limits: Limits) -> dict[str, Merged]:
    """The operation's fields by response name, fragments opened; directives are taken to include.

    Raises:
        QueryTooComplex: it is deeper or larger than the limits, or merges too many fields into one.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    return _Opening(fragments, limits).level([operation.selection_set], levels=limits.depth)


class _Opening:
    """One walk; *visits* is its ceiling."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits) -> None:
        self.fragments = fragments
        self.limits = limits
        self.visits = 0

    def level(self, selected: list[SelectionSetNode], *, levels: int) -> dict[str, Merged]:
        if levels == 0:
            raise QueryTooComplex(f"the document is nested deeper than {self.limits.depth} levels")
        found: dict[str, Merged] = {}
        for field in self.fields(selected):
            name = field.alias.value if field.alias is not None else field.name.value
            entry = found.setdefault(name, Merged([], {}))
            entry.nodes.append(field)
            if len(entry.nodes) > _MAX_MERGED:
                raise QueryTooComplex(f"field {name} stands more than {_MAX_MERGED} times in one place")
        for entry in found.values():
            below = [node.selection_set for node in entry.nodes if node.selection_set is not None]
            if below:
                is_introspection = entry.nodes[0].name.value in {"__schema", "__type"}
                entry.children = self.level(below, levels=_INTROSPECTION_LEVELS if is_introspection else levels - 1)
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

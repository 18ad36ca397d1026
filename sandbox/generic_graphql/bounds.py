"""What a document may ask for at most."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    VariableValues,
    get_argument_values,
    get_named_type,
)

from sandbox.generic_graphql.errors import bad_input

__all__ = ["Bounds", "size_of"]

_USUAL_SIZE = 60
_MOST_ROOTS = 10
_MOST_LEVELS = 10
_MOST_NESTED_NODES = 500


def size_of(arguments: Mapping[str, Any]) -> int:
    """The most rows that the *arguments* of a list ask for."""
    sizes = (arguments.get(name) for name in ("last", "first"))
    return next((size for size in sizes if size is not None), _USUAL_SIZE)


class Bounds:
    """Measures one operation; introspection is free.

    A connection asks for as many nodes as its `first` or `last` says, times the nodes of the connection around it.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: VariableValues) -> None:
        self._schema, self._variables = schema, variables
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def check(self, selections: SelectionSetNode) -> None:
        """Measure the root's *selections*.

        Raises:
            GraphQLError: too many root fields, levels, or nodes in nested connections.
        """
        if sum(1 for _ in self._fields(selections)) > _MOST_ROOTS:
            raise bad_input(f"A document has at most {_MOST_ROOTS} root fields")
        nested = self._nested(selections, cast("GraphQLObjectType", self._schema.query_type), around=1, level=1)
        if nested > _MOST_NESTED_NODES:
            raise bad_input(f"Nested connections ask for {nested} nodes, the maximum is {_MOST_NESTED_NODES}")

    def _nested(self, selections: SelectionSetNode, parent: GraphQLObjectType, *, around: int, level: int) -> int:
        """The nodes that connections below the root ask for, under *around* nodes of *parent*."""
        if level > _MOST_LEVELS:
            raise bad_input(f"A document has at most {_MOST_LEVELS} levels")
        nodes = 0
        for field in self._fields(selections):
            if field.selection_set is None or field.name.value.startswith("__"):
                continue
            definition = parent.fields[field.name.value]
            kind = cast("GraphQLObjectType", get_named_type(definition.type))
            asked = around
            if "first" in definition.args:
                asked *= size_of(get_argument_values(definition, field, self._variables))
                nodes += asked if level > 1 else 0
            nodes += self._nested(field.selection_set, kind, around=asked, level=level + 1)
        return nodes

    def _fields(self, selections: SelectionSetNode) -> Iterator[FieldNode]:
        """The fields, those of fragments in place of these."""
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                yield from self._fields(self._fragments[node.name.value].selection_set)
            elif isinstance(node, InlineFragmentNode):
                yield from self._fields(node.selection_set)

"""The fields a selection set selects of one object type: fragments opened, directives applied, variables filled in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    is_abstract_type,
    value_from_ast_untyped,
)

__all__ = ["Document", "FieldNodes"]

FieldNodes = list[FieldNode]


@dataclass(frozen=True, slots=True)
class Document:
    """A validated operation with its variables' values."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: dict[str, Any]

    @classmethod
    def of(cls, info: GraphQLResolveInfo[Any]) -> "Document":
        """The operation that *info* belongs to."""
        # graphql-core hands out a container, Strawberry the plain values in it.
        variables: Any = info.variable_values
        return cls(info.schema, info.fragments, getattr(variables, "coerced", variables))

    def fields(self, type_: GraphQLNamedType, nodes: Iterable[FieldNode]) -> dict[str, FieldNodes]:
        """What *nodes* select of *type_*, an object type, by field name; aliases of one field come together."""
        found: dict[str, FieldNodes] = {}
        seen: set[str] = set()
        for node in nodes:
            if node.selection_set:
                for field in self._opened(type_, node.selection_set, seen):
                    found.setdefault(field.name.value, []).append(field)
        return found

    def argument(self, node: FieldNode, name: str) -> Any:
        """The value given for an argument, None where none is."""
        return next((self._value(item) for item in node.arguments or () if item.name.value == name), None)

    def covers(self, condition: GraphQLNamedType, type_: GraphQLNamedType) -> bool:
        """Whether every *type_* is a *condition*."""
        return condition is type_ or (is_abstract_type(condition) and self.schema.is_sub_type(condition, type_))

    def _opened(self, type_: GraphQLNamedType, selected: SelectionSetNode, seen: set[str]) -> Iterator[FieldNode]:
        for node in selected.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            fragment = self._fragment(node, seen)
            if fragment and self._applies(fragment, type_):
                yield from self._opened(type_, fragment.selection_set, seen)

    def _fragment(self, node: SelectionNode, seen: set[str]) -> InlineFragmentNode | FragmentDefinitionNode | None:
        if isinstance(node, InlineFragmentNode):
            return node
        if not isinstance(node, FragmentSpreadNode) or node.name.value in seen:
            return None
        seen.add(node.name.value)
        return self.fragments[node.name.value]

    def _applies(self, fragment: InlineFragmentNode | FragmentDefinitionNode, type_: GraphQLNamedType) -> bool:
        if fragment.type_condition is None:
            return True
        condition = self.schema.get_type(fragment.type_condition.name.value)
        return condition is not None and self.covers(condition, type_)

    def _is_included(self, node: SelectionNode) -> bool:
        return all(
            self._value(condition) is (directive.name.value == "include")
            for directive in node.directives or ()
            if directive.name.value in {"skip", "include"}
            for condition in directive.arguments or ()
        )

    def _value(self, item: ArgumentNode) -> Any:
        value = value_from_ast_untyped(item.value, self.variables)
        return None if value is Undefined else value

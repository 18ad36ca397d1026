"""Documents made ready to run, kept by their text within a bound of memory."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    MaxIntrospectionDepthRule,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    specified_rules,
    validate,
)

from gateway.config import Limits
from gateway.limits import Cost, Fields, merged, parsed
from model.errors import BadRequest

__all__ = ["Prepared", "Preparer"]

# Measured on CPython 3.11: a syntax tree takes up to 235 bytes a character of its text, a merged field 420.
_CHARACTER_BYTES = 250
_FIELD_BYTES = 450
_MAX_KEPT_BYTES = 64_000_000
_MAX_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document and its operations by name, None for one without.

    Attributes:
        errors: why it is not valid; empty where it is.
        costs: of operations without variables, which are priced once.
    """

    document: DocumentNode
    operations: Mapping[str | None, OperationDefinitionNode]
    fields: Mapping[str | None, Fields]
    errors: tuple[GraphQLError, ...] = ()
    costs: dict[str | None, Cost] = field(default_factory=dict)

    def operation(self, name: str | None) -> tuple[str | None, OperationDefinitionNode]:
        """The operation called *name*, or the only one.

        Raises:
            BadRequest: there is none such, or a name is needed.
        """
        if name is not None:
            if name not in self.operations:
                raise BadRequest("operationName names no operation of the document")
            return name, self.operations[name]
        if len(self.operations) != 1:
            raise BadRequest("the document has several operations: say which with operationName")
        return next(iter(self.operations.items()))


class Preparer:
    """Prepares documents for one schema; lives as long as the app."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, introspection: bool) -> None:
        self._schema = schema
        self._limits = limits
        about_introspection = MaxIntrospectionDepthRule if introspection else NoSchemaIntrospectionCustomRule
        linear = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]
        # Comparing fields in pairs costs most, and is bounded where each fragment is used: what `merged` counted.
        self._passes: list[list[type[ASTValidationRule]]] = [
            [*linear, about_introspection],
            [OverlappingFieldsCanBeMergedRule],
        ]
        self._kept: OrderedDict[str, Prepared] = OrderedDict()
        self._kept_bytes = 0

    def prepare(self, text: str) -> Prepared:
        """The document of *text*; its validation errors stand in it.

        Raises:
            GraphQLSyntaxError: it is no GraphQL.
            QueryTooComplex: it is over a limit.
        """
        kept = self._kept.get(text)
        if kept is not None:
            self._kept.move_to_end(text)
            return kept
        prepared = self._prepared(text)
        if not prepared.errors:
            self._keep(text, prepared)
        return prepared

    def _prepared(self, text: str) -> Prepared:
        document = parsed(text, self._limits)
        fields = merged(document, self._limits)
        operations = {
            node.name.value if node.name is not None else None: node
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        }
        return Prepared(document, operations, fields, tuple(self._errors(document)))

    def _errors(self, document: DocumentNode) -> list[GraphQLError]:
        for rules in self._passes:
            errors = validate(self._schema, document, rules, max_errors=_MAX_ERRORS, hide_suggestions=True)
            if errors:
                return errors
        return []

    def _keep(self, text: str, prepared: Prepared) -> None:
        self._kept[text] = prepared
        self._kept_bytes += _size_bytes(text, prepared)
        while self._kept_bytes > _MAX_KEPT_BYTES:
            oldest = self._kept.popitem(last=False)
            self._kept_bytes -= _size_bytes(*oldest)


def _size_bytes(text: str, prepared: Prepared) -> int:
    """What a prepared document takes, about: a short one can stand for thousands of fields."""
    return _CHARACTER_BYTES * len(text) + _FIELD_BYTES * sum(map(_count, prepared.fields.values()))


def _count(fields: Fields) -> int:
    return sum(1 + _count(entry.children) for entry in fields.values())

"""Runs documents over the account's tables."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    build_schema,
    execute_sync,
    get_operation_ast,
    get_variable_values,
    parse,
    validate,
)

from sandbox.generic_graphql.bounds import Bounds
from sandbox.generic_graphql.errors import told
from sandbox.generic_graphql.lists import Context, bind
from sandbox.generic_graphql.scalars import bind_scalars
from sandbox.generic_graphql.tables import tables_of
from sandbox.seed import Book

__all__ = ["Asked", "Documents"]

_KEPT_DOCUMENTS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The body of a request."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


class Documents:
    """Parses and validates a text once, then executes it as often as it comes."""

    def __init__(self, book: Book) -> None:
        self._schema = build_schema(Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8"))
        bind_scalars(self._schema)
        bind(self._schema, tables_of(book))
        self._prepared = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._prepare)

    def answer(self, asked: Asked, context: Context) -> dict[str, Any]:
        """The body that answers a request; without `data` where it was refused before it ran."""
        document = self._prepared(asked.query)
        errors = document if isinstance(document, list) else self._out_of_bounds(document, asked)
        if isinstance(document, list) or errors:
            return {"errors": told(errors)}
        result = execute_sync(
            self._schema,
            document,
            context_value=context,
            variable_values=asked.variables,
            operation_name=asked.operation_name,
        )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = told(result.errors)
            if not any(error.path for error in result.errors):
                del answer["data"]
        return answer

    def _prepare(self, text: str) -> DocumentNode | list[GraphQLError]:
        try:
            document = parse(text)
        except GraphQLError as error:
            return [error]
        return validate(self._schema, document) or document

    def _out_of_bounds(self, document: DocumentNode, asked: Asked) -> list[GraphQLError]:
        operation = get_operation_ast(document, asked.operation_name)
        if operation is None:
            # The execution says what is wrong with the name.
            return []
        variables = get_variable_values(self._schema, operation.variable_definitions or (), asked.variables)
        if isinstance(variables, list):
            return variables
        try:
            Bounds(self._schema, document, variables).check(operation.selection_set)
        except GraphQLError as error:
            return [error]
        return []

"""The schema, ready to run, and its SDL."""

from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from model.aliases import Aliases
from schema.custom.extension import Extension
from schema.errors import public_error
from schema.fields.info import Info
from schema.fields.reading import read_attribute
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS

__all__ = ["build_schema", "sdl"]


class _PublicErrors(SchemaExtension):
    """Gives every result's errors the shape clients get."""

    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        if result is not None and result.errors:
            result.errors = [public_error(error) for error in result.errors]


class _Schema(strawberry.Schema):
    """Strawberry's schema with a deployment's own fields, and without its log.

    Clients' mistakes are no events, and ours are logged where they are masked.
    """

    def __init__(self, extension: Extension, **options: Any) -> None:
        self._extension = extension
        super().__init__(**options)

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields of a type, those of aliases included."""
        return self._extension.fields_of(type_definition)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing."""


def build_schema(aliases: Aliases | None = None) -> strawberry.Schema:
    """The public schema; a request's `context_value` is a `schema.context.Context`.

    Args:
        aliases: the operator's names for the CRMs' own fields, which become fields of this deployment's schema.
    """
    return _Schema(
        Extension(aliases or Aliases()),
        query=Query,
        mutation=Mutation,
        extensions=[_PublicErrors],
        config=StrawberryConfig(
            default_resolver=read_attribute, disable_field_suggestions=True, info_class=Info, scalar_map=SCALARS
        ),
    )


def sdl(aliases: Aliases | None = None) -> str:
    """The schema in its definition language, with descriptions."""
    return build_schema(aliases).as_str() + "\n"

"""The schema, ready to run, and its SDL."""

from collections.abc import Iterator

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.errors import public_error
from schema.fields.info import Info
from schema.fields.reading import read_attribute
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
    """Strawberry's schema without its log: clients' mistakes are no events, ours are logged where they are masked."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing."""


def build_schema() -> strawberry.Schema:
    """The public schema; a request's `context_value` is a `schema.context.Context`."""
    return _Schema(
        query=Query,
        extensions=[_PublicErrors],
        config=StrawberryConfig(
            default_resolver=read_attribute, disable_field_suggestions=True, info_class=Info, scalar_map=SCALARS
        ),
    )


def sdl() -> str:
    """The schema in its definition language, with descriptions."""
    return build_schema().as_str() + "\n"

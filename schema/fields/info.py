"""What a resolver is told, with the request's own context."""

from typing import Any

from graphql import GraphQLResolveInfo
from strawberry.types import Info as StrawberryInfo

from schema.context import Context

__all__ = ["Info"]


class Info(StrawberryInfo[Context, None]):
    """Strawberry's info with this schema's context."""

    @property
    def raw(self) -> GraphQLResolveInfo[Any]:
        """What graphql-core handed out: the field's nodes, fragments, variables and path."""
        return self._raw_info

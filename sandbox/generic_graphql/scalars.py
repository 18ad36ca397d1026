"""How the scalars of the schema read what clients write; they tell what the rows hold."""

import math
import re
from datetime import datetime
from typing import Any, cast

from graphql import GraphQLScalarType, GraphQLSchema

from sandbox.generic_graphql.tables import instant

__all__ = ["bind_scalars"]

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


def bind_scalars(schema: GraphQLSchema) -> None:
    """Make the scalars of *schema* refuse what is none of theirs."""
    for name, parse in (("UUID", _uuid), ("DateTime", _instant), ("BigFloat", _number)):
        cast("GraphQLScalarType", schema.get_type(name)).coerce_input_value = parse


def _uuid(value: Any) -> str:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise ValueError(f"UUID cannot represent value: {value!r}")
    return value.lower()


def _instant(value: Any) -> str:
    """In the form of the rows, so that texts compare as instants; what is finer than milliseconds is cut."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError(f"DateTime cannot represent value: {value!r}")
    try:
        return str(instant(datetime.fromisoformat(value)))
    except (ValueError, OverflowError):
        raise ValueError(f"DateTime cannot represent value: {value!r}") from None


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"BigFloat cannot represent value: {value!r}")
    return value

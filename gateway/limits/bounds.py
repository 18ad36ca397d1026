"""How wide a request is: as the settings have it, or as its widest field asks, up to what they allow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, value_from_ast_untyped

from gateway.config import Limits
from gateway.limits.document import Fields

__all__ = ["Bounds", "bounds_of"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds that a request has, and upstream calls for data that it may make."""

    deadline_s: float
    calls: int


def bounds_of(fields: Fields, variables: Mapping[str, Any], limits: Limits) -> Bounds:
    """The bounds of the operation that selects *fields*; a field that asks for less binds itself alone."""
    deadline_s, calls = limits.deadline_s, limits.upstream_calls
    for options in _options(fields, dict(variables)):
        deadline_s = max(deadline_s, _number(options.get("deadlineMs")) / 1000)
        calls = max(calls, _number(options.get("maxCalls")))
    return Bounds(
        min(deadline_s, max(limits.max_deadline_s, limits.deadline_s)),
        min(calls, max(limits.max_upstream_calls, limits.upstream_calls)),
    )


def _options(fields: Fields, variables: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The `options` of each root field; no other has any."""
    nodes: Iterator[FieldNode] = (node for entry in fields.values() for node in entry.nodes)
    for node in nodes:
        for argument in node.arguments or ():
            value = value_from_ast_untyped(argument.value, variables) if argument.name.value == "options" else None
            if isinstance(value, dict):
                yield value


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0

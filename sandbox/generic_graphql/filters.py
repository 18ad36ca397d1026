"""Filters as conditions, with SQL's logic: true, false, or None where a value is missing."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

from graphql import GraphQLInputObjectType, GraphQLInputType, GraphQLList, get_named_type

from sandbox.generic_graphql.errors import bad_input
from sandbox.generic_graphql.tables import Row

__all__ = ["Condition", "condition", "names_field"]

Condition = Callable[[Row], bool | None]
_Test = Callable[[Any], bool]


def condition(given: Mapping[str, Any], type_: GraphQLInputType) -> Condition:
    """What rows must satisfy for *given*, a value of the input type *type_*.

    Several operators of one field must all hold; `and: []` holds for every row, `or: []` for none.

    Raises:
        GraphQLError: a value that its operator does not take.
    """
    return _of_object(given, type_, ())


def names_field(given: object, name: str) -> bool:
    """Whether a filter speaks of a field, however deep."""
    if isinstance(given, Mapping):
        return name in given or any(names_field(value, name) for value in given.values())
    return isinstance(given, list) and any(names_field(one, name) for one in given)


def _of_object(given: Mapping[str, Any], type_: GraphQLInputType, path: tuple[str, ...]) -> Condition:
    fields = cast("GraphQLInputObjectType", get_named_type(type_)).fields
    if "is" in fields:
        return _all([_compared(path, name, value) for name, value in given.items()])
    parts = []
    for name, value in given.items():
        if value is None:
            raise bad_input(f"Invalid filter value for field {name}.")
        field = fields[name].type
        if isinstance(field, GraphQLList):
            every = [_of_object(one, type_, path) for one in value]
            parts.append(_all(every) if name == "and" else _any(every))
        elif name == "not":
            parts.append(_not(_of_object(value, type_, path)))
        else:
            parts.append(_of_object(value, field, (*path, name)))
    return _all(parts)


def _compared(path: tuple[str, ...], name: str, wanted: Any) -> Condition:
    """One operator on the value at a *path*; comparing with null is unknown for every row."""
    read = _reader(path)
    if name == "is":
        return lambda row: (read(row) is None) == (wanted == "NULL")
    if wanted is None:
        return lambda _: None
    if name == "in" and not wanted:
        raise bad_input(f"Invalid filter value for field {path[-1]}. Expected non-empty array")
    test = _TESTS[name](wanted)

    def holds(row: Row) -> bool | None:
        value = read(row)
        return None if value is None else test(value)

    return holds


def _reader(path: tuple[str, ...]) -> Callable[[Row], Any]:
    if len(path) == 1:
        return operator.itemgetter(path[0])
    outer, inner = path
    return lambda row: row[outer][inner]


def _like(pattern: str, *, case: bool) -> _Test:
    """SQL's LIKE: `%` for any text, `_` for one character, a backslash before what stands for itself."""
    parts, signs = [], iter(pattern if case else pattern.lower())
    for sign in signs:
        if sign == "\\":
            escaped = next(signs, None)
            if escaped is None:
                raise bad_input("LIKE pattern must not end with escape character")
            parts.append(re.escape(escaped))
        else:
            parts.append({"%": ".*", "_": "."}.get(sign) or re.escape(sign))
    matches = re.compile("".join(parts), re.DOTALL).fullmatch
    return lambda value: matches(value if case else value.lower()) is not None


_TESTS: Mapping[str, Callable[[Any], _Test]] = {
    "eq": lambda wanted: partial(operator.eq, wanted),
    "neq": lambda wanted: partial(operator.ne, wanted),
    "in": lambda wanted: frozenset(wanted).__contains__,
    # Reversed, for the wanted value comes first.
    "lt": lambda wanted: partial(operator.gt, wanted),
    "lte": lambda wanted: partial(operator.ge, wanted),
    "gt": lambda wanted: partial(operator.lt, wanted),
    "gte": lambda wanted: partial(operator.le, wanted),
    "like": lambda wanted: _like(wanted, case=True),
    "ilike": lambda wanted: _like(wanted, case=False),
    "startsWith": lambda wanted: lambda value: value.startswith(wanted),
    "endsWith": lambda wanted: lambda value: value.endswith(wanted),
}


def _all(parts: Sequence[Condition]) -> Condition:
    if len(parts) == 1:
        return parts[0]

    def holds(row: Row) -> bool | None:
        answer: bool | None = True
        for part in parts:
            one = part(row)
            if one is False:
                return False
            if one is None:
                answer = None
        return answer

    return holds


def _any(parts: Sequence[Condition]) -> Condition:
    return _not(_all([_not(part) for part in parts]))


def _not(part: Condition) -> Condition:
    def holds(row: Row) -> bool | None:
        answer = part(row)
        return None if answer is None else not answer

    return holds

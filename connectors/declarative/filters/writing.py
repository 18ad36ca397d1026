"""Conditions and orders in an API's own writing."""

import re
from collections.abc import Sequence
from functools import reduce
from typing import Any

from connectors.declarative.filters.conditions import All, Condition, Either, Negated, Test, tests_in
from connectors.declarative.spec import FilterSpec, OperatorSpec, SortSpec
from connectors.declarative.templates import fill
from connectors.tables import SortKey
from model.errors import OurBug

__all__ = ["condition_in", "order_in", "parameters_in"]


def condition_in(condition: Condition, spec: FilterSpec) -> Any:
    """*condition* as JSON, or as text where the style is `text`; of `keys` an object by the parameters' names."""
    match spec.style:
        case "json":
            return _json(condition, spec)
        case "prefix":
            return _prefix(condition, spec)
        case "text":
            return _expression(condition, spec)
        case "keys":
            return dict(parameters_in(condition, spec))


def parameters_in(condition: Condition, spec: FilterSpec) -> list[tuple[str, str]]:
    """*condition*, which `Declared.fits` let through, as parameters."""
    found: list[tuple[str, str]] = []
    for test in tests_in(condition):
        value = _value(test, spec)
        values = value if isinstance(value, (tuple, list)) else (value,)
        text = spec.separator.join(_plain(one) for one in values)
        name = test.word or fill(spec.leaf, {"column": test.column, "operator": _operator(test, spec).word})
        found.append((str(name), text))
    return found


def order_in(keys: Sequence[SortKey], spec: SortSpec) -> Any:
    """*keys* as text where one key is told by a text, else as a list; None where there are none to tell."""
    told = [
        fill(spec.each, _words(column) | {"direction": spec.desc if falls else spec.asc})
        for column, falls in keys[: spec.keys]
    ]
    if not told:
        return None
    return spec.join.join(told) if isinstance(spec.each, str) and spec.join else told


def _words(column: str) -> dict[str, str]:
    """The column as it is, and in capitals as enumerations have it: `updatedAt` and `UPDATED_AT`."""
    return {"column": column, "CONSTANT": re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\.", "_", column).upper()}


def _json(condition: Condition, spec: FilterSpec) -> Any:
    match condition:
        case Test():
            return _leaf(condition, spec, _value(condition, spec))
        case All(items):
            return fill(spec.both, {"items": [_json(item, spec) for item in items]})
        case Either(items):
            return fill(spec.either, {"items": [_json(item, spec) for item in items]})
        case Negated(item):
            return fill(spec.negated, {"item": _json(item, spec)})


def _prefix(condition: Condition, spec: FilterSpec) -> list[Any]:
    match condition:
        case Test():
            return [_leaf(condition, spec, _value(condition, spec))]
        case All(items) | Either(items):
            sign = spec.both if isinstance(condition, All) else spec.either
            return reduce(lambda whole, part: [sign, *whole, *part], [_prefix(item, spec) for item in items])
        case Negated(item):
            return [spec.negated, *_prefix(item, spec)]


def _expression(condition: Condition, spec: FilterSpec) -> str:
    match condition:
        case Test():
            value = _value(condition, spec)
            values = value if isinstance(value, (tuple, list)) else (value,)
            text = spec.separator.join(_plain(one) if condition.is_bare else _literal(one, spec) for one in values)
            return str(_leaf(condition, spec, text))
        case All(items) | Either(items):
            sign = spec.both if isinstance(condition, All) else spec.either
            joined = str(sign).join(_expression(item, spec) for item in items)
            return f"({joined})" if isinstance(condition, Either) else joined
        case Negated(item):
            return str(fill(spec.negated, {"item": _expression(item, spec)}))


def _leaf(test: Test, spec: FilterSpec, value: Any) -> Any:
    operator = _operator(test, spec)
    template = spec.leaf if operator.leaf is None else operator.leaf
    words = {"column": test.column, "operator": test.word or operator.word, "value": value}
    return fill(template, words)


def _operator(test: Test, spec: FilterSpec) -> OperatorSpec:
    held = spec.text if test.is_text else spec.operators
    found = held.get(test.operator)
    if found is None:
        if test.word is None:
            raise OurBug(f"{test.column} is asked for by {test.operator}, which the file does not have")
        return OperatorSpec(word=test.word)
    return found


def _value(test: Test, spec: FilterSpec) -> Any:
    if test.word is not None and test.operator not in (spec.text if test.is_text else spec.operators):
        return test.value
    operator = _operator(test, spec)
    if operator.values:
        return operator.values[_plain(test.value)]
    if not isinstance(test.value, str):
        return test.value
    escaped = "".join("\\" + char if char in operator.escape else char for char in test.value)
    return escaped if operator.value is None else fill(operator.value, {"value": escaped})


def _literal(value: Any, spec: FilterSpec) -> str:
    if not isinstance(value, str):
        return _plain(value)
    escaped = value.replace("\\", "\\\\") if spec.escape == "\\" else value
    return spec.quote + escaped.replace(spec.quote, spec.escape + spec.quote) + spec.quote if spec.quote else escaped


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)

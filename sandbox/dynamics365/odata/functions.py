"""The functions of namespace Microsoft.Dynamics.CRM in conditions: ids in a list, ranges, days, several choices.

Of the sixty and more (Web API query function reference, read 2026-11) these are here; any other is refused.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from odata_query import ast

from sandbox.clock import Clock
from sandbox.dynamics365.errors import bad_request, unsupported
from sandbox.dynamics365.odata.literals import cell_of_text, comparable
from sandbox.dynamics365.odata.scope import Scope
from sandbox.dynamics365.odata.syntax import ARRAY
from sandbox.dynamics365.org.cells import Cell, Row
from sandbox.dynamics365.org.tables import Column

__all__ = ["NAMESPACE", "crm_function"]

NAMESPACE = ("Microsoft", "Dynamics", "CRM")

Predicate = Callable[[Row], bool]
Test = Callable[[Any], bool]

_OPPOSITES = {
    "NotIn": "In",
    "NotBetween": "Between",
    "DoesNotContainValues": "ContainValues",
    "NotEqualUserId": "EqualUserId",
}
_TAKES_MANY = {"In", "Between", "ContainValues"}
_TAKES_NONE = {"EqualUserId", "Today", "Yesterday", "Tomorrow"}
_DAYS = {"LastXDays": -1, "NextXDays": 1}
_NAMED_DAYS = {"Today": 0, "Yesterday": -1, "Tomorrow": 1}
_PER_DAY = {"On", "OnOrAfter", "OnOrBefore", *_DAYS, *_NAMED_DAYS}


def crm_function(call: ast.Call, scope: Scope, clock: Clock) -> Predicate:
    """What *call* means; the Not… functions are also true of a missing value.

    Raises:
        VendorError: 400.
    """
    name = call.func.name
    base = _OPPOSITES.get(name, name)
    if base not in _TAKES_MANY | _TAKES_NONE | _PER_DAY:
        raise unsupported(f"The function 'Microsoft.Dynamics.CRM.{name}'")
    given = _arguments(call)
    wanted = {"PropertyName"}
    if base not in _TAKES_NONE:
        wanted.add("PropertyValues" if base in _TAKES_MANY else "PropertyValue")
    if set(given) != wanted:
        raise bad_request(f"The function '{name}' takes {', '.join(sorted(wanted))}.")
    path = scope.path(str(given["PropertyName"]).split("/"))
    _check_kind(base, path.column)
    test = _test(base, given, path.column, scope, clock)
    read, is_negated = path.read, base != name

    def predicate(row: Row) -> bool:
        cell = read(row)
        return is_negated if cell is None else test(comparable(cell, path.column)) != is_negated

    return predicate


def _arguments(call: ast.Call) -> Mapping[str, str | list[str]]:
    given: dict[str, str | list[str]] = {}
    for argument in call.args:
        if not isinstance(argument, ast.NamedParam) or not hasattr(argument.param, "val"):
            raise bad_request(f"The function '{call.func.name}' takes named parameters with literal values.")
        value, text = argument.param, str(argument.param.val)
        is_array = isinstance(value, ast.String) and text.startswith(ARRAY)
        if is_array != (argument.name.name == "PropertyValues"):
            raise bad_request(f"The value of parameter '{argument.name.name}' does not match its type.")
        given[argument.name.name] = _array(text[1:]) if is_array else text
    return given


def _array(text: str) -> list[str]:
    try:
        values = json.loads(text)
    except ValueError as error:
        raise bad_request(f"The array {text} is not valid JSON.") from error
    if not all(isinstance(value, str) for value in values):
        raise bad_request("PropertyValues is Collection(Edm.String): its values are texts in double quotes.")
    return [str(value) for value in values]


def _check_kind(base: str, column: Column) -> None:
    is_fit = {
        "ContainValues": column.kind == "choices",
        "EqualUserId": column.kind in {"guid", "lookup"},
        "Between": column.is_number or column.kind in {"date", "datetime"},
        "In": column.kind not in {"choices", "memo"},
    }
    if not is_fit.get(base, column.kind in {"date", "datetime"}):
        raise bad_request(f"The operator '{base}' is not valid for attribute '{column.name}'.", "0x80040203")


def _test(base: str, given: Mapping[str, Any], column: Column, scope: Scope, clock: Clock) -> Test:
    if base in _PER_DAY:
        return _day_test(base, given, clock)
    if base == "EqualUserId":
        user: Cell = comparable(scope.store.application.id, column)
        return lambda cell: bool(cell == user)
    values = given["PropertyValues"]
    if not values or (base == "Between" and len(values) != 2):
        raise bad_request(f"The number of values for operator '{base}' is wrong.", "0x80040203")
    if base == "ContainValues":
        wanted = set(values)
        return lambda cell: not wanted.isdisjoint(cell.split(","))
    cells: list[Any] = [cell_of_text(value, column) for value in values]
    if base == "Between":
        low, high = cells
        return lambda cell: bool(low <= cell <= high)
    listed = set(cells)
    return lambda cell: cell in listed


def _day_test(base: str, given: Mapping[str, Any], clock: Clock) -> Test:
    """Days are the user's own, which are UTC's here."""
    today = clock.now().date()
    if base in _NAMED_DAYS:
        first = last = today + timedelta(days=_NAMED_DAYS[base])
    elif base in _DAYS:
        if not re.fullmatch("[0-9]{1,5}", str(given["PropertyValue"])):
            raise bad_request("PropertyValue is a number of days.", "0x80040203")
        other = today + timedelta(days=_DAYS[base] * int(given["PropertyValue"]))
        first, last = min(today, other), max(today, other)
    else:
        told = cell_of_text(str(given["PropertyValue"])[:10], Column(name="PropertyValue", kind="date"))
        low, high = str(told), str(told)
        return {
            "On": lambda cell: bool(cell[:10] == low),
            "OnOrAfter": lambda cell: bool(cell[:10] >= low),
            "OnOrBefore": lambda cell: bool(cell[:10] <= high),
        }[base]
    start, end = first.isoformat(), last.isoformat()
    return lambda cell: bool(start <= cell[:10] <= end)

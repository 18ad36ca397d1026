"""What a query asks for: its filter as a test of rows, its order, columns and page."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sandbox.generic_rest.gate import Refusal
from sandbox.generic_rest.tables import Kind, Row, Table, shown

__all__ = ["answer", "columns_named", "invalid_request"]

_Holds = Callable[[Row], bool]

_KEYS: Mapping[str, type] = {"filter": dict, "sort": list, "fields": list, "limit": int, "offset": int}
_MOST_LEAVES, _MOST_LEVELS, _MOST_VALUES, _MOST_SORTS = 100, 6, 200, 3
_MOST_ROWS, _USUAL_ROWS, _MOST_OFFSET = 200, 50, 10_000

_EQUALITY = ("eq", "ne", "in", "nin", "is_null")
_ORDERED = (*_EQUALITY, "lt", "lte", "gt", "gte")
_OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    "text": (*_EQUALITY, "contains", "starts_with"),
    "enumeration": _EQUALITY,
    "bool": _EQUALITY,
    "ids": ("eq", "in"),
    "id": _ORDERED,
    "number": _ORDERED,
    "instant": _ORDERED,
    "date": _ORDERED,
}
_SORTABLE: tuple[Kind, ...] = ("id", "number", "instant", "date")
_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "in": lambda value, wanted: value in wanted,
    "nin": lambda value, wanted: value not in wanted,
    "contains": operator.contains,
    "starts_with": str.startswith,
}
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def invalid_request(message: str, field: str | None = None, *, status: int = 400) -> Refusal:
    """400 for a request of another shape, 422 where only a bound is broken."""
    return Refusal(status, "invalid_request", message, field=field)


def answer(body: object, table: Table) -> dict[str, object]:
    """The page of *table* that *body* asks for, and how many rows keep its filter.

    Raises:
        Refusal: 400 or 422.
    """
    if not isinstance(body, dict):
        raise invalid_request("The body is no JSON object.")
    for key, value in body.items():
        if key not in _KEYS:
            raise invalid_request("There is no such key.", key)
        if not isinstance(value, _KEYS[key]) or isinstance(value, bool):
            raise invalid_request(f"This is no {_KEYS[key].__name__}.", key)
    limit = _bounded(body.get("limit", _USUAL_ROWS), "limit", _MOST_ROWS)
    offset = _bounded(body.get("offset", 0), "offset", _MOST_OFFSET)
    holds = _Conditions(table).holds(body["filter"]) if "filter" in body else None
    sorts = _sorts(body.get("sort", []), table)
    names = columns_named(body["fields"], table) if "fields" in body else list(table.columns)
    rows = [row for row in table.rows.values() if holds is None or holds(row)]
    page = _in_order(rows, sorts)[offset : offset + limit]
    has_more = offset + len(page) < len(rows)
    return {"data": [shown(row, names) for row in page], "meta": {"total": len(rows), "has_more": has_more}}


def _bounded(value: int, key: str, most: int) -> int:
    if not 0 <= value <= most:
        raise invalid_request(f"This is not from 0 to {most}.", key, status=422)
    return value


def columns_named(fields: Iterable[object], table: Table) -> list[str]:
    """The id and the columns that *fields* name, one by one or as a whole object, in the table's order.

    Raises:
        Refusal: 400 for a name that is no text, 422 for an unknown one.
    """
    wanted = {"id"}
    for field in fields:
        if not isinstance(field, str):
            raise invalid_request("The names of columns are texts.", "fields")
        found = [name for name in table.columns if name == field or name.startswith(f"{field}.")]
        if not found:
            raise Refusal(422, "invalid_field", "There is no such column.", field=field)
        wanted.update(found)
    return [name for name in table.columns if name in wanted]


def _sorts(told: list[Any], table: Table) -> list[tuple[str, bool]]:
    """Columns, each with whether the greatest come first."""
    if len(told) > _MOST_SORTS:
        raise invalid_request(f"More than {_MOST_SORTS} keys.", "sort", status=422)
    sorts = []
    for one in told:
        match one:
            case {"field": str(name), "direction": "asc" | "desc" as direction} if len(one) == 2:
                if table.columns.get(name) not in _SORTABLE:
                    raise Refusal(422, "invalid_field", "There is no such column to sort by.", field=name)
                sorts.append((name, direction == "desc"))
            case _:
                raise invalid_request('A key is {"field": ..., "direction": "asc" or "desc"}.', "sort")
    return sorts


def _in_order(rows: list[Row], sorts: list[tuple[str, bool]]) -> list[Row]:
    """*rows*, which come by id, by the *sorts*, missing values last in either direction."""
    for column, is_descending in reversed(sorts):
        there = [row for row in rows if row[column] is not None]
        missing = [row for row in rows if row[column] is None]
        there.sort(key=operator.itemgetter(column), reverse=is_descending)
        rows = there + missing
    return rows


class _Conditions:
    """One filter of a table, its leaves counted."""

    def __init__(self, table: Table) -> None:
        self._columns = table.columns
        self._leaves = 0

    def holds(self, tree: Any, level: int = 1) -> _Holds:
        """What tells whether a row keeps *tree*.

        Raises:
            Refusal: 422.
        """
        if level > _MOST_LEVELS:
            raise _invalid_filter(f"More than {_MOST_LEVELS} levels.")
        match tree:
            case {"and": [_, *_] as parts} if len(tree) == 1:
                every = [self.holds(part, level + 1) for part in parts]
                return lambda row: all(holds(row) for holds in every)
            case {"or": [_, *_] as parts} if len(tree) == 1:
                some = [self.holds(part, level + 1) for part in parts]
                return lambda row: any(holds(row) for holds in some)
            case {"not": part} if len(tree) == 1:
                denied = self.holds(part, level + 1)
                return lambda row: not denied(row)
            case {"field": str(field), "op": str(op), "value": value} if len(tree) == 3:
                return self._leaf(field, op, value)
        raise _invalid_filter("A tree is one of and, or, not, or a leaf of field, op and value.")

    def _leaf(self, field: str, op: str, value: object) -> _Holds:
        self._leaves += 1
        if self._leaves > _MOST_LEAVES:
            raise _invalid_filter(f"More than {_MOST_LEAVES} conditions.")
        kind = self._columns.get(field)
        if kind is None or kind not in _OPERATORS:
            raise _invalid_filter("There is no such column to filter by.", field)
        if op not in _OPERATORS[kind]:
            raise _invalid_filter(f"This column does not know {op}.", field)
        try:
            wanted = _wanted(kind, op, value)
        except ValueError as error:
            raise _invalid_filter(f"A wrong value for {op}.", field) from error
        if op == "is_null":
            return lambda row: (row[field] is None) == wanted
        if kind == "ids":
            among = wanted if op == "in" else {wanted}
            return lambda row: not among.isdisjoint(row[field])
        if kind == "text":
            return _present(field, lambda told: _TESTS[op](told.lower(), wanted))
        return _present(field, lambda told: _TESTS[op](told, wanted))


def _present(field: str, test: Callable[[Any], bool]) -> _Holds:
    """*test* of a value that is there; of a missing one nothing is true."""
    return lambda row: row[field] is not None and test(row[field])


def _invalid_filter(message: str, field: str | None = None) -> Refusal:
    return Refusal(422, "invalid_filter", message, field=field)


def _wanted(kind: Kind, op: str, value: Any) -> Any:
    """What a column of *kind* is compared with.

    Raises:
        ValueError: a value that is none of the kind.
    """
    if op == "is_null":
        return _operand("bool", value)
    if op not in {"in", "nin"}:
        return _operand(kind, value)
    if not isinstance(value, list) or not 1 <= len(value) <= _MOST_VALUES:
        raise ValueError(value)
    return frozenset(_operand(kind, one) for one in value)


def _operand(kind: Kind, value: Any) -> Any:
    match kind, value:
        case "bool", bool():
            return value
        case "id" | "ids", int() if not isinstance(value, bool):
            return value
        case "number", int() | float() if not isinstance(value, bool):
            return Decimal(str(value))
        case "number", str() if _DECIMAL.fullmatch(value):
            return Decimal(value)
        case "instant", str() if _INSTANT.fullmatch(value):
            return datetime.fromisoformat(value)
        case "date", str() if _DATE.fullmatch(value):
            return date.fromisoformat(value)
        case "text", str():
            return value.lower()
        case "enumeration", str():
            return value
    raise ValueError(value)

"""$apply: filter, groupby and aggregate, one after the other."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.dynamics365.errors import bad_request, syntax_error, unsupported
from sandbox.dynamics365.odata.filters import Filters
from sandbox.dynamics365.odata.scope import Path, Scope
from sandbox.dynamics365.odata.syntax import split_outside, unwrapped
from sandbox.dynamics365.org.cells import Cell, Ref, Row, folded
from sandbox.dynamics365.org.tables import Column

__all__ = ["Groups", "grouped"]

_MOST_SOURCE_ROWS = 50_000
"""0x8004E023 AggregateQueryRecordLimit (Use FetchXML aggregation, read 2026-11)."""

_AGGREGATE = re.compile(r"(?P<path>[\w/]+)\s+with\s+(?P<method>\w+)\s+as\s+(?P<alias>\w+)")
_COUNT = re.compile(r"\$count\s+as\s+(?P<alias>\w+)")
_COUNTED = Column(name="count", kind="int")
_DIGITS = Decimal("0.000000000")
"""Digits of sums and averages of decimals (Aggregate data using OData, read 2026-11)."""


def _sum(cells: list[Any]) -> Any:
    total = sum(cells)
    return total.quantize(_DIGITS) if isinstance(total, Decimal) else total


_METHODS: dict[str, Callable[[list[Any]], Any]] = {
    "sum": _sum,
    "min": min,
    "max": max,
    "average": lambda cells: (sum(cells, Decimal()) / len(cells)).quantize(_DIGITS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """What $apply makes of rows.

    Attributes:
        rows: one a group, in the order in which their first rows came.
        columns: by the names in *rows*, those whose cells have formatted values.
    """

    rows: Sequence[Row]
    columns: Mapping[str, Column]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """One aggregate: of a path, or of the rows themselves."""

    alias: str
    method: str
    path: Path | None

    def of(self, rows: Sequence[Row]) -> Cell:
        if self.path is None:
            return len(rows)
        cells = [cell for row in rows if (cell := self.path.read(row)) is not None]
        return _METHODS[self.method](cells) if cells else None


def grouped(text: str, rows: Sequence[Row], scope: Scope, filters: Filters) -> Groups:
    """The groups that the transformations *text* make of *rows*.

    Raises:
        VendorError: 400.
    """
    *conditions, last = split_outside(text, "/")
    for condition in conditions:
        inner = unwrapped(condition, "filter")
        if inner is None:
            raise unsupported(f"The transformation '{condition}' before another one")
        predicate = filters.predicate(inner, scope)
        rows = [row for row in rows if predicate(row)]
    keys, measures = _transformation(last, scope)
    if len(rows) > _MOST_SOURCE_ROWS:
        message = "AggregateQueryRecordLimit exceeded. Cannot perform this operation."
        raise bad_request(message, "0x8004E023")
    return _fold(rows, keys, measures)


def _transformation(text: str, scope: Scope) -> tuple[dict[str, Path], list[_Measure]]:
    if (inner := unwrapped(text, "aggregate")) is not None:
        return {}, _measures(inner, scope)
    inner = unwrapped(text, "groupby")
    parts = split_outside(inner, ",") if inner else []
    names = unwrapped(parts[0], "") if parts else None
    if names is None or len(parts) > 2:
        raise syntax_error(text)
    aggregate = unwrapped(parts[1], "aggregate") if len(parts) == 2 else ""
    if aggregate is None:
        raise syntax_error(text)
    return _keys(names, scope), _measures(aggregate, scope) if aggregate else []


def _keys(text: str, scope: Scope) -> dict[str, Path]:
    found = {}
    for name in (part.strip() for part in text.split(",")):
        path = scope.path(name.split("/"))
        if path.column.kind in {"date", "datetime"}:
            raise unsupported(f"Grouping by the datetime property '{name}'")
        shown = path.column.property_name
        found[f"{path.navs[-1].target}_{shown}" if path.navs else shown] = path
    return found


def _measures(text: str, scope: Scope) -> list[_Measure]:
    return [_measure(part.strip(), scope) for part in split_outside(text, ",")]


def _measure(text: str, scope: Scope) -> _Measure:
    if match := _COUNT.fullmatch(text):
        return _Measure(alias=match["alias"], method="count", path=None)
    match = _AGGREGATE.fullmatch(text)
    if match is None:
        raise syntax_error(text)
    method, path = match["method"], scope.path(match["path"].split("/"))
    if method not in _METHODS:
        raise unsupported(f"The aggregation method '{method}'")
    is_ordered = path.column.is_number or (path.column.kind in {"date", "datetime"} and method in {"min", "max"})
    if not is_ordered:
        raise unsupported(f"The aggregation method '{method}' of the property '{match['path']}'")
    return _Measure(alias=match["alias"], method=method, path=path)


def _fold(rows: Sequence[Row], keys: Mapping[str, Path], measures: Sequence[_Measure]) -> Groups:
    groups: dict[tuple[object, ...], tuple[Row, list[Row]]] = {}
    for row in rows:
        cells = {name: path.read(row) for name, path in keys.items()}
        _, members = groups.setdefault(tuple(map(_same, cells.values())), (cells, []))
        members.append(row)
    if not keys and not groups:
        groups[()] = ({}, [])
    columns = {name: path.column for name, path in keys.items()}
    columns |= {one.alias: one.path.column if one.path else _COUNTED for one in measures}
    told = [{**cells, **{one.alias: one.of(members) for one in measures}} for cells, members in groups.values()]
    return Groups(rows=told, columns=columns)


def _same(cell: Cell) -> object:
    """What cells of one group share; texts are grouped whatever their case."""
    if isinstance(cell, Ref):
        return cell.id
    return folded(cell) if isinstance(cell, str) else cell

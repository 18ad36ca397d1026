"""Answers COQL statements from the records in memory."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from random import Random
from typing import TypeVar

from sandbox.zoho.coql.criteria import check_of, comparisons_of
from sandbox.zoho.coql.grammar import Column, Order, Query, parse
from sandbox.zoho.coql.names import Name, Names
from sandbox.zoho.errors import refusal
from sandbox.zoho.options import Options
from sandbox.zoho.org import Cell, Key, Org, Record

__all__ = ["Engine"]

_T = TypeVar("_T")
_Row = Callable[[], dict[str, object]]

_MOST = {"select": 500, "order by": 10, "group by": 4, "aggregate": 5, "in": 50, "limit": 2_000}
_MOST_JOINS = {"base join": 5, "select join": 15}
_REACH = 100_000
# All of these: COQL limitations page of v8, read 2026-11.
_NUMBERS = frozenset({"integer", "double", "currency"})
_ORDERED = _NUMBERS | {"date", "datetime"}


class Engine:
    """Runs statements on one organisation.

    Undocumented and chosen here: missing values sort as the option `nulls` says; the order among equal sort keys is
    another one on every call; converted leads are there only for statements with a criterion on Converted__s;
    sums of amounts are bare, whatever the currencies; an aggregate's key is its alias, or itself as written.
    """

    def __init__(self, org: Org, options: Options) -> None:
        self._org, self._options = org, options
        self._chances = Random(7)  # noqa: S311 (an order that nobody may rely on, no secret)

    def run(self, text: str) -> dict[str, object] | None:
        """The answer's body; None where nothing is found.

        Raises:
            VendorError: 400.
        """
        query = parse(text)
        _check_sizes(query)
        if query.module not in self._org.modules or (query.module == "Notes" and not self._options.coql_notes):
            raise refusal("INVALID_QUERY", module=query.module, reason="module not supported")
        names = Names(self._org, self._org.modules[query.module])
        _check_joins(query, names)
        records = self._found(query, names)
        is_grouped = query.group_by or any(column.function for column in query.columns)
        rows = (self._grouped if is_grouped else self._plain)(query, names, records)
        page = [tell() for tell in rows[query.offset : query.offset + query.limit]]
        if not page:
            return None
        return {"data": page, "info": {"count": len(page), "more_records": len(rows) > query.offset + query.limit}}

    def _found(self, query: Query, names: Names) -> list[Record]:
        holds = check_of(query.where, names)
        records = self._org.modules[query.module].records
        if query.module == "Leads" and all(one.name != "Converted__s" for one in comparisons_of(query.where)):
            records = [one for one in records if not one["Converted__s"]]
        return [one for one in records if holds(one)]

    def _plain(self, query: Query, names: Names, records: list[Record]) -> list[_Row]:
        columns = [(column.text, names(column.name).cell) for column in query.columns]
        if query.order_by and all(order.column.name != "id" for order in query.order_by):
            self._chances.shuffle(records)
        for order in reversed(query.order_by):
            records = self._sorted(records, names(_meant(order, query.columns).name).key, order)

        def tell(record: Record) -> dict[str, object]:
            return {text: self._told(cell(record)) for text, cell in columns} | {"id": record["id"]}

        return [partial(tell, record) for record in records]

    def _grouped(self, query: Query, names: Names, records: list[Record]) -> list[_Row]:
        keys = [names(one) for one in query.group_by]
        for column in query.columns:
            if column.function is None and column.name not in query.group_by:
                raise _ungrouped(column)
        groups: dict[tuple[Key | None, ...], list[Record]] = {} if keys else {(): records}
        for record in records if keys else ():
            groups.setdefault(tuple(key.key(record) for key in keys), []).append(record)
        members = list(groups.values())
        for order in reversed(query.order_by):
            column = _meant(order, query.columns)
            if column.function is None and column.name not in query.group_by:
                raise _ungrouped(column)
            measure = _Measure(column, names)
            members = self._sorted(members, measure.key, order)
        columns = [(column.text, _Measure(column, names)) for column in query.columns]

        def tell(group: list[Record]) -> dict[str, object]:
            return {text: self._told(of.cell(group)) for text, of in columns}

        return [partial(tell, group) for group in members]

    def _told(self, cell: Cell) -> object:
        return self._org.told(cell, is_short=True)

    def _sorted(self, rows: list[_T], key: Callable[[_T], Key | None], order: Order) -> list[_T]:
        for_missing = 0 if self._options.nulls == "low" else 2

        def rank(row: _T) -> tuple[int, Key]:
            found = key(row)
            return (for_missing, 0) if found is None else (1, found)

        return sorted(rows, key=rank, reverse=order.is_descending)


def _ungrouped(column: Column) -> Exception:
    return refusal("INVALID_QUERY", column_name=column.name, reason="the column is not in group by")


def _meant(order: Order, columns: Sequence[Column]) -> Column:
    """The selected column that a sort key names by its alias, or what the key says itself."""
    return next((one for one in columns if one.alias == order.column.name), order.column)


class _Measure:
    """What one column is of a group of records."""

    def __init__(self, column: Column, names: Names) -> None:
        self._name, self._function = names(column.name), (column.function or "").lower()
        kind = self._name.field.kind
        if kind not in {"sum": _NUMBERS, "avg": _NUMBERS, "max": _ORDERED, "min": _ORDERED}.get(self._function, {kind}):
            unfit = "data type not supported"
            raise refusal("INVALID_QUERY", message=unfit, column_name=column.name, data_type=kind)

    def cell(self, group: list[Record]) -> Cell:
        """As it is told."""
        return self.key(group) if self._function else self._name.cell(group[0])

    def key(self, group: list[Record]) -> Key | None:
        """As it is sorted by."""
        if not self._function:
            return self._name.key(group[0])
        return _aggregate(self._function, [key for one in group if (key := self._name.key(one)) is not None])


def _aggregate(function: str, keys: list[Key]) -> Key | None:
    if function == "count":
        return len(keys)
    if not keys:
        return None
    if function in {"max", "min"}:
        return (max if function == "max" else min)(keys)
    total = sum((Decimal(str(key)) for key in keys), Decimal(0))
    return total if function == "sum" else total / len(keys)


def _check_sizes(query: Query) -> None:
    criteria = list(comparisons_of(query.where))
    sizes = {
        "select": len(query.columns),
        "order by": len(query.order_by),
        "group by": len(query.group_by),
        "aggregate": sum(column.function is not None for column in query.columns),
        "in": max((len(one.values) for one in criteria if one.operator.endswith("in")), default=0),
        "limit": query.limit,
    }
    for clause, size in sizes.items():
        if size > _MOST[clause]:
            raise refusal("LIMIT_EXCEEDED", clause=clause, limit=_MOST[clause])
    if query.limit + query.offset > _REACH:
        raise refusal("LIMIT_EXCEEDED", clause="offset", limit=_REACH)
    for clause, told in (
        ("order by", [order.column.text for order in query.order_by]),
        ("group by", list(query.group_by)),
        ("aggregate", [column.text for column in query.columns if column.function]),
    ):
        if len(set(told)) < len(told):
            raise refusal("DUPLICATE_DATA", clause=clause)


def _check_joins(query: Query, names: Names) -> None:
    def relations(told: Sequence[Name]) -> int:
        return len({name.relation for name in told} - {""})

    based = relations([names(one.name) for one in comparisons_of(query.where)])
    selected = relations([names(column.name) for column in query.columns])
    for clause, size in (("base join", based), ("select join", selected)):
        if size > _MOST_JOINS[clause]:
            raise refusal("LIMIT_EXCEEDED", clause=clause, limit=_MOST_JOINS[clause])

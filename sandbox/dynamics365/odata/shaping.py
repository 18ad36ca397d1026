"""Rows as JSON: selected columns, annotations, and records that come along.

What comes along looks as in the samples of Join tables using OData (read 2026-11).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandbox.dynamics365.odata.pages import next_link
from sandbox.dynamics365.odata.preferences import MOST_ROWS, Preferences
from sandbox.dynamics365.odata.query import Expand, Query
from sandbox.dynamics365.org.cells import Cell, Ref, Row, formatted, wire
from sandbox.dynamics365.org.store import Store
from sandbox.dynamics365.org.tables import Column, Table, tables

__all__ = ["Shaper"]

_FORMATTED = "OData.Community.Display.V1.FormattedValue"
_TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname"
_NAV = "Microsoft.Dynamics.CRM.associatednavigationproperty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaper:
    """Writes rows as one answer wants them."""

    store: Store
    preferences: Preferences
    root: str

    def record(self, row: Row, table: Table, query: Query) -> dict[str, object]:
        """*row* with the columns and records that *query* asks for, and its keys in any case."""
        return {**_etag(row), **self._told(row, table, query, is_nested=query.is_nested)}

    def records(self, rows: Sequence[Row], table: Table, query: Query) -> list[dict[str, object]]:
        """Each of *rows* as `record` gives it."""
        return [self.record(row, table, query) for row in rows]

    def group(self, cells: Row, columns: Mapping[str, Column]) -> dict[str, object]:
        """The row of a group; what is missing is left out, as in FetchXML."""
        told: dict[str, object] = {}
        for name, cell in cells.items():
            if cell is not None:
                told[name] = wire(cell)
                if name in columns:
                    self._annotate(told, name, cells, columns[name], cell=cell)
        return told

    def _told(self, row: Row, table: Table, query: Query, *, is_nested: bool) -> dict[str, object]:
        told: dict[str, object] = {}
        for column in table.columns.values() if query.columns is None else query.columns:
            self._add(told, row, column)
        for key in table.keys:
            told.setdefault(key, row[key])
        for expand in query.expands:
            if expand.nav.is_many:
                self._expand(told, row, table, expand, is_nested=is_nested)
            else:
                told[expand.nav.name] = self._behind(row, expand, is_nested=is_nested)
        return told

    def _add(self, told: dict[str, object], row: Row, column: Column) -> None:
        name, cell = column.property_name, row.get(column.name)
        told[name] = wire(cell)
        if self.preferences.annotations:
            self._annotate(told, name, row, column, cell=cell)

    def _annotate(self, told: dict[str, object], name: str, row: Row, column: Column, *, cell: Cell) -> None:
        currency = row.get("transactioncurrencyid")
        symbol = self.store.symbols[currency.id if isinstance(currency, Ref) else ""]
        text = formatted(cell, column, symbol=symbol) if self.preferences.wants(_FORMATTED) else None
        if text is not None:
            told[f"{name}@{_FORMATTED}"] = text
        if isinstance(cell, Ref) and column.kind == "lookup":
            if self.preferences.wants(_TABLE):
                told[f"{name}@{_TABLE}"] = cell.table
            if self.preferences.wants(_NAV) and (nav := column.targets.get(cell.table)):
                told[f"{name}@{_NAV}"] = nav

    def _behind(self, row: Row, expand: Expand, *, is_nested: bool) -> dict[str, object] | None:
        """The record behind a look-up, which has no etag; none where a $filter is not true of it."""
        found, test = self.store.behind(row, expand.nav), expand.query.predicate
        if found is None or (test is not None and not test(found)):
            return None
        return self._told(found, tables()[expand.nav.target], expand.query, is_nested=is_nested)

    def _expand(self, told: dict[str, object], row: Row, table: Table, expand: Expand, *, is_nested: bool) -> None:
        """Add a collection to *told*, and a link.

        Where an $expand is nested, collections have pages of the size that is preferred, and the link leads to the
        next one; else the link leads to the same rows, whose etags and look-ups back stand beside what was asked.
        """
        nav, query, target = expand.nav, expand.query, tables()[expand.nav.target]
        key = str(row[table.key])
        rows = query.rows(self.store.many(key, nav))
        address = f"{self.root}/{table.entity_set}({key})/{nav.name}"
        if is_nested:
            size = self.preferences.page_size or MOST_ROWS
            told[nav.name] = [self._told(child, target, query, is_nested=True) for child in rows[:size]]
            told[f"{nav.name}@odata.nextLink"] = next_link(address, expand.link, start=size, page=2)
            return
        back = {f"_{nav.column}_value": key}
        told[nav.name] = [
            {**_etag(child), **back, **self._told(child, target, query, is_nested=False)}
            for child in rows[: min(query.top or MOST_ROWS, MOST_ROWS)]
        ]
        told[f"{nav.name}@odata.nextLink"] = f"{address}?{expand.link}" if expand.link else address


def _etag(row: Row) -> dict[str, object]:
    return {"@odata.etag": f'W/"{row.get("versionnumber")}"'}

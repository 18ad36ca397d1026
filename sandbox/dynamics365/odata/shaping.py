"""Rows as JSON: selected columns, annotations, and records that come along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
        """*row* with the columns and records that *query* asks for, and its key in any case."""
        told: dict[str, object] = {"@odata.etag": f'W/"{row.get("versionnumber")}"'}
        columns = table.columns.values() if query.columns is None else query.columns
        for column in columns:
            self._add(told, row, column)
        for key in table.keys:
            told.setdefault(key, row[key])
        for expand in query.expands:
            self._expand(told, row, table, expand, is_nested=any(one.query.expands for one in query.expands))
        return told

    def group(self, cells: Row, columns: Mapping[str, Column]) -> dict[str, object]:
        """The row of a group; what is missing is left out, as in FetchXML."""
        told: dict[str, object] = {}
        for name, cell in cells.items():
            if cell is not None:
                told[name] = wire(cell)
                if name in columns:
                    self._annotate(told, name, cells, columns[name], cell=cell)
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

    def _expand(self, told: dict[str, object], row: Row, table: Table, expand: Expand, *, is_nested: bool) -> None:
        target, nav = tables()[expand.nav.target], expand.nav
        if not nav.is_many:
            found = self.store.behind(row, nav)
            told[nav.name] = None if found is None else self._without_etag(found, target, expand.query)
            return
        key = str(row[table.key])
        rows = expand.query.rows(self.store.many(key, nav))
        most = (self.preferences.page_size or MOST_ROWS) if is_nested else MOST_ROWS
        children = rows[: min(most, expand.query.top or most)]
        # What points back comes with each child, asked or not.
        back = {f"_{nav.column}_value": key}
        told[nav.name] = [{**back, **self.record(child, target, expand.query)} for child in children]
        # Beside a nested $expand the link is there where more rows are; else always, for nothing.
        if not is_nested or len(rows) > most:
            select = f"?$select={expand.query.select_text}" if expand.query.select_text else ""
            told[f"{nav.name}@odata.nextLink"] = f"{self.root}/{table.entity_set}({key})/{nav.name}{select}"

    def _without_etag(self, row: Row, table: Table, query: Query) -> dict[str, object]:
        """*row* as it comes along behind a look-up (sample answers of Filter rows using OData, read 2026-11)."""
        told = self.record(row, table, query)
        del told["@odata.etag"]
        return told

    def records(self, rows: Sequence[Row], table: Table, query: Query) -> list[dict[str, object]]:
        """Each of *rows* as `record` gives it."""
        return [self.record(row, table, query) for row in rows]

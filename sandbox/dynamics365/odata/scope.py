"""Names in query expressions: what a path means for the rows of a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from odata_query import ast

from sandbox.dynamics365.errors import bad_request, no_property
from sandbox.dynamics365.org.cells import Cell, Row
from sandbox.dynamics365.org.store import Store
from sandbox.dynamics365.org.tables import Column, Nav, Table, tables

__all__ = ["Path", "Scope", "path_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A column of a row, or of a record that the row's lookups lead to.

    Attributes:
        column: at the end.
        navs: on the way, single-valued.
        read: its cell for a row.
    """

    column: Column
    navs: tuple[Nav, ...]
    read: Callable[[Row], Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What names mean in an expression over *table*'s rows.

    Attributes:
        table: whose rows they are.
        store: has the rows behind them.
        variable: name of the row in a lambda; "" outside.
        aliases: of parameters, with their "@".
    """

    table: Table
    store: Store
    variable: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)

    def path(self, names: list[str]) -> Path:
        """What *names*, navigations and a property, mean.

        Raises:
            VendorError: 400.
        """
        if self.variable:
            if names[0] != self.variable or len(names) < 2:
                raise bad_request(f"The property '{names[0]}' is not the lambda's '{self.variable}/…'.")
            names = names[1:]
        table, navs = self.table, []
        for name in names[:-1]:
            nav = table.navs.get(name)
            if nav is None or nav.is_many:
                raise no_property(name, table.name)
            navs.append(nav)
            table = tables()[nav.target]
        column = table.columns.get(names[-1])
        if column is None:
            raise no_property(names[-1], table.name)
        return Path(column=column, navs=tuple(navs), read=self._reader(tuple(navs), column.name))

    def collection(self, names: list[str]) -> Nav:
        """The collection that *names* lead to.

        Raises:
            VendorError: 400.
        """
        own = names[1:] if self.variable and names[0] == self.variable else names
        nav = self.table.navs.get(own[0]) if len(own) == 1 else None
        if nav is None or not nav.is_many:
            raise no_property("/".join(own), self.table.name)
        return nav

    def _reader(self, navs: tuple[Nav, ...], name: str) -> Callable[[Row], Cell]:
        if not navs:
            return lambda row: row.get(name)
        behind = self.store.behind

        def read(row: Row) -> Cell:
            for nav in navs:
                found = behind(row, nav)
                if found is None:
                    return None
                row = found
            return row.get(name)

        return read


def path_of(node: ast._Node) -> list[str] | None:
    """The names of a path; None for a node that is none."""
    match node:
        case ast.Identifier(name=name, namespace=()):
            return [name]
        case ast.Attribute(owner=owner, attr=str(name)):
            names = path_of(owner)
            return names and [*names, name]
        case _:
            return None

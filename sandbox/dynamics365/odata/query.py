"""The system query options of a request, read and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from odata_query import ast

from sandbox.dynamics365.errors import bad_request, no_property, syntax_error, unsupported
from sandbox.dynamics365.odata.filters import Filters, Predicate
from sandbox.dynamics365.odata.scope import Path, Scope
from sandbox.dynamics365.odata.syntax import parsed, split_outside
from sandbox.dynamics365.org.cells import Row, sort_key
from sandbox.dynamics365.org.tables import Column, Nav, Table, tables

__all__ = ["Expand", "Query", "read_query"]

_OPTIONS = {"$select", "$expand", "$filter", "$orderby", "$top"}
_SAFE = "$(),;=/'@"
_SELECT_AND_FILTER = (
    "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested "
    "one-to-many relationship."
)
"""Join tables using OData, read 2026-11."""

_MOST_EXPANDS = 15
"""$expand takes so many (Retrieve related rows with a query, read 2026-11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked of a table's rows.

    Attributes:
        columns: selected; all of them when None.
        expands: what comes along.
        predicate: rows it is true of; None for all.
        order: keys and whether they descend.
        top: at most so many rows.
        select_text: as asked, for the answer's context.
    """

    columns: Sequence[Column] | None
    expands: Sequence["Expand"]
    predicate: Predicate | None
    order: Sequence[tuple[Path, bool]]
    top: int | None
    select_text: str

    @property
    def is_nested(self) -> bool:
        """Whether an $expand stands in another."""
        return any(expand.query.expands for expand in self.expands)

    def rows(self, rows: Sequence[Row]) -> list[Row]:
        """Those of *rows* that the predicate is true of, in order; ties stay in the order of their keys.

        Missing values come first, or last where a key descends, as in SQL Server.
        """
        found = list(rows) if self.predicate is None else [row for row in rows if self.predicate(row)]
        for path, is_descending in reversed(self.order):
            keys: list[Any] = [sort_key(path.read(row), path.column) for row in found]
            places = sorted(range(len(found)), key=keys.__getitem__, reverse=is_descending)
            found = [found[place] for place in places]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Expand:
    """One item of $expand.

    Attributes:
        nav: what is expanded.
        query: what is asked of it.
        link: the same as the query of an address.
    """

    nav: Nav
    query: Query
    link: str


def read_query(given: Mapping[str, str], scope: Scope, filters: Filters) -> Query:
    """The query that the options *given* tell for *scope*'s table.

    Raises:
        VendorError: 400.
    """
    query = _query(given, scope, filters)
    if _count(query) > _MOST_EXPANDS:
        raise bad_request(f"The number of expands exceeds the limit of {_MOST_EXPANDS}.", "0x80060888")
    if query.is_nested:
        _check_nested(query)
    return query


def _query(given: Mapping[str, str], scope: Scope, filters: Filters) -> Query:
    select = given.get("$select", "")
    condition = given.get("$filter")
    return Query(
        columns=_columns(select, scope.table) if "$select" in given else None,
        expands=_expands(given["$expand"], scope, filters) if "$expand" in given else (),
        predicate=None if condition is None else filters.predicate(condition, scope),
        order=_order(given["$orderby"], scope) if "$orderby" in given else (),
        top=_top(given["$top"]) if "$top" in given else None,
        select_text=",".join(name.strip() for name in select.split(",")),
    )


def _columns(text: str, table: Table) -> list[Column] | None:
    """The columns that *text* names; a lookup also by its navigation. Money brings its currency along."""
    by_nav = {nav: column for column in table.columns.values() for nav in column.targets.values() if nav}
    found: dict[str, Column] = {}
    for name in (part.strip() for part in text.split(",")):
        if name == "*":
            return None
        column = table.columns.get(name) or by_nav.get(name)
        if column is None:
            raise no_property(name, table.name)
        found[column.name] = column
        if column.kind == "money":
            currency = table.columns.get("_transactioncurrencyid_value")
            found |= {currency.name: currency} if currency else {}
    return list(found.values())


def _expands(text: str, scope: Scope, filters: Filters) -> list[Expand]:
    found = []
    for part in split_outside(text, ","):
        name, bracket, rest = part.strip().partition("(")
        nav = scope.table.navs.get(name)
        if nav is None:
            raise no_property(name, scope.table.name)
        if bracket and not rest.endswith(")"):
            raise syntax_error(text)
        below = replace(scope, table=tables()[nav.target], aliases={})
        options = _inner_options(rest[:-1], nav)
        query = _query(options, below, filters)
        if not nav.is_many and (query.order or query.top is not None):
            raise bad_request(_SELECT_AND_FILTER)
        link = "&".join(f"{option}={quote(value, safe=_SAFE)}" for option, value in options.items())
        found.append(Expand(nav=nav, query=query, link=link))
    return found


def _inner_options(text: str, nav: Nav) -> dict[str, str]:
    given: dict[str, str] = {}
    for option in split_outside(text, ";") if text.strip() else []:
        name, _, value = option.strip().partition("=")
        if name not in _OPTIONS:
            raise unsupported(f"The query option '{name}' of the expanded '{nav.name}'")
        given[name] = value
    return given


def _count(query: Query) -> int:
    return sum(1 + _count(expand.query) for expand in query.expands)


def _check_nested(query: Query) -> None:
    """A nested $expand turns $top and $orderby off, wherever it stands."""
    for expand in query.expands:
        if expand.query.top is not None or expand.query.order:
            raise bad_request(_SELECT_AND_FILTER)
        _check_nested(expand.query)


def _order(text: str, scope: Scope) -> list[tuple[Path, bool]]:
    found = []
    for part in split_outside(text, ","):
        name, _, direction = part.strip().partition(" ")
        node = parsed(name, {})
        if direction.strip() not in {"", "asc", "desc"} or not isinstance(node, ast.Identifier | ast.Attribute):
            raise syntax_error(text)
        found.append((scope.path(name.split("/")), direction.strip() == "desc"))
    return found


def _top(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise bad_request(f"Invalid value '{text}' for $top query option found; it must be a positive integer.")
    return int(text)

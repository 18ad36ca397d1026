"""Runs searches.

Where a search asks for no order, the records whose names alone match it come first, then the others, each by Id.
An overall limit is shared evenly among the objects that were found (SOSL LIMIT, read 2026-11).
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sandbox.salesforce.org import SObject
from sandbox.salesforce.org.store import Store, wire_instant
from sandbox.salesforce.soql.conditions import Conditions
from sandbox.salesforce.soql.context import Context, Fragment
from sandbox.salesforce.soql.functions import Operands
from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.syntax import Path, Query, Selected
from sandbox.salesforce.soql.names import Scope, no_such_object
from sandbox.salesforce.soql.ordering import Ties, order_clause
from sandbox.salesforce.soql.records import Json, Reader
from sandbox.salesforce.soql.shapes import Shape, shape_of_query
from sandbox.salesforce.sosl.index import Index
from sandbox.salesforce.sosl.statement import MAX_ROWS, Find
from sandbox.salesforce.sosl.terms import Term, parse_terms

__all__ = ["Searcher"]

_MAX_SEARCH_LENGTH = 10_000
"""A longer search finds nothing (SOSL syntax, read 2026-11)."""


class Searcher:
    """The search resources of one org; callers take turns."""

    def __init__(self, store: Store, now: Callable[[], datetime], *, lag_s: float = 0.0) -> None:
        """Args: lag_s: virtual seconds after its last change for which a search does not see a record."""
        self._store = store
        self._now = now
        self._lag_s = lag_s
        self._index = Index(store)
        self._ties = Ties()

    def search(self, find: Find, context: Context, *, statement: str) -> list[Json]:
        """The records that *find* finds, in the order of its objects.

        Args:
            find: the search.
            context: of the run.
            statement: the text that error messages show.

        Raises:
            SoqlError: the search is refused.
        """
        try:
            return self._search(find, context)
        except SoqlError as error:
            if error.code == "MALFORMED_QUERY":
                error = SoqlError("MALFORMED_SEARCH", error.reason, at=error.at)
            raise error.placed(statement) from None
        except RecursionError:
            raise _too_complicated() from None

    def _search(self, find: Find, context: Context) -> list[Json]:
        if len(find.search) > _MAX_SEARCH_LENGTH:
            return []
        term = parse_terms(find.search)
        queries = find.returned or tuple(_ids_of(one) for one in context.catalog if one.is_searchable)
        _check_offset(queries)
        runs = [self._found(query, term, find, context) for query in queries]
        most = MAX_ROWS if find.limit is None else min(find.limit, MAX_ROWS)
        shares = _shared([len(numbers) for _, numbers in runs], most)
        records: list[Json] = []
        for (shape, numbers), share in zip(runs, shares, strict=True):
            records += self._read(shape, numbers[:share], context)
        return records

    def _found(self, query: Query, term: Term, find: Find, context: Context) -> tuple[Shape, list[int]]:
        """The records of one object: what to show, and their row numbers in order."""
        sobject = _searchable(query, context)
        scope = Scope(context.catalog, sobject)
        shape = shape_of_query(query, scope, context)
        conditions = [Fragment(context.visible(sobject, scope.table)), *self._seen(sobject, scope)]
        if query.where is not None:
            conditions.append(Conditions(scope, context).compile(query.where))
        match = self._index.matching(sobject, term, find.scope)
        conditions.append(Fragment(f"{scope.table}.number IN ({match.sql})", match.parameters))
        order = self._order(query, term, scope, context)
        limit = MAX_ROWS if query.limit is None else min(query.limit, MAX_ROWS)
        sql = (
            f"SELECT {scope.table}.number {scope.from_clause()} "
            f"WHERE {' AND '.join(f'({one.sql})' for one in conditions)} ORDER BY {order.sql} LIMIT ? OFFSET ?"
        )
        values = [value for one in (*conditions, order) for value in one.parameters]
        try:
            rows = self._store.select(sql, (*values, limit, query.offset or 0))
        except sqlite3.OperationalError:
            raise _too_complicated() from None
        return shape, [int(row[0] or 0) for row in rows]

    def _order(self, query: Query, term: Term, scope: Scope, context: Context) -> Fragment:
        if query.order_by:
            return Fragment(order_clause(query.order_by, Operands(scope, context), self._ties))
        named = self._index.matching(scope.sobject, term, "NAME")
        return Fragment(f'{scope.table}.number NOT IN ({named.sql}), {scope.table}."Id"', named.parameters)

    def _seen(self, sobject: SObject, scope: Scope) -> list[Fragment]:
        """What the index has seen: it lags behind changes."""
        if not self._lag_s:
            return []
        until = wire_instant(self._now() - timedelta(seconds=self._lag_s))
        return [Fragment(f'{scope.table}."SystemModstamp" <= ?', (until,))] if sobject.named("SystemModstamp") else []

    def _read(self, shape: Shape, numbers: Sequence[int], context: Context) -> list[Json]:
        found = Reader(self._store, context, content_inline=False).by_number(shape, numbers)
        return [found[number][1] for number in numbers]


def _too_complicated() -> SoqlError:
    return SoqlError("MALFORMED_SEARCH", "The search is too complicated.")


def _ids_of(sobject: SObject) -> Query:
    return Query(
        select=(Selected(Path(("Id",), 0), None),),
        source=Path((sobject.name,), 0),
        alias=None,
        where=None,
        group_by=(),
        having=None,
        order_by=(),
        limit=None,
        offset=None,
    )


def _searchable(query: Query, context: Context) -> SObject:
    sobject = context.catalog.named(str(query.source))
    if sobject is None or not sobject.is_queryable:
        raise no_such_object(str(query.source), query.source.at)
    if not sobject.is_searchable:
        raise SoqlError("INVALID_TYPE", f"entity type {sobject.name} does not support search", at=query.source.at)
    if any(not isinstance(item, Selected) for item in query.select):
        raise SoqlError("MALFORMED_SEARCH", "only fields can be returned from a search", at=query.source.at)
    return sobject


def _check_offset(queries: Sequence[Query]) -> None:
    for query in queries:
        if query.offset is None:
            continue
        if query.offset > MAX_ROWS:
            raise SoqlError("MALFORMED_SEARCH", f"SOSL offset should be between 0 to {MAX_ROWS}")
        if len(queries) > 1:
            raise SoqlError("MALFORMED_SEARCH", "OFFSET can be used only when querying a single object")


def _shared(counts: Sequence[int], most: int) -> list[int]:
    """How many of each of *counts* fit into *most* when it is shared evenly; who needs less leaves it to the others."""
    shares = [0] * len(counts)
    left = most
    by_need = sorted(range(len(counts)), key=lambda place: counts[place])
    for done, place in enumerate(by_need):
        shares[place] = min(counts[place], left // (len(counts) - done))
        left -= shares[place]
    return shares

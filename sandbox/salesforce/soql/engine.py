"""Runs SOQL statements and keeps the cursors of their answers."""

import json
import sqlite3
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.salesforce.org.ids import id_of
from sandbox.salesforce.org.store import Store
from sandbox.salesforce.soql.aggregates import Totals, is_aggregated, is_count
from sandbox.salesforce.soql.conditions import Conditions, conjuncts
from sandbox.salesforce.soql.context import Context, Fragment
from sandbox.salesforce.soql.functions import Operands
from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.grammar import parse
from sandbox.salesforce.soql.language.syntax import Comparison, Query, SubSelect
from sandbox.salesforce.soql.names import Scope, no_such_object
from sandbox.salesforce.soql.ordering import Ties, order_clause
from sandbox.salesforce.soql.records import Json, Reader
from sandbox.salesforce.soql.shapes import Block, Shape, shape_of_query

__all__ = ["MAX_BATCH", "Engine"]

MAX_BATCH = 2_000
"""Records of one answer (Query, read 2026-11)."""

_MAX_OFFSET = 2_000
"""OFFSET (SOQL limits, read 2026-11)."""

_CURSOR_LIFE = timedelta(days=2)
"""How long a query locator lives (Query cursor limits, read 2026-11)."""

_LOCATOR_PREFIX = "01g"
_NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The rows of an answer, in order, and what is to be shown of them."""

    numbers: "array[int]"
    shape: Shape
    context: Context
    expires_at: datetime


class Engine:
    """The query resource of one org; callers take turns."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], *, subquery_batch: int = 500, content_inline: bool = False
    ) -> None:
        """Start without cursors.

        Args:
            store: the records.
            now: the virtual instant.
            subquery_batch: rows of an answer with child sub-queries; first pages of 499 children of one parent
                are on record (a client's bug report, read 2026-11).
            content_inline: see `Reader`.
        """
        self._store = store
        self._now = now
        self._subquery_batch = subquery_batch
        self._content_inline = content_inline
        self._ties = Ties()
        self._cursors: dict[str, _Cursor] = {}
        self._cursors_made = 0

    def query(self, statement: str, context: Context, *, batch: int = MAX_BATCH) -> Json:
        """The answer to *statement*: its first *batch* records and, when there are more, where they are.

        Raises:
            SoqlError: the statement is refused; the message shows the place.
        """
        query = parse(statement)
        try:
            return self._run(query, context, batch)
        except SoqlError as error:
            raise error.placed(statement) from None
        except (RecursionError, sqlite3.OperationalError):
            reason = "Query is either selecting too many fields or the filter conditions are too complicated."
            raise SoqlError("QUERY_TOO_COMPLICATED", reason) from None

    def more(self, locator: str, context: Context, *, batch: int = MAX_BATCH) -> Json:
        """The records from where *locator* (`01g…-2000`) says.

        Raises:
            SoqlError: INVALID_QUERY_LOCATOR for an unknown or an expired one.
        """
        name, _, offset = locator.partition("-")
        cursor = self._cursors.get(name)
        if cursor is None or cursor.expires_at < self._now() or not offset.isdigit():
            raise SoqlError("INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(name, cursor, int(offset), batch, context.version)

    def reader(self, context: Context) -> Reader:
        """Reads records by id in *context*."""
        return Reader(self._store, context, content_inline=self._content_inline)

    def _run(self, query: Query, context: Context, batch: int) -> Json:
        sobject = context.catalog.named(query.source.parts[-1]) if len(query.source.parts) == 1 else None
        if sobject is None or not sobject.is_queryable:
            raise no_such_object(str(query.source), query.source.at)
        _check_link_filter(query)
        _check_offset(query)
        scope = Scope(context.catalog, sobject, alias=query.alias)
        if is_count(query):
            total = Totals(self._store, context, self._ties).count(query, scope)
            return {"totalSize": total, "done": True, "records": []}
        if is_aggregated(query):
            groups = Totals(self._store, context, self._ties).groups(query, scope)
            return {"totalSize": len(groups), "done": True, "records": groups}
        if query.having is not None:
            raise SoqlError("MALFORMED_QUERY", "HAVING needs GROUP BY", at=query.source.at)
        shape = shape_of_query(query, scope, context)
        numbers = array("q", self._located(query, scope, context))
        return self._first_page(_Cursor(numbers, shape, context, self._now() + _CURSOR_LIFE), batch)

    def _located(self, query: Query, scope: Scope, context: Context) -> list[int]:
        where, order = self._clauses(query, scope, context)
        sql = f"SELECT {scope.table}.number {scope.from_clause()} WHERE {where.sql} ORDER BY {order} LIMIT ? OFFSET ?"
        limit = -1 if query.limit is None else query.limit
        rows = self._store.select(sql, (*where.parameters, limit, query.offset or 0))
        return [int(row[0] or 0) for row in rows]

    def _clauses(self, query: Query, scope: Scope, context: Context) -> tuple[Fragment, str]:
        visible = context.visible(scope.sobject, scope.table)
        where = Fragment(visible)
        if query.where is not None:
            condition = Conditions(scope, context).compile(query.where)
            where = Fragment(f"{visible} AND ({condition.sql})", condition.parameters)
        return where, order_clause(query.order_by, Operands(scope, context), self._ties)

    def _first_page(self, cursor: _Cursor, batch: int) -> Json:
        return self._page(None, cursor, 0, batch, cursor.context.version)

    def _page(self, name: str | None, cursor: _Cursor, start: int, batch: int, version: int) -> Json:
        """Records from *start* on; the cursor is kept when there are more and gets a name if it has none."""
        has_blocks = bool(cursor.shape.blocks())
        budget = min(batch, self._subquery_batch) if has_blocks else batch
        numbers = cursor.numbers[start : start + budget]
        records = self._records(cursor.shape, numbers, cursor.context, budget, may_stop=True)
        following = start + (len(records) if has_blocks else len(numbers))
        answer: Json = {"totalSize": len(cursor.numbers), "done": following >= len(cursor.numbers)}
        if not answer["done"]:
            answer["nextRecordsUrl"] = self._address(name or self._keep(cursor), following, version)
        answer["records"] = records
        return answer

    def _keep(self, cursor: _Cursor) -> str:
        now = self._now()
        self._cursors = {name: one for name, one in self._cursors.items() if one.expires_at >= now}
        self._cursors_made += 1
        name = id_of(_LOCATOR_PREFIX, self._cursors_made)
        self._cursors[name] = cursor
        return name

    def _address(self, locator: str, offset: int, version: int) -> str:
        return f"/services/data/v{version}.0/query/{locator}-{offset}"

    def _records(
        self, shape: Shape, numbers: Sequence[int], context: Context, budget: int, *, may_stop: bool
    ) -> list[Json]:
        """The records of *numbers*, in their order, with their blocks.

        Args:
            shape: what to show.
            numbers: rows.
            context: of the statement.
            budget: rows of the page, children counted.
            may_stop: leave out the records that the budget does not reach.
        """
        found = self.reader(context).by_number(shape, numbers)
        rows = [found[number] for number in numbers if number in found]
        blocks = [(block, self._children(block, [one for one, _ in rows], context)) for block in shape.blocks()]
        taken, counts = _allotted(rows, [by_parent for _, by_parent in blocks], budget, may_stop=may_stop)
        for place, (block, by_parent) in enumerate(blocks):
            shares = [
                by_parent.get(record_id, [])[: count[place]]
                for (record_id, _), count in zip(taken, counts, strict=True)
            ]
            flat = [number for share in shares for number in share]
            children = iter(self._records(block.shape, flat, context, budget, may_stop=False))
            for (record_id, record), share in zip(taken, shares, strict=True):
                shown = [next(children) for _ in share]
                record[block.key] = self._block(block, by_parent.get(record_id, []), shown, context)
        return [record for _, record in taken]

    def _block(self, block: Block, numbers: Sequence[int], shown: list[Json], context: Context) -> Json | None:
        if not numbers:
            return None
        answer: Json = {"totalSize": len(numbers), "done": len(shown) == len(numbers)}
        if not answer["done"]:
            cursor = _Cursor(array("q", numbers), block.shape, context, self._now() + _CURSOR_LIFE)
            answer["nextRecordsUrl"] = self._address(self._keep(cursor), len(shown), context.version)
        answer["records"] = shown
        return answer

    def _children(self, block: Block, parents: Sequence[str], context: Context) -> dict[str, list[int]]:
        """Row numbers of the children of each parent; LIMIT and OFFSET count per parent."""
        query = block.query
        scope = Scope(context.catalog, block.child.sobject, alias=query.alias)
        where, order = self._clauses(query, scope, context)
        parent = f'{scope.table}."{block.child.reference.name}"'
        sql = (
            f"SELECT parent, number FROM (SELECT {parent} AS parent, {scope.table}.number, "  # noqa: S608 - catalog names
            f"row_number() OVER (PARTITION BY {parent} ORDER BY {order}) AS place {scope.from_clause()} "
            f"WHERE {parent} IN (SELECT value FROM json_each(?)) AND {where.sql}) "
            "WHERE place > ? AND place <= ? ORDER BY parent, place"
        )
        first = query.offset or 0
        last = _NO_LIMIT if query.limit is None else first + query.limit
        rows = self._store.select(sql, (json.dumps(list(parents)), *where.parameters, first, last))
        children: dict[str, list[int]] = {}
        for record_id, number in rows:
            children.setdefault(str(record_id), []).append(int(number or 0))
        return children


def _allotted(
    rows: list[tuple[str, Json]], blocks: list[dict[str, list[int]]], budget: int, *, may_stop: bool
) -> tuple[list[tuple[str, Json]], list[list[int]]]:
    """The parents that fit into *budget*, and how many children of each block go with each.

    A parent whose children do not all fit is the last; the first parent always fits.
    """
    used = 0
    taken: list[tuple[str, Json]] = []
    counts: list[list[int]] = []
    for record_id, record in rows:
        if may_stop and taken and used >= budget:
            break
        used = used + 1 if may_stop else 1
        count = []
        for by_parent in blocks:
            share = min(len(by_parent.get(record_id, [])), max(0, budget - used))
            used += share
            count.append(share)
        taken.append((record_id, record))
        counts.append(count)
    return taken, counts


def _check_offset(query: Query) -> None:
    if query.offset is not None and query.offset > _MAX_OFFSET:
        reason = f"Maximum SOQL offset allowed is {_MAX_OFFSET}"
        raise SoqlError("NUMBER_OUTSIDE_VALID_RANGE", reason)


def _check_link_filter(query: Query) -> None:
    """ContentDocumentLink is only read for given documents or records (published error text, read 2026-11)."""
    if str(query.source).lower() != "contentdocumentlink":
        return
    for one in conjuncts(query.where):
        is_match = isinstance(one, SubSelect) and not one.negated
        if isinstance(one, Comparison):
            is_match = one.operator in {"=", "IN"}
        if is_match and isinstance(one, Comparison | SubSelect) and _is_link_end(str(one.operand)):
            return
    reason = (
        "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or "
        "LinkedEntityId using the equals operator or multiple Id's using the IN operator."
    )
    raise SoqlError("MALFORMED_QUERY", reason)


def _is_link_end(name: str) -> bool:
    return name.rpartition(".")[2].lower() in {"contentdocumentid", "linkedentityid"}

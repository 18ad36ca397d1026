"""Statements with aggregates: one SQL statement, whose rows are the answer's records."""

from dataclasses import dataclass

from sandbox.salesforce.org.store import Cell, Store
from sandbox.salesforce.soql.conditions import Conditions
from sandbox.salesforce.soql.context import Context, Fragment
from sandbox.salesforce.soql.functions import AGGREGATES, Operands, extreme_text
from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.syntax import (
    Call,
    Comparison,
    Condition,
    Junction,
    Negation,
    Operand,
    Path,
    Query,
    Selected,
)
from sandbox.salesforce.soql.names import Column, Scope
from sandbox.salesforce.soql.ordering import Ties, order_clause

__all__ = ["Totals", "is_aggregated", "is_count"]

_MAX_GROUPS = 2_000
"""Rows of a grouped answer, which has no further pages (GROUP BY, read 2026-11)."""


def is_count(query: Query) -> bool:
    """Whether it is `SELECT COUNT() FROM …`, whose answer is a number alone."""
    item = query.select[0]
    return isinstance(item, Selected) and isinstance(item.operand, Call) and _is_bare_count(item.operand)


def is_aggregated(query: Query) -> bool:
    """Whether the records are groups, not rows."""
    return bool(query.group_by) or any(
        isinstance(item, Selected) and isinstance(item.operand, Call) and item.operand.name in AGGREGATES
        for item in query.select
    )


def _is_bare_count(call: Call) -> bool:
    return call.name == "COUNT" and not call.arguments


@dataclass(frozen=True, slots=True)
class _Output:
    key: str
    column: Column
    sql: str


class Totals:
    """Runs aggregate statements."""

    def __init__(self, store: Store, context: Context, ties: Ties) -> None:
        self._store = store
        self._context = context
        self._ties = ties

    def count(self, query: Query, scope: Scope) -> int:
        """The answer of `SELECT COUNT()`.

        Raises:
            SoqlError: other items are selected, or groups or an order are asked for.
        """
        if len(query.select) > 1 or query.group_by:
            raise SoqlError("MALFORMED_QUERY", "Grouped query cannot use COUNT() without a field", at=query.source.at)
        if query.order_by:
            raise SoqlError("MALFORMED_QUERY", "COUNT() cannot be used with ORDER BY", at=query.order_by[0].operand.at)
        where = self._where(query, scope)
        limit = -1 if query.limit is None else query.limit
        statement = f"SELECT count(*) FROM (SELECT 1 {scope.from_clause()} WHERE {where.sql} LIMIT ?)"  # noqa: S608
        return int(self._store.select(statement, (*where.parameters, limit))[0][0] or 0)

    def groups(self, query: Query, scope: Scope) -> list[dict[str, object]]:
        """The records of a statement with aggregates.

        Raises:
            SoqlError: a rule of grouping broken, or more than 2,000 groups.
        """
        operands = Operands(scope, self._context)
        grouped = [self._grouped(operand, operands) for operand in query.group_by]
        keys = {column.key for column in grouped}
        outputs = self._outputs(query, operands, keys)
        _check_conditions(query, operands, keys)
        where = self._where(query, scope)
        having = self._having(query, scope)
        order = self._order(query, operands)
        _check_overall(query)
        sql = [f"SELECT {', '.join(one.sql for one in outputs)} {scope.from_clause()} WHERE {where.sql}"]
        sql += [f"GROUP BY {', '.join(column.key for column in grouped)}"] if grouped else []
        sql += [having.sql, order, "LIMIT ? OFFSET ?"]
        limit = _MAX_GROUPS + 1 if query.limit is None else min(query.limit, _MAX_GROUPS + 1)
        parameters = (*where.parameters, *having.parameters, limit, query.offset or 0)
        rows = self._store.select(" ".join(part for part in sql if part), parameters)
        if len(rows) > _MAX_GROUPS:
            reason = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch"
            raise SoqlError("EXCEEDED_ID_LIMIT", reason)
        return [_record(outputs, row) for row in rows]

    def _where(self, query: Query, scope: Scope) -> Fragment:
        visible = self._context.visible(scope.sobject, scope.table)
        if query.where is None:
            return Fragment(visible)
        condition = Conditions(scope, self._context).compile(query.where)
        return Fragment(f"{visible} AND ({condition.sql})", condition.parameters)

    def _having(self, query: Query, scope: Scope) -> Fragment:
        if query.having is None:
            return Fragment("")
        if not query.group_by:
            raise SoqlError("MALFORMED_QUERY", "HAVING needs GROUP BY", at=query.source.at)
        condition = Conditions(scope, self._context, aggregates=True).compile(query.having)
        return Fragment(f"HAVING {condition.sql}", condition.parameters)

    def _order(self, query: Query, operands: Operands) -> str:
        if not query.group_by:
            return ""
        return f"ORDER BY {order_clause(query.order_by, operands, self._ties, aggregates=True)}"

    def _grouped(self, operand: Operand, operands: Operands) -> Column:
        column = operands.column(operand)
        if not column.field.groupable:
            reason = f"field '{column.field.name}' can not be grouped in a query call"
            raise SoqlError("INVALID_FIELD", reason, at=operand.at)
        return column

    def _outputs(self, query: Query, operands: Operands, grouped: set[str]) -> list[_Output]:
        outputs: dict[str, _Output] = {}
        expressions = 0
        for item in query.select:
            if not isinstance(item, Selected):
                raise SoqlError("MALFORMED_QUERY", "Grouped queries cannot have sub-queries", at=query.source.at)
            operand = item.operand
            column = operands.column(operand, aggregates=True)
            is_aggregate = isinstance(operand, Call) and operand.name in AGGREGATES
            if not is_aggregate and column.key not in grouped:
                raise SoqlError("MALFORMED_QUERY", f"Field must be grouped or aggregated: {_named(operand)}")
            key = item.alias
            if key is None and isinstance(operand, Path):
                key = column.field.name
            elif key is None:
                key, expressions = f"expr{expressions}", expressions + 1
            if key in outputs:
                raise SoqlError("MALFORMED_QUERY", f"duplicate alias: {key}", at=operand.at)
            is_folded = not is_aggregate and column.field.has_key
            outputs[key] = _Output(key, column, extreme_text("min", column) if is_folded else column.sql)
        return list(outputs.values())


def _check_conditions(query: Query, operands: Operands, grouped: set[str]) -> None:
    """HAVING and ORDER BY of a grouped statement speak of its groups alone."""
    if not query.group_by:
        return
    for word, told in (
        ("Field", _operands_of(query.having)),
        ("Ordered field", [one.operand for one in query.order_by]),
    ):
        for operand in told:
            is_aggregate = isinstance(operand, Call) and operand.name in AGGREGATES
            if not is_aggregate and operands.column(operand).key not in grouped:
                reason = f"{word} must be grouped or aggregated: {_named(operand)}"
                raise SoqlError("MALFORMED_QUERY", reason, at=operand.at)


def _operands_of(condition: Condition | None) -> list[Operand]:
    if isinstance(condition, Junction):
        return [operand for part in condition.parts for operand in _operands_of(part)]
    if isinstance(condition, Negation):
        return _operands_of(condition.part)
    return [condition.operand] if isinstance(condition, Comparison) else []


def _named(operand: Operand) -> str:
    return str(operand) if isinstance(operand, Path) else operand.name


def _check_overall(query: Query) -> None:
    if query.group_by:
        return
    clause = "LIMIT" if query.limit is not None else "ORDER BY" if query.order_by else None
    if clause is not None:
        reason = f"Non-grouped query that uses overall aggregate functions cannot also use {clause}"
        raise SoqlError("MALFORMED_QUERY", reason)


def _record(outputs: list[_Output], row: tuple[Cell, ...]) -> dict[str, object]:
    record: dict[str, object] = {"attributes": {"type": "AggregateResult"}}
    for one, cell in zip(outputs, row, strict=True):
        record[one.key] = bool(cell) if one.column.field.type == "boolean" else cell
    return record

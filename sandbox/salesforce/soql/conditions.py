"""WHERE and HAVING clauses as SQL, with the meaning that SOQL gives to null.

A comparison is true or false, never unknown: `!=` is true of a row without a value, every other operator is false of it
(`= null` apart), and NOT turns that round.
"""

import json
from collections.abc import Iterator, Sequence

from sandbox.salesforce.org.ids import normalised
from sandbox.salesforce.org.store import Cell, text_key
from sandbox.salesforce.soql.context import Context, Fragment
from sandbox.salesforce.soql.functions import Operands, corporate
from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.literals import Span, like_pattern, text_of
from sandbox.salesforce.soql.language.syntax import (
    Comparison,
    Condition,
    Constant,
    Junction,
    Negation,
    Path,
    Query,
    Selected,
    SubSelect,
)
from sandbox.salesforce.soql.names import Column, Scope, no_such_object

__all__ = ["Conditions", "conjuncts"]

_SQL_OPERATORS = {"=": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_EQUALITY = frozenset({"=", "!=", "IN", "NOT IN"})
_ORDERED = _EQUALITY | {"<", "<=", ">", ">="}
_MULTIPLE = frozenset({"=", "!=", "INCLUDES", "EXCLUDES"})
_MANY = 16
_MAX_JOINS = 2
"""Semi- and anti-joins of one statement (Comparison Operators, read 2026-11)."""

_NESTED_JOIN = (
    "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions."
)

_WANTED = {
    "boolean": "boolean and should not be enclosed in quotes",
    "date": "date and should not be enclosed in quotes",
    "datetime": "dateTime and should not be enclosed in quotes",
    "int": "int and should not be enclosed in quotes",
}
_KINDS = {"boolean": {"boolean"}, "date": {"date", "macro"}, "datetime": {"datetime", "macro"}}


def conjuncts(condition: Condition | None) -> Iterator[Condition]:
    """The conditions that must all hold, through nested ANDs."""
    if isinstance(condition, Junction) and condition.word == "AND":
        for part in condition.parts:
            yield from conjuncts(part)
    elif condition is not None:
        yield condition


class Conditions:
    """Compiles the conditions of one statement."""

    def __init__(self, scope: Scope, context: Context, *, aggregates: bool = False, can_join: bool = True) -> None:
        """Args: aggregates: it is a HAVING clause; can_join: semi-joins may stand here."""
        self._operands = Operands(scope, context)
        self._scope = scope
        self._context = context
        self._aggregates = aggregates
        self._can_join = can_join
        self._joins = 0

    def compile(self, condition: Condition) -> Fragment:
        """The SQL of *condition*.

        Raises:
            SoqlError: an unknown name, a value of the wrong type, an operator that the field does not allow.
        """
        return self._condition(condition, is_nested=False)

    def _condition(self, condition: Condition, *, is_nested: bool) -> Fragment:
        if isinstance(condition, Junction):
            nested = is_nested or condition.word == "OR"
            return _joined(condition.word, [self._condition(part, is_nested=nested) for part in condition.parts])
        if isinstance(condition, Negation):
            part = self._condition(condition.part, is_nested=True)
            return Fragment(f"(NOT coalesce({part.sql}, 0))", part.parameters)
        if isinstance(condition, SubSelect):
            return self._join(condition, is_nested=is_nested)
        return self._comparison(condition)

    def _comparison(self, comparison: Comparison) -> Fragment:
        try:
            return self._compared_with(comparison)
        except SoqlError as error:
            if error.at is None:
                error.at = comparison.at
            raise

    def _compared_with(self, comparison: Comparison) -> Fragment:
        column = self._operands.column(comparison.operand, aggregates=self._aggregates)
        _check_operator(column, comparison)
        if comparison.operator in {"INCLUDES", "EXCLUDES"}:
            return self._multiple(column, comparison)
        if comparison.operator in {"IN", "NOT IN"}:
            return self._membership(column, comparison)
        return self._single(column, comparison.operator, comparison.values[0])

    def _single(self, column: Column, operator: str, constant: Constant) -> Fragment:
        if column.field.type == "boolean":
            return self._boolean(column, operator, constant)
        if constant.kind == "null" or constant.text == "''":
            return Fragment({"=": f"{column.sql} IS NULL", "!=": f"{column.sql} IS NOT NULL"}.get(operator, "0"))
        if operator == "LIKE":
            return Fragment(f"{column.key} LIKE ? ESCAPE '\\'", (text_key(like_pattern(constant)),))
        if column.field.type in {"date", "datetime"}:
            return _in_time(column, operator, self._span(column, constant))
        sql, value = self._compared(column, constant)
        if operator == "!=":
            return Fragment(f"{sql} IS NOT ?", (value,))
        return Fragment(f"{sql} {_SQL_OPERATORS[operator]} ?", (value,))

    def _membership(self, column: Column, comparison: Comparison) -> Fragment:
        """`IN`; a null among the values matches rows without one."""
        constants = [one for one in comparison.values if one.kind != "null" and one.text != "''"]
        has_null = len(constants) < len(comparison.values)
        if len({one.kind == "currency" for one in constants}) > 1:
            raise SoqlError("MALFORMED_QUERY", "currency literals and plain numbers cannot be mixed", at=comparison.at)
        if column.field.type in {"date", "datetime", "boolean"}:
            matches = _joined("OR", [self._single(column, "=", one) for one in constants] or [Fragment("0")])
        else:
            matches = self._among(column, constants)
        if comparison.operator == "IN":
            return _joined("OR", [matches, Fragment(f"{column.sql} IS NULL")]) if has_null else matches
        differs = Fragment(f"(NOT coalesce({matches.sql}, 0))", matches.parameters)
        if has_null or not self._context.not_in_keeps_null:
            return _joined("AND", [differs, Fragment(f"{column.sql} IS NOT NULL")])
        return differs

    def _among(self, column: Column, constants: Sequence[Constant]) -> Fragment:
        if not constants:
            return Fragment("0")
        compared = [self._compared(column, one) for one in constants]
        sql = compared[0][0]
        values = tuple(value for _, value in compared)
        if len(values) > _MANY:
            among = "IN (SELECT value FROM json_each(?))"
            return Fragment(f"{sql} {among}", (json.dumps(values),))
        return Fragment(f"{sql} IN ({', '.join('?' * len(values))})", values)

    def _multiple(self, column: Column, comparison: Comparison) -> Fragment:
        """INCLUDES: a row has every value of one of the groups, which separate their values by `;`."""
        groups = []
        for constant in comparison.values:
            if constant.kind != "string":
                raise _mistyped(column)
            parts = [text_key(part) for part in text_of(constant).split(";")]
            has = f"instr(';' || {column.key} || ';', ?) > 0"
            groups.append(_joined("AND", [Fragment(has, (f";{part};",)) for part in parts]))
        either = _joined("OR", groups)
        if comparison.operator == "INCLUDES":
            return either
        return Fragment(f"(NOT coalesce({either.sql}, 0))", either.parameters)

    def _boolean(self, column: Column, operator: str, constant: Constant) -> Fragment:
        """`null` is false here (SOQL reference, "null in WHERE", read 2026-11)."""
        if constant.kind not in {"boolean", "null"}:
            raise _mistyped(column)
        wanted = (constant.text.lower() == "true") == (operator == "=")
        return Fragment(f"coalesce({column.sql}, 0) = ?" if column.nillable else f"{column.sql} = ?", (int(wanted),))

    def _span(self, column: Column, constant: Constant) -> Span:
        if constant.kind not in _KINDS[column.field.type]:
            raise _mistyped(column)
        calendar = self._context.calendar
        return calendar.days(constant) if column.field.type == "date" else calendar.instants(constant)

    def _compared(self, column: Column, constant: Constant) -> tuple[str, Cell]:
        """What a number, text or id is compared as, and the value."""
        declared = column.field
        if declared.is_number:
            return self._number(column, constant)
        if constant.kind != "string":
            raise _mistyped(column)
        text = text_of(constant)
        if not declared.is_id:
            return column.key, text_key(text) if declared.has_key else text
        record_id = normalised(text)
        if record_id is None:
            raise SoqlError("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {text}", at=constant.at)
        return column.key, record_id

    def _number(self, column: Column, constant: Constant) -> tuple[str, Cell]:
        if constant.kind == "number":
            return column.sql, float(constant.text)
        code = constant.text[:3].upper()
        is_coded = constant.kind == "currency" and column.field.type == "currency" and not self._aggregates
        if not is_coded or code not in self._context.rates:
            raise _mistyped(column)
        return corporate(self._context, column, column.sql), float(constant.text[3:]) / self._context.rates[code]

    def _join(self, join: SubSelect, *, is_nested: bool) -> Fragment:
        self._check_join(join, is_nested=is_nested)
        left = self._operands.column(join.operand)
        if not left.field.is_id:
            raise SoqlError(
                "INVALID_FIELD", f"semi join operand must be an id field, cannot use: '{left.field.name}'", at=join.at
            )
        inner = self._inner(join.query)
        among = Fragment(f"{left.sql} IN ({inner.sql})", inner.parameters)
        if not join.negated:
            return among
        kept = "1" if self._context.not_in_keeps_null else "0"
        return Fragment(f"(CASE WHEN {left.sql} IS NULL THEN {kept} ELSE NOT {among.sql} END)", among.parameters)

    def _check_join(self, join: SubSelect, *, is_nested: bool) -> None:
        self._joins += 1
        if is_nested:
            raise SoqlError("MALFORMED_QUERY", _NESTED_JOIN, at=join.at)
        if not self._can_join or self._aggregates:
            raise SoqlError("MALFORMED_QUERY", "Nesting of semi join sub-selects is not supported", at=join.at)
        if self._joins > _MAX_JOINS:
            raise SoqlError("MALFORMED_QUERY", f"Maximum {_MAX_JOINS} semi join sub-selects are allowed.", at=join.at)
        if not isinstance(join.operand, Path) or len(self._scope.own_parts(join.operand)) > 1:
            raise SoqlError("MALFORMED_QUERY", "Semi join operand cannot use relationships", at=join.at)
        inner = join.query
        if inner.order_by or inner.limit is not None or inner.offset is not None or inner.group_by:
            raise SoqlError("MALFORMED_QUERY", "Semi join sub-selects cannot order, limit or group", at=join.at)

    def _inner(self, query: Query) -> Fragment:
        sobject = self._context.catalog.named(query.source.parts[-1])
        if sobject is None or not sobject.is_queryable or len(query.source.parts) > 1:
            raise no_such_object(str(query.source), query.source.at)
        if sobject.name == self._scope.sobject.name:
            reason = "The inner and outer selects should not be on the same object type"
            raise SoqlError("MALFORMED_QUERY", reason, at=query.source.at)
        scope = Scope(self._context.catalog, sobject, alias=query.alias, letter="s")
        item = query.select[0]
        if len(query.select) != 1 or not isinstance(item, Selected) or not isinstance(item.operand, Path):
            raise SoqlError("MALFORMED_QUERY", "semi join sub-selects must select one field", at=query.source.at)
        column = scope.column(item.operand)
        if not column.field.is_id:
            reason = f"semi join sub-selects can only query id fields, cannot use: '{column.field.name}'"
            raise SoqlError("INVALID_FIELD", reason, at=item.operand.at)
        where = Fragment("1")
        if query.where is not None:
            where = Conditions(scope, self._context, can_join=False).compile(query.where)
        visible = self._context.visible(sobject, scope.table)
        conditions = f"{visible} AND {column.sql} IS NOT NULL AND ({where.sql})"
        return Fragment(f"SELECT {column.sql} {scope.from_clause()} WHERE {conditions}", where.parameters)


def _joined(word: str, parts: Sequence[Fragment]) -> Fragment:
    """The parts joined as a balanced tree, for SQLite bounds the depth of an expression."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    left, right = _joined(word, parts[:middle]), _joined(word, parts[middle:])
    return Fragment(f"({left.sql} {word} {right.sql})", left.parameters + right.parameters)


def _in_time(column: Column, operator: str, span: Span) -> Fragment:
    """A time compared with a span of days, or with one instant."""
    sql = column.sql
    if span.end is None:
        return Fragment(f"{sql} IS NOT ?" if operator == "!=" else f"{sql} {operator} ?", (span.start,))
    if operator == "=":
        return Fragment(f"({sql} >= ? AND {sql} < ?)", (span.start, span.end))
    if operator == "!=":
        return Fragment(f"({sql} IS NULL OR {sql} < ? OR {sql} >= ?)", (span.start, span.end))
    if operator in {"<", ">="}:
        return Fragment(f"{sql} {operator} ?", (span.start,))
    return Fragment(f"{sql} {'<' if operator == '<=' else '>='} ?", (span.end,))


def _check_operator(column: Column, comparison: Comparison) -> None:
    declared = column.field
    if not declared.filterable:
        reason = f"field '{declared.name}' can not be filtered in a query call"
        raise SoqlError("INVALID_FIELD", reason, at=comparison.at)
    if declared.type == "multipicklist":
        allowed = _MULTIPLE
    elif declared.type == "boolean":
        allowed = _EQUALITY
    else:
        allowed = _ORDERED | {"LIKE"} if declared.is_text else _ORDERED
    if comparison.operator not in allowed:
        kind = "id" if declared.is_id else declared.type
        raise SoqlError("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on {kind} field", at=comparison.at)


def _mistyped(column: Column) -> SoqlError:
    """The vendor's message points at the comparison, not at the value."""
    declared = column.field
    wanted = _WANTED.get(declared.type)
    if wanted is None and declared.is_number:
        wanted = "double and should not be enclosed in quotes"
    reason = (
        f"value of filter criterion for field '{declared.name}' must be of type "
        f"{wanted or 'string and should be enclosed in quotes'}"
    )
    return SoqlError("INVALID_FIELD", reason)

"""$filter: what a condition means for a row.

Missing values are SQL Server's: only `eq null`, `ne` and negated searches are true of them,
for the service turns `ne 'x'` into "is not x or is null". A `not` is carried down to the comparisons first.
"""

import operator
import re
from collections.abc import Callable
from typing import Any

from odata_query import ast

from sandbox.clock import Clock
from sandbox.dynamics365.errors import bad_request, incompatible, unsupported
from sandbox.dynamics365.odata.functions import NAMESPACE, crm_function
from sandbox.dynamics365.odata.literals import cell_of_literal, comparable, edm_type, like
from sandbox.dynamics365.odata.scope import Path, Scope, path_of
from sandbox.dynamics365.odata.syntax import parsed
from sandbox.dynamics365.org.cells import Row, folded, sort_key
from sandbox.dynamics365.org.tables import tables

__all__ = ["Filters", "Predicate"]

Predicate = Callable[[Row], bool]

_MOST_CONDITIONS = 500
"""Conditions of one query; 0x8004430C beyond (Filter rows, read 2026-11)."""

_OPERATORS: dict[type[ast._Node], tuple[str, str]] = {
    ast.Eq: ("Equal", "NotEqual"),
    ast.NotEq: ("NotEqual", "Equal"),
    ast.Lt: ("LessThan", "GreaterThanOrEqual"),
    ast.LtE: ("LessThanOrEqual", "GreaterThan"),
    ast.Gt: ("GreaterThan", "LessThanOrEqual"),
    ast.GtE: ("GreaterThanOrEqual", "LessThan"),
}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "Equal": operator.eq,
    "LessThan": operator.lt,
    "LessThanOrEqual": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqual": operator.ge,
}
_FLIPPED = {
    "LessThan": "GreaterThan",
    "LessThanOrEqual": "GreaterThanOrEqual",
    "GreaterThan": "LessThan",
    "GreaterThanOrEqual": "LessThanOrEqual",
}


class Filters:
    """Turns conditions into predicates."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def predicate(self, text: str, scope: Scope) -> Predicate:
        """What *text* means for the rows of *scope*.

        Raises:
            VendorError: 400.
        """
        count = [0]
        return self._compiled(parsed(text, scope.aliases), scope, count, is_negated=False)

    def _compiled(self, node: ast._Node, scope: Scope, count: list[int], *, is_negated: bool) -> Predicate:
        match node:
            case ast.BoolOp(op=op):
                parts = [self._compiled(one, scope, count, is_negated=is_negated) for one in _chain(node)]
                joins = any if isinstance(op, ast.Or) != is_negated else all
                return lambda row: joins(part(row) for part in parts)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return self._compiled(inner, scope, count, is_negated=not is_negated)
            case ast.CollectionLambda():
                return self._lambda(node, scope, count, is_negated=is_negated)
        count[0] += 1
        if count[0] > _MOST_CONDITIONS:
            raise bad_request("Number of conditions in query exceeded maximum limit.", "0x8004430C")
        match node:
            case ast.Compare(comparator=ast.In()):
                raise bad_request("The operator 'in' is not supported: the service speaks OData 4.0.")
            case ast.Compare(comparator=comparator, left=left, right=right) if type(comparator) in _OPERATORS:
                return _comparison(_OPERATORS[type(comparator)][is_negated], left, right, scope)
            case ast.Call(func=ast.Identifier(namespace=namespace)) if namespace == NAMESPACE:
                found = crm_function(node, scope, self._clock)
                return (lambda row: not found(row)) if is_negated else found
            case ast.Call(func=ast.Identifier(namespace=())):
                return _text_search(node, scope, is_negated=is_negated)
            case ast.Identifier() | ast.Attribute():
                return _comparison("NotEqual" if is_negated else "Equal", node, ast.Boolean("true"), scope)
        raise unsupported(f"The query node {type(node).__name__}")

    def _lambda(self, node: ast.CollectionLambda, scope: Scope, count: list[int], *, is_negated: bool) -> Predicate:
        """`any` and `all`; an `all` is a negated `any` of the negated condition."""
        nav = scope.collection(path_of(node.owner) or [""])
        key, many, inner = scope.table.key, scope.store.many, node.lambda_
        is_all = isinstance(node.operator, ast.All)
        if inner is None:
            return lambda row: bool(many(str(row[key]), nav)) != is_negated
        below = Scope(
            table=tables()[nav.target], store=scope.store, variable=inner.identifier.name, aliases=scope.aliases
        )
        test = self._compiled(inner.expression, below, count, is_negated=is_all)
        expected = is_all == is_negated
        return lambda row: any(test(one) for one in many(str(row[key]), nav)) == expected


def _chain(node: ast.BoolOp) -> list[ast._Node]:
    """The operands of a run of the same operator, which may be longer than Python's stack."""
    parts: list[ast._Node] = []
    current: ast._Node = node
    while isinstance(current, ast.BoolOp) and type(current.op) is type(node.op):
        parts.append(current.right)
        current = current.left
    return [current, *reversed(parts)]


def _comparison(name: str, left: ast._Node, right: ast._Node, scope: Scope) -> Predicate:
    names, others = path_of(left), path_of(right)
    if names is None and others is not None:
        return _comparison(_FLIPPED.get(name, name), right, left, scope)
    if names is None:
        raise bad_request("The left operand of a comparison must be a property.")
    path = scope.path(names)
    if others is not None:
        return _between_columns(name, path, scope.path(others))
    return _to_literal(name, path, right)


def _to_literal(name: str, path: Path, literal: ast._Node) -> Predicate:
    read, column = path.read, path.column
    wanted = cell_of_literal(literal, column, name)
    if column.kind == "choices" and wanted is not None and name not in {"Equal", "NotEqual"}:
        raise incompatible(edm_type(column), "Edm.String", name)
    if wanted is None:
        if name not in {"Equal", "NotEqual"}:
            raise incompatible(edm_type(column), "Edm.Null", name)
        is_missing = name == "Equal"
        return lambda row: (read(row) is None) == is_missing
    if name == "NotEqual":
        return lambda row: comparable(read(row), column) != wanted
    test = _COMPARE[name]
    if column.kind in {"memo", "text"} and name != "Equal":
        wanted_key = sort_key(wanted, column)
        return lambda row: (cell := read(row)) is not None and test(sort_key(cell, column), wanted_key)
    return lambda row: (cell := comparable(read(row), column)) is not None and test(cell, wanted)


def _between_columns(name: str, one: Path, other: Path) -> Predicate:
    """Column to column, of like types."""
    if edm_type(one.column) != edm_type(other.column) and not (one.column.is_number and other.column.is_number):
        raise incompatible(edm_type(one.column), edm_type(other.column), name)

    def predicate(row: Row) -> bool:
        left, right = comparable(one.read(row), one.column), comparable(other.read(row), other.column)
        if left is None or right is None:
            return name == "NotEqual" and left is not right
        return left != right if name == "NotEqual" else _COMPARE[name](left, right)

    return predicate


def _text_search(call: ast.Call, scope: Scope, *, is_negated: bool) -> Predicate:
    """`contains`, `startswith` and `endswith`, whose values hold wildcards; no other function is there."""
    sides = {"contains": ("%", "%"), "startswith": ("", "%"), "endswith": ("%", "")}.get(call.func.name)
    if sides is None:
        raise unsupported(f"The function '{call.func.name}'")
    names = path_of(call.args[0])
    if names is None or not isinstance(call.args[1], ast.String):
        raise bad_request(f"No function signature for the function with name '{call.func.name}' matches.")
    path = scope.path(names)
    if path.column.kind not in {"memo", "text"}:
        raise bad_request(f"No function signature for the function with name '{call.func.name}' matches.")
    pattern = like(call.args[1].val, before=sides[0], after=sides[1])
    return _search(pattern, path, is_negated=is_negated)


def _search(pattern: re.Pattern[str], path: Path, *, is_negated: bool) -> Predicate:
    read, matches = path.read, pattern.fullmatch

    def predicate(row: Row) -> bool:
        cell = read(row)
        return is_negated if cell is None else (matches(folded(str(cell))) is not None) != is_negated

    return predicate

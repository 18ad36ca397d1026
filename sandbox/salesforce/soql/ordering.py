"""ORDER BY as SQL, with the order that Salesforce does not promise."""

from collections.abc import Sequence

from sandbox.salesforce.soql.functions import Operands, corporate, picklist_place
from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.syntax import OrderTerm
from sandbox.salesforce.soql.names import Column

__all__ = ["Ties", "order_clause"]

_PRIME = 2_147_483_647
_STEP = 48_271
_FIRST = 1_043_618_065


class Ties:
    """Puts rows whose sort keys are equal into another order on every call.

    "Even using ORDER BY, the order of results can vary" (SOQL reference, ORDER BY, read 2026-11).
    The orders follow from the first call on, so a run can be repeated.
    """

    def __init__(self) -> None:
        self._state = _FIRST

    def order(self, number: str) -> str:
        """SQL that maps the distinct row numbers *number* to distinct values in an arbitrary order."""
        self._state = self._state * _STEP % _PRIME
        return f"({number} * {self._state} % {_PRIME})"


def order_clause(terms: Sequence[OrderTerm], operands: Operands, ties: Ties, *, aggregates: bool = False) -> str:
    """What stands after ORDER BY.

    Nulls come first in both directions unless the statement says otherwise, and picklists sort in the order of Setup
    (SOQL reference, ORDER BY, read 2026-11).

    Raises:
        SoqlError: an unknown field, or one that cannot be sorted by.
    """
    columns = [(operands.column(term.operand, aggregates=aggregates), term) for term in terms]
    for column, term in columns:
        if not column.field.sortable:
            reason = f"field '{column.field.name}' can not be sorted in a query call"
            raise SoqlError("INVALID_FIELD", reason, at=term.operand.at)
    parts = [_term(_sort_key(column, operands), column, term) for column, term in columns]
    if not any(column.is_row_id for column, _ in columns):
        number = f"{operands.scope.table}.number"
        parts.append(ties.order(f"min({number})" if aggregates else number))
    return ", ".join(parts)


def _sort_key(column: Column, operands: Operands) -> str:
    if column.field.type == "picklist" and column.field.values:
        return picklist_place(column)
    return corporate(operands.context, column, column.key)


def _term(key: str, column: Column, term: OrderTerm) -> str:
    """One sort key; NULLS FIRST or LAST is left out where it changes nothing, for then an index serves."""
    direction = " DESC" if term.descending else ""
    if not column.nillable or bool(term.nulls_last) == term.descending:
        return key + direction
    return f"{key}{direction} NULLS {'LAST' if term.nulls_last else 'FIRST'}"

"""Conditions as rules of a filtered search: all of them hold, and each compares one attribute."""

from collections.abc import Sequence
from typing import TypeAlias

from connectors.mapping import is_unicode
from connectors.tables import Criterion, Kind, Told
from model.query import Compare, Operator

__all__ = ["Rule", "Rules"]

Rule: TypeAlias = tuple[str, tuple[str, ...]]
"""An attribute that is one of some values."""


class Rules:
    """`is_in` is all that is said: what other operators mean of missing values, times and case is not documented."""

    def tell(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[tuple[Rule, ...]] | None:
        """*compare* as a rule; an address finds contacts who have it beside their first one as well."""
        if negate or compare.operator not in {Operator.EQ, Operator.IN} or criterion.kind is Kind.INSTANT:
            return None
        operand = compare.operand
        values = tuple(str(one) for one in (operand if isinstance(operand, tuple) else (operand,)))
        if not values or not all(map(is_unicode, values)):
            return None
        if criterion.kind is Kind.TEXT and not all(one.isascii() and one.strip() == one for one in values):
            return None
        return Told(((criterion.column, values),), is_exact=criterion.kind in {Kind.LINK, Kind.WORD})

    def both(self, conditions: Sequence[tuple[Rule, ...]]) -> tuple[Rule, ...]:
        """All of them."""
        return tuple(rule for condition in conditions for rule in condition)

    def either(self, conditions: Sequence[tuple[Rule, ...]]) -> tuple[Rule, ...] | None:
        """Freshsales knows no alternatives."""
        del conditions
        return None

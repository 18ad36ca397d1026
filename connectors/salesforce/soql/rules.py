"""What one comparison of a unified field becomes in SOQL.

A rule answers with a condition and whether it means exactly what `model.evaluate` says, or with None where SOQL cannot
say it. Rules take leaves of `model.query.normalised`: a negation stands only before a text pattern or an amount.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from connectors.salesforce.soql.conditions import (
    Condition,
    all_of,
    any_of,
    compares,
    is_in,
    is_missing,
    is_not_in,
    is_present,
)
from connectors.salesforce.soql.literals import flag_literal, number_literal
from model.capabilities import Pushdown
from model.query import Compare, MoneyBound, Operator

__all__ = [
    "Always",
    "Amount",
    "Flag",
    "Found",
    "Missing",
    "Ordered",
    "Rule",
    "Words",
    "operands",
]

_COMPARISONS = {Operator.LT: "<", Operator.LTE: "<=", Operator.GT: ">", Operator.GTE: ">="}
_NEGATED = {Operator.LT: ">=", Operator.LTE: ">", Operator.GT: "<=", Operator.GTE: "<", Operator.EQ: "!="}
_SETS = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN)


@dataclass(frozen=True, slots=True)
class Found:
    """A condition that every matching row satisfies; *is_exact* when no other row does."""

    condition: Condition
    is_exact: bool = True


class Rule(Protocol):
    """How one field is compared."""

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """What SOQL does for each operator; operators left out are checked here."""

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """The condition for *compare*, or for its complement; None where it must be checked here."""


def operands(compare: Compare) -> tuple[object, ...]:
    """What *compare* compares with, one or several."""
    return compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)


def _pushed(*operators: Operator) -> Mapping[Operator, Pushdown]:
    return MappingProxyType(dict.fromkeys(operators, Pushdown.PUSHED))


_EVERY = _pushed(*Operator)
_ORDERED = _pushed(*_SETS, *_COMPARISONS, Operator.IS_NULL)
_FLAGGED = _pushed(Operator.EQ, Operator.NE, Operator.IS_NULL)
_EQUALITY = _pushed(*_SETS, Operator.IS_NULL)


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that no row of this account has."""

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """All of them: none needs a row."""
        return _EVERY

    def compile(self, compare: Compare, *, negate: bool) -> Found:
        """A constant: a missing value satisfies NE, NOT_IN and IS_NULL."""
        if compare.operator is Operator.IS_NULL:
            holds = bool(compare.operand)
        else:
            holds = compare.operator in {Operator.NE, Operator.NOT_IN}
        return Found(holds is not negate)


@dataclass(frozen=True, slots=True)
class Ordered:
    """A column of dates, instants or numbers.

    Attributes:
        literal: an operand in SOQL, None for what is no value of this kind.
        present, absent: conditions under which the unified field has this column's value, and has none.
    """

    column: str
    literal: Callable[[object], str | None]
    present: Condition = True
    absent: Condition = False

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Equality and order."""
        return _ORDERED

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """Comparisons as they are; != and NOT IN hold for empty columns and absent values."""
        if compare.operator is Operator.IS_NULL:
            return Found(self._is_null(is_null=bool(compare.operand)))
        literals = [self.literal(operand) for operand in operands(compare)]
        values = [literal for literal in literals if literal is not None]
        if negate or len(values) < len(literals):
            return None
        if compare.operator in {Operator.NE, Operator.NOT_IN}:
            return Found(any_of(self.absent, is_not_in(self.column, values)))
        if compare.operator in {Operator.EQ, Operator.IN}:
            return Found(all_of(self.present, is_in(self.column, values)))
        if compare.operator not in _COMPARISONS:
            return None
        return Found(all_of(self.present, compares(self.column, _COMPARISONS[compare.operator], values[0])))

    def _is_null(self, *, is_null: bool) -> Condition:
        if is_null:
            return any_of(self.absent, is_missing(self.column))
        return all_of(self.present, is_present(self.column))


@dataclass(frozen=True, slots=True)
class Flag:
    """A checkbox, which is never empty (Salesforce, object reference, "Field types", read 2026-11)."""

    column: str

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Equality."""
        return _FLAGGED

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """= true or = false; it is never missing, though SOQL takes `= null` for false."""
        if compare.operator is Operator.IS_NULL:
            return Found(not compare.operand)
        literal = flag_literal(compare.operand)
        if literal is None or negate or compare.operator not in {Operator.EQ, Operator.NE}:
            return None
        return Found(compares(self.column, "=" if compare.operator is Operator.EQ else "!=", literal))


@dataclass(frozen=True, slots=True)
class Words:
    """A field whose values are a few words, each a condition; the conditions exclude each other.

    Attributes:
        missing: under which the field has no value.
    """

    words: Mapping[str, Condition]
    missing: Condition = False

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Equality."""
        return _EQUALITY

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """The conditions of the words that satisfy the comparison."""
        if compare.operator is Operator.IS_NULL:
            return Found(self.missing if compare.operand else any_of(*self.words.values()))
        if negate or compare.operator not in _SETS:
            return None
        wanted = {str(operand).casefold() for operand in operands(compare)}
        is_positive = compare.operator in {Operator.EQ, Operator.IN}
        chosen = [item for word, item in self.words.items() if (word.casefold() in wanted) is is_positive]
        return Found(any_of(*chosen) if is_positive else any_of(*chosen, self.missing))


@dataclass(frozen=True, slots=True)
class Always:
    """A field with one value on every row; compared by its exact text."""

    value: str

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Equality."""
        return _EQUALITY

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """A constant."""
        if compare.operator is Operator.IS_NULL:
            return Found(not compare.operand)
        if negate or compare.operator not in _SETS:
            return None
        return Found((self.value in operands(compare)) is (compare.operator in {Operator.EQ, Operator.IN}))


@dataclass(frozen=True, slots=True)
class Amount:
    """A currency column: in single-currency orgs of *currency*, else of each row's *currency_column*.

    SOQL compares a bare number with the bare amounts of all currencies and orders by corporate currency (Salesforce,
    SOQL reference, "Querying currency fields in multi-currency orgs", read 2026-11), so that only the currency is
    pushed there.
    """

    column: str
    currency: str | None
    currency_column: str | None = None

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Amounts with their currency; re-checked where rows differ in it."""
        mode = Pushdown.PUSHED if self.currency_column is None else Pushdown.SUPERSET
        return {**dict.fromkeys((Operator.EQ, *_COMPARISONS), mode), Operator.IS_NULL: Pushdown.PUSHED}

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """The amount where all rows have the bound's currency; nothing matches where none has."""
        if compare.operator is Operator.IS_NULL:
            return Found(is_missing(self.column) if compare.operand else is_present(self.column))
        bound = compare.operand
        if not isinstance(bound, MoneyBound) or compare.operator not in _NEGATED:
            return None
        if self.currency_column is not None:
            return None if negate else self._same_currency(bound.currency)
        if self.currency is None:
            return None
        if bound.currency != self.currency:
            return Found(negate)
        literal = number_literal(bound.amount)
        if literal is None:
            return None
        if negate:
            return Found(any_of(compares(self.column, _NEGATED[compare.operator], literal), is_missing(self.column)))
        return Found(compares(self.column, {**_COMPARISONS, Operator.EQ: "="}[compare.operator], literal))

    def _same_currency(self, currency: str) -> Found | None:
        if not currency.isascii() or not currency.isalpha() or self.currency_column is None:
            return None
        return Found(all_of(compares(self.currency_column, "=", f"'{currency}'"), is_present(self.column)), False)

"""What comparisons of columns with several values become in SOQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from connectors.salesforce.soql.conditions import Condition, any_of, compares, is_missing, is_present
from connectors.salesforce.soql.literals import fits_literal, identifier, text_literal
from connectors.salesforce.soql.rules import Found, operands
from model.capabilities import Pushdown
from model.query import Compare, Operator

__all__ = ["Choices"]

_POSITIVE = frozenset({Operator.EQ, Operator.IN})
_EQUALITY = frozenset({*_POSITIVE, Operator.NE, Operator.NOT_IN})
_OPERATORS = MappingProxyType(dict.fromkeys((*sorted(_EQUALITY), Operator.IS_NULL), Pushdown.PUSHED))
# Between the values of one cell; within INCLUDES it asks for several at once (Salesforce, SOQL reference, "Query
# multi-select picklists", read 2026-11).
_SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class Choices:
    """A multi-select picklist; nothing says whether INCLUDES minds case, so that it is asked in known spellings.

    Attributes:
        known: every value that Setup lists, those no longer active included.
    """

    column: str
    known: frozenset[str]

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Equality with a value that Setup lists."""
        return _OPERATORS

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """INCLUDES and EXCLUDES where every operand is a known value."""
        if compare.operator is Operator.IS_NULL:
            return Found(is_missing(self.column) if compare.operand else is_present(self.column))
        if negate or compare.operator not in _EQUALITY:
            return None
        spelled = [self._spellings(str(operand)) for operand in operands(compare) if operand != ""]
        if not all(spelled):
            return None
        literals = list(dict.fromkeys(text_literal(one) for found in spelled for one in found))
        if compare.operator in _POSITIVE:
            return Found(self._has("INCLUDES", literals) if literals else False)
        return Found(any_of(self._has("EXCLUDES", literals), is_missing(self.column)) if literals else True)

    def _spellings(self, operand: str) -> list[str]:
        folded = operand.casefold()
        found = sorted(value for value in self.known if value.casefold() == folded)
        return [value for value in found if _SEPARATOR not in value and fits_literal(value)]

    def _has(self, word: str, literals: list[str]) -> Condition:
        return compares(identifier(self.column), word, f"({', '.join(literals)})")

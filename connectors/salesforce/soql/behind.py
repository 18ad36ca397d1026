"""Fields of the record that a reference leads to, compared by their path."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from connectors.salesforce.soql.choices import Choices
from connectors.salesforce.soql.conditions import all_of, any_of, is_missing, is_present
from connectors.salesforce.soql.rules import Always, Amount, Flag, Found, Missing, Ordered, Rule, Words
from connectors.salesforce.soql.texts import CasedText, Id, Key, Text, TextId, Within
from model.capabilities import Pushdown
from model.query import Compare, Operator

__all__ = ["Behind", "behind"]

_OF_MISSING = frozenset({Operator.NE, Operator.NOT_IN})


@dataclass(frozen=True, slots=True)
class Behind:
    """A field behind *reference*, the column with the other record's id; missing where that is empty.

    Attributes:
        rule: of the path to the field.
    """

    reference: str
    rule: Rule

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Those of the field itself."""
        return self.rule.operators

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """The field's own condition; rows that refer to nothing satisfy what a missing value satisfies.

        Where SOQL might take nothing for false, or has no column to compare, the reference is named.
        """
        found = self.rule.compile(compare, negate=negate)
        if found is None:
            return None
        if _holds_of_missing(compare) is not negate:
            return replace(found, condition=any_of(is_missing(self.reference), found.condition))
        if isinstance(found.condition, bool) or isinstance(self.rule, Flag):
            return replace(found, condition=all_of(is_present(self.reference), found.condition))
        return found


def _holds_of_missing(compare: Compare) -> bool:
    if compare.operator is Operator.IS_NULL:
        return bool(compare.operand)
    return compare.operator in _OF_MISSING


def behind(rule: Rule, path: str, reference: str) -> Rule | None:
    """*rule* for the record that *reference* leads to by *path*; None where the field is more than one column."""
    inner = _moved(rule, path)
    return inner if inner is None or isinstance(inner, Missing) else Behind(reference, inner)


def _moved(rule: Rule, path: str) -> Rule | None:
    match rule:
        case Missing() | Always():
            return rule
        case Text() | CasedText() | TextId() | Choices() | Within() | Key() | Id() | Flag() | Ordered(present=True):
            return replace(rule, column=f"{path}.{rule.column}")
        case Amount(currency_column=own):
            moved = f"{path}.{own}" if own else None
            return replace(rule, column=f"{path}.{rule.column}", currency_column=moved)
        case Words() if all(isinstance(item, bool) for item in (*rule.words.values(), rule.missing)):
            return rule
        case _:
            return None

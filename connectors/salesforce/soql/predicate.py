"""A predicate split into what SOQL evaluates and what is left, and the pushed part as a condition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from connectors.salesforce.soql.conditions import Condition, all_of, any_of
from connectors.salesforce.soql.rules import Found, Rule
from model.capabilities import Pushdown
from model.errors import OurBug
from model.query import EVERYTHING, And, Compare, Not, Operator, Or, Predicate, normalised

__all__ = ["Parts", "Rules", "condition_of", "joint_rules", "split"]


class Rules(Protocol):
    """How the fields of one type are compared."""

    def get(self, name: str, /) -> Rule | None:
        """The rule of the field, relation or path *name*; None where it is compared here."""


@dataclass(frozen=True, slots=True)
class Parts:
    """*pushed* holds for every row that satisfies the predicate; with *residual* it means exactly the predicate."""

    pushed: Predicate
    residual: Predicate


@dataclass(frozen=True, slots=True)
class _Joint:
    """A field that stands in several objects: said where each can say it, exact where each is."""

    rules: Sequence[Rule]

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Those of the first object."""
        return self.rules[0].operators

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """Whether and how exactly all can say it; the condition of each is its own."""
        found = [rule.compile(compare, negate=negate) for rule in self.rules]
        exact = [item.is_exact for item in found if item is not None]
        return Found(True, all(exact)) if len(exact) == len(found) else None


@dataclass(frozen=True, slots=True)
class _JointRules:
    """Rules for rows that come from several objects."""

    tables: Sequence[Rules]

    def get(self, name: str, /) -> Rule | None:
        """A rule where each object has one."""
        found = [rule for rules in self.tables if (rule := rules.get(name)) is not None]
        return _Joint(found) if len(found) == len(self.tables) else None


def joint_rules(tables: Sequence[Rules]) -> Rules:
    """Rules for rows that come from several objects; for `split` alone."""
    return tables[0] if len(tables) == 1 else _JointRules(tables)


def split(predicate: Predicate, rules: Rules) -> Parts:
    """As much of *predicate* as *rules* can say; an Or goes whole or not at all."""
    parts = _split(normalised(predicate), rules)
    return Parts(normalised(parts.pushed), normalised(parts.residual))


def _split(predicate: Predicate, rules: Rules) -> Parts:
    match predicate:
        case And(items):
            inner = [_split(item, rules) for item in items]
            return Parts(And(tuple(part.pushed for part in inner)), And(tuple(part.residual for part in inner)))
        case Or(items):
            inner = [_split(item, rules) for item in items]
            pushed = Or(tuple(part.pushed for part in inner))
            return Parts(pushed, EVERYTHING if all(part.residual == EVERYTHING for part in inner) else predicate)
        case _:
            found = _leaf(predicate, rules)
            if found is None:
                return Parts(EVERYTHING, predicate)
            return Parts(predicate, EVERYTHING if found.is_exact else predicate)


def _leaf(predicate: Compare | Not, rules: Rules) -> Found | None:
    match predicate:
        case Compare(name) as compare:
            rule, negate = rules.get(name), False
        case Not(Compare(name) as compare):
            rule, negate = rules.get(name), True
        case _:
            raise OurBug("a predicate was split before it was normalised")
    return None if rule is None else rule.compile(compare, negate=negate)


def condition_of(pushed: Predicate, rules: Rules) -> Condition:
    """The condition for a predicate that `split` gave as pushed.

    Raises:
        OurBug: a part of it cannot be said.
    """
    match normalised(pushed):
        case And(items):
            return all_of(*(condition_of(item, rules) for item in items))
        case Or(items):
            return any_of(*(condition_of(item, rules) for item in items))
        case leaf:
            found = _leaf(leaf, rules)
            if found is None:
                raise OurBug("a page was asked with a condition that was never pushed")
            return found.condition

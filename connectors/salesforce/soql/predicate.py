"""A predicate split into what SOQL evaluates and what is left, and the pushed part as a condition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.salesforce.soql.conditions import Condition, all_of, any_of
from connectors.salesforce.soql.rules import Found, Rule
from model.capabilities import Pushdown
from model.errors import OurBug
from model.query import EVERYTHING, And, Compare, Not, Operator, Or, Predicate, normalised

__all__ = ["Parts", "condition_of", "joint_rules", "split"]


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


def joint_rules(tables: Sequence[Mapping[str, Rule]]) -> Mapping[str, Rule]:
    """Rules for rows that come from several objects; for `split` alone."""
    if len(tables) == 1:
        return tables[0]
    names = set.intersection(*(set(rules) for rules in tables))
    return {name: _Joint([rules[name] for rules in tables]) for name in names}


def split(predicate: Predicate, rules: Mapping[str, Rule]) -> Parts:
    """As much of *predicate* as *rules* can say; an Or goes whole or not at all."""
    parts = _split(normalised(predicate), rules)
    return Parts(normalised(parts.pushed), normalised(parts.residual))


def _split(predicate: Predicate, rules: Mapping[str, Rule]) -> Parts:
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


def _leaf(predicate: Compare | Not, rules: Mapping[str, Rule]) -> Found | None:
    match predicate:
        case Compare(name):
            return rules[name].compile(predicate, negate=False) if name in rules else None
        case Not(Compare(name) as inner):
            return rules[name].compile(inner, negate=True) if name in rules else None
        case _:
            raise OurBug("a predicate was split before it was normalised")


def condition_of(pushed: Predicate, rules: Mapping[str, Rule]) -> Condition:
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

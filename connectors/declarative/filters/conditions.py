"""Conditions as values: what a query comes to before it is written in an API's own way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from connectors.declarative.spec import OperatorName

__all__ = ["All", "Condition", "Either", "Negated", "Test", "both", "tests_in"]


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a column; *word* is the API's own for just this one, where it has one.

    A value that *is_bare* has no quotes in expressions.

    Of a list of values *value* is a tuple; texts, numbers and truth values are as JSON has them.
    """

    __test__ = False  # it is no test of pytest's

    column: str
    operator: OperatorName
    value: Any
    word: str | None = None
    is_text: bool = False
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Each of *items*, two at least."""

    items: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """One of *items*, two at least."""

    items: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Negated:
    """What *item* is not true of, missing values aside."""

    item: "Condition"


Condition: TypeAlias = Test | All | Either | Negated


def both(conditions: Sequence[Condition]) -> Condition:
    """All of *conditions*, one at least, without needless nesting."""
    flat = tuple(part for one in conditions for part in (one.items if isinstance(one, All) else (one,)))
    return flat[0] if len(flat) == 1 else All(flat)


def tests_in(condition: Condition) -> Iterator[Test]:
    """Every comparison in *condition*."""
    match condition:
        case Test():
            yield condition
        case All(items) | Either(items):
            for item in items:
                yield from tests_in(item)
        case Negated(item):
            yield from tests_in(item)

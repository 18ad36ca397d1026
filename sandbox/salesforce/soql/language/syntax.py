"""What a SOQL statement says, as data.

`at` is the position of a part's first character in the statement, for error messages.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Call",
    "Comparison",
    "Condition",
    "Constant",
    "Junction",
    "Negation",
    "Operand",
    "OrderTerm",
    "Path",
    "Query",
    "SelectItem",
    "Selected",
    "SubSelect",
    "TypeOf",
]

ConstantKind = Literal["string", "number", "boolean", "null", "date", "datetime", "macro", "currency"]


@dataclass(frozen=True, slots=True)
class Path:
    """A field, with the relationships that lead to it."""

    parts: tuple[str, ...]
    at: int

    def __str__(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of fields."""

    name: str
    arguments: "tuple[Operand, ...]"
    at: int


Operand = Path | Call


@dataclass(frozen=True, slots=True)
class Constant:
    """A value as it is written."""

    kind: ConstantKind
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """An operand compared with values; *operator* is one of = != < <= > >= LIKE IN NOT IN INCLUDES EXCLUDES."""

    operand: Operand
    operator: str
    values: tuple[Constant, ...]
    at: int


@dataclass(frozen=True, slots=True)
class SubSelect:
    """A field that must (not) be among the ids of a sub-query: a semi- or anti-join."""

    operand: Operand
    negated: bool
    query: "Query"
    at: int


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions joined by one word, AND or OR."""

    word: Literal["AND", "OR"]
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Negation:
    """NOT a condition."""

    part: "Condition"


Condition = Comparison | SubSelect | Junction | Negation


@dataclass(frozen=True, slots=True)
class Selected:
    """A field or a function in the SELECT list."""

    operand: Operand
    alias: str | None


@dataclass(frozen=True, slots=True)
class TypeOf:
    """Fields of a polymorphic parent, by its object; *otherwise* is for objects without a branch of their own."""

    relationship: Path
    branches: tuple[tuple[Path, tuple[Path, ...]], ...]
    otherwise: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """One sort key; *nulls_last* is None when the statement does not say."""

    operand: Operand
    descending: bool
    nulls_last: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A whole statement, or a sub-query."""

    select: "tuple[SelectItem, ...]"
    source: Path
    alias: str | None
    where: Condition | None
    group_by: tuple[Operand, ...]
    having: Condition | None
    order_by: tuple[OrderTerm, ...]
    limit: int | None
    offset: int | None


SelectItem = Selected | TypeOf | Query

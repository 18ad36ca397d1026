"""SOQL conditions: text that stands in a WHERE clause as it is, or a constant that SOQL has no word for."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from connectors.salesforce.soql.literals import identifier, pattern_text, quoted, text_literal

__all__ = [
    "Condition",
    "all_of",
    "any_of",
    "compares",
    "ids_in",
    "is_in",
    "is_missing",
    "is_not_in",
    "is_present",
    "like",
    "unlike",
]

Condition: TypeAlias = str | bool
"""Text, parenthesised where it joins parts; True holds for every row, False for none."""


def all_of(*conditions: Condition) -> Condition:
    """All of them hold."""
    parts = list(dict.fromkeys(part for part in conditions if part is not True))
    if False in parts:
        return False
    return _joined(" AND ", [str(part) for part in parts], empty=True)


def any_of(*conditions: Condition) -> Condition:
    """Any of them holds."""
    parts = list(dict.fromkeys(part for part in conditions if part is not False))
    if True in parts:
        return True
    return _joined(" OR ", [str(part) for part in parts], empty=False)


def _joined(word: str, parts: Sequence[str], *, empty: bool) -> Condition:
    if not parts:
        return empty
    return parts[0] if len(parts) == 1 else f"({word.join(parts)})"


def compares(column: str, operator: str, literal: str) -> Condition:
    """*column* against a literal; != is true of an empty column as well (see docs/connectors/salesforce.md)."""
    return f"{identifier(column)} {operator} {literal}"


def is_missing(column: str) -> Condition:
    """*column* is empty."""
    return compares(column, "=", "null")


def is_present(column: str) -> Condition:
    """*column* is not empty."""
    return compares(column, "!=", "null")


def ids_in(ids: Iterable[str]) -> Condition:
    """The row has one of *ids*."""
    return is_in("Id", [text_literal(remote_id) for remote_id in ids])


def is_in(column: str, literals: Sequence[str]) -> Condition:
    """*column* equals one of *literals*."""
    if not literals:
        return False
    if len(literals) == 1:
        return compares(column, "=", literals[0])
    return f"{identifier(column)} IN ({', '.join(literals)})"


def is_not_in(column: str, literals: Sequence[str]) -> Condition:
    """*column* is empty or equals none of *literals*."""
    if not literals:
        return True
    if len(literals) == 1:
        return compares(column, "!=", literals[0])
    # Sources disagree whether NOT IN keeps empty columns, so that they are named.
    return any_of(f"{identifier(column)} NOT IN ({', '.join(literals)})", is_missing(column))


def like(column: str, *parts: str, starts: bool, ends: bool) -> Condition:
    """*column* holds *parts* in this order; from its beginning, to its end, where so told."""
    pattern = "%".join(pattern_text(part) for part in parts)
    return f"{identifier(column)} LIKE {quoted(('' if starts else '%') + pattern + ('' if ends else '%'))}"


def unlike(column: str, conditions: Sequence[Condition]) -> Condition:
    """*column* is empty or satisfies none of *conditions*, which are LIKEs."""
    return any_of(all_of(*(f"(NOT {condition})" for condition in conditions)), is_missing(column))

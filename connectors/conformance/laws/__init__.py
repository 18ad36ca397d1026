"""Every law a connector keeps: a named coroutine whose docstring says it in a sentence."""

from collections.abc import Awaitable, Callable
from random import Random

from connectors.conformance.bench import Bench
from connectors.conformance.laws import conduct, groups, lists, plans, records, relations, searches
from model.query import Query

__all__ = ["LAWS", "THOROUGH", "Law", "meaning_of", "name_of"]

Law = Callable[[Bench, Query, Random], Awaitable[None]]
"""Tries one drawn query; raises Broken where the law does not hold, Untested where it says nothing."""

LAWS: tuple[Law, ...] = (
    *conduct.LAWS,
    *plans.LAWS,
    *lists.LAWS,
    *records.LAWS,
    *relations.LAWS,
    *groups.LAWS,
    *searches.LAWS,
)

THOROUGH: tuple[Law, ...] = plans.THOROUGH
"""Laws that take some hundred calls a case, for a check of one account."""


def name_of(law: Law) -> str:
    """The law's name in words."""
    return str(getattr(law, "__name__", law)).replace("_", " ")


def meaning_of(law: Law) -> str:
    """The law in a sentence."""
    return " ".join((law.__doc__ or "").split())

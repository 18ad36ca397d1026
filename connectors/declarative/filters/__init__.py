"""Conditions: as values, told from ours by what the API can say, and written in its own way."""

from connectors.declarative.filters.conditions import All, Condition, Either, Negated, Test, both
from connectors.declarative.filters.language import Declared
from connectors.declarative.filters.terms import Term
from connectors.declarative.filters.writing import condition_in, order_in, parameters_in

__all__ = [
    "All",  # each of several
    "Condition",  # any of these
    "Declared",  # the conditions of one API
    "Either",  # one of several
    "Negated",  # what another is not true of
    "Term",  # how a field compares at the API
    "Test",  # one comparison
    "both",  # all of several, without needless nesting
    "condition_in",  # a condition in the API's writing
    "order_in",  # an order in the API's writing
    "parameters_in",  # a condition as parameters
]

"""COQL over records in memory: the grammar, names, criteria, and the engine that answers statements."""

from sandbox.zoho.coql.criteria import literal
from sandbox.zoho.coql.engine import Engine
from sandbox.zoho.coql.grammar import parse

__all__ = [
    "Engine",  # runs statements
    "literal",  # a text as what a field's values are compared as
    "parse",  # what a statement says
]

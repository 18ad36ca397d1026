"""The language itself: what a statement says, what its constants mean, and how a refused one is told."""

from sandbox.salesforce.soql.language.errors import SoqlError  # a statement that cannot be run
from sandbox.salesforce.soql.language.grammar import parse  # what a statement says

__all__ = ["SoqlError", "parse"]

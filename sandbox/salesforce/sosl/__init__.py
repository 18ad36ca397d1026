"""SOSL over full-text tables: the grammar, the words of a search, and the resources that answer it."""

from sandbox.salesforce.sosl.resources import SearchResources  # the HTTP resources
from sandbox.salesforce.sosl.searcher import Searcher  # runs searches
from sandbox.salesforce.sosl.statement import Find, parse_find  # what a search says

__all__ = ["Find", "SearchResources", "Searcher", "parse_find"]

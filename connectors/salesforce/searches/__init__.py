"""Searches by SOSL: text that somebody typed, found by the org's own index."""

from connectors.salesforce.searches.plan import plan_of
from connectors.salesforce.searches.read import Finder

__all__ = [
    "Finder",  # runs the searches
    "plan_of",  # which types are searched, and how
]

"""HubSpot's CRM search over the tables."""

from sandbox.hubspot.search.searcher import RESULT_CAP, Search, SearchAnswer, Searcher

__all__ = [
    "RESULT_CAP",  # results that one search pages through at most
    "Search",  # a checked request
    "SearchAnswer",  # one page
    "Searcher",  # checks and runs searches
]

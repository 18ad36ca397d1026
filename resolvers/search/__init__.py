"""One search over several sources: planned, asked side by side, merged by rank, and reported.

- read_search: a page
- search_steps: what it would cost
"""

from resolvers.search.cost import search_steps
from resolvers.search.read import read_search

__all__ = ["read_search", "search_steps"]

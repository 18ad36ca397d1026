"""One list over several sources: planned, read side by side, merged, and reported.

- read_list: a page
- list_steps, record_steps: what it would cost
- failure_of: an error as an outcome shows it
"""

from resolvers.lists.cost import list_steps, record_steps
from resolvers.lists.outcomes import failure_of
from resolvers.lists.read import read_list

__all__ = ["failure_of", "list_steps", "read_list", "record_steps"]

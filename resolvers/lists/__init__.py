"""One list over several sources: planned, read side by side, merged, and reported.

- read_list: a page
- field_scope: what it and the relations behind it may use
- list_steps, record_steps: what it would cost
- failure_of: an error as an outcome shows it
"""

from resolvers.lists.cost import list_steps, record_steps
from resolvers.lists.outcomes import failure_of
from resolvers.lists.read import field_scope, read_list

__all__ = ["failure_of", "field_scope", "list_steps", "read_list", "record_steps"]

"""One list over several sources: planned, read side by side, merged, and reported.

- read_list: a page
- field_scope: what it and the relations behind it may use
- list_steps, record_steps: what it would cost
- Behind: plans a source, with what stands behind relations looked up first
- require_scan, full_read_refused, scan_limit: when a source may be read whole, and how far
- failure_of: an error as an outcome shows it
"""

from resolvers.lists.behind import Behind
from resolvers.lists.cost import list_steps, record_steps
from resolvers.lists.outcomes import failure_of
from resolvers.lists.read import field_scope, read_list
from resolvers.lists.scans import full_read_refused, require_scan, scan_limit

__all__ = [
    "Behind",
    "failure_of",
    "field_scope",
    "full_read_refused",
    "list_steps",
    "read_list",
    "record_steps",
    "require_scan",
    "scan_limit",
]

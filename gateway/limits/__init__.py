"""What a document may be and cost, decided before it runs.

- parsed, merged: a document bounded in size, depth and repetition
- cost_of, check_cost: the rows and upstream calls it can take
"""

from gateway.limits.cost import Cost, check_cost, cost_of
from gateway.limits.document import Fields, Merged, merged, parsed

__all__ = ["Cost", "Fields", "Merged", "check_cost", "cost_of", "merged", "parsed"]

"""What a document may be and cost, decided before it runs.

- parsed, merged: a document bounded in size, depth and repetition
- Pricing, check_cost: the values it can give and the upstream calls it can take
"""

from gateway.limits.cost import Cost, Pricing, check_cost
from gateway.limits.document import Fields, Merged, merged, parsed

__all__ = ["Cost", "Fields", "Merged", "Pricing", "check_cost", "merged", "parsed"]

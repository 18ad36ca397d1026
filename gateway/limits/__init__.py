"""What a document may be and cost, decided before it runs.

- parsed, merged: a document bounded in size, depth and repetition
- Bounds, bounds_of: the time and the calls it may take
- Pricing, check_cost: the values it can give and the upstream calls it can take
"""

from gateway.limits.bounds import Bounds, bounds_of
from gateway.limits.cost import Cost, Pricing, check_cost
from gateway.limits.document import Fields, Merged, merged, parsed

__all__ = ["Bounds", "Cost", "Fields", "Merged", "Pricing", "bounds_of", "check_cost", "merged", "parsed"]

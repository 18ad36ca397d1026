"""Groups, counts and sums over several sources: grouped by the CRM, or folded here, then merged.

- read_aggregate: the groups
- aggregate_steps: what they would cost
"""

from resolvers.aggregates.cost import aggregate_steps
from resolvers.aggregates.read import read_aggregate

__all__ = ["aggregate_steps", "read_aggregate"]

"""Groups and totals by SOQL, where it means what the model says."""

from connectors.salesforce.groups.plan import plan_of
from connectors.salesforce.groups.read import Groups

__all__ = [
    "Groups",  # runs the queries
    "plan_of",  # whether and how the org groups
]

"""Groups of records by counting searches: HubSpot tells how many records match, and adds up nothing."""

from connectors.hubspot.groups.counting import counted
from connectors.hubspot.groups.plan import split_of_groups

__all__ = [
    "counted",  # the groups, by one search each
    "split_of_groups",  # whether they can be counted, and by how many searches
]

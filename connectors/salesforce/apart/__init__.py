"""Fields that take calls of their own after their rows are read."""

from connectors.salesforce.apart.complete import Apart

__all__ = [
    "Apart",  # completes records
]

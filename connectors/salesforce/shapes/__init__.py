"""Selections as columns of a query, and rows as records and links."""

from connectors.salesforce.shapes.children import ChildShape, child_shape, ways_of
from connectors.salesforce.shapes.record import RecordShape, record_shape

__all__ = [
    "ChildShape",  # a to-many relation within a query
    "RecordShape",  # a selection of one object
    "child_shape",
    "record_shape",
    "ways_of",  # how an org reads a relation
]

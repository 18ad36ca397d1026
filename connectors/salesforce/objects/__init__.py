"""Salesforce's objects as unified types: columns, references, child relationships, ids."""

from connectors.salesforce.objects.children import ChildShape, child_shape, ways_of
from connectors.salesforce.objects.facts import ENTITY_OF, PIPELINE_ID, Facts
from connectors.salesforce.objects.ids import canonical
from connectors.salesforce.objects.relations import TO_MANY, TO_ONE
from connectors.salesforce.objects.shape import RecordShape, record_shape
from connectors.salesforce.objects.sobject import ObjectInfo, object_info
from connectors.salesforce.objects.tables import APART, PREFIXES, ObjectTable, Tables, tables_of

__all__ = [
    "APART",  # fields that take calls of their own
    "ENTITY_OF",  # unified types by object
    "PIPELINE_ID",  # id of the one pipeline
    "PREFIXES",  # id prefixes by object
    "TO_MANY",  # ways to related rows
    "TO_ONE",  # references
    "ChildShape",  # a to-many relation within a query
    "Facts",  # what tables need to know of an account
    "ObjectInfo",  # a described object
    "ObjectTable",  # one object as one type
    "RecordShape",  # a selection of one object
    "Tables",  # everything of one account
    "canonical",  # an id's one spelling
    "child_shape",
    "object_info",  # from a describe answer
    "record_shape",
    "tables_of",
    "ways_of",  # how an org reads a relation
]

"""Salesforce's objects as unified types: columns, references, child relationships, ids."""

from connectors.salesforce.objects.facts import ENTITY_OF, PIPELINE_ID, Facts
from connectors.salesforce.objects.ids import canonical
from connectors.salesforce.objects.mapped import Mapped
from connectors.salesforce.objects.names import Names
from connectors.salesforce.objects.relations import TO_MANY, TO_ONE, Path, Way
from connectors.salesforce.objects.sobject import ColumnInfo, ObjectInfo, object_info
from connectors.salesforce.objects.tables import APART, PREFIXES, ObjectTable, Tables, tables_of

__all__ = [
    "APART",  # fields that take calls of their own
    "ENTITY_OF",  # unified types by object
    "PIPELINE_ID",  # id of the one pipeline
    "PREFIXES",  # id prefixes by object
    "TO_MANY",  # ways to related rows
    "TO_ONE",  # references
    "ColumnInfo",  # a described column
    "Facts",  # what tables need to know of an account
    "Mapped",  # a field in columns
    "Names",  # what names in a query stand for
    "ObjectInfo",  # a described object
    "ObjectTable",  # one object as one type
    "Path",  # a reference
    "Tables",  # everything of one account
    "Way",  # to related rows
    "canonical",  # an id's one spelling
    "object_info",  # from a describe answer
    "tables_of",
]

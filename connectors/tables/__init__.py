"""Connectors whose types are tables of columns, told by a manifest: what they share.

A connector of tables writes its manifest, the vendor's conditions (`Language`), its calls, and a class on
`TableConnector`.
"""

from connectors.tables.account import Account, Link, TableType
from connectors.tables.columns import Entry, Labels, at, entry_of
from connectors.tables.connector import TableConnector
from connectors.tables.criteria import Criterion, Kind
from connectors.tables.division import Division, Language, Told, divided, written
from connectors.tables.fields import FieldSpec
from connectors.tables.held import Held
from connectors.tables.keyset import Answer, Ask, Keys, SortKey, keys_for
from connectors.tables.links import paged, suffice
from connectors.tables.own import OwnField, reader_of
from connectors.tables.types import LinkSpec, TypeSpec, table_type

__all__ = [
    "Account",  # one reading of an account's metadata
    "Answer",  # records of one read
    "Ask",  # reads records under a condition in an order
    "Criterion",  # how a field compares at the vendor
    "Division",  # a predicate in two parts
    "Entry",  # a field, read and compared
    "FieldSpec",  # a field of a manifest
    "Held",  # records that came with the metadata
    "Keys",  # pages by key set
    "Kind",  # what a column's values are
    "Labels",  # how people see a closed list's values
    "Language",  # how a vendor's conditions are written
    "Link",  # how a relation is read
    "LinkSpec",  # a relation of a manifest
    "OwnField",  # a field of the account's own
    "SortKey",  # a column and its direction
    "TableConnector",  # the base of such connectors
    "TableType",  # one type at one account
    "Told",  # a condition in a vendor's words
    "TypeSpec",  # a type of a manifest
    "at",  # what a row holds at a path
    "divided",  # cut a predicate into pushed and residual
    "entry_of",  # a manifest's field, read and compared
    "keys_for",  # how an order is read of a type
    "paged",  # links of many parents
    "reader_of",  # how a value of a kind is read
    "suffice",  # whether all parents have links enough
    "table_type",  # a manifest's type at an account
    "written",  # a predicate in a vendor's words
]

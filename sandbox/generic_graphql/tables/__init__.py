"""The account's content: rows by type, as the API's objects have them."""

from sandbox.generic_graphql.tables.cells import Row, instant
from sandbox.generic_graphql.tables.table import Table, tables_of

__all__ = [
    # One object, field by field.
    "Row",
    # The rows of one type.
    "Table",
    # An instant as rows hold it.
    "instant",
    # All rows of a book.
    "tables_of",
]

"""From vendor rows to unified records: tables of columns, and the conversions their values need.

- convert: vendor values to normalised wire form
- Column, Table: which vendor columns a unified field is read from, and how
"""

from connectors.mapping import convert
from connectors.mapping.table import Column, Row, Table

__all__ = ["Column", "Row", "Table", "convert"]

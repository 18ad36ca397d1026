"""From vendor rows to unified records: tables of columns, and the conversions their values need.

- convert: vendor values to normalised wire form
- Column, Table: which vendor columns a unified field is read from, and how
- GARBAGE, understood: errors of reading what the vendor did not promise, and the error that they are to a caller
"""

from connectors.mapping import convert
from connectors.mapping.garbage import GARBAGE, understood
from connectors.mapping.table import Column, Row, Table

__all__ = ["GARBAGE", "Column", "Row", "Table", "convert", "understood"]

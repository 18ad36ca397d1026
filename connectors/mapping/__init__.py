"""From vendor rows to unified records: tables of columns, and the conversions their values need.

- convert: vendor values to normalised wire form
- Column, Table: which vendor columns a unified field is read from, and how
- Spelling, spelling_of: how far a vendor's case-blind comparison finds a text whatever its case
- offered: what a filter can ask of a field
- words_of, matched_on, why_unsearchable, is_unicode: texts that are searched for
- GARBAGE, understood: errors of reading what the vendor did not promise, and the error that they are to a caller
"""

from connectors.mapping import convert
from connectors.mapping.garbage import GARBAGE, understood
from connectors.mapping.offered import offered
from connectors.mapping.spelling import Spelling, spelling_of
from connectors.mapping.table import Column, Row, Table
from connectors.mapping.words import is_unicode, matched_on, why_unsearchable, words_of

__all__ = [
    "GARBAGE",
    "Column",
    "Row",
    "Spelling",
    "Table",
    "convert",
    "is_unicode",
    "matched_on",
    "offered",
    "spelling_of",
    "understood",
    "why_unsearchable",
    "words_of",
]

"""What the account holds: a book, told in Pipedrive's objects."""

from sandbox.pipedrive.content.account import Account
from sandbox.pipedrive.content.cells import Row, clock_time, instant, null_first, place_of
from sandbox.pipedrive.content.fields import FIELDS, OPTIONAL, OWN_KEYS, SUBFIELDS, Field

__all__ = [
    # Records and definitions of one account.
    "FIELDS",
    "OPTIONAL",
    "OWN_KEYS",
    "SUBFIELDS",
    "Account",
    "Field",
    "Row",
    # Times as each version writes them.
    "clock_time",
    "instant",
    # How rows are sorted.
    "null_first",
    "place_of",
]

"""What the account holds: objects, lists, and the book's rows in the vendor's form."""

from sandbox.freshsales.tables.activity_rows import appointment_rows, attendee_rows, note_rows, task_rows
from sandbox.freshsales.tables.cells import Row, amount_cell, instant_cell, partial_row
from sandbox.freshsales.tables.ids import choice_id, record_id, user_id
from sandbox.freshsales.tables.objects import OBJECTS, Field, FieldType, Object, Reference
from sandbox.freshsales.tables.party_rows import account_rows, contact_rows, deal_rows
from sandbox.freshsales.tables.selectors import OWN_CHOICES, SELECTORS, Selectors, people_of

__all__ = [
    # The objects.
    "OBJECTS",
    # The lists.
    "OWN_CHOICES",
    "SELECTORS",
    "Field",
    "FieldType",
    "Object",
    "Reference",
    # Rows and values.
    "Row",
    "Selectors",
    "account_rows",
    "amount_cell",
    "appointment_rows",
    "attendee_rows",
    "choice_id",
    "contact_rows",
    "deal_rows",
    "instant_cell",
    "note_rows",
    "partial_row",
    "people_of",
    "record_id",
    "task_rows",
    "user_id",
]

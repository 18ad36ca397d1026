"""What one HubSpot account holds, as tables filled from a book."""

from sandbox.hubspot.tables.activity_rows import meeting_rows, note_rows, task_rows
from sandbox.hubspot.tables.cells import Cell, Row, instant_ms, iso_instant
from sandbox.hubspot.tables.crew import signed
from sandbox.hubspot.tables.crm_rows import INDUSTRIES, company_rows, contact_rows, deal_rows, lead_rows
from sandbox.hubspot.tables.links import Link, book_links
from sandbox.hubspot.tables.owners import Owner, Owners
from sandbox.hubspot.tables.store import Record, Store, folded
from sandbox.hubspot.tables.text_match import literal_of

__all__ = [
    "INDUSTRIES",  # book industry → option of HubSpot
    "Cell",  # a property's value in a table
    "Link",  # one association, in one direction
    "Owner",  # an owner as JSON shows it
    "Owners",  # the owners of a portal
    "Record",  # a record as JSON shows it
    "Row",  # one record's cells by column
    "Store",  # records and associations of a portal
    "book_links",  # a book's associations
    "company_rows",  # a book's companies
    "contact_rows",  # a book's people
    "deal_rows",  # a book's deals
    "folded",  # name of a lower-case column
    "instant_ms",  # an instant in milliseconds
    "iso_instant",  # milliseconds as HubSpot writes them
    "lead_rows",  # a book's leads
    "literal_of",  # what a text must hold to match a pattern
    "meeting_rows",  # a book's appointments
    "note_rows",  # a book's notes
    "signed",  # rows with who made and changed them
    "task_rows",  # a book's tasks
]

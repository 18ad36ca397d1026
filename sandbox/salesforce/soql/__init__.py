"""SOQL over SQLite: the grammar, the compilation to SQL, and the engine that answers statements."""

from sandbox.salesforce.soql.context import Context  # what a run depends on besides its text
from sandbox.salesforce.soql.engine import MAX_BATCH, Engine  # runs statements, keeps cursors
from sandbox.salesforce.soql.functions import define_functions  # teaches the database the date functions
from sandbox.salesforce.soql.language.grammar import parse  # what a statement says
from sandbox.salesforce.soql.language.literals import Calendar  # what dates mean to the running user
from sandbox.salesforce.soql.records import Json, Reader  # reads records by id
from sandbox.salesforce.soql.shapes import shape_of_fields  # a shape of plain fields

__all__ = [
    "MAX_BATCH",
    "Calendar",
    "Context",
    "Engine",
    "Json",
    "Reader",
    "define_functions",
    "parse",
    "shape_of_fields",
]

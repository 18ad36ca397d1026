"""What one Zoho CRM organisation holds."""

from sandbox.zoho.org.cells import Cell, Key, Record, Ref, key_of, module_id, record_id
from sandbox.zoho.org.fields import TEXTS, Field, ModuleSpec
from sandbox.zoho.org.org import Module, Org

__all__ = [
    "TEXTS",  # data types that are compared as text
    "Cell",  # a field's value
    "Field",  # a field of a module
    "Key",  # what a cell is compared by
    "Module",  # records of a module
    "ModuleSpec",  # a module's fields
    "Org",  # everything
    "Record",  # cells by API name
    "Ref",  # where a look-up leads to
    "key_of",  # a cell's key
    "module_id",  # the id of a module
    "record_id",  # the id of a row
]

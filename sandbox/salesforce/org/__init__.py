"""The emulated org: its objects and fields, its records, and the tables that hold them."""

from sandbox.salesforce.org.catalog import Catalog, Child, build_catalog  # the org's objects
from sandbox.salesforce.org.fields import Field, SObject  # what an object and a field are

__all__ = ["Catalog", "Child", "Field", "SObject", "build_catalog"]

"""HubSpot's objects: an account's metadata, and how its properties become unified records."""

from connectors.hubspot.objects.describe import description_of, missing_types
from connectors.hubspot.objects.metadata import Metadata
from connectors.hubspot.objects.portal import Portal, Property
from connectors.hubspot.objects.tables import OBJECTS, Mapped, mapped_types

__all__ = [
    "OBJECTS",  # HubSpot's object of each type
    "Mapped",  # one type at one account
    "Metadata",  # an account's metadata, kept for a while
    "Portal",  # an account as its metadata tells it
    "Property",  # one property of an object
    "description_of",  # what an account offers
    "mapped_types",  # every type of an account
    "missing_types",  # why an account does not offer a type
]

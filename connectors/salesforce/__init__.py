"""Salesforce: leads, contacts, accounts, opportunities, activities and notes of one org, by SOQL."""

from connectors.salesforce.connect import PLATFORM
from connectors.salesforce.connector import SalesforceConnector
from connectors.salesforce.manifest import Options

__all__ = [
    "PLATFORM",  # what the registry finds
    "Options",  # keys of a source
    "SalesforceConnector",  # one org
]

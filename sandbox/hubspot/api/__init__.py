"""HubSpot's HTTP endpoints over one account."""

from sandbox.hubspot.api.associations import AssociationsApi
from sandbox.hubspot.api.batches import Batches
from sandbox.hubspot.api.gate import Gate
from sandbox.hubspot.api.metadata import MetadataApi
from sandbox.hubspot.api.oauth import OAuthApi
from sandbox.hubspot.api.records import RecordsApi

__all__ = [
    "AssociationsApi",  # reads of associations
    "Batches",  # the shape of batch answers
    "Gate",  # what every call passes
    "MetadataApi",  # owners, pipelines, properties, account
    "OAuthApi",  # consent and tokens
    "RecordsApi",  # reads of records
]

"""HubSpot: contacts, leads, meetings, deals, companies, notes, tasks and owners of one account."""

from connectors.hubspot.connector import HubSpotConnector
from connectors.hubspot.manifest import HubSpotOptions, manifest
from connectors.registry import Platform

__all__ = ["PLATFORM"]

PLATFORM = Platform(
    key="hubspot",
    name=manifest().name,
    auth_kinds=("bearer", "refresh_token", "client_credentials"),
    options=HubSpotOptions,
    needs_base_url=False,
    host_patterns=manifest().host_patterns,
    connect=HubSpotConnector,
)

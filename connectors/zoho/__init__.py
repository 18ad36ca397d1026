"""Zoho CRM: contacts, leads, meetings, deals, accounts, notes, tasks and users of one account."""

from connectors.registry import Platform
from connectors.zoho.connector import ZohoConnector
from connectors.zoho.manifest import ZohoOptions, manifest

__all__ = ["PLATFORM"]

PLATFORM = Platform(
    key="zoho",
    name=manifest().name,
    auth_kinds=("refresh_token", "client_credentials", "bearer"),
    options=ZohoOptions,
    needs_base_url=False,
    host_patterns=manifest().host_patterns,
    connect=ZohoConnector,
)

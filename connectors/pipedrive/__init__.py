"""Pipedrive: persons, organizations, deals, leads, activities, notes and users of one company account."""

from connectors.pipedrive.connector import PipedriveConnector
from connectors.pipedrive.manifest import PipedriveOptions, manifest
from connectors.registry import Platform

__all__ = ["PLATFORM"]

PLATFORM = Platform(
    key="pipedrive",
    name=manifest().name,
    auth_kinds=("bearer", "refresh_token"),
    options=PipedriveOptions,
    needs_base_url=False,
    host_patterns=manifest().host_patterns,
    connect=PipedriveConnector,
)

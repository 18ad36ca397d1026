"""Freshsales: contacts, accounts, deals, appointments, tasks, notes and users of one account of the suite."""

from connectors.freshsales.connector import FreshsalesConnector
from connectors.freshsales.manifest import FreshsalesOptions, manifest
from connectors.registry import Platform

__all__ = ["PLATFORM"]

PLATFORM = Platform(
    key="freshsales",
    name=manifest().name,
    auth_kinds=("bearer",),
    options=FreshsalesOptions,
    needs_base_url=True,
    host_patterns=manifest().host_patterns,
    connect=FreshsalesConnector,
)

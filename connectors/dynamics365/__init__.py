"""Dynamics 365: contacts, accounts, leads, opportunities, appointments, tasks and notes of one organisation."""

from connectors.dynamics365.connector import DynamicsConnector
from connectors.dynamics365.manifest import DynamicsOptions, manifest
from connectors.registry import Platform

__all__ = ["PLATFORM"]

PLATFORM = Platform(
    key="dynamics365",
    name=manifest().name,
    auth_kinds=("client_credentials", "refresh_token", "bearer"),
    options=DynamicsOptions,
    needs_base_url=True,
    host_patterns=manifest().host_patterns,
    connect=DynamicsConnector,
)

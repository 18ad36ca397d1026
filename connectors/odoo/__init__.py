"""Odoo: contacts, leads, meetings, deals, companies, notes, activities and users of one database."""

from connectors.odoo.connector import OdooConnector
from connectors.odoo.manifest import OdooOptions, manifest
from connectors.registry import Platform

__all__ = ["PLATFORM"]

PLATFORM = Platform(
    key="odoo",
    name=manifest().name,
    auth_kinds=("bearer",),
    options=OdooOptions,
    needs_base_url=True,
    host_patterns=(),
    connect=OdooConnector,
)

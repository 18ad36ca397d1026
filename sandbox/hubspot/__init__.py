"""An emulator of HubSpot's CRM API, reads only."""

from sandbox.emulator import Emulator
from sandbox.hubspot.app import build

__all__ = ["EMULATOR"]

EMULATOR = Emulator(platform="hubspot", port_offset=102, build=build, home_currency="USD")
"""Switches: see `sandbox.hubspot.options`; faults of its own: see `sandbox.hubspot.gate`."""

"""An emulator of Pipedrive's API, version 2 with version 1 where 2 has nothing, reads only."""

from sandbox.emulator import Emulator
from sandbox.pipedrive.app import build
from sandbox.pipedrive.content import OWN_KEYS

__all__ = ["EMULATOR"]

EMULATOR = Emulator(platform="pipedrive", port_offset=104, build=build, home_currency="EUR", own_fields=OWN_KEYS)
"""Switches: see `sandbox.pipedrive.options`; it has no faults of its own."""

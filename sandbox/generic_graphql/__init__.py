"""An emulator of a GraphQL CRM in the manner of Twenty, reads only.

There are no leads; appointments know no company and no deal, deals no other people than a point of contact, and the
account added no fields.
"""

from sandbox.emulator import Emulator
from sandbox.generic_graphql.app import build

__all__ = ["EMULATOR"]

EMULATOR = Emulator(platform="generic_graphql", port_offset=108, build=build, home_currency="USD")
"""Switches: see `sandbox.generic_graphql.options`; faults: see `sandbox.generic_graphql.gate`, and `broken_link`."""

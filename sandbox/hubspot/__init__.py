"""An emulator of HubSpot's CRM API, reads only."""

from sandbox.emulator import Emulator
from sandbox.hubspot.app import build

__all__ = ["EMULATOR"]

EMULATOR = Emulator(
    platform="hubspot",
    port_offset=102,
    build=build,
    home_currency="USD",
    own_fields={
        "contact": {
            "npsScore": "nps_score",
            "customerNumber": "customer_number",
            "renewalOn": "renewal_date",
            "isVip": "is_vip",
            "preferredChannel": "preferred_channel",
            "interests": "interests",
        },
        "company": {"customerNumber": "customer_number", "tier": "tier"},
        "deal": {"contractMonths": "contract_months", "competitor": "main_competitor"},
    },
)
"""Switches: see `sandbox.hubspot.options`; faults of its own: see `sandbox.hubspot.gate`."""

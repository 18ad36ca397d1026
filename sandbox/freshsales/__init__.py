"""An emulator of Freshsales (the Freshworks CRM suite), reads only.

Leads: the suite has no such object.
Each open lead of the book is a contact of its own in the lifecycle stage of type Lead; a converted lead has become its
person's contact, which like every other person's stands past that stage, or in none.
"""

from sandbox.emulator import Emulator
from sandbox.freshsales.app import build

__all__ = ["EMULATOR"]

EMULATOR = Emulator(
    platform="freshsales",
    port_offset=106,
    build=build,
    home_currency="EUR",
    own_fields={
        "contact": {
            "npsScore": "cf_nps_score",
            "customerNumber": "cf_customer_number",
            "renewalOn": "cf_renewal_date",
            "isVip": "cf_is_vip",
            "preferredChannel": "cf_preferred_channel",
            "interests": "cf_interests",
        },
        "company": {"customerNumber": "cf_customer_number", "tier": "cf_tier"},
        "deal": {"contractMonths": "cf_contract_months", "competitor": "cf_main_competitor"},
    },
)
"""Switches: see `sandbox.freshsales.options`; faults: see `sandbox.freshsales.gate`."""

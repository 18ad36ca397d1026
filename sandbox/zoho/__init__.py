"""An emulator of Zoho CRM's API v8, reads only; the accounts server has the same origin."""

from sandbox.emulator import Emulator
from sandbox.zoho.app import build

__all__ = ["EMULATOR"]

EMULATOR = Emulator(
    platform="zoho",
    port_offset=105,
    build=build,
    home_currency="EUR",
    own_fields={
        "contact": {
            "npsScore": "NPS_Score",
            "customerNumber": "Customer_Number",
            "renewalOn": "Renewal_Date",
            "isVip": "VIP",
            "preferredChannel": "Preferred_Channel",
            "interests": "Interests",
        },
        "company": {"customerNumber": "Customer_Number", "tier": "Tier"},
        "deal": {"contractMonths": "Contract_Months", "competitor": "Main_Competitor"},
    },
)
"""Switches: see `sandbox.zoho.options`; what is undocumented and chosen: see `sandbox.zoho.coql.Engine`."""

"""An emulator of a plain JSON-over-HTTP CRM, as many in-house and small ones look, reads only.

Where its pages are silent:

- Enumerations are the columns whose values the pages list; they and booleans know equality and lists alone, and every
  other word, such as `lead_source` or `amount.currency`, is text. Ids are given as JSON integers, never as text.
- `contact_ids` takes `eq` and `in` alone. The six levels of a filter count its leaves.
- What is wrong within a filter is `invalid_filter`; a number out of its bounds is a 422, a wrong type a 400.
- A sum of money without a value is null as a whole; a lead names a contact, company and deal once it is converted.
- Refused calls count in no limit, and the window is free again when the oldest of its calls has left it.
"""

from sandbox.emulator import Emulator
from sandbox.generic_rest.app import build

__all__ = ["EMULATOR"]

EMULATOR = Emulator(
    platform="generic_rest",
    port_offset=107,
    build=build,
    home_currency="EUR",
    own_fields={
        "contact": {
            "npsScore": "custom.nps",
            "customerNumber": "custom.customer_number",
            "renewalOn": "custom.renewal_on",
            "isVip": "custom.is_vip",
            "preferredChannel": "custom.channel",
            "interests": "custom.interests",
        },
        "company": {"customerNumber": "custom.customer_number", "tier": "custom.tier"},
        "deal": {"contractMonths": "custom.contract_months", "competitor": "custom.competitor"},
    },
)
"""Switches: see `sandbox.generic_rest.gate.Options`; faults: see `sandbox.generic_rest.gate.Gate`."""

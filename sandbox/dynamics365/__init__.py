"""An emulator of the Web API of Dataverse, which Dynamics 365 Sales stands on, and of Entra ID's tokens; reads only.

What it does follows the vendor's documentation, cited where the numbers stand. Where that is silent:

- A deal's pipeline is its business process flow: `workflows` of category 4, whose `processstages` are open stages.
  Won and lost are states of the opportunity, whose `stageid` stays where it was.
- What nobody owns in the book is owned by the app's own user, for a row has an owner.
- A lead that is qualified but not converted is qualified without records of its own.
- Appointments that nobody came to are canceled ones.
- Sums of money add the column's values, whatever their currencies.
- Groups leave out what is missing.
"""

from sandbox.dynamics365.app import build
from sandbox.emulator import Emulator

__all__ = ["EMULATOR"]

EMULATOR = Emulator(
    platform="dynamics365",
    port_offset=103,
    build=build,
    home_currency="EUR",
    own_fields={
        "contact": {
            "npsScore": "new_npsscore",
            "customerNumber": "new_customernumber",
            "renewalOn": "new_renewalon",
            "isVip": "new_isvip",
            "preferredChannel": "new_preferredchannel",
            "interests": "new_interests",
        },
        "company": {"customerNumber": "new_customernumber", "tier": "new_tier"},
        "deal": {"contractMonths": "new_contractmonths", "competitor": "new_competitor"},
    },
)
"""Switches: see `sandbox.dynamics365.options`.

Of the shared faults, the *value* of `rate_limited` (0x80072322) and `quota_exhausted` (0x80072321) is the seconds of
`Retry-After`, that of `forbidden` the missing privilege; `revoked` also ends what the token endpoint takes.
"""

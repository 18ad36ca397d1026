"""An emulator of Pipedrive's API, version 2 with version 1 where 2 has nothing, reads only.

How it tells a book:

- Every record has an owner: what nobody owns is the admin's, whose API token is used. Queues are users.
- Deals that are won or lost keep an open stage; a deal without an amount has the value 0; roles have no names.
- Converted leads are gone, and their deals name them in `source_lead_id`; disqualified ones are archived.
- Appointments are activities of the types meeting, call and lunch, tasks of the types task, deadline and email.
  What is neither open nor scheduled is done, and an all-day appointment has no time and no duration.
- Yes and no are options of a choice; sums of money, spans of days and addresses stand in further own fields.

Where Pipedrive's pages are silent: version 2 refuses parameters that it does not know and version 1 passes over them,
rows without a value sort first, single reads give deleted records, `person_id` of deals means the primary person,
and no filter is saved, so that whoever names one by `filter_id` gets 404.
"""

from sandbox.emulator import Emulator
from sandbox.pipedrive.app import build
from sandbox.pipedrive.content import OWN_KEYS

__all__ = ["EMULATOR"]

EMULATOR = Emulator(platform="pipedrive", port_offset=104, build=build, home_currency="EUR", own_fields=OWN_KEYS)
"""Switches: see `sandbox.pipedrive.options`; faults: see `sandbox.pipedrive.api.gate`."""

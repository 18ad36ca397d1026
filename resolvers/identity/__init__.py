"""The same person or company in several sources: normalised, looked for, scored, joined.

- normalise: one spelling of addresses, numbers, names and domains
- profile: a record's keys; score: how alike two are, and why; cluster, golden: one person of several records
- block: what to look for in a source; lookup: looking there
- Matching, people_of: matches of records, people over the sources
- Decisions: what people said of matches, which wins over any score
- match_steps: what looking would cost
"""

from resolvers.identity.cost import match_steps
from resolvers.identity.decisions import Decisions, NoDecisions
from resolvers.identity.matching import Matching, id_of
from resolvers.identity.people import driving_list, joined_sources, people_of
from resolvers.identity.profiles import Profiles

__all__ = [
    "Decisions",
    "Matching",
    "NoDecisions",
    "Profiles",
    "driving_list",
    "id_of",
    "joined_sources",
    "match_steps",
    "people_of",
]

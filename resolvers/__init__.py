"""Joining the sources: lists merged over all of them, single records, relations through dataloaders.

- Reads: what one request reads
- ReadLimits: the bounds it keeps
- Source, Sources: the connected accounts
- Cursors: durable places in a walk
- Decisions: what people said of matches, kept by the host
- Rates, RateTable, rates_on: from one currency to another
- driving_list, joined_sources: the list that a page of people walks, and whose records are joined
- aggregate_steps, list_steps, record_steps, search_steps, match_steps: what groups, a list, a record, a search or its
  matches would cost
"""

from resolvers.aggregates import aggregate_steps
from resolvers.cursor import Cursors
from resolvers.exchange import Rates, RateTable, rates_on
from resolvers.identity import Decisions, driving_list, joined_sources, match_steps
from resolvers.lists import list_steps, record_steps
from resolvers.reads import Reads
from resolvers.search import search_steps
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = [
    "Cursors",
    "Decisions",
    "RateTable",
    "Rates",
    "ReadLimits",
    "Reads",
    "Source",
    "Sources",
    "aggregate_steps",
    "driving_list",
    "joined_sources",
    "list_steps",
    "match_steps",
    "rates_on",
    "record_steps",
    "search_steps",
]

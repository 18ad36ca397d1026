"""Joining the sources: lists merged over all of them, single records, relations through dataloaders.

- Reads: what one request reads
- ReadLimits: the bounds it keeps
- Source, Sources: the connected accounts
- Cursors: durable places in a walk
- Rates, RateTable, rates_on: from one currency to another
- aggregate_steps, list_steps, record_steps, search_steps: what groups, a list, a record or a search would cost
"""

from resolvers.aggregates import aggregate_steps
from resolvers.cursor import Cursors
from resolvers.exchange import Rates, RateTable, rates_on
from resolvers.lists import list_steps, record_steps
from resolvers.reads import Reads
from resolvers.search import search_steps
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = [
    "Cursors",
    "RateTable",
    "Rates",
    "ReadLimits",
    "Reads",
    "Source",
    "Sources",
    "aggregate_steps",
    "list_steps",
    "rates_on",
    "record_steps",
    "search_steps",
]

"""Joining the sources: lists merged over all of them, single records, relations through dataloaders.

- Reads: what one request reads
- ReadLimits: the bounds it keeps
- Source, Sources: the connected accounts
- Cursors: durable places in a walk
- list_steps, record_steps, search_steps: what a list, a record or a search would cost
"""

from resolvers.cursor import Cursors
from resolvers.lists import list_steps, record_steps
from resolvers.reads import Reads
from resolvers.search import search_steps
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

__all__ = ["Cursors", "ReadLimits", "Reads", "Source", "Sources", "list_steps", "record_steps", "search_steps"]

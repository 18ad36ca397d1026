"""What the gateway keeps itself: an SQLite file, or a PostgreSQL database that replicas share.

- Database: connections, and the schema brought up to date
- MatchDecisions: what people said of matches
- store_url: where it is, by the settings
"""

from gateway.store.database import Database
from gateway.store.decisions import MatchDecisions
from gateway.store.urls import store_url

__all__ = ["Database", "MatchDecisions", "store_url"]

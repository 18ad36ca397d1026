"""What one source does for one list, and what it cost."""

from dataclasses import dataclass

from connectors.scope import Scope
from resolvers.lists.merge import Lane
from resolvers.lists.plan import SourcePlan
from resolvers.sources import Source

__all__ = ["SourceRead"]


@dataclass(slots=True, eq=False)
class SourceRead:
    """One source's part in one list; *total* is its matching rows where it could count them."""

    source: Source
    lane: Lane
    scope: Scope
    plan: SourcePlan | None = None
    total: int | None = None
    latency_s: float = 0.0

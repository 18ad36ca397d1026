"""What one source does for one list, and what it cost."""

from dataclasses import dataclass

from connectors.scope import Scope
from model.errors import GatewayError
from resolvers.accounts import NoSuchType
from resolvers.lists.merge import Lane
from resolvers.lists.plan import SourcePlan
from resolvers.sources import Source

__all__ = ["SourceRead"]


@dataclass(slots=True, eq=False)
class SourceRead:
    """One source's part in one list.

    Attributes:
        scope: its own part of the request's.
        plan: None until it is described.
        counted: its matching rows, where it could count them by a call of its own.
        miscount: why it could not.
        latency_s: how long it was read.
        fetched_at: when its last page came, as an instant.
    """

    source: Source
    lane: Lane
    scope: Scope
    plan: SourcePlan | None = None
    counted: int | None = None
    miscount: GatewayError | None = None
    latency_s: float = 0.0
    fetched_at: str | None = None

    @property
    def is_out(self) -> bool:
        """Whether it failed, now or earlier in the walk."""
        return self.lane.failure is not None or self.lane.before.is_out

    @property
    def is_missing(self) -> bool:
        """Whether records of it may be missing: it is out, and not for having none of the type."""
        return self.is_out and not isinstance(self.lane.failure, NoSuchType)

    @property
    def total(self) -> int | None:
        """Its matching rows, where that is known for certain."""
        if isinstance(self.lane.failure, NoSuchType):
            return 0
        stream = self.lane.stream
        return stream.total if stream is not None and stream.total is not None else self.counted

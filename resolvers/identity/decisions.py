"""What people said of matches: kept by whoever hosts the reads, and asked before any score counts."""

from collections.abc import Sequence
from typing import Protocol

from model.ids import GlobalId
from model.reading import Decision

__all__ = ["Decisions", "NoDecisions"]


class Decisions(Protocol):
    """Confirmed and rejected pairs; a pair has no order.

    Methods raise `StoreUnavailable` where they cannot be read or kept.
    """

    async def of(self, records: Sequence[GlobalId]) -> Sequence[Decision]:
        """Every decision about any of *records*."""

    async def confirm(self, a: GlobalId, b: GlobalId) -> None:
        """Keep that *a* and *b* are one; what was said of them before is forgotten."""

    async def reject(self, a: GlobalId, b: GlobalId) -> None:
        """Keep that *a* and *b* are two; what was said of them before is forgotten."""


class NoDecisions:
    """Nobody said anything, and nothing is kept: for hosts without a store, that offer no mutation."""

    async def of(self, records: Sequence[GlobalId]) -> Sequence[Decision]:
        """None."""
        del records
        return ()

    async def confirm(self, a: GlobalId, b: GlobalId) -> None:
        """Forget it."""

    async def reject(self, a: GlobalId, b: GlobalId) -> None:
        """Forget it."""

"""How to read, and how each source took part: what every list, aggregate, search and match shares."""

from collections.abc import Awaitable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeVar

__all__ = ["DEFAULTS", "Eventually", "Failure", "Outcome", "OutcomeStatus", "ReadOptions"]

T = TypeVar("T")
Eventually: TypeAlias = T | Awaitable[T]
"""A value that is there, or one to wait for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read; None leaves a bound to the settings."""

    time_zone: str = "UTC"
    allow_scan: bool = False
    scan_limit: int | None = None
    fail_on_unsupported: bool = False
    fail_on_source: bool = False
    deadline_ms: int | None = None
    max_calls: int | None = None
    include_deleted: bool = False
    include_archived: bool = False

    @property
    def is_hurried(self) -> bool:
        """Whether the caller set a deadline of its own, so that a timeout says nothing about a source."""
        return self.deadline_ms is not None


DEFAULTS = ReadOptions()
"""What a caller who says nothing gets."""


class OutcomeStatus(StrEnum):
    """How a source took part."""

    OK = "OK"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a source did not deliver, fit for the caller."""

    code: str
    message: str
    is_retryable: bool
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one source took part in one list.

    Attributes:
        rows: of the page that are this source's.
        is_exact: rows, order and counts mean what the query says; *notes* say why not.
        is_scan_limited: the scan budget ended the search for matching rows.
        resume_cursor: where to read this source alone after it failed or was left out.
    """

    source: str
    status: OutcomeStatus
    rows: int = 0
    has_more: bool = False
    total_count: int | None = None
    is_exact: bool = True
    is_scan_limited: bool = False
    notes: tuple[str, ...] = ()
    upstream_calls: int = 0
    latency_ms: float = 0.0
    fetched_at: str | None = None
    resume_cursor: str | None = None
    error: Failure | None = None

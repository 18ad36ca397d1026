"""What a caller asks of all sources together, and what they answered: the plain values between schema and resolvers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeVar

from model.entities import Entity, Record
from model.query import EVERYTHING, Order, Predicate, Selection

__all__ = [
    "Eventually",
    "Failure",
    "ListRequest",
    "ListResult",
    "Outcome",
    "OutcomeStatus",
    "PlanResult",
    "PlanStep",
    "PlatformInfo",
    "ReadOptions",
    "RelatedItem",
    "RelatedList",
    "SourceInfo",
    "SourceStatus",
]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    r"""One list field.

    Attributes:
        where: ids in it are texts "<source key>\n<remote id>", since a global id belongs to one source.
        sources: keys asked for, None for all.
        shape: the filter as the caller wrote it, before relative ranges became instants; it ties cursors to it.
        wants_total: whether totalCount, of the connection or of an outcome, is selected.
    """

    entity: Entity
    selection: Selection
    first: int = 25
    after: str | None = None
    where: Predicate = EVERYTHING
    shape: str = ""
    order: tuple[Order, ...] = ()
    sources: tuple[str, ...] | None = None
    options: ReadOptions = ReadOptions()
    wants_total: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ListResult:
    """One page over the sources; *cursor_of* makes the cursor just after the row at an index, on demand."""

    records: Sequence[Record]
    has_next_page: bool
    has_previous_page: bool
    cursor_of: Callable[[int], str]
    outcomes: Sequence[Outcome]
    total_count: int | None = None
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedItem:
    """One row of a to-many relation with its part in it."""

    record: Record
    role: str | None = None
    is_primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedList:
    """The first rows of a to-many relation of one parent, in remote-id order."""

    items: Sequence[RelatedItem]
    has_next_page: bool
    has_previous_page: bool
    cursor_of: Callable[[int], str]


class SourceStatus(StrEnum):
    """Whether a source can be read now."""

    READY = "READY"
    DEGRADED = "DEGRADED"
    REAUTH_REQUIRED = "REAUTH_REQUIRED"
    DISABLED = "DISABLED"
    UNREACHABLE = "UNREACHABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformInfo:
    """A CRM product this installation can speak to."""

    key: str
    name: str
    auth_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """One connected account; what needs a call is not here but in its Description."""

    key: str
    name: str
    platform: PlatformInfo
    status: SourceStatus
    status_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """What one source would be asked for one part of a document."""

    source: str
    operation: str
    entity: Entity | None
    vendor_query: str | None
    fields: tuple[str, ...]
    pushed: tuple[str, ...]
    residual: tuple[str, ...]
    estimated_calls: int
    quota_cost: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """What a document would do and cost."""

    is_allowed: bool
    estimated_calls: int
    steps: tuple[PlanStep, ...]
    notes: tuple[str, ...] = ()

"""How a source took part."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.fields.relations import source_field
from schema.scalars import DateTime
from schema.types.enums import OutcomeStatus

if TYPE_CHECKING:
    from schema.types.source import Source

__all__ = ["SourceError", "SourceOutcome"]


@strawberry.type(description="Why a source did not deliver.")
class SourceError:
    """Why a source did not deliver."""

    code: str = strawberry.field(description="What sort of failure it is, such as RATE_LIMITED.")
    message: str = strawberry.field(description="What happened, and what to do.")
    is_retryable: bool = strawberry.field(description="Whether the same request can succeed later by itself.")
    retry_after_s: float | None = strawberry.field(description="Seconds to wait, where known.")


@strawberry.type(description="How one source took part in one list.")
class SourceOutcome:
    """How one source took part in one list."""

    source: Annotated["Source", strawberry.lazy("schema.types.source")] = source_field("The source.")
    status: OutcomeStatus = strawberry.field(description="How it ended.")
    rows: int = strawberry.field(description="Records it gave to this page, or counted for these groups.")
    has_more: bool = strawberry.field(description="Whether it has records beyond this page.")
    total_count: int | None = strawberry.field(description="Its matching records in all; null where it cannot tell.")
    is_exact: bool = strawberry.field(
        description="Whether its records, order and counts mean exactly what the query says; `notes` say why not."
    )
    is_scan_limited: bool = strawberry.field(description="Whether the scan budget ended before its records did.")
    notes: list[str] = strawberry.field(description="Where it deviates, in sentences.")
    upstream_calls: int = strawberry.field(description="Calls made to the CRM.")
    latency_ms: float = strawberry.field(description="Milliseconds until it was done.")
    fetched_at: DateTime | None = strawberry.field(description="When the CRM gave the records.")
    resume_cursor: str | None = strawberry.field(
        description="Pass it to `after`, with `sources` naming this one alone, to read on where it failed."
    )
    error: SourceError | None = strawberry.field(description="Why it failed; null where it did not.")

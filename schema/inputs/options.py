"""How to read."""

import strawberry
from strawberry import UNSET

from schema.types.enums import OnSourceFailure, OnUnsupported

__all__ = ["ReadOptions"]


@strawberry.input(description="How to read; what is left out is as the gateway's settings say.")
class ReadOptions:
    """How to read."""

    time_zone: str | None = strawberry.field(
        default=UNSET, description="IANA time zone of relative dates and of groups by time; UTC when left out."
    )
    allow_scan: bool | None = strawberry.field(
        default=False,
        description="Whether a source may be read whole, within the budget, for what it cannot evaluate itself.",
    )
    scan_limit: int | None = strawberry.field(
        default=UNSET, description="Records a source may read for that; capped by the settings."
    )
    on_unsupported: OnUnsupported | None = strawberry.field(
        default=OnUnsupported.SKIP, description="What happens when a source cannot answer the query."
    )
    on_source_failure: OnSourceFailure | None = strawberry.field(
        default=OnSourceFailure.REPORT, description="What happens when a source fails."
    )
    deadline_ms: int | None = strawberry.field(
        default=UNSET, description="Milliseconds the field may take; capped by the settings."
    )
    max_calls: int | None = strawberry.field(
        default=UNSET, description="Calls to CRMs the field may make; capped by the settings."
    )
    max_age_s: int | None = strawberry.field(
        default=UNSET, description="How many seconds old a cached answer may be; none is taken when left out."
    )
    include_deleted: bool | None = strawberry.field(
        default=False, description="Whether records in the CRM's bin are wanted as well."
    )
    include_archived: bool | None = strawberry.field(
        default=False, description="Whether archived records are wanted as well."
    )

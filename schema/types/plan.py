"""What a query would do."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.fields.relations import source_field
from schema.types.enums import RecordType

if TYPE_CHECKING:
    from schema.types.source import Source

__all__ = ["Plan", "PlanStep"]


@strawberry.type(description="What one source would be asked.")
class PlanStep:
    """What one source would be asked."""

    source: Annotated["Source", strawberry.lazy("schema.types.source")] = source_field("The source.")
    operation: str = strawberry.field(description="Name of the call.")
    entity: RecordType | None = strawberry.field(name="type", description="The type read, where it is one.")
    vendor_query: str | None = strawberry.field(description="The query text that would be sent.")
    fields: list[str] = strawberry.field(description="The CRM's fields that would be asked for.")
    pushed: list[str] = strawberry.field(description="Conditions that the CRM evaluates.")
    residual: list[str] = strawberry.field(description="Conditions that the gateway finishes.")
    estimated_calls: int = strawberry.field(description="Calls it would take on a warm gateway.")
    quota_cost: str | None = strawberry.field(description="What it would take from the CRM's limits.")


@strawberry.type(description="What a query would do, without doing it.")
class Plan:
    """What a query would do, without doing it."""

    is_allowed: bool = strawberry.field(description="Whether the limits let it run.")
    estimated_calls: int = strawberry.field(description="Calls it would take in all.")
    steps: list[PlanStep] = strawberry.field(description="What each source would be asked, in order.")
    notes: list[str] = strawberry.field(description="Deviations and refusals, in sentences.")

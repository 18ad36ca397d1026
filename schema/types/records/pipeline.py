"""Pipelines and their stages."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from model import entities
from schema.fields.info import Info
from schema.fields.relations import resolved, source_field
from schema.types.enums import DealStatus
from schema.types.node import Node

if TYPE_CHECKING:
    from schema.types.source import Source

__all__ = ["Pipeline", "Stage"]


async def _pipeline(root: entities.Stage, info: Info) -> entities.Pipeline | None:
    return await info.context.reads.pipeline(root.source, root.pipeline_id)


@strawberry.type(description="A step that deals go through.")
class Stage(Node):
    """A step that deals go through."""

    remote_id: str = strawberry.field(description="The CRM's own id.")
    source: Annotated["Source", strawberry.lazy("schema.types.source")] = source_field("The source it lives in.")
    pipeline: Annotated["Pipeline", strawberry.lazy("schema.types.records.pipeline")] | None = resolved(
        _pipeline, "The pipeline it is a step of."
    )
    name: str | None = strawberry.field(description="Name.")
    position: int | None = strawberry.field(description="Place in the pipeline, from the first.")
    probability: float | None = strawberry.field(description="Chance of a deal in it to be won, from 0 to 1.")
    outcome: DealStatus | None = strawberry.field(description="Where a deal in it stands.")


@strawberry.type(description="The steps that deals of one sort go through.")
class Pipeline(Node):
    """The steps that deals of one sort go through."""

    remote_id: str = strawberry.field(description="The CRM's own id.")
    source: Annotated["Source", strawberry.lazy("schema.types.source")] = source_field("The source it lives in.")
    name: str | None = strawberry.field(description="Name.")
    stages: list[Stage] | None = strawberry.field(description="Its stages, first to last.")

"""The deal and lead pipelines of a portal."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sandbox.seed import Book
from sandbox.seed import Pipeline as BookPipeline

__all__ = ["LEAD_PIPELINE_ID", "LEAD_STAGES", "Pipeline", "PipelineStage", "Pipelines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStage:
    """A step; *metadata* values are strings, as HubSpot has them."""

    id: str
    label: str
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """An ordered list of stages."""

    id: str
    label: str
    stages: tuple[PipelineStage, ...]


LEAD_PIPELINE_ID = "lead-pipeline-id"

LEAD_STAGES: dict[str, str] = {
    "new": "new-stage-id",
    "working": "attempting-stage-id",
    "qualified": "qualified-stage-id",
    "disqualified": "unqualified-stage-id",
    "converted": "qualified-stage-id",
}
"""Book status → stage of HubSpot's own lead pipeline; a converted lead is a qualified one with a deal."""

_LEAD_PIPELINE = Pipeline(
    id=LEAD_PIPELINE_ID,
    label="Lead pipeline",
    stages=tuple(
        PipelineStage(id=stage_id, label=label, metadata={"isClosed": is_closed})
        for stage_id, label, is_closed in (
            ("new-stage-id", "New", "false"),
            ("attempting-stage-id", "Attempting", "false"),
            ("connected-stage-id", "Connected", "false"),
            ("qualified-stage-id", "Qualified", "true"),
            ("unqualified-stage-id", "Disqualified", "true"),
        )
    ),
)

_DEFAULT_OPEN_STAGES = (
    "appointmentscheduled",
    "qualifiedtobuy",
    "presentationscheduled",
    "decisionmakerboughtin",
    "contractsent",
)


class Pipelines:
    """The pipelines of one portal, and where a book's keys went.

    Attributes:
        by_type: pipelines of each object type that has any, the default one first.
    """

    def __init__(self, book: Book) -> None:
        self._ids: dict[str, str] = {}
        self._stages: dict[tuple[str, str], PipelineStage] = {}
        deals = [one for one in book.pipelines if one.kind == "deal"]
        self.by_type: dict[str, list[Pipeline]] = {
            "deals": [self._deal_pipeline(one, place) for place, one in enumerate(deals)],
            "leads": [_LEAD_PIPELINE],
        }

    def pipeline_id(self, key: str) -> str:
        """The id of the deal pipeline that the book calls *key*."""
        return self._ids[key]

    def stage(self, pipeline: str, stage: str) -> PipelineStage:
        """The stage that the book calls *stage*, in its *pipeline*."""
        return self._stages[pipeline, stage]

    def _deal_pipeline(self, told: BookPipeline, place: int) -> Pipeline:
        self._ids[told.key] = "default" if place == 0 else str(75_102_000 + place * 1_117)
        own_ids = _own_stage_ids() if place == 0 else {}
        for order, stage in enumerate(told.stages):
            stage_id = next(own_ids.get(stage.outcome, iter(())), str(139_921_500 + place * 1_000 + order))
            is_closed = "false" if stage.outcome == "open" else "true"
            metadata = {"isClosed": is_closed, "probability": _decimal_text(stage.probability)}
            self._stages[told.key, stage.key] = PipelineStage(id=stage_id, label=stage.label, metadata=metadata)
        stages = tuple(self._stages[told.key, stage.key] for stage in told.stages)
        return Pipeline(id=self._ids[told.key], label=told.label, stages=stages)


def _own_stage_ids() -> dict[str, Iterator[str]]:
    """Ids of HubSpot's own deal pipeline, by outcome; stages beyond them get numbers, as added ones do."""
    return {"open": iter(_DEFAULT_OPEN_STAGES), "won": iter(("closedwon",)), "lost": iter(("closedlost",))}


def _decimal_text(value: Decimal) -> str:
    """*value* without exponent and with at least one decimal place, such as 0.2 or 1.0."""
    text = f"{value.normalize():f}"
    return text if "." in text else f"{text}.0"

"""What a document would do and cost."""

from dataclasses import dataclass, field

from model.entities import Entity

__all__ = ["PlanResult", "PlanStep", "Planned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """What one source would be asked for one part of a document."""

    source: str
    operation: str
    entity: Entity | None
    estimated_calls: int
    vendor_query: str | None = None
    fields: tuple[str, ...] = ()
    pushed: tuple[str, ...] = ()
    residual: tuple[str, ...] = ()
    quota_cost: str | None = None


@dataclass(slots=True)
class Planned:
    """The steps of one field, and what is to be said of them: deviations, and why a source has no step.

    Attributes:
        shared: steps that come before, taken once for all fields of a document that need the same.
    """

    steps: list[PlanStep] = field(default_factory=list)
    shared: list[PlanStep] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """What a document would do and cost."""

    is_allowed: bool
    estimated_calls: int
    steps: tuple[PlanStep, ...]
    notes: tuple[str, ...] = ()

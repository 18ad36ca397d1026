"""The same person or company in other sources."""

import strawberry

from schema.types.enums import MatchState
from schema.types.outcome import SourceOutcome
from schema.types.records.record import Record

__all__ = ["Match", "MatchResult"]


@strawberry.type(description="A record of the same person or company in another source.")
class Match:
    """A record of the same person or company in another source."""

    record: Record = strawberry.field(description="The record; select its own fields with `... on Contact`.")
    score: float = strawberry.field(description="From 0 to 1; 1 where somebody confirmed it.")
    evidence: list[str] = strawberry.field(description="Why, in sentences, the strongest first.")
    state: MatchState = strawberry.field(description="How sure it is.")


@strawberry.type(description="The matches of one record, those that are surest first.")
class MatchResult:
    """The matches of one record, those that are surest first."""

    items: list[Match] = strawberry.field(description="The matches.")
    is_exhaustive: bool = strawberry.field(
        description="Whether every other source was asked for every key of the record, and answered whole."
    )
    outcomes: list[SourceOutcome] = strawberry.field(
        name="sources",
        description="How each other source took part; its calls are those for all records looked for together.",
    )

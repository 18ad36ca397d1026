"""The root fields that change something."""

import strawberry

from model import reading
from schema.fields.identity import decision_field
from schema.types.identity.match import MatchResult

__all__ = ["Mutation"]


@strawberry.type(description="Everything that can be changed.")
class Mutation:
    """Everything that can be changed."""

    confirm_match: MatchResult | None = decision_field(
        reading.MatchState.CONFIRMED,
        "Keep that two records are of one person or company, whatever the evidence; gives the matches of `a`.",
    )
    reject_match: MatchResult | None = decision_field(
        reading.MatchState.REJECTED,
        "Keep that two records are of two people or companies, whatever the evidence; gives the matches of `a`, those"
        " rejected among them.",
    )

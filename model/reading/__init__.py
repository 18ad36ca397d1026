"""What a caller asks of all sources together, and what they answered: the plain values between schema and resolvers.

- outcomes: how to read, how each source took part
- lists, aggregates, searches, identity: one file for each way of asking
- plans: what a document would do
- sources: the connected accounts
- custom: the CRM's own fields of a record
"""

from model.reading.aggregates import (
    PLATFORM,
    SOURCE,
    AggregateRequest,
    AggregateResult,
    Converted,
    GroupResult,
    GroupValue,
)
from model.reading.custom import CustomField
from model.reading.identity import (
    IDENTITY,
    Decision,
    FieldSource,
    Match,
    MatchRequest,
    MatchResult,
    MatchState,
    PeopleRequest,
    PeopleResult,
    Person,
)
from model.reading.lists import ListRequest, ListResult, RelatedItem, RelatedList
from model.reading.outcomes import Eventually, Failure, Outcome, OutcomeStatus, ReadOptions
from model.reading.plans import Planned, PlanResult, PlanStep
from model.reading.searches import SearchRequest, SearchResult
from model.reading.sources import PlatformInfo, SourceInfo, SourceStatus

__all__ = [
    "IDENTITY",
    "PLATFORM",
    "SOURCE",
    "AggregateRequest",
    "AggregateResult",
    "Converted",
    "CustomField",
    "Decision",
    "Eventually",
    "Failure",
    "FieldSource",
    "GroupResult",
    "GroupValue",
    "ListRequest",
    "ListResult",
    "Match",
    "MatchRequest",
    "MatchResult",
    "MatchState",
    "Outcome",
    "OutcomeStatus",
    "PeopleRequest",
    "PeopleResult",
    "Person",
    "PlanResult",
    "PlanStep",
    "Planned",
    "PlatformInfo",
    "ReadOptions",
    "RelatedItem",
    "RelatedList",
    "SearchRequest",
    "SearchResult",
    "SourceInfo",
    "SourceStatus",
]

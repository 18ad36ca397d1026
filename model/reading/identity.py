"""The same person or company in several sources."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from model.entities import Entity, Record
from model.ids import GlobalId
from model.query import EVERYTHING, Predicate, RelationSelection, Selection
from model.reading.outcomes import DEFAULTS, Outcome, ReadOptions
from model.values import InstantText

__all__ = [
    "IDENTITY",
    "Decision",
    "FieldSource",
    "Match",
    "MatchRequest",
    "MatchResult",
    "MatchState",
    "PeopleRequest",
    "PeopleResult",
    "Person",
]

IDENTITY: Mapping[Entity, Selection] = MappingProxyType(
    {
        Entity.CONTACT: Selection(
            frozenset(
                {
                    *("first_name", "last_name", "display_name", "job_title", "updated_at"),
                    *("email", "emails", "phone", "phones", "addresses"),
                }
            ),
            {"company": RelationSelection(Selection(frozenset({"name", "domain", "website"})))},
        ),
        Entity.COMPANY: Selection(frozenset({"name", "domain", "website", "phone", "addresses"})),
    }
)
"""What a record of each type that can be matched is recognised by."""


class MatchState(StrEnum):
    """How sure it is that two records are of one person or company."""

    SUGGESTED = "SUGGESTED"
    CERTAIN = "CERTAIN"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody said of two records, and when: CONFIRMED or REJECTED."""

    a: GlobalId
    b: GlobalId
    state: MatchState
    decided_at: InstantText


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRequest:
    """One matches field.

    Attributes:
        selection: wanted of each matching record.
        sources: keys of those to look in, None for all others.
        with_rejected: whether what somebody rejected is listed as well.
    """

    selection: Selection
    sources: tuple[str, ...] | None = None
    with_rejected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Another record of the same one.

    Attributes:
        score: 0 to 1.
        evidence: why, in sentences, the strongest first.
    """

    record: Record
    score: float
    evidence: tuple[str, ...]
    state: MatchState


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchResult:
    """The matches of one record, best first.

    Attributes:
        is_exhaustive: every other source was asked for all there is to match by, and answered whole.
        outcomes: of the sources that were looked in; calls are those of all records that were looked for together.
    """

    items: Sequence[Match]
    is_exhaustive: bool
    outcomes: Sequence[Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRequest:
    r"""One people field: the contacts of *driven_by*, each with its matches in the other *sources*.

    Attributes:
        where: ids in it are texts "<source key>\n<remote id>"; it chooses among the driving source's contacts.
        shape: the filter as the caller wrote it.
        selection: wanted of each contact behind a person.
    """

    driven_by: str
    selection: Selection
    first: int = 25
    after: str | None = None
    where: Predicate = EVERYTHING
    shape: str = ""
    sources: tuple[str, ...] | None = None
    options: ReadOptions = DEFAULTS


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where a field of a person comes from, and by which rule."""

    field: str
    record: Record
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person over the sources; *key* is stable while the driving record exists."""

    key: str
    display_name: str | None
    email: str | None
    phone: str | None
    company: str | None
    records: Sequence[Record]
    evidence: tuple[str, ...]
    field_sources: tuple[FieldSource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleResult:
    """One page of people in the order of the driving source; *cursor_of* as of a list."""

    people: Sequence[Person]
    has_next_page: bool
    has_previous_page: bool
    cursor_of: Callable[[int], str]
    outcomes: Sequence[Outcome]
    is_partial: bool = False

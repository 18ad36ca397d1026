"""One search over all sources."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from model.entities import Entity
from model.page import Hit
from model.query import Selection
from model.reading.outcomes import DEFAULTS, Outcome, ReadOptions

__all__ = ["SearchRequest", "SearchResult"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One search field.

    Attributes:
        selections: what is wanted of each type that is searched; hits of equal rank come in the order of the types.
        is_any_type: the caller named no types: then a source that searches only some of them lacks nothing.
    """

    text: str
    selections: Mapping[Entity, Selection]
    is_any_type: bool = False
    first: int = 25
    after: str | None = None
    sources: tuple[str, ...] | None = None
    options: ReadOptions = DEFAULTS


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One page of hits; *cursor_of* makes the cursor just after the hit at an index, on demand."""

    hits: Sequence[Hit]
    has_next_page: bool
    has_previous_page: bool
    cursor_of: Callable[[int], str]
    outcomes: Sequence[Outcome]
    is_partial: bool = False

"""Where a walk through a search stands: how many hits of each type each source has given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from model.entities import Entity
from model.reading import SearchRequest
from resolvers.cursor import Cursors, digest

__all__ = ["START", "SearchPlace", "SearchWalk", "decoded", "encoded", "fingerprint"]

_ENDED, _OUT = 1, 2


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """Where one type of one source stands.

    Attributes:
        rank: hits that earlier pages took, and so the rank of the next one.
        is_ended: it has no further hit.
        is_out: it failed earlier in this walk and stays out of the rest.
    """

    rank: int = 0
    is_ended: bool = False
    is_out: bool = False

    @property
    def is_open(self) -> bool:
        """Whether hits may still come from it."""
        return not (self.is_ended or self.is_out)


START = SearchPlace()
"""Where a walk begins."""


@dataclass(frozen=True, slots=True)
class SearchWalk:
    """The places of a walk's sources, by type."""

    places: Mapping[str, Mapping[Entity, SearchPlace]] = field(default_factory=dict)


def fingerprint(request: SearchRequest) -> str:
    """What ties a cursor to its search: the text and the types, in their order."""
    return digest(repr(("search", request.text, tuple(entity.value for entity in request.selections))))


def encoded(walk: SearchWalk, cursors: Cursors, query: str) -> str:
    """The cursor of *walk* over the search with fingerprint *query*."""
    packed = {
        source: {entity.value: [_flags(place), place.rank] for entity, place in places.items()}
        for source, places in walk.places.items()
    }
    return cursors.sealed((packed,), query)


def decoded(text: str, cursors: Cursors, query: str) -> SearchWalk:
    """The walk that a cursor holds.

    Raises:
        BadCursor: it is damaged, foreign, or belongs to another search or to a list.
    """
    (packed,) = cursors.opened(text, query)
    return SearchWalk(
        {source: {Entity(name): _place(*item) for name, item in places.items()} for source, places in packed.items()}
    )


def _flags(place: SearchPlace) -> int:
    return _ENDED * place.is_ended | _OUT * place.is_out


def _place(flags: int, rank: Any) -> SearchPlace:
    return SearchPlace(rank, is_ended=bool(flags & _ENDED), is_out=bool(flags & _OUT))

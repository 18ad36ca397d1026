"""Pages as the connection types read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from strawberry.utils.str_converters import to_camel_case

from model.entities import Record
from model.page import Hit
from model.reading import ListResult, Outcome, PeopleResult, Person, RelatedList, SearchResult

__all__ = ["HitView", "PageView", "list_page", "people_page", "related_page", "search_page"]

T = TypeVar("T")


@dataclass(slots=True)
class EdgeView(Generic[T]):
    """One record or hit of a page; its cursor is made when it is read."""

    record: T
    index: int
    cursor_of: Callable[[int], str]

    @property
    def cursor(self) -> str:
        """The place just after the record."""
        return self.cursor_of(self.index)


@dataclass(slots=True, kw_only=True)
class PageView(Generic[T]):
    """A page as `Connection`, `SearchConnection` and `PageInfo` read it."""

    records: Sequence[T]
    has_next_page: bool
    has_previous_page: bool
    cursor_of: Callable[[int], str]
    total_count: int | None = None
    is_partial: bool = False
    outcomes: Sequence[Outcome] | None = None

    @property
    def edges(self) -> list[EdgeView[T]]:
        """The records with their places."""
        return [EdgeView(record, index, self.cursor_of) for index, record in enumerate(self.records)]

    @property
    def page_info(self) -> "PageView[T]":
        """The page itself."""
        return self

    @property
    def start_cursor(self) -> str | None:
        """The place just after the first record."""
        return self.cursor_of(0) if self.records else None

    @property
    def end_cursor(self) -> str | None:
        """The place just after the last record; an empty page that has a next one has read up to somewhere, too."""
        return self.cursor_of(len(self.records) - 1) if self.records or self.has_next_page else None


def list_page(result: ListResult) -> PageView[Record]:
    """A root list's page."""
    return PageView(
        records=result.records,
        has_next_page=result.has_next_page,
        has_previous_page=result.has_previous_page,
        cursor_of=result.cursor_of,
        total_count=result.total_count,
        is_partial=result.is_partial,
        outcomes=result.outcomes,
    )


def people_page(result: PeopleResult) -> PageView[Person]:
    """A page of people."""
    return PageView(
        records=result.people,
        has_next_page=result.has_next_page,
        has_previous_page=result.has_previous_page,
        cursor_of=result.cursor_of,
        is_partial=result.is_partial,
        outcomes=result.outcomes,
    )


def related_page(result: RelatedList) -> PageView[Record]:
    """A relation's page."""
    return PageView(
        records=[item.record for item in result.items],
        has_next_page=result.has_next_page,
        has_previous_page=result.has_previous_page,
        cursor_of=result.cursor_of,
    )


@dataclass(slots=True)
class HitView:
    """One hit as `SearchHit` reads it."""

    hit: Hit

    @property
    def record(self) -> Record:
        """What was found."""
        return self.hit.record

    @property
    def matched_on(self) -> list[str]:
        """Names of the fields as this schema spells them."""
        return [to_camel_case(name) for name in self.hit.matched_on]


def search_page(result: SearchResult) -> PageView[HitView]:
    """A search's page."""
    return PageView(
        records=[HitView(hit) for hit in result.hits],
        has_next_page=result.has_next_page,
        has_previous_page=result.has_previous_page,
        cursor_of=result.cursor_of,
        is_partial=result.is_partial,
        outcomes=result.outcomes,
    )

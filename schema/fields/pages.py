"""Pages as the connection types read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from model.entities import Record
from model.reading import ListResult, Outcome, RelatedList

__all__ = ["PageView", "list_page", "related_page"]


@dataclass(slots=True)
class EdgeView:
    """One record of a page; its cursor is made when it is read."""

    record: Record
    index: int
    cursor_of: Callable[[int], str]

    @property
    def cursor(self) -> str:
        """The place just after the record."""
        return self.cursor_of(self.index)


@dataclass(slots=True, kw_only=True)
class PageView:
    """A page as `Connection` and `PageInfo` read it."""

    records: Sequence[Record]
    has_next_page: bool
    has_previous_page: bool
    cursor_of: Callable[[int], str]
    total_count: int | None = None
    is_partial: bool = False
    outcomes: Sequence[Outcome] | None = None

    @property
    def edges(self) -> list[EdgeView]:
        """The records with their places."""
        return [EdgeView(record, index, self.cursor_of) for index, record in enumerate(self.records)]

    @property
    def page_info(self) -> "PageView":
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


def list_page(result: ListResult) -> PageView:
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


def related_page(result: RelatedList) -> PageView:
    """A relation's page."""
    return PageView(
        records=[item.record for item in result.items],
        has_next_page=result.has_next_page,
        has_previous_page=result.has_previous_page,
        cursor_of=result.cursor_of,
    )

"""One list over all sources, and the lists behind one record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from model.entities import Entity, Record
from model.query import EVERYTHING, Order, Predicate, Selection
from model.reading.outcomes import DEFAULTS, Outcome, ReadOptions

__all__ = ["ListRequest", "ListResult", "RelatedItem", "RelatedList"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    r"""One list field.

    Attributes:
        where: ids in it are texts "<source key>\n<remote id>", since a global id belongs to one source.
        sources: keys asked for, None for all.
        shape: the filter as the caller wrote it, before relative ranges became instants; it ties cursors to it.
        wants_total: whether totalCount, of the connection or of an outcome, is selected.
    """

    entity: Entity
    selection: Selection
    first: int = 25
    after: str | None = None
    where: Predicate = EVERYTHING
    shape: str = ""
    order: tuple[Order, ...] = ()
    sources: tuple[str, ...] | None = None
    options: ReadOptions = DEFAULTS
    wants_total: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListResult:
    """One page over the sources; *cursor_of* makes the cursor just after the row at an index, on demand."""

    records: Sequence[Record]
    has_next_page: bool
    has_previous_page: bool
    cursor_of: Callable[[int], str]
    outcomes: Sequence[Outcome]
    total_count: int | None = None
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedItem:
    """One row of a to-many relation with its part in it."""

    record: Record
    role: str | None = None
    is_primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedList:
    """The first rows of a to-many relation of one parent, in remote-id order."""

    items: Sequence[RelatedItem]
    has_next_page: bool
    has_previous_page: bool
    cursor_of: Callable[[int], str]

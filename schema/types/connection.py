"""Pages of records: connections, edges and page info; `schema.fields.pages` is what they read."""

from typing import Generic, TypeVar

import strawberry

from schema.types.outcome import SourceOutcome

__all__ = ["Connection", "Edge", "PageInfo"]

T = TypeVar("T")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = strawberry.field(description="Whether records follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether records come before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first record; null for an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last record; pass it to `after` to read on.")


@strawberry.type(description="A record with its place in the list.")
class Edge(Generic[T]):
    """A record with its place in the list."""

    cursor: str = strawberry.field(description="Pass it to `after` to read on from this record.")
    record: T = strawberry.field(name="node", description="The record.")


@strawberry.type(description="A page of records.")
class Connection(Generic[T]):
    """A page of records."""

    edges: list[Edge[T]] = strawberry.field(description="The records with their cursors.")
    records: list[T] = strawberry.field(name="nodes", description="The records.")
    page_info: PageInfo = strawberry.field(description="Where this page stands in its list.")
    total_count: int | None = strawberry.field(
        description="Matching records over all sources; null where one cannot tell, and on relations."
    )
    is_partial: bool = strawberry.field(
        description="Whether a source did not deliver everything; `sources` says which."
    )
    outcomes: list[SourceOutcome] | None = strawberry.field(
        name="sources", description="How each source took part; null on relations, where a batch serves many parents."
    )

"""Pages of hits; `schema.fields.pages` is what they read."""

import strawberry

from schema.types.connection import PageInfo
from schema.types.outcome import SourceOutcome
from schema.types.records.record import Record

__all__ = ["SearchConnection", "SearchEdge", "SearchHit"]


@strawberry.type(description="A record that a search found.")
class SearchHit:
    """A record that a search found."""

    record: Record = strawberry.field(
        description="The record; select its own fields with `... on Contact` and the like."
    )
    matched_on: list[str] = strawberry.field(
        description="Fields that hold words of the text, as this schema names them; empty where the CRM alone knows."
    )


@strawberry.type(description="A hit with its place in the search.")
class SearchEdge:
    """A hit with its place in the search."""

    cursor: str = strawberry.field(description="Pass it to `after` to read on from this hit.")
    record: SearchHit = strawberry.field(name="node", description="The hit.")


@strawberry.type(description="A page of hits, best first.")
class SearchConnection:
    """A page of hits, best first."""

    edges: list[SearchEdge] = strawberry.field(description="The hits with their cursors.")
    records: list[SearchHit] = strawberry.field(name="nodes", description="The hits.")
    page_info: PageInfo = strawberry.field(description="Where this page stands in the search.")
    is_partial: bool = strawberry.field(
        description="Whether a source did not deliver everything; `sources` says which."
    )
    outcomes: list[SourceOutcome] | None = strawberry.field(name="sources", description="How each source took part.")

"""People over the sources."""

import strawberry

from schema.fields.reading import global_id
from schema.types.connection import PageInfo
from schema.types.forward import LazyContact
from schema.types.outcome import SourceOutcome

__all__ = ["FieldSource", "Person", "PersonConnection", "PersonEdge"]


def _record_id(root: "FieldSource") -> strawberry.ID:
    return strawberry.ID(global_id(root.record))


@strawberry.type(description="Where a field of a person comes from.")
class FieldSource:
    """Where a field of a person comes from."""

    field: str = strawberry.field(description="Name of the field.")
    record: strawberry.ID = strawberry.field(resolver=_record_id, description="Global id of the record it is from.")
    reason: str = strawberry.field(description="By which rule this record's value stands for the person.")


@strawberry.type(description="One person, with the contacts that are this person's in every source.")
class Person:
    """One person, with the contacts that are this person's in every source."""

    key: str = strawberry.field(description="The same as long as the first contact exists.")
    display_name: str | None = strawberry.field(description="Full name.")
    email: str | None = strawberry.field(description="E-mail address.")
    phone: str | None = strawberry.field(description="Phone number, as its CRM has it.")
    company: str | None = strawberry.field(description="Name of the main company.")
    records: list[LazyContact] = strawberry.field(description="The contacts, those of the driving source first.")
    evidence: list[str] = strawberry.field(description="Why they are one person, in sentences.")
    field_sources: list[FieldSource] = strawberry.field(description="Which record each field comes from, and why.")


@strawberry.type(description="A person with the place in the list.")
class PersonEdge:
    """A person with the place in the list."""

    cursor: str = strawberry.field(description="Pass it to `after` to read on from this person.")
    record: Person = strawberry.field(name="node", description="The person.")


@strawberry.type(description="A page of people.")
class PersonConnection:
    """A page of people."""

    edges: list[PersonEdge] = strawberry.field(description="The people with their cursors.")
    records: list[Person] = strawberry.field(name="nodes", description="The people.")
    page_info: PageInfo = strawberry.field(description="Where this page stands in the driving source's list.")
    is_partial: bool = strawberry.field(
        description="Whether a source did not deliver everything; `sources` says which."
    )
    outcomes: list[SourceOutcome] | None = strawberry.field(
        name="sources", description="How each source took part, the driving one first."
    )

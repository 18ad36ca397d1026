"""Projects."""

import strawberry

from schema.fields.relations import connection, to_one
from schema.scalars import Date
from schema.types.forward import Comments, LazyCompany, LazyUser, Tasks
from schema.types.records.record import Record

__all__ = ["Project"]


@strawberry.type(description="Work with a beginning and an end.")
class Project(Record):
    """Work with a beginning and an end."""

    name: str | None = strawberry.field(description="Name.")
    description: str | None = strawberry.field(description="Free text.")
    status: str | None = strawberry.field(description="Where it stands, in the CRM's own words.")
    start_on: Date | None = strawberry.field(description="Its first day.")
    end_on: Date | None = strawberry.field(description="Its last day.")
    owner: LazyUser | None = to_one("Who is responsible for it.")
    company: LazyCompany | None = to_one("The company it is for.")
    tasks: Tasks | None = connection("Tasks that belong to it.")
    comments: Comments | None = connection("What was said of it.")

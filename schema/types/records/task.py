"""Tasks."""

import strawberry

from schema.fields.relations import connection, sited, to_one
from schema.scalars import Date, DateTime
from schema.types.enums import TaskPriority, TaskStatus
from schema.types.forward import Comments, LazyProject, LazyUser
from schema.types.records.record import Record, RecordRef

__all__ = ["Task"]


@strawberry.type(description="Something to do.")
class Task(Record):
    """Something to do."""

    subject: str | None = strawberry.field(description="Headline.")
    body: str | None = strawberry.field(description="The text as the CRM has it, often HTML; never show it unescaped.")
    status: TaskStatus | None = strawberry.field(description="Where it stands, in words shared by all sources.")
    status_label: str | None = strawberry.field(description="Where it stands, in the CRM's own words.")
    priority: TaskPriority | None = strawberry.field(description="How urgent it is.")
    due_on: Date | None = strawberry.field(description="Day it is due.")
    due_at: DateTime | None = strawberry.field(description="When it is due, where the CRM keeps a time.")
    completed_at: DateTime | None = strawberry.field(description="When it was done.")
    owner: LazyUser | None = to_one("Who has to do it.")
    project: LazyProject | None = to_one("The project it belongs to.")
    about: list[RecordRef] | None = sited("Every record it is about.")
    comments: Comments | None = connection("What was said of it.")

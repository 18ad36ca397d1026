"""Comments."""

import strawberry

from schema.fields.relations import sited, to_one
from schema.types.forward import LazyProject, LazyTask, LazyUser
from schema.types.records.record import Record, RecordRef

__all__ = ["Comment"]


@strawberry.type(description="What somebody said of a project, a task or another record.")
class Comment(Record):
    """What somebody said of a project, a task or another record."""

    body: str | None = strawberry.field(description="The text as the CRM has it, often HTML; never show it unescaped.")
    author: LazyUser | None = to_one("Who wrote it.")
    project: LazyProject | None = to_one("The project it is about.")
    task: LazyTask | None = to_one("The task it is about.")
    about: list[RecordRef] | None = sited("Every record it is about.")

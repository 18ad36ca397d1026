"""Notes."""

import strawberry

from schema.fields.relations import sited, to_one
from schema.types.forward import LazyUser
from schema.types.records.record import Record, RecordRef

__all__ = ["Note"]


@strawberry.type(description="A written remark.")
class Note(Record):
    """A written remark."""

    title: str | None = strawberry.field(description="Headline, where the CRM has one.")
    body: str | None = strawberry.field(description="The text as the CRM has it, often HTML; never show it unescaped.")
    body_preview: str | None = strawberry.field(description="The beginning as plain text, at most 255 characters.")
    author: LazyUser | None = to_one("Who wrote it.")
    about: list[RecordRef] | None = sited("Every record it is about.")

"""A field of the CRM itself, on one record."""

import strawberry

from model import reading
from schema.fields.custom import json_value
from schema.fields.relations import resolved
from schema.scalars import JSON
from schema.types.enums import FieldKind

__all__ = ["CustomField"]


def _label(root: reading.CustomField) -> str:
    return root.described.label


def _kind(root: reading.CustomField) -> object:
    return root.described.kind


@strawberry.type(description="A field of the CRM itself, on one record.")
class CustomField:
    """A field of the CRM itself, on one record."""

    key: str = strawberry.field(description="The key it was asked by: the CRM's own, or an alias.")
    label: str | None = resolved(_label, "Its name as people see it in the CRM.")
    kind: FieldKind = resolved(_kind, "What sort of value it holds.")
    value: JSON | None = resolved(
        json_value,
        "Whole numbers as numbers, other numbers and amounts as exact strings, yes or no as booleans, several choices"
        " as a list, all else as strings; null where there is no value.",
    )

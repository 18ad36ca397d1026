"""The CRMs' own fields of a record, by keys that a client or the configuration names."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from model import reading
from model.entities import Record
from model.fields import FieldKind
from model.reading import Eventually
from schema.fields.info import Info

__all__ = ["json_value", "own_fields", "whole_number"]

_Keys = Annotated[
    list[str],
    strawberry.argument(
        description="Keys as the CRM's API has them, see `Source.fields`, or aliases of the configuration; at most 50."
    ),
]


def own_fields(root: Record, info: Info, keys: _Keys) -> Eventually[Sequence[reading.CustomField]]:
    """What *root* has under *keys*."""
    return info.context.reads.custom_fields(root, keys)


def json_value(root: reading.CustomField) -> object:
    """The value as JSON has it, with nothing lost."""
    value = root.value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, str) and root.described.kind is FieldKind.INTEGER:
        number = whole_number(value)
        return value if number is None else number
    return value


def whole_number(text: str) -> int | None:
    """The whole number that a decimal text is; None where it has a fraction, or is no number."""
    whole, _, fraction = text.partition(".")
    digits = whole.removeprefix("-")
    is_whole = digits.isdecimal() and digits.isascii() and not fraction.strip("0")
    return int(whole) if is_whole else None

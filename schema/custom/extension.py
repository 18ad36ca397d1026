"""What one deployment's aliases add to the schema's own types."""

from collections.abc import Sequence
from copy import copy
from typing import Any

from strawberry.annotation import StrawberryAnnotation
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

from model.aliases import Alias, Aliases
from model.entities import Entity
from schema.custom.fields import custom_fields
from schema.custom.kinds import KINDS
from schema.custom.types import conditions_type, fields_type, order_type
from schema.inputs import filters, orders

__all__ = ["Extension"]

_CUSTOM = "custom"
"""Name of the field of a record, and of the condition in its filter; without aliases neither is shown."""


class Extension:
    """The fields of every type, with what the aliases of one deployment add."""

    def __init__(self, aliases: Aliases) -> None:
        self._fields: dict[str, dict[str, StrawberryField]] = {}
        for entity in Entity:
            own = tuple(aliases.of(entity).values())
            if own:
                self._extend(entity.value.capitalize(), own)

    def fields_of(self, definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields of *definition*: its own, those that aliases replace, and those they add."""
        new = self._fields.get(definition.name, {})
        shown = [item for item in definition.fields if item.python_name != _CUSTOM or _CUSTOM in new]
        kept = [new.get(item.python_name, item) for item in shown]
        return [*kept, *(item for name, item in new.items() if name not in {field.python_name for field in shown})]

    def _extend(self, name: str, aliases: Sequence[Alias]) -> None:
        shown, condition = fields_type(f"{name}Custom", aliases), conditions_type(f"{name}CustomFilter", aliases)
        placeholder = _field_of(getattr(filters, f"{name}Filter"), _CUSTOM)
        self._fields[name] = {_CUSTOM: _typed(custom_fields(), shown | None, name=_CUSTOM)}
        self._fields[f"{name}Filter"] = {_CUSTOM: _typed(placeholder, condition | None, name=_CUSTOM)}
        if any(KINDS[alias.kind].is_sortable for alias in aliases):
            key = _field_of(getattr(orders, f"{name}Order"), "field")
            own: StrawberryEnumDefinition = getattr(orders, f"{name}OrderField").__strawberry_definition__
            self._fields[f"{name}Order"] = {"field": _typed(key, order_type(own, aliases), name="field")}


def _field_of(type_: Any, name: str) -> StrawberryField:
    found: StrawberryField = next(item for item in type_.__strawberry_definition__.fields if item.python_name == name)
    return found


def _typed(field: StrawberryField, annotation: object, *, name: str) -> StrawberryField:
    """A copy of *field*, called *name*, of another type."""
    made = copy(field)
    made.python_name = name
    made.type_annotation = StrawberryAnnotation(annotation)
    return made

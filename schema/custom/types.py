"""The types that the aliases of one record type make: its custom fields, their conditions, and its sort keys."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, Optional

import strawberry
from strawberry import UNSET
from strawberry.types.enum import StrawberryEnumDefinition

from model.aliases import Alias
from model.fields import CustomName
from schema.custom.fields import alias_field
from schema.custom.kinds import KINDS

__all__ = ["conditions_type", "fields_type", "order_member", "order_type"]


def fields_type(name: str, aliases: Sequence[Alias]) -> type:
    """The output type called *name*, with a field for each alias."""
    made = _class(name, {alias.name: (KINDS[alias.kind].shown, alias_field(alias)) for alias in aliases})
    return strawberry.type(made, description="Fields of the CRMs themselves, as the configuration names them.")


def conditions_type(name: str, aliases: Sequence[Alias]) -> type:
    """The input type called *name*, with a condition for each alias."""
    made = _class(name, {alias.name: (KINDS[alias.kind].condition, _condition(alias)) for alias in aliases})
    return strawberry.input(made, description="Conditions on fields of the CRMs themselves; all given ones hold.")


def order_type(own: StrawberryEnumDefinition, aliases: Sequence[Alias]) -> type[Enum]:
    """The enum of *own*, with a member for each alias that sorts behind its members."""
    members: dict[str, Any] = {
        item.name: strawberry.enum_value(item.value, description=item.description) for item in own.values
    }
    for alias in aliases:
        kind = KINDS[alias.kind]
        if kind.is_sortable:
            value = str(CustomName(kind.compared, alias.name))
            members[order_member(alias.name)] = strawberry.enum_value(value, description=alias.description)
    make: Any = Enum
    made: type[Enum] = strawberry.enum(make(own.name, members), description=own.description)
    return made


def order_member(alias: str) -> str:
    """The sort key of an alias, such as CUSTOM_NPS_SCORE of npsScore."""
    words = "".join(f"_{char}" if char.isupper() else char for char in alias)
    return f"CUSTOM_{words.strip('_')}".upper()


def _condition(alias: Alias) -> Any:
    return strawberry.field(default=UNSET, name=alias.name, description=f"Condition on this: {alias.description}")


def _class(name: str, members: dict[str, tuple[Any, Any]]) -> type:
    """A class of nullable members, each an annotation and a field; an alias may be a word of Python's."""
    attributes = {f"{member}_": field for member, (_, field) in members.items()}
    annotations = {f"{member}_": Optional[annotation] for member, (annotation, _) in members.items()}  # noqa: UP045 - the type is known at run time only
    return type(name, (), {**attributes, "__annotations__": annotations, "__doc__": f"{name}, made of aliases."})

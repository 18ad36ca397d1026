"""The fields that show aliases: `custom` on a record, and each alias within."""

from collections.abc import Awaitable, Mapping
from typing import Any, TypeAlias

import strawberry

from model.aliases import Alias, fits
from model.entities import Record
from model.errors import Unsupported
from model.fields import FieldKind
from model.reading import CustomField, Eventually
from model.values import Choice
from schema.fields.custom import whole_number
from schema.fields.info import Info
from schema.fields.relations import resolved
from schema.lower.selection import custom_names

__all__ = ["alias_field", "custom_fields"]

Values: TypeAlias = Mapping[str, CustomField]
"""By alias; one that the record's source lacks has none."""

# What GraphQL's Int holds.
_LARGEST = 2**31 - 1


def custom_fields() -> Any:
    """The field of a record that holds its aliases."""
    return resolved(_custom, "Fields of the CRM itself, as the configuration names them.")


def alias_field(alias: Alias) -> Any:
    """The field of one alias; null where the source has no such field, or the record no value."""

    def resolve(root: Any) -> object:
        found = root.get(alias.name)
        return None if found is None or found.value is None else _shown(alias, found)

    return strawberry.field(resolver=resolve, name=alias.name, description=alias.description)


def _custom(root: Record, info: Info) -> Eventually[Values]:
    names = custom_names(info.raw, info.context)
    found = info.context.reads.custom_fields(root, names)
    if isinstance(found, Awaitable):
        return _by_name_later(found)
    return {item.key: item for item in found}


async def _by_name_later(found: Awaitable[Any]) -> Values:
    return {item.key: item for item in await found}


def _shown(alias: Alias, found: CustomField) -> object:
    """The value as the schema's type of the alias has it.

    Raises:
        Unsupported: the CRM holds values of another kind there.
    """
    described, value = found.described, found.value
    if not fits(alias.kind, described.kind):
        raise Unsupported(
            f"{alias.name} is {alias.kind.value} in the configuration, and the CRM describes"
            f" {described.remote_field} as {described.kind.value}; change the alias's kind"
        )
    if alias.kind is FieldKind.CHOICE:
        labels = {choice.value: choice.label for choice in described.choices or ()}
        return Choice(str(value), labels.get(str(value)))
    if alias.kind is FieldKind.MULTI_CHOICE:
        return list(value) if isinstance(value, tuple) else [value]
    if alias.kind is FieldKind.INTEGER:
        return _int(alias, str(value))
    return value


def _int(alias: Alias, text: str) -> int:
    number = whole_number(text)
    if number is None or abs(number) > _LARGEST:
        raise Unsupported(f"{alias.name} is {text} here, which is no Int; make the alias's kind DECIMAL")
    return number

"""What a predicate may name on one type, and what rows have under each name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

from model.capabilities import Description, RelationMode
from model.entities import Entity, Record
from model.fields import FIELDS, RELATIONS, CustomName, FieldKind, custom_of, is_filterable, path_of
from model.values import UNSET

__all__ = ["Names", "Related", "customs"]

Related: TypeAlias = Callable[[Record, str], Record | None]
"""Gives the record at the other end of a row's to-one relation."""

_COMPARED: Mapping[FieldKind, FieldKind] = {
    **dict.fromkeys((FieldKind.TEXT, FieldKind.CHOICE, FieldKind.MULTI_CHOICE), FieldKind.TEXT),
    **dict.fromkeys((FieldKind.EMAIL, FieldKind.PHONE, FieldKind.URL), FieldKind.TEXT),
    **dict.fromkeys((FieldKind.INTEGER, FieldKind.DECIMAL), FieldKind.DECIMAL),
    **{kind: kind for kind in (FieldKind.BOOLEAN, FieldKind.DATE, FieldKind.DATETIME)},
}
"""The kinds of the CRM's own fields that a predicate may name, and the kind it names each by."""

_EMPTY = (None, "", (), UNSET)


def customs(description: Description, entity: Entity) -> list[str]:
    """Names of the account's own fields of a type, those that predicates may name."""
    found = (item for item in description.remote_fields.get(entity, ()) if item.is_custom and item.kind in _COMPARED)
    return sorted(str(CustomName(_COMPARED[item.kind], item.remote_field)) for item in found)


class Names:
    """The names of one type at one source.

    Args:
        description: of the account.
        entity: the type.
        rows: whole rows of it.
        related: what stands behind them.
    """

    def __init__(self, description: Description, entity: Entity, rows: Sequence[Record], related: Related) -> None:
        self._description = description
        self._entity = entity
        self._rows = rows
        self._related = related

    def own(self) -> list[str]:
        """Fields, those the source lacks included."""
        return sorted(name for name, field in FIELDS[self._entity].items() if is_filterable(field))

    def relations(self) -> list[str]:
        """To-one relations, which compare by id, those the source lacks included."""
        return sorted(name for name, found in RELATIONS[self._entity].items() if not found.is_many)

    def customs(self) -> list[str]:
        """The account's own fields."""
        return customs(self._description, self._entity)

    def far(self, random: Random) -> str | None:
        """A relation, a field behind one or two of them, or a field of the account's own; None where there is none."""
        pools = [pool for pool in (self.relations(), self.customs(), [*self._paths(self._entity, random)]) if pool]
        return random.choice(random.choice(pools)) if pools else None

    def _paths(self, entity: Entity, random: Random, depth: int = 2) -> Iterator[str]:
        """Fields behind one relation each, most of them one step away."""
        readable = self._description.types[entity].relations if entity in self._description.types else {}
        for name, found in sorted(readable.items()):
            if found.is_many or found.mode is RelationMode.UNSUPPORTED or found.target not in self._description.types:
                continue
            fields = [key for key, field in FIELDS[found.target].items() if is_filterable(field)]
            yield f"{name}.{random.choice(sorted(fields))}"
            if depth > 1 and random.random() < 0.2:
                yield from (f"{name}.{inner}" for inner in self._paths(found.target, random, depth - 1))

    def value(self, row: Record, name: str) -> Any:
        """What *row* has under *name*; None for a missing value."""
        custom, path = custom_of(name), path_of(name)
        if custom is not None:
            value: Any = None if row.custom is UNSET else row.custom.get(custom.key)
        elif path is not None:
            other = self._related(row, path[0])
            value = None if other is None else self.value(other, path[1])
        else:
            value = getattr(row, name)
        return None if value in _EMPTY else value

    def values(self, name: str) -> list[Any]:
        """What rows have under *name*, missing values left out."""
        return [value for row in self._rows if (value := self.value(row, name)) is not None]

    def is_told(self, name: str) -> bool:
        """Whether some row has a value under *name*."""
        return any(self.value(row, name) is not None for row in self._rows)

"""The CRMs' own fields as one source spells them: from aliases and keys as the caller wrote them to its own keys.

A key reaches a connector only where the source describes it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from connectors.base import Connector
from model.aliases import Aliases, fits
from model.capabilities import Description, RemoteField
from model.entities import Entity, Record
from model.errors import OurBug, SchemaDrift, UnsupportedBySource
from model.fields import RELATIONS, CustomName, FieldKind, custom_of, path_of
from model.query import (
    EVERYTHING,
    NOTHING,
    Compare,
    Operator,
    Order,
    Predicate,
    RelationSelection,
    Selection,
    mapped,
)
from model.reading import CustomField
from model.values import UNSET

__all__ = ["OwnFields", "UnknownField", "is_lacking", "keys_in", "require_described"]

_QUOTED = 64
_NEAR = 3


class UnknownField(UnsupportedBySource):
    """A source describes no field of that key.

    Attributes:
        what: the field, for a message about several sources.
        near: keys there that are like it.
    """

    def __init__(self, key: str, entity: Entity, *, source: str, near: Sequence[str]) -> None:
        self.what = f"field {key[:_QUOTED]!r} on {entity.value} records"
        self.near = tuple(near)
        super().__init__(f"{source} has no {self.what}; `Source.fields` lists those it has", source=source)


def keys_in(entity: Entity, names: Iterable[str]) -> frozenset[tuple[Entity, str]]:
    """The source's own keys among *names* of conditions and orders, with the types they are of."""
    found = set()
    for name in names:
        path = path_of(name)
        at, inner = (RELATIONS[entity][path[0]].target, path[1]) if path else (entity, name)
        custom = custom_of(inner)
        if custom is not None and custom.key:
            found.add((at, custom.key))
    return frozenset(found)


async def require_described(connector: Connector, keys: Iterable[tuple[Entity, str]]) -> None:
    """Refuse rows that were chosen by a field which has gone since they were planned: nothing was compared there.

    Raises:
        SchemaDrift: the source no longer describes one of *keys*.
    """
    description = await connector.describe()
    for entity, key in keys:
        if all(item.remote_field != key for item in description.remote_fields.get(entity, ())):
            raise SchemaDrift(
                f"{connector.source} no longer has the field {key[:_QUOTED]!r} on {entity.value} records, which this"
                " was filtered or sorted by; leave it out, or have it restored",
                source=connector.source,
            )


def is_lacking(name: str) -> bool:
    """Whether *name* stands for a field that the source lacks."""
    custom = custom_of(name)
    return custom is not None and not custom.key


@dataclass(frozen=True, slots=True)
class OwnFields:
    """The own fields of one source, as described."""

    source: str
    description: Description
    aliases: Aliases
    _described: dict[Entity, Mapping[str, RemoteField]] = field(default_factory=dict)
    _selections: dict[tuple[Entity, int], tuple[Selection, Selection]] = field(default_factory=dict)

    def selection(self, entity: Entity, selection: Selection) -> Selection:
        """*selection* in the source's own keys; what it does not describe is left out.

        The caller's names are of the kind OTHER; those of conditions have another, and are the source's own already.
        """
        # An id is unique among living objects only, so the selection is kept with it.
        held = self._selections.get((entity, id(selection)))
        if held is None:
            own = self._selected(entity, selection)
            held = self._selections[entity, id(selection)] = (selection, selection if own == selection else own)
        return held[1]

    def predicate(self, entity: Entity, predicate: Predicate) -> Predicate:
        """*predicate* in the source's own keys; an alias that has none here is a missing value.

        Raises:
            UnknownField: the source describes no such field.
            UnsupportedBySource: it describes one of another kind.
        """
        return mapped(predicate, lambda compare: self._compare(entity, compare))

    def order(self, entity: Entity, order: tuple[Order, ...]) -> tuple[Order, ...]:
        """*order* in the source's own keys; a key that it lacks is kept as a missing value.

        Raises:
            UnknownField, UnsupportedBySource: as of a predicate.
        """
        return tuple(replace(item, field=self._compared(entity, item.field)) for item in order)

    def identifying(self, entity: Entity) -> tuple[str, ...]:
        """The fields here that tell whose a record is, as predicates spell them; those not described are left out."""
        keys = ((alias.kind, alias.keys.get(self.source)) for alias in self.aliases.identifying(entity))
        described = ((kind, self._field(entity, key)) for kind, key in keys)
        return tuple(
            str(CustomName(kind, item.remote_field))
            for kind, item in described
            if item is not None and fits(kind, item.kind)
        )

    def values(self, entity: Entity, record: Record, keys: Sequence[str]) -> list[CustomField]:
        """What *record* has under *keys*, in their order; those the source does not describe are left out."""
        found = []
        for key in dict.fromkeys(keys):
            own = self._own_key(entity, key)
            described = self._field(entity, own)
            if described is None or own is None:
                continue
            value = UNSET if record.custom is UNSET else record.custom.get(own, UNSET)
            if value is UNSET:
                raise OurBug(f"{type(record).__name__}.custom.{own} was selected and never read")
            found.append(CustomField(key, described, value))
        return found

    def _selected(self, entity: Entity, selection: Selection) -> Selection:
        fields = {own for name in selection.fields if (own := self._wanted(entity, name))}
        if selection.matches is not None:
            fields.update(self.identifying(entity))
        relations = {
            name: RelationSelection(self._selected(RELATIONS[entity][name].target, item.selection), item.first)
            for name, item in selection.relations.items()
        }
        return replace(selection, fields=frozenset(fields), relations=relations)

    def _wanted(self, entity: Entity, name: str) -> str | None:
        custom = custom_of(name)
        if custom is None or custom.kind is not FieldKind.OTHER:
            return name
        described = self._field(entity, self._own_key(entity, custom.key))
        return None if described is None else str(CustomName(described.kind, described.remote_field))

    def _compare(self, entity: Entity, compare: Compare) -> Predicate:
        name = self._compared(entity, compare.field)
        if name == compare.field or not is_lacking((path_of(name) or ("", name))[1]):
            return replace(compare, field=name)
        is_true = compare.operator in {Operator.NE, Operator.NOT_IN}
        if compare.operator is Operator.IS_NULL:
            is_true = bool(compare.operand)
        return EVERYTHING if is_true else NOTHING

    def _compared(self, entity: Entity, name: str) -> str:
        """The name, in the source's own key, of what *name* compares; behind a relation, of the record there."""
        path = path_of(name)
        if path is not None:
            relation, inner = path
            return f"{relation}.{self._compared(RELATIONS[entity][relation].target, inner)}"
        custom = custom_of(name)
        if custom is None:
            return name
        own = self._own_key(entity, custom.key)
        if own is None:
            return str(CustomName(custom.kind, ""))
        described = self._field(entity, own)
        if described is None:
            raise self._unknown(entity, custom.key, own)
        if not fits(custom.kind, described.kind):
            raise UnsupportedBySource(
                f"{self.source} describes {own} as {described.kind.value}, which does not compare as"
                f" {custom.kind.value}; `Source.fields` tells the kinds",
                source=self.source,
            )
        return str(CustomName(custom.kind, own))

    def _unknown(self, entity: Entity, key: str, own: str) -> UnsupportedBySource:
        if key in self.aliases.of(entity):
            return UnsupportedBySource(
                f"{self.source} has no field {own!r} on {entity.value} records, which the configuration calls {key}",
                source=self.source,
            )
        near = get_close_matches(own[:_QUOTED], self._of(entity), n=_NEAR)
        return UnknownField(own, entity, source=self.source, near=near)

    def _own_key(self, entity: Entity, key: str) -> str | None:
        """The source's own key: the alias's where *key* is one, and None where the alias has none here."""
        alias = self.aliases.of(entity).get(key)
        return key if alias is None else alias.keys.get(self.source)

    def _field(self, entity: Entity, key: str | None) -> RemoteField | None:
        return None if key is None else self._of(entity).get(key)

    def _of(self, entity: Entity) -> Mapping[str, RemoteField]:
        found = self._described.get(entity)
        if found is None:
            fields = self.description.remote_fields.get(entity, ())
            found = self._described[entity] = {item.remote_field: item for item in fields}
        return found

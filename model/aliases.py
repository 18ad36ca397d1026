"""The operator's own names for the CRMs' own fields: one name, and the key it has at each source."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from model.entities import Entity
from model.fields import FieldKind

__all__ = ["ALIAS_KINDS", "Alias", "Aliases", "fits"]

_K = FieldKind
_NUMBERS = frozenset({_K.INTEGER, _K.DECIMAL, _K.MONEY})
_TEXTS = frozenset({_K.TEXT, _K.LONG_TEXT, _K.CHOICE, _K.EMAIL, _K.PHONE, _K.URL})

_FITTING: dict[FieldKind, frozenset[FieldKind]] = {
    # A choice of several is compared as a text is: a match of any counts.
    _K.TEXT: _TEXTS | {_K.MULTI_CHOICE},
    _K.INTEGER: _NUMBERS,
    _K.DECIMAL: _NUMBERS,
    _K.BOOLEAN: frozenset({_K.BOOLEAN}),
    _K.DATE: frozenset({_K.DATE}),
    _K.DATETIME: frozenset({_K.DATETIME}),
    _K.CHOICE: frozenset({_K.CHOICE, _K.TEXT}),
    _K.MULTI_CHOICE: frozenset({_K.MULTI_CHOICE, _K.CHOICE}),
    _K.EMAIL: frozenset({_K.EMAIL, _K.TEXT}),
    _K.PHONE: frozenset({_K.PHONE, _K.TEXT}),
    _K.URL: frozenset({_K.URL, _K.TEXT}),
}

ALIAS_KINDS = tuple(_FITTING)
"""The kinds an alias may have."""


def fits(kind: FieldKind, described: FieldKind) -> bool:
    """Whether a field that a CRM describes as *described* can be compared, and read, as a *kind*."""
    return described in _FITTING.get(kind, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One name of the operator's.

    Attributes:
        keys: the CRMs' own keys, by source key; a source may have none.
        identifies: records of one value are of one person or company, in whatever source.
    """

    entity: Entity
    name: str
    kind: FieldKind
    description: str
    keys: Mapping[str, str]
    identifies: bool = False


class Aliases:
    """All of them, by type and name."""

    def __init__(self, aliases: Iterable[Alias] = ()) -> None:
        self._by_entity: dict[Entity, dict[str, Alias]] = {}
        self._by_key: dict[tuple[Entity, str, str], Alias] = {}
        for alias in aliases:
            self._by_entity.setdefault(alias.entity, {})[alias.name] = alias
            for source, key in alias.keys.items():
                self._by_key[alias.entity, source, key] = alias

    def __iter__(self) -> Iterator[Alias]:
        return (alias for aliases in self._by_entity.values() for alias in aliases.values())

    def of(self, entity: Entity) -> Mapping[str, Alias]:
        """Those of one type, by name, in the config's order."""
        return self._by_entity.get(entity, {})

    def identifying(self, entity: Entity) -> tuple[Alias, ...]:
        """Those of one type that tell whose a record is."""
        return tuple(alias for alias in self.of(entity).values() if alias.identifies)

    def with_key(self, entity: Entity, source: str, key: str) -> Alias | None:
        """The one that stands for a source's own *key*."""
        return self._by_key.get((entity, source, key))

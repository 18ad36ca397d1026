"""What is asked of a source: entity, selection, predicate, order, limit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from model.entities import Entity
from model.fields import TO_ONE, path_of
from model.values import DecimalText

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "And",
    "Compare",
    "Direction",
    "MoneyBound",
    "Not",
    "Operand",
    "Operator",
    "Or",
    "Order",
    "Pointed",
    "Predicate",
    "Query",
    "RelationSelection",
    "SearchQuery",
    "Selection",
    "comparisons_in",
    "fields_in",
    "mapped",
    "normalised",
    "union",
]


class Operator(StrEnum):
    """How a field is compared; `model.evaluate` defines what each means."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "notIn"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    IS_NULL = "isNull"


@dataclass(frozen=True, slots=True)
class MoneyBound:
    """An amount to compare with; only amounts in the same currency can satisfy it."""

    currency: str
    amount: DecimalText


Operand: TypeAlias = str | bool | int | MoneyBound | tuple[str, ...] | tuple[int, ...]
"""Text, instants, dates, decimals and remote ids are str; integers int; IN and NOT_IN take tuples; IS_NULL a bool."""


@dataclass(frozen=True, slots=True)
class Compare:
    """One field against one operand; `model.fields` says what else *field* may name."""

    field: str
    operator: Operator
    operand: Operand


@dataclass(frozen=True, slots=True)
class And:
    """True when all items are; true when there are none."""

    items: "tuple[Predicate, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """True when any item is; false when there are none."""

    items: "tuple[Predicate, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The complement: true exactly when *item* is false."""

    item: "Predicate"


Predicate: TypeAlias = And | Or | Not | Compare

EVERYTHING = And(())
NOTHING = Or(())

_COMPLEMENT = {
    Operator.EQ: Operator.NE,
    Operator.NE: Operator.EQ,
    Operator.IN: Operator.NOT_IN,
    Operator.NOT_IN: Operator.IN,
}
_REVERSE = {
    Operator.LT: Operator.GTE,
    Operator.GTE: Operator.LT,
    Operator.GT: Operator.LTE,
    Operator.LTE: Operator.GT,
}


def normalised(predicate: Predicate) -> Predicate:
    """An equal predicate a vendor language can take.

    Not stands only before CONTAINS, STARTS_WITH and comparisons with a MoneyBound; nested And/Or of one kind are
    flattened; constants are folded, so that EVERYTHING and NOTHING appear only as the whole answer.
    """
    return _fold(_pushed(predicate, negate=False))


def _pushed(predicate: Predicate, *, negate: bool) -> Predicate:
    match predicate:
        case Not(item):
            return _pushed(item, negate=not negate)
        case And(items):
            inner = tuple(_pushed(item, negate=negate) for item in items)
            return Or(inner) if negate else And(inner)
        case Or(items):
            inner = tuple(_pushed(item, negate=negate) for item in items)
            return And(inner) if negate else Or(inner)
        case Compare():
            return _complement(predicate) if negate else predicate


def _complement(compare: Compare) -> Predicate:
    name, operator, operand = compare.field, compare.operator, compare.operand
    if isinstance(operand, MoneyBound):
        return Not(compare)
    if operator in _COMPLEMENT:
        return Compare(name, _COMPLEMENT[operator], operand)
    if operator in _REVERSE:
        return Or((Compare(name, _REVERSE[operator], operand), Compare(name, Operator.IS_NULL, operand=True)))
    if operator is Operator.IS_NULL:
        return Compare(name, Operator.IS_NULL, not operand)
    return Not(compare)


def _fold(predicate: Predicate) -> Predicate:
    match predicate:
        case Compare(_, Operator.IN, ()):
            return NOTHING
        case Compare(_, Operator.NOT_IN, ()):
            return EVERYTHING
        case And(items):
            return _joined(And, Or, items, absorbing=NOTHING)
        case Or(items):
            return _joined(Or, And, items, absorbing=EVERYTHING)
        case _:
            return predicate


def _joined(
    kind: type[And] | type[Or], other: type[And] | type[Or], items: tuple[Predicate, ...], *, absorbing: Predicate
) -> Predicate:
    flat: list[Predicate] = []
    for item in map(_fold, items):
        if item == absorbing:
            return absorbing
        if isinstance(item, kind):
            flat.extend(item.items)
        elif not (isinstance(item, other) and not item.items):
            flat.append(item)
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else kind(unique)


def mapped(predicate: Predicate, change: Callable[[Compare], Predicate]) -> Predicate:
    """*predicate* with each of its comparisons as *change* gives it."""
    match predicate:
        case Compare():
            return change(predicate)
        case Not(item):
            return Not(mapped(item, change))
        case And(items):
            return And(tuple(mapped(item, change) for item in items))
        case Or(items):
            return Or(tuple(mapped(item, change) for item in items))


def comparisons_in(predicate: Predicate) -> Iterator[Compare]:
    """The comparisons that *predicate* is made of, repeats included."""
    match predicate:
        case Compare():
            yield predicate
        case Not(item):
            yield from comparisons_in(item)
        case And(items) | Or(items):
            for item in items:
                yield from comparisons_in(item)


def fields_in(predicate: Predicate) -> Iterator[str]:
    """Names of the fields *predicate* compares, repeats included."""
    return (compare.field for compare in comparisons_in(predicate))


class Direction(StrEnum):
    """Which way an order runs; missing values come last either way."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key."""

    field: str
    direction: Direction = Direction.ASC


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted of each record: value fields by name, and relations with their own selections.

    A CRM's own field is named among the fields, as `model.fields.CustomName` spells it, whatever kind it is given.

    Attributes:
        matches: wanted of each record's matches in other sources, None where they are not; no business of a connector.
        pointed: wanted of the records that values point to. They are read when the values are, and stand here to be
            priced: two selections that differ in them alone are equal.
    """

    fields: frozenset[str] = frozenset()
    relations: "Mapping[str, RelationSelection]" = field(default_factory=lambda: MappingProxyType({}))
    matches: "Selection | None" = None
    pointed: "tuple[Pointed, ...]" = field(default=(), compare=False)

    def __hash__(self) -> int:
        """By content, as equality is; mappings do not hash by themselves."""
        return hash((self.fields, frozenset(self.relations.items()), self.matches))

    def with_fields(self, *names: str) -> "Selection":
        """The same with what *names*, as a predicate has them, are read from."""
        fields, relations = set(self.fields), dict(self.relations)
        for name in names:
            path = path_of(name)
            if path is None and name not in TO_ONE:
                fields.add(name)
                continue
            relation, inner = path or (name, None)
            held = relations.get(relation, RelationSelection(Selection()))
            wanted = held.selection if inner is None else held.selection.with_fields(inner)
            relations[relation] = RelationSelection(wanted, held.first)
        return Selection(frozenset(fields), relations, self.matches, self.pointed)


@dataclass(frozen=True, slots=True)
class RelationSelection:
    """What is wanted of related records; *first* bounds a to-many relation and is None for a to-one."""

    selection: Selection
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Pointed:
    """What is wanted of the records that a field's values point to, those of type *entity*; None for whatever type."""

    field: str
    entity: Entity | None
    selection: Selection


def union(selections: Sequence[Selection]) -> Selection:
    """A selection that covers each of *selections*."""
    if len(selections) == 1:
        return selections[0]
    fields = frozenset[str]().union(*(selection.fields for selection in selections))
    relations: dict[str, RelationSelection] = {}
    for selection in selections:
        for name, item in selection.relations.items():
            held = relations.get(name)
            relations[name] = item if held is None else _wider(held, item)
    matches = [selection.matches for selection in selections if selection.matches is not None]
    pointed = tuple(item for selection in selections for item in selection.pointed)
    return Selection(fields, relations, union(matches) if matches else None, pointed)


def _wider(a: RelationSelection, b: RelationSelection) -> RelationSelection:
    firsts = [first for first in (a.first, b.first) if first is not None]
    return RelationSelection(union((a.selection, b.selection)), max(firsts, default=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question to one source.

    Attributes:
        where: field names are of the entity; ids in it are remote ids of this source.
        order: at most a few keys; remote id ascending, as the source compares ids, always breaks ties.
            Empty means by remote id.
        limit: rows wanted at most; a page may hold fewer and say that more follow.
        include_deleted, include_archived: whether such rows are wanted as well.
    """

    entity: Entity
    selection: Selection
    where: Predicate = EVERYTHING
    order: tuple[Order, ...] = ()
    limit: int = 25
    include_deleted: bool = False
    include_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """One search of one source by the CRM's own index.

    Attributes:
        text: as somebody typed it; it is matched as text, whatever the CRM's search language makes of its signs.
        selections: what is wanted of each type that is searched.
        limit: hits wanted of each type at most.
    """

    text: str
    selections: Mapping[Entity, Selection]
    limit: int = 25

"""Predicates and orders drawn from the rows of an org."""

from collections.abc import Sequence
from random import Random

from model.entities import Entity, Record
from model.fields import FIELDS, FieldKind
from model.query import And, Compare, Direction, MoneyBound, Not, Operand, Operator, Or, Order, Predicate
from model.values import Money, Ref
from tests.connectors.salesforce.org import filterable

__all__ = ["a_predicate", "an_order"]

_ORDERED = (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE, Operator.EQ)
_KEYED = frozenset({FieldKind.REFERENCE})
_VALUED = frozenset({FieldKind.DATE, FieldKind.DATETIME, FieldKind.INTEGER, FieldKind.DECIMAL})
_STRANGE: dict[FieldKind, Operand] = {
    FieldKind.DATE: "2026-05-05",
    FieldKind.DATETIME: "2026-05-05T00:00:00.000Z",
    FieldKind.INTEGER: 5,
    FieldKind.DECIMAL: "0.5",
}


def an_order(random: Random, entity: Entity) -> tuple[Order, ...]:
    """No key, one or two."""
    names = random.sample(sorted(filterable(entity) - {"remote_id"}), random.choice((0, 1, 1, 2)))
    return tuple(Order(name, random.choice(list(Direction))) for name in names)


def a_predicate(random: Random, entity: Entity, records: Sequence[Record], depth: int = 0) -> Predicate:
    """A tree of comparisons with values that rows have, misspelt in case and otherwise."""
    chance = random.random()
    if depth >= 3 or chance < 0.5:
        return _leaf(random, entity, records)
    parts = tuple(a_predicate(random, entity, records, depth + 1) for _ in range(random.randrange(4)))
    if chance < 0.7:
        return And(parts)
    if chance < 0.9:
        return Or(parts)
    return Not(a_predicate(random, entity, records, depth + 1))


def _leaf(random: Random, entity: Entity, records: Sequence[Record]) -> Predicate:
    name = random.choice(sorted(filterable(entity)))
    kind = FIELDS[entity][name].kind
    values = [found for record in records if (found := getattr(record, name)) not in {None, ""}]
    if random.random() < 0.1:
        return Compare(name, Operator.IS_NULL, random.random() < 0.5)
    if kind is FieldKind.BOOLEAN:
        return Compare(name, random.choice((Operator.EQ, Operator.NE)), random.random() < 0.5)
    if kind is FieldKind.MONEY:
        return Compare(name, random.choice(_ORDERED), _bound(random, values))
    if kind in _VALUED:
        operand = random.choice(values) if values and random.random() < 0.9 else _STRANGE[kind]
        return Compare(name, random.choice((*_ORDERED, Operator.NE)), operand)
    return _texts(random, name, kind, [_text(item) for item in values] or ["x"])


def _bound(random: Random, values: Sequence[Money]) -> MoneyBound:
    found = random.choice(values) if values else Money("10", None)
    return MoneyBound(found.currency or random.choice(("EUR", "USD")), found.amount)


def _text(value: object) -> str:
    return value.remote_id if isinstance(value, Ref) else str(value)


def _texts(random: Random, name: str, kind: FieldKind, values: Sequence[str]) -> Predicate:
    equality = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN)
    is_key = kind in _KEYED or name == "remote_id"
    operator = random.choice(equality if is_key else (*equality, Operator.CONTAINS, Operator.STARTS_WITH))
    if operator in {Operator.IN, Operator.NOT_IN}:
        chosen = [random.choice(values) for _ in range(random.randrange(4))]
        return Compare(name, operator, tuple(item if is_key else _misspelt(random, item) for item in chosen))
    value = random.choice(values)
    if is_key:
        return Compare(name, operator, value)
    if operator in {Operator.CONTAINS, Operator.STARTS_WITH}:
        start = 0 if operator is Operator.STARTS_WITH else random.randrange(len(value))
        value = value[start : start + random.randrange(1, 6)]
    return Compare(name, operator, _misspelt(random, value))


def _misspelt(random: Random, value: str) -> str:
    casing = random.choice((str, str, str.upper, str.casefold, lambda text: text + "'%_\\"))
    return casing(value)

"""Predicates drawn from what an account holds, so that they match some rows and not others."""

import random
from collections.abc import Sequence

from model.entities import Entity, Record
from model.evaluate import key_text
from model.fields import FIELDS, FieldKind, field_of, is_filterable
from model.query import And, Compare, MoneyBound, Not, Operator, Or, Predicate
from model.values import Money

__all__ = ["drawn"]

_EQUAL = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN)
_TEXTUAL = (*_EQUAL, Operator.CONTAINS, Operator.STARTS_WITH)
_ORDERED = (Operator.EQ, Operator.NE, Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)
_NUMERIC = frozenset({FieldKind.DATETIME, FieldKind.DATE, FieldKind.INTEGER, FieldKind.DECIMAL})


def drawn(
    entity: Entity, rows: Sequence[Record], rng: random.Random, depth: int = 2, *, further: Sequence[str] = ()
) -> Predicate:
    """A predicate over fields of *entity*, and over what *further* names, with operands near the values of *rows*."""
    shape = rng.random()
    if depth == 0 or shape < 0.4:
        return _leaf(entity, rows, rng, further)
    items = tuple(drawn(entity, rows, rng, depth - 1, further=further) for _ in range(rng.randrange(1, 4)))
    if shape < 0.9:
        return And(items) if shape < 0.65 else Or(items)
    return Not(items[0])


def _leaf(entity: Entity, rows: Sequence[Record], rng: random.Random, further: Sequence[str]) -> Predicate:
    own = [name for name, field in FIELDS[entity].items() if is_filterable(field)]
    name = rng.choice(further if further and rng.random() < 0.4 else own)
    kind = field_of(entity, name).kind
    if rng.random() < 0.1 and kind is not FieldKind.MONEY:
        return Compare(name, Operator.IS_NULL, rng.random() < 0.5)
    if kind is FieldKind.BOOLEAN:
        return Compare(name, rng.choice((Operator.EQ, Operator.NE)), rng.random() < 0.5)
    if kind is FieldKind.MONEY:
        amounts = [value for row in rows if isinstance(value := getattr(row, name), Money)] or [Money("1", "USD")]
        chosen = rng.choice(amounts)
        operator = rng.choice([operator for operator in _ORDERED if operator is not Operator.NE])
        return Compare(name, operator, MoneyBound(chosen.currency or "USD", chosen.amount))
    value = _value(name, kind, rows, rng)
    if kind in _NUMERIC:
        return Compare(name, rng.choice(_ORDERED), int(value) if kind is FieldKind.INTEGER else value)
    operator = rng.choice(_EQUAL if kind is FieldKind.REFERENCE else _TEXTUAL)
    if operator in {Operator.IN, Operator.NOT_IN}:
        return Compare(name, operator, (value, _value(name, kind, rows, rng)))
    if kind is not FieldKind.REFERENCE and rng.random() < 0.3:
        value = value.swapcase()
    if operator is Operator.CONTAINS:
        start = rng.randrange(len(value))
        value = value[start : start + rng.randrange(1, 6)]
    elif operator is Operator.STARTS_WITH:
        value = value[: rng.randrange(1, 6)]
    return Compare(name, operator, value)


def _value(name: str, kind: FieldKind, rows: Sequence[Record], rng: random.Random) -> str:
    values = [text for row in rows if (text := key_text(row, name))]
    absent = {FieldKind.DATETIME: "2026-01-01T00:00:00.000Z", FieldKind.DATE: "2026-01-01"}
    return rng.choice(values) if values else absent.get(kind, "1")

"""Queries drawn from what a connector says of itself and from the values it showed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from connectors.conformance.hostile import HOSTILE
from connectors.conformance.names import Names, Related
from model.capabilities import Description, Pushdown, TypeCapability
from model.entities import Entity, Record
from model.fields import FIELDS, RELATIONS, FieldKind, field_of, is_filterable
from model.query import (
    EVERYTHING,
    And,
    Compare,
    Direction,
    MoneyBound,
    Not,
    Operand,
    Operator,
    Or,
    Order,
    Predicate,
    Query,
    RelationSelection,
    Selection,
)
from model.values import Choice, Money, Ref, instant_text

__all__ = ["Draw"]

_LISTED = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN)
_BOUNDS = (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)
_TEXT = (*_LISTED, Operator.CONTAINS, Operator.STARTS_WITH, Operator.IS_NULL)
_OPERATORS: Mapping[FieldKind, tuple[Operator, ...]] = {
    FieldKind.TEXT: _TEXT,
    FieldKind.EMAIL: _TEXT,
    FieldKind.PHONE: _TEXT,
    FieldKind.URL: _TEXT,
    FieldKind.MULTI_CHOICE: _TEXT,
    FieldKind.CHOICE: (*_LISTED, Operator.IS_NULL),
    FieldKind.REFERENCE: (*_LISTED, Operator.IS_NULL),
    FieldKind.BOOLEAN: (Operator.EQ, Operator.NE, Operator.IS_NULL),
    FieldKind.INTEGER: (*_LISTED, *_BOUNDS, Operator.IS_NULL),
    FieldKind.DECIMAL: (Operator.EQ, Operator.NE, *_BOUNDS, Operator.IS_NULL),
    FieldKind.MONEY: (Operator.EQ, *_BOUNDS),
    FieldKind.DATE: (Operator.EQ, Operator.NE, *_BOUNDS, Operator.IS_NULL),
    FieldKind.DATETIME: (*_BOUNDS, Operator.IS_NULL),
}
"""What the schema lets a caller ask of each kind, complements included."""

_SORTED = frozenset(
    {
        FieldKind.TEXT,
        FieldKind.EMAIL,
        FieldKind.PHONE,
        FieldKind.DATE,
        FieldKind.DATETIME,
        FieldKind.INTEGER,
        FieldKind.DECIMAL,
        FieldKind.MONEY,
    }
)
_NO_IDS = ("no id", "0", "x' OR Id != '", "ß", "9" * 30)
_BLANK: Mapping[FieldKind, Any] = {
    FieldKind.DATETIME: "2026-05-01T12:34:56.000Z",
    FieldKind.DATE: "2026-05-01",
    FieldKind.INTEGER: 1,
    FieldKind.DECIMAL: "0.5",
    FieldKind.MONEY: Money("100", "USD"),
}
_ANY_AMOUNT = "-" + "9" * 18


class Draw:
    """Draws queries for one type from *random*.

    Args:
        random: decides everything; the same state draws the same query.
        description: of the connector.
        entity: a type it lists.
        rows: whole rows of that type, operands come from them.
        related: what stands behind them.

    Attributes:
        names: what a predicate may name.
    """

    def __init__(
        self,
        random: Random,
        *,
        description: Description,
        entity: Entity,
        rows: Sequence[Record],
        related: Related = lambda record, relation: None,
    ) -> None:
        self.names = Names(description, entity, rows, related)
        self._random = random
        self._description = description
        self._entity = entity

    @property
    def _type(self) -> TypeCapability:
        return self._description.types[self._entity]

    def query(self) -> Query:
        """A whole query; an order by an amount comes with its currency."""
        order = self.order()
        where = self.predicate()
        for key in order:
            if field_of(self._entity, key.field).kind is FieldKind.MONEY:
                where = And((where, Compare(key.field, Operator.GTE, self._any_amount(key.field))))
        return Query(
            entity=self._entity, selection=self.selection(), where=where, order=order, limit=self.random_limit()
        )

    def random_limit(self) -> int:
        """1 to 200, small ones often."""
        return self._random.choice((1, 2, 3, 7, 20, 50, 100, 200, self._random.randint(1, 200)))

    def sortable(self) -> list[str]:
        """Fields that the connector says it sorts and callers may order by."""
        fields = FIELDS[self._entity]
        described = self._type.fields
        return sorted(
            name
            for name, field in fields.items()
            if field.kind in _SORTED
            and is_filterable(field)
            and name != "remote_id"
            and name in described
            and described[name].is_sortable
        )

    def order(self) -> tuple[Order, ...]:
        """None to three keys."""
        names = self.sortable()
        count = min(len(names), self._random.choice((0, 1, 1, 1, 2, 3)))
        return tuple(Order(name, self._random.choice(list(Direction))) for name in self._random.sample(names, count))

    def predicate(self, depth: int = 2) -> Predicate:
        """Comparisons, nested up to *depth*."""
        roll = self._random.random()
        if roll < 0.1:
            return EVERYTHING
        if depth == 0 or roll < 0.5:
            return self.compare()
        if roll < 0.65:
            return Not(self.predicate(depth - 1))
        items = tuple(self.predicate(depth - 1) for _ in range(self._random.choice((0, 1, 2, 2, 3))))
        return And(items) if roll < 0.85 else Or(items)

    def filterable(self) -> list[str]:
        """Fields a predicate may name, those the source lacks included."""
        return self.names.own()

    def operators(self, name: str) -> list[Operator]:
        """Operators that make sense of *name* and that the connector does not refuse."""
        described = self._type.fields.get(name)
        refused = described.operators if described else {}
        kind = field_of(self._entity, name).kind
        return [item for item in _OPERATORS[kind] if refused.get(item) is not Pushdown.UNSUPPORTED]

    def compare(self, name: str | None = None, operator: Operator | None = None) -> Predicate:
        """One comparison, with an operand near the values that rows have."""
        name = name or self._name()
        operator = operator or self._random.choice(self.operators(name) or [Operator.IS_NULL])
        return Compare(name, operator, self.operand(name, operator))

    def _name(self) -> str:
        """Something a predicate may name, most often something that rows have."""
        if self._random.random() < 0.3:
            drawn = [name for _ in range(3) if (name := self.names.far(self._random)) is not None]
            found = next((name for name in drawn if self.names.is_told(name)), None)
            if found is not None:
                return found
        names = self.filterable()
        if self._random.random() < 0.9:
            names = [name for name in names if self.names.is_told(name)] or names
        return self._random.choice(names)

    def operand(self, name: str, operator: Operator) -> Operand:
        """Something *operator* can compare *name* with."""
        if operator is Operator.IS_NULL:
            return self._random.random() < 0.5
        if operator in {Operator.IN, Operator.NOT_IN}:
            many: Any = tuple(self._near(name, operator) for _ in range(self._random.choice((0, 1, 2, 3))))
            return many  # type: ignore[no-any-return]  # ints or texts, all of one kind
        one: Operand = self._near(name, operator)
        return one

    def _near(self, name: str, operator: Operator) -> Any:
        field = field_of(self._entity, name)
        kind = field.kind
        value = self._seen(name, kind)
        match kind:
            case FieldKind.DATETIME | FieldKind.DATE:
                return self._near_day(str(value), kind)
            case FieldKind.INTEGER:
                return int(value) + self._random.choice((0, 0, 0, 1, -1))
            case FieldKind.DECIMAL:
                return self._near_amount(str(value))
            case FieldKind.MONEY:
                return self._near_money(value)
            case FieldKind.BOOLEAN:
                return self._random.random() < 0.5
            case FieldKind.REFERENCE | FieldKind.CHOICE:
                return self._near_word(str(value))
            case _:
                return (
                    self._near_word(str(value)) if field.name == "remote_id" else self._near_text(str(value), operator)
                )

    def _seen(self, name: str, kind: FieldKind) -> Any:
        values = self.names.values(name)
        if not values:
            return _BLANK.get(kind, "1")
        value = self._random.choice(values)
        if isinstance(value, tuple):
            value = self._random.choice(value)
        if isinstance(value, Choice):
            return value.value
        return value.remote_id if isinstance(value, Ref) else value

    def _near_word(self, value: str) -> str:
        return self._random.choice(_NO_IDS) if self._random.random() < 0.1 else value

    def _near_text(self, value: str, operator: Operator) -> str:
        if self._random.random() < 0.1:
            return self._random.choice(HOSTILE)
        if operator is Operator.STARTS_WITH:
            value = value[: self._random.randint(1, max(1, len(value)))]
        elif operator is Operator.CONTAINS:
            start = self._random.randrange(len(value) or 1)
            value = value[start : start + self._random.randint(1, 8)]
        return self._random.choice((value, value, value, value.upper(), value.lower(), value.swapcase(), value + "x"))

    def _near_day(self, value: str, kind: FieldKind) -> str:
        if kind is FieldKind.DATE:
            day = date.fromisoformat(value) + timedelta(days=self._random.choice((0, 0, 0, 1, -1, 30)))
            return self._random.choice((day.isoformat(),) * 19 + ("1900-01-01",))
        moment = datetime.fromisoformat(value)
        shift = timedelta(milliseconds=self._random.choice((0, 0, 0, 1, -1, 86_400_000)))
        return self._random.choice((instant_text(moment + shift),) * 19 + ("1970-01-01T00:00:00.000Z",))

    def _near_amount(self, value: str) -> str:
        return format(Decimal(value) + self._random.choice((Decimal(0), Decimal(0), Decimal("0.01"), Decimal(-1))), "f")

    def _near_money(self, value: Money) -> MoneyBound:
        currency = value.currency or "USD"
        return MoneyBound(self._random.choice((currency,) * 9 + ("XTS",)), self._near_amount(value.amount))

    def _any_amount(self, name: str) -> MoneyBound:
        return MoneyBound(self._near_money(self._seen(name, FieldKind.MONEY)).currency, _ANY_AMOUNT)

    def selection(self, depth: int = 1) -> Selection:
        """Some fields, and at times relations that the connector reads."""
        return self._selection(self._entity, depth)

    def _selection(self, entity: Entity, depth: int) -> Selection:
        names = sorted(FIELDS[entity])
        fields = frozenset(self._random.sample(names, self._random.choice((0, 1, 3, 6))))
        readable = self._description.types[entity].relations if entity in self._description.types else {}
        offered = sorted(name for name in readable if readable[name].target in self._description.types)
        count = self._random.choice((0, 0, 1, 2)) if depth else 0
        chosen = self._random.sample(offered, min(count, len(offered)))
        return Selection(fields, {name: self._relation(entity, name, depth) for name in chosen})

    def _relation(self, entity: Entity, name: str, depth: int) -> RelationSelection:
        relation = RELATIONS[entity][name]
        selection = self._selection(relation.target, depth - 1)
        return RelationSelection(selection, self._random.choice((1, 2, 5, 20)) if relation.is_many else None)

"""Filters of every kind that the schema offers, with operands near the values that rows have."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLSchema, build_schema, get_named_type
from hypothesis import strategies as st

from connectors.conformance.hostile import HOSTILE
from model.entities import Entity
from model.fields import custom_of
from model.ids import GlobalId
from model.relative import RelativeRange
from model.values import Choice, Money, Ref, instant_text
from schema import sdl
from tests.differential.meaning import snake
from tests.differential.world import World

__all__ = ["FIELDS_OF", "Where", "wheres"]

Where = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

SCHEMA: GraphQLSchema = build_schema(sdl())
_COMBINED = {"and", "or", "not"}
_FAMILIES = {f"{entity.value.capitalize()}Filter": entity for entity in Entity}
_TEXTS = [text for text in HOSTILE if len(text) <= 60]
_ZEROS = {"IntFilter": 1, "DecimalFilter": "0.5", "DateFilter": "2026-05-01", "DateTimeFilter": "2026-05-01T12:00:00Z"}


def _inputs(entity: Entity) -> GraphQLInputObjectType:
    found = SCHEMA.get_type(f"{entity.value.capitalize()}Filter")
    assert isinstance(found, GraphQLInputObjectType)
    return found


FIELDS_OF: Mapping[Entity, Mapping[str, Any]] = {
    entity: {
        name: get_named_type(field.type) for name, field in _inputs(entity).fields.items() if name not in _COMBINED
    }
    for entity in Entity
}
"""The filter type of each field that filters of a type have."""


@st.composite
def wheres(draw: Draw, world: World, entity: Entity, *, depth: int = 2, is_behind: bool = False) -> Where:
    """A filter of *entity*, nested up to *depth*."""
    drawing = _Drawing(draw, world)
    roll = draw(st.integers(0, 19))
    if depth and roll < 5:
        deeper = wheres(world, entity, depth=depth - 1, is_behind=is_behind)
        if roll < 1:
            return {"not": draw(deeper)}
        return {draw(st.sampled_from(["and", "or"])): draw(st.lists(deeper, max_size=3))}
    names = draw(st.lists(st.sampled_from(_nameable(entity, is_behind)), min_size=1, max_size=2, unique=True))
    return {name: drawing.condition(entity, name, depth) for name in names}


def _nameable(entity: Entity, is_behind: bool) -> list[str]:
    kinds = FIELDS_OF[entity]
    return [name for name, kind in kinds.items() if not (is_behind and kind.name in _FAMILIES)]


@dataclass(frozen=True)
class _Drawing:
    draw: Draw
    world: World

    def one(self, items: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(items))

    def condition(self, entity: Entity, name: str, depth: int) -> Where:
        """What is asked of the field *name*."""
        kind = FIELDS_OF[entity][name]
        if kind.name in _FAMILIES:
            found: Where = self.draw(wheres(self.world, _FAMILIES[kind.name], depth=min(depth, 1), is_behind=True))
            return found
        if kind.name == "CustomFieldFilter":
            return self._custom(entity)
        if kind.name == "IdFilter":
            return self._id(entity, name)
        values = self.world.values(entity, snake(name))
        return self._leaf(kind, [_plain(value) for value in values])

    def _leaf(self, kind: GraphQLInputObjectType, values: Sequence[Any]) -> Where:
        operators = [name for name in kind.fields if name != "currency"]
        operator = self.one(operators)
        if operator == "isNull":
            return {"isNull": self.draw(st.booleans())}
        if operator == "within":
            return {"within": self.one([item.name for item in RelativeRange])}
        if kind.name == "MoneyFilter":
            return self._money(operator, values)
        near = self._near(kind, values, operator)
        if operator in {"in", "notIn"}:
            return {operator: [near(), *(near() for _ in range(self.draw(st.integers(0, 2))))]}
        return {operator: near()}

    def _near(self, kind: GraphQLInputObjectType, values: Sequence[Any], operator: str) -> Callable[[], Any]:
        value_type = get_named_type(kind.fields["eq" if "eq" in kind.fields else operator].type)
        if isinstance(value_type, GraphQLEnumType):
            words = list(value_type.values)
            return lambda: self.one(words)
        if kind.name == "BooleanFilter":
            return lambda: self.draw(st.booleans())
        if kind.name in _ZEROS:
            seen = list(values) or [_ZEROS[kind.name]]
            return lambda: _MOVED[kind.name](self.one(seen), self.draw(st.integers(-1, 1)))
        return lambda: self._text(values, operator)

    def _text(self, values: Sequence[str], operator: str) -> str:
        roll = self.draw(st.integers(0, 9))
        if roll == 0 or not values:
            return str(self.one(_TEXTS))
        value = str(self.one(values))
        if operator == "startsWith":
            value = value[: self.draw(st.integers(1, max(1, len(value))))]
        elif operator == "contains":
            start = self.draw(st.integers(0, max(0, len(value) - 1)))
            value = value[start : start + self.draw(st.integers(1, 8))]
        return {1: value.upper(), 2: value.lower(), 3: value.swapcase(), 4: value + "x"}.get(roll, value)

    def _money(self, operator: str, values: Sequence[Money]) -> Where:
        if not values:
            return {"currency": "EUR", operator: "1"}
        value = self.one(values)
        currency = self.one([value.currency] * 9 + ["XTS"])
        if self.draw(st.integers(0, 9)) == 0:
            return {"currency": currency}
        return {"currency": currency, operator: _MOVED["DecimalFilter"](value.amount, self.draw(st.integers(-1, 1)))}

    def _id(self, entity: Entity, name: str) -> Where:
        """Ids of rows, or of what rows point to, of any source."""
        kind = entity.value if name == "id" else name
        ids: list[str] = []
        for source, held in self.world.names(entity):
            values = held.values("remote_id" if name == "id" else snake(name))
            found = {value.remote_id if isinstance(value, Ref) else value for value in values}
            ids += [GlobalId(kind, source, remote_id).encode() for remote_id in sorted(found)]
        operator = self.one(["eq", "in", "in", "isNull"]) if ids else "isNull"
        if operator == "isNull":
            return {"isNull": self.draw(st.booleans())}
        if operator == "eq":
            return {"eq": self.one(ids)}
        return {"in": self.draw(st.lists(st.sampled_from(ids), max_size=5))}

    def _custom(self, entity: Entity) -> Where:
        """A condition on a field of one of the accounts, which the others may lack."""
        names = [name for _, held in self.world.names(entity) for name in held.customs()]
        if not names:
            return {"key": "no_such_field", "text": {"isNull": True}}
        name = self.one(names)
        custom = custom_of(name)
        assert custom is not None
        word = {"TEXT": "text", "DECIMAL": "decimal", "BOOLEAN": "boolean", "DATE": "date", "DATETIME": "dateTime"}
        kind = FILTER_OF[word[custom.kind.value]]
        return {"key": custom.key, word[custom.kind.value]: self._leaf(kind, self.world.values(entity, name))}


FILTER_OF: Mapping[str, Any] = {
    word: SCHEMA.get_type(f"{word[0].upper()}{word[1:]}Filter")
    for word in ("text", "decimal", "boolean", "date", "dateTime")
}


def _plain(value: Any) -> Any:
    if isinstance(value, Choice):
        return value.value
    return value[0] if isinstance(value, tuple) else value


def _moved_instant(value: str, step: int) -> str:
    return instant_text(datetime.fromisoformat(value) + timedelta(milliseconds=step))


_MOVED: Mapping[str, Callable[[Any, int], Any]] = {
    "IntFilter": lambda value, step: int(value) + step,
    "DecimalFilter": lambda value, step: format(Decimal(str(value)) + step * Decimal("0.01"), "f"),
    "DateFilter": lambda value, step: (date.fromisoformat(value) + timedelta(days=step)).isoformat(),
    "DateTimeFilter": _moved_instant,
}

"""From filter inputs to predicates.

What is given as null is refused and never dropped: a filter that vanishes would return everything.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from model.aliases import Aliases
from model.entities import Entity
from model.errors import BadRequest
from model.fields import RELATIONS
from model.ids import GlobalId
from model.query import EVERYTHING, And, Compare, MoneyBound, Not, Operand, Operator, Or, Predicate, fields_in, mapped
from model.relative import RelativeRange, date_bounds, instant_bounds
from schema.context import Context, Limits
from schema.inputs.conditions import DateFilter, IdFilter, MoneyFilter
from schema.lower.custom import alias_conditions, condition_under
from schema.lower.options import zone_named

__all__ = ["Clock", "FilterLowering", "lower_where", "shape_of"]

_OPERATORS = {operator.name.lower(): operator for operator in Operator}

# Below every amount a CRM can hold: Salesforce's currency fields have at most 18 digits.
_LOWEST_AMOUNT = "-" + "9" * 18


@dataclass(frozen=True, slots=True)
class Clock:
    """What relative dates are counted from."""

    now: datetime
    zone: ZoneInfo


def lower_where(where: object, entity: Entity, *, context: Context, time_zone: str) -> Predicate:
    """The condition that *where*, a filter of *entity* records or None for all, stands for.

    Raises:
        BadRequest: something in it has no meaning, or it is too large.
    """
    clock = Clock(context.now, zone_named(time_zone))
    return EVERYTHING if where is None else FilterLowering(entity, clock, context.limits, context.aliases).where(where)


def shape_of(where: object) -> str:
    """A filter input as text: equal for equal filters, whatever day it is."""
    return json.dumps(_plain(where), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if is_dataclass(value):
        return {name: _plain(item) for name, item in _given(value)}
    return value


def _given(condition: Any) -> Iterator[tuple[str, Any]]:
    """The parts of an input that the client wrote, by attribute; `in_` and the like without their underscore."""
    for item in fields(condition):
        value = getattr(condition, item.name)
        if value is not UNSET:
            yield item.name.rstrip("_"), value


@dataclass(frozen=True, slots=True)
class FilterLowering:
    """Lowers the filters of one type.

    Attributes:
        aliases: the operator's names for the CRMs' own fields.
        relation: the one that leads to the type, in a filter within another type's.
    """

    entity: Entity
    clock: Clock
    limits: Limits
    aliases: Aliases
    relation: str | None = None

    def where(self, where: object) -> Predicate:
        """The condition that a whole filter stands for.

        Raises:
            BadRequest: something in it has no meaning, or it is too large.
        """
        found = self.predicate(where)
        count = sum(1 for _ in fields_in(found))
        if count > self.limits.filter_conditions:
            most = self.limits.filter_conditions
            raise BadRequest(f"where has {count} conditions; at most {most} are taken: name several values with `in`")
        return found

    def predicate(self, where: object, *, path: str = "where", depth: int = 0) -> Predicate:
        """The condition *where*, a filter input, stands for; behind a relation, of the record at its other end.

        Args:
            where: as the client wrote it.
            path: where it stands, for messages.
            depth: filters around it.

        Raises:
            BadRequest: something in it has no meaning.
        """
        if depth > self.limits.filter_depth:
            raise BadRequest(f"{path} is nested too deeply; at most {self.limits.filter_depth} filters may be")
        conditions: list[Predicate] = []
        for name, value in _given(where):
            conditions.extend(self._part(name, value, path=f"{path}.{to_camel_case(name)}", depth=depth))
        return conditions[0] if len(conditions) == 1 else And(tuple(conditions)) if conditions else EVERYTHING

    def _part(self, name: str, value: Any, *, path: str, depth: int) -> Iterator[Predicate]:
        _refuse_null(value, path)
        if name == "not":
            yield Not(self.predicate(value, path=path, depth=depth + 1))
        elif name in {"and", "or"}:
            items = (self.predicate(item, path=f"{path}[{i}]", depth=depth + 1) for i, item in enumerate(value))
            yield And(tuple(items)) if name == "and" else Or(tuple(items))
        elif name == "custom_field":
            field, kind, condition = condition_under(value, path)
            yield from self._own(field, condition, f"{path}.{to_camel_case(kind)}")
        elif name == "custom":
            for field, alias, condition in alias_conditions(value, self.aliases.of(self.entity)):
                yield from self._own(field, condition, f"{path}.{alias}")
        elif name in RELATIONS[self.entity]:
            yield self._behind(name, value, path=path, depth=depth)
        else:
            yield from self._conditions("remote_id" if name == "id" else name, value, path)

    def _behind(self, name: str, value: Any, *, path: str, depth: int) -> Predicate:
        """The condition on the record at the other end of a relation: a filter of that record's own type."""
        if self.relation is not None:
            kind = self.entity.value
            raise BadRequest(f"{path} is a second relation: read its {kind} ids first, for where.{self.relation}.id")
        inner = FilterLowering(
            RELATIONS[self.entity][name].target, self.clock, self.limits, self.aliases, relation=name
        )
        behind = inner.predicate(value, path=path, depth=depth + 1)
        return mapped(behind, lambda compare: replace(compare, field=f"{name}.{compare.field}"))

    def _own(self, field: str, condition: Any, path: str) -> Iterator[Predicate]:
        _refuse_null(condition, path)
        yield from self._conditions(field, condition, path)

    def _conditions(self, field: str, condition: Any, path: str) -> Iterator[Predicate]:
        if isinstance(condition, MoneyFilter):
            yield from _money(field, condition, path)
            return
        for name, value in _given(condition):
            place = f"{path}.{to_camel_case(name)}"
            _refuse_null(value, place)
            if name == "within":
                yield from self._within(field, value.name, is_date=isinstance(condition, DateFilter))
            elif isinstance(condition, IdFilter) and name != "is_null":
                yield Compare(field, _OPERATORS[name], self._operand(self._ids(field, value), place))
            else:
                yield Compare(field, _OPERATORS[name], self._operand(value, place))

    def _within(self, field: str, name: str, *, is_date: bool) -> Iterator[Predicate]:
        bounds = date_bounds if is_date else instant_bounds
        start, end = bounds(RelativeRange(name), now=self.clock.now, zone=self.clock.zone)
        if start is not None:
            yield Compare(field, Operator.GTE, start)
        yield Compare(field, Operator.LT, end)

    def _ids(self, field: str, value: str | list[str]) -> str | list[str]:
        if isinstance(value, list):
            return [self._id(field, item) for item in value]
        return self._id(field, value)

    def _id(self, field: str, text: str) -> str:
        found = GlobalId.decode(text)
        kind = self.entity.value if field == "remote_id" else field
        if found.kind != kind:
            raise BadRequest(f"the id in where names a {found.kind}; a {kind}'s is needed there")
        return f"{found.source}\n{found.remote_id}"

    def _operand(self, value: Any, path: str) -> Operand:
        if not isinstance(value, list):
            operand: Operand = _word(value)
            return operand
        if len(value) > self.limits.filter_values:
            raise BadRequest(f"{path} has {len(value)} values; at most {self.limits.filter_values} are taken")
        return tuple(_word(item) for item in value)


def _word(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _refuse_null(value: object, path: str) -> None:
    if value is None:
        raise BadRequest(f"{path} is null; leave it out, or use isNull to ask for missing values")


def _money(field: str, condition: MoneyFilter, path: str) -> Iterator[Predicate]:
    currency = condition.currency
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise BadRequest(f"{path}.currency is no ISO 4217 code such as EUR")
    bounds = {name: value for name, value in _given(condition) if name != "currency"}
    for name, value in (bounds or {"gte": _LOWEST_AMOUNT}).items():
        _refuse_null(value, f"{path}.{name}")
        yield Compare(field, _OPERATORS[name], MoneyBound(currency.upper(), value))

"""What a filter, as a client writes it, asks of one source: a translation of its own, by the schema's words alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from model.entities import Entity
from model.fields import RELATIONS, CustomName, FieldKind, field_of
from model.ids import GlobalId
from model.query import NOTHING, And, Compare, MoneyBound, Not, Operator, Or, Predicate
from model.values import instant_text

__all__ = ["Asker", "snake"]

_SPEAKS_OF_CONVERSION = {"isConverted", "convertedAt", "convertedOn", "status"}
_CUSTOM_KINDS = {
    "text": FieldKind.TEXT,
    "decimal": FieldKind.DECIMAL,
    "boolean": FieldKind.BOOLEAN,
    "date": FieldKind.DATE,
    "dateTime": FieldKind.DATETIME,
}


def snake(name: str) -> str:
    """*name* as the model spells it."""
    return re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)


@dataclass(frozen=True)
class Asker:
    """Whose question it is: the *source* that is asked, and the caller's now and zone."""

    source: str
    now: datetime
    zone: ZoneInfo

    def predicate(self, where: Mapping[str, Any] | None, entity: Entity) -> Predicate:
        """The condition that a row of *entity* has to satisfy."""
        found = And(tuple(self._parts(where or {}, entity, "")))
        if entity is Entity.LEAD and not _SPEAKS_OF_CONVERSION & set(_named(where or {})):
            return And((found, Compare("is_converted", Operator.NE, operand=True)))
        return found

    def _parts(self, where: Mapping[str, Any], entity: Entity, prefix: str) -> Iterator[Predicate]:
        for name, value in where.items():
            attribute = snake(name)
            if name in {"and", "or"}:
                items = tuple(And(tuple(self._parts(item, entity, prefix))) for item in value)
                yield And(items) if name == "and" else Or(items)
            elif name == "not":
                yield Not(And(tuple(self._parts(value, entity, prefix))))
            elif name == "customField":
                yield from self._custom(value, prefix)
            elif attribute in RELATIONS[entity]:
                target = RELATIONS[entity][attribute].target
                yield And(tuple(self._parts(value, target, f"{attribute}.")))
            else:
                yield from self._compared("remote_id" if name == "id" else attribute, value, entity, prefix)

    def _custom(self, value: Mapping[str, Any], prefix: str) -> Iterator[Predicate]:
        for name, condition in value.items():
            if name in _CUSTOM_KINDS:
                kind = _CUSTOM_KINDS[name]
                yield from self._operators(f"{prefix}{CustomName(kind, value['key'])}", condition, kind)

    def _compared(self, name: str, value: Mapping[str, Any], entity: Entity, prefix: str) -> Iterator[Predicate]:
        kind, path = field_of(entity, name).kind, prefix + name
        if kind is FieldKind.MONEY:
            bounds = {key: item for key, item in value.items() if key != "currency"} or {"gte": "-" + "9" * 30}
            for key, item in bounds.items():
                yield Compare(path, Operator(key), MoneyBound(value["currency"], item))
        elif kind is FieldKind.REFERENCE or name == "remote_id":
            yield from self._ids(path, value)
        else:
            yield from self._operators(path, value, kind)

    def _ids(self, path: str, value: Mapping[str, Any]) -> Iterator[Predicate]:
        for key, item in value.items():
            if key == "isNull":
                yield Compare(path, Operator.IS_NULL, operand=item)
                continue
            ids = [GlobalId.decode(text) for text in (item if isinstance(item, list) else [item])]
            own = tuple(found.remote_id for found in ids if found.source == self.source)
            yield Compare(path, Operator.IN, own) if own else NOTHING

    def _operators(self, path: str, value: Mapping[str, Any], kind: FieldKind) -> Iterator[Predicate]:
        for key, item in value.items():
            if key == "within":
                start, end = self._span(item, is_date=kind is FieldKind.DATE)
                if start is not None:
                    yield Compare(path, Operator.GTE, start)
                yield Compare(path, Operator.LT, end)
            else:
                yield Compare(path, Operator(key), tuple(item) if isinstance(item, list) else item)

    def _span(self, word: str, *, is_date: bool) -> tuple[str | None, str]:
        if word == "OVERDUE" and not is_date:
            return None, instant_text(self.now)
        first, behind = days_of(word, self.now.astimezone(self.zone).date())
        if is_date:
            return (first.isoformat() if first else None), behind.isoformat()
        return (self._midnight(first) if first else None), self._midnight(behind)

    def _midnight(self, day: date) -> str:
        return instant_text(datetime.combine(day, time.min, tzinfo=self.zone).astimezone(UTC))


def days_of(word: str, today: date) -> tuple[date | None, date]:
    """The first day of a relative range, and the day behind its last."""
    day = timedelta(days=1)
    monday, first = today - today.weekday() * day, today.replace(day=1)
    january = today.replace(month=1, day=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    ranges: dict[str, tuple[date | None, date]] = {
        "TODAY": (today, today + day),
        "YESTERDAY": (today - day, today),
        "TOMORROW": (today + day, today + 2 * day),
        "THIS_WEEK": (monday, monday + 7 * day),
        "LAST_WEEK": (monday - 7 * day, monday),
        "NEXT_WEEK": (monday + 7 * day, monday + 14 * day),
        "THIS_MONTH": (first, _month_behind(first)),
        "LAST_MONTH": ((first - day).replace(day=1), first),
        "NEXT_MONTH": (_month_behind(first), _month_behind(_month_behind(first))),
        "THIS_QUARTER": (quarter, _quarter_behind(quarter)),
        "LAST_QUARTER": (_quarter_before(quarter), quarter),
        "THIS_YEAR": (january, january.replace(year=today.year + 1)),
        "LAST_7_DAYS": (today - 6 * day, today + day),
        "LAST_30_DAYS": (today - 29 * day, today + day),
        "LAST_90_DAYS": (today - 89 * day, today + day),
        "NEXT_7_DAYS": (today, today + 7 * day),
        "NEXT_30_DAYS": (today, today + 30 * day),
        "OVERDUE": (None, today),
    }
    return ranges[word]


def _month_behind(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _quarter_behind(first: date) -> date:
    return (first + timedelta(days=93)).replace(day=1)


def _quarter_before(first: date) -> date:
    return (first - timedelta(days=89)).replace(day=1)


def _named(where: Mapping[str, Any]) -> Iterator[str]:
    """Fields of the type itself that *where* names, at any depth."""
    for name, value in where.items():
        if name in {"and", "or"}:
            for item in value:
                yield from _named(item)
        elif name == "not":
            yield from _named(value)
        else:
            yield name

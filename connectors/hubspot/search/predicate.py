"""A predicate divided into what HubSpot's search evaluates and what is left to check."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.hubspot.search.criteria import Criterion, Kind, Pushed, pushed
from connectors.hubspot.search.filters import ALL, Groups, both, either
from model.entities import Entity, Record, record_type
from model.evaluate import evaluate
from model.fields import custom_of, path_of
from model.query import EVERYTHING, NOTHING, And, Compare, MoneyBound, Not, Operator, Or, Predicate, normalised

__all__ = ["Division", "compiled", "divided", "folded", "is_id"]

_TEXTUAL = frozenset({Kind.TEXT, Kind.CHOICE, Kind.SEVERAL, Kind.WORD, Kind.KEY})
_IDS = frozenset({Kind.ID, Kind.LINK, Kind.TIED})
_UNKNOWN = "unknown"
_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A predicate in two parts.

    Attributes:
        pushed: what the search evaluates, *groups* in HubSpot's words.
        residual: what must still be checked; conditions pushed as a superset are in both.
        notes: where HubSpot's meaning is its own.
    """

    pushed: Predicate
    residual: Predicate
    groups: Groups
    notes: tuple[str, ...]


def divided(where: Predicate, criteria: Mapping[str, Criterion], fits: Callable[[Groups], bool]) -> Division:
    """*where*, folded before, cut into conditions; the cheapest go first while the whole *fits* one search."""
    conditions = where.items if isinstance(where, And) else (where,)
    told = [(item, compiled(item, criteria)) for item in conditions]
    taken: dict[Predicate, Pushed] = {}
    groups = ALL
    for item, condition in sorted(told, key=lambda pair: len(pair[1].groups) if pair[1] else 0):
        if condition is not None and fits(whole := both(groups, condition.groups)):
            taken[item] = condition
            groups = whole
    return Division(
        pushed=normalised(And(tuple(item for item in conditions if item in taken))),
        residual=normalised(And(tuple(item for item in conditions if item not in taken or not taken[item].is_exact))),
        groups=groups,
        notes=tuple(dict.fromkeys(note for condition in taken.values() for note in condition.notes)),
    )


def compiled(predicate: Predicate, criteria: Mapping[str, Criterion]) -> Pushed | None:
    """*predicate* as groups; None where HubSpot cannot tell any part of it.

    An And loses the parts that HubSpot cannot tell, an Or with such a part cannot be told.
    """
    match predicate:
        case Compare():
            criterion = criteria.get(predicate.field)
            return pushed(criterion, predicate) if criterion else None
        case Not():
            return None
        case And(items):
            parts = [part for item in items if (part := compiled(item, criteria))]
            is_exact = len(parts) == len(items) and all(part.is_exact for part in parts)
            return (
                Pushed(both(*(part.groups for part in parts)), is_exact, _notes(parts)) if parts or not items else None
            )
        case Or(items):
            branches = [compiled(item, criteria) for item in items]
            parts = [branch for branch in branches if branch]
            if len(parts) < len(branches):
                return None
            groups = either(part.groups for part in parts)
            return Pushed(groups, all(part.is_exact for part in parts), _notes(parts))


def _notes(parts: Iterable[Pushed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for part in parts for note in part.notes))


def folded(
    predicate: Predicate, criteria: Mapping[str, Criterion], constants: Mapping[str, Any], *, entity: Entity
) -> Predicate:
    """*predicate*, normalised, without comparisons that hold for every record or for none.

    *constants* are the fields and relations that every record has alike: None for those that HubSpot does not have,
    and with them what would stand behind them.
    """

    def fold(item: Predicate) -> Predicate:
        match item:
            case And(items):
                return And(tuple(map(fold, items)))
            case Or(items):
                return Or(tuple(map(fold, items)))
            case Not(inner):
                return Not(fold(inner))
            case Compare(name, _, _):
                path = path_of(name)
                held = path[0] if path else name
                if held in constants:
                    alike = _alike(entity, held, constants[held])
                    return EVERYTHING if evaluate(item, alike, entity=entity, related=_nobody) else NOTHING
                return _simplified(item, criteria[name]) if name in criteria else item

    return normalised(fold(normalised(predicate)))


def _alike(entity: Entity, name: str, value: Any) -> Record:
    """A record that has *value* under *name*, as every record has."""
    custom = custom_of(name)
    held = {name: value} if custom is None else {"custom": {custom.key: value}}
    return record_type(entity)(source="", remote_id="", **held)


def _nobody(record: Record, relation: str) -> Record | None:
    """What stands behind a relation that HubSpot does not have."""
    del record, relation
    return None


def _simplified(compare: Compare, criterion: Criterion) -> Predicate:
    """*compare*, or an equal predicate that HubSpot can be asked."""
    operator, operand = compare.operator, compare.operand
    if operator is Operator.IS_NULL:
        if criterion.is_always or criterion.kind is Kind.MEMBER:
            return NOTHING if operand else EVERYTHING
        if criterion.has_blanks and not criterion.values:
            return EVERYTHING if operand else NOTHING
        return compare
    if isinstance(operand, MoneyBound):
        is_foreign = operand.currency != criterion.home_currency and criterion.currency_property is None
        return NOTHING if is_foreign else compare
    if operator in {Operator.CONTAINS, Operator.STARTS_WITH} and operand == "":
        return Compare(compare.field, Operator.IS_NULL, operand=False)
    if operator in {Operator.IN, Operator.NOT_IN} and isinstance(operand, tuple):
        kept: Any = tuple(item for item in operand if _can_equal(criterion, str(item)))
        return Compare(compare.field, operator, kept)
    if operator is Operator.EQ and not _can_equal(criterion, str(operand)):
        return NOTHING
    if operator is Operator.NE and not _can_equal(criterion, str(operand)):
        return EVERYTHING
    return compare


def is_id(text: str) -> bool:
    """Whether *text* is a record id as HubSpot spells it: a whole number above 0 that fits 64 bits."""
    return _ID.fullmatch(text) is not None


def _can_equal(criterion: Criterion, operand: str) -> bool:
    """Whether any record's value can equal *operand*."""
    if criterion.kind in _IDS:
        return is_id(operand)
    if criterion.kind is Kind.WORD:
        return operand.casefold() in criterion.values or operand.casefold() == _UNKNOWN
    return not (operand == "" and criterion.kind in _TEXTUAL)

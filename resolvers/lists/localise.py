"""A caller's predicate as one source sees it."""

from model.entities import Entity
from model.fields import FieldKind, field_of
from model.query import NOTHING, And, Compare, Not, Operator, Or, Predicate, fields_in, normalised

__all__ = ["for_source"]

_ASKS_ABOUT_CONVERSION = {"is_converted", "converted_at", "converted_on", "status"}


def for_source(predicate: Predicate, *, entity: Entity, source: str) -> Predicate:
    """*predicate* with the ids of *source* only, and the type's base condition.

    Leads are the unconverted ones unless the caller's own condition speaks of conversion or status.
    """
    local = _localised(predicate, entity, source)
    if entity is Entity.LEAD and not _ASKS_ABOUT_CONVERSION.intersection(fields_in(predicate)):
        local = And((local, Compare("is_converted", Operator.NE, operand=True)))
    return normalised(local)


def _localised(predicate: Predicate, entity: Entity, source: str) -> Predicate:
    match predicate:
        case And(items):
            return And(tuple(_localised(item, entity, source) for item in items))
        case Or(items):
            return Or(tuple(_localised(item, entity, source) for item in items))
        case Not(item):
            return Not(_localised(item, entity, source))
        case Compare(name, operator, operand):
            is_id = name == "remote_id" or field_of(entity, name).kind is FieldKind.REFERENCE
            if not is_id or operator is Operator.IS_NULL:
                return predicate
            ids = operand if isinstance(operand, tuple) else (operand,)
            own = tuple(text.partition("\n")[2] for text in map(str, ids) if text.partition("\n")[0] == source)
            return Compare(name, Operator.IN, own) if own else NOTHING

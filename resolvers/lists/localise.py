"""A caller's predicate as one source sees it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from model.entities import Entity
from model.errors import OurBug
from model.fields import RELATIONS, FieldKind, custom_of, field_of, path_of
from model.query import EVERYTHING, NOTHING, And, Compare, Not, Operator, Or, Predicate, fields_in, normalised

__all__ = ["BASE", "for_source"]

BASE: Mapping[Entity, Predicate] = {Entity.LEAD: Compare("is_converted", Operator.NE, operand=True)}
"""What holds for the records of a type unless the caller's own condition speaks of it."""

_ASKS_ABOUT_CONVERSION = {"is_converted", "converted_at", "converted_on", "status"}
_POSITIVE, _NEGATIVE = {Operator.EQ, Operator.IN}, {Operator.NE, Operator.NOT_IN}

Canonical = Callable[[Entity, str], str | None]
"""A connector's `canonical_id`."""


def for_source(predicate: Predicate, *, entity: Entity, source: str, canonical: Canonical) -> Predicate:
    """*predicate* with the ids of *source* only, in their one spelling, and the type's base condition.

    Leads are the unconverted ones unless the caller's own condition speaks of conversion or status.
    """
    local = _Localising(entity, source, canonical).predicate(predicate)
    if entity in BASE and not _ASKS_ABOUT_CONVERSION.intersection(fields_in(predicate)):
        local = And((local, BASE[entity]))
    return normalised(local)


@dataclass(frozen=True, slots=True)
class _Localising:
    entity: Entity
    source: str
    canonical: Canonical

    def predicate(self, predicate: Predicate) -> Predicate:
        match predicate:
            case And(items):
                return And(tuple(self.predicate(item) for item in items))
            case Or(items):
                return Or(tuple(self.predicate(item) for item in items))
            case Not(item):
                return Not(self.predicate(item))
            case Compare(name, operator, _):
                field = field_of(self.entity, name)
                is_id = field.name == "remote_id" or field.kind is FieldKind.REFERENCE
                if custom_of(name) is not None or not is_id:
                    return predicate
                local = predicate if operator is Operator.IS_NULL else self._ids(predicate)
                return _by_reference(local)

    def _ids(self, compare: Compare) -> Predicate:
        """A record has no id of another source: equal to one is never true, different from one always."""
        operands = compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)
        own = tuple(dict.fromkeys(found for text in operands if (found := self._own(compare.field, str(text)))))
        if compare.operator in _POSITIVE:
            return Compare(compare.field, Operator.IN, own) if own else NOTHING
        if compare.operator in _NEGATIVE:
            return Compare(compare.field, Operator.NOT_IN, own) if own else EVERYTHING
        raise OurBug(f"{compare.field} {compare.operator.value}: ids are equal or not, and nothing else")

    def _own(self, field: str, text: str) -> str | None:
        source, _, remote_id = text.partition("\n")
        if source != self.source:
            return None
        entity = self._named_by(field)
        # Pipelines and stages are no entities: whoever names one that does not exist finds nothing.
        return remote_id if entity is None else self.canonical(entity, remote_id)

    def _named_by(self, field: str) -> Entity | None:
        """The type of the records that *field* names by id."""
        path = path_of(field)
        entity = self.entity if path is None else RELATIONS[self.entity][path[0]].target
        name = field if path is None else path[1]
        if name == "remote_id":
            return entity
        return RELATIONS[entity][name].target if name in RELATIONS[entity] else None


def _by_reference(predicate: Predicate) -> Predicate:
    """*predicate*; where it compares the id at the other end of a relation, as a condition on the relation itself."""
    if not isinstance(predicate, Compare):
        return predicate
    relation, name = path_of(predicate.field) or ("", "")
    return replace(predicate, field=relation) if name == "remote_id" else predicate

"""Conditions on what stands behind a relation to a user, told as conditions on the user's id.

Owners are known with the metadata, so that a condition on their name or address needs no call.
"""

from collections.abc import Sequence

from model.entities import Entity, Record, User
from model.evaluate import evaluate
from model.fields import RELATIONS, path_of
from model.query import And, Compare, Not, Operator, Or, Predicate

__all__ = ["by_owner"]

_NOBODY = User(
    source="",
    remote_id="",
    url=None,
    created_at=None,
    updated_at=None,
    created_by=None,
    updated_by=None,
    version=None,
    fetched_at=None,
    is_deleted=None,
    is_archived=None,
    name=None,
    email=None,
    is_active=None,
    time_zone=None,
    kind=None,
)
"""What a record without an owner, or with one who is unknown, shows behind the relation."""


def by_owner(predicate: Predicate, entity: Entity, users: Sequence[User]) -> Predicate:
    """*predicate* with each comparison behind a relation to a user made one of the relation itself."""
    match predicate:
        case And(items):
            return And(tuple(by_owner(item, entity, users) for item in items))
        case Or(items):
            return Or(tuple(by_owner(item, entity, users) for item in items))
        case Not(item):
            return Not(by_owner(item, entity, users))
        case Compare(name, operator, operand):
            path = path_of(name)
            if path is None or RELATIONS[entity][path[0]].target is not Entity.USER:
                return predicate
            return _among(path[0], Compare(path[1], operator, operand), users)


def _among(relation: str, compare: Compare, users: Sequence[User]) -> Compare:
    """*compare*, of a user, as ids that satisfy it; where nobody does too, as ids that do not."""
    is_negative = _holds(compare, _NOBODY)
    ids = tuple(user.remote_id for user in users if _holds(compare, user) is not is_negative)
    return Compare(relation, Operator.NOT_IN if is_negative else Operator.IN, ids)


def _holds(compare: Compare, user: User) -> bool:
    return evaluate(compare, user, entity=Entity.USER, related=_further)


def _further(record: Record, relation: str) -> Record | None:
    """Owners have no relations at HubSpot."""
    del record, relation
    return None

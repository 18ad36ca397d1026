"""Conditions as parameters of a list: each at most once, all of them hold, and nothing else can be said."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from connectors.tables import Criterion, Kind, Told
from model.query import Compare, Operator

__all__ = ["IDS", "SINCE", "STATUS", "UNTIL", "Parameters", "Params", "before", "fits", "since"]

Params: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values in the order of names; a name twice is a list that Pipedrive cannot be asked for."""

IDS, SINCE, UNTIL, STATUS = "ids", "updated_since", "updated_until", "status"
_SECOND = timedelta(seconds=1)


class Parameters:
    """Equality with one value, of a deal's status with several, ids, and bounds of the last change."""

    def tell(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[Params] | None:
        """*compare* as a parameter; None for most."""
        operator, operand = compare.operator, compare.operand
        if negate:
            return None
        if criterion.kind is Kind.INSTANT:
            return _bound(operator, str(operand))
        if operator not in {Operator.EQ, Operator.IN}:
            return None
        values = [str(one) for one in (operand if isinstance(operand, tuple) else (operand,))]
        if criterion.kind is Kind.ID:
            return Told(((IDS, ",".join(values)),))
        # A comma list is taken by the status of deals alone ("Get all deals", read 2026-11).
        if len(values) != 1 and criterion.column != STATUS:
            return None
        return Told(((criterion.column, ",".join(values)),)) if values else None

    def both(self, conditions: Sequence[Params]) -> Params:
        """All of them, bounds of one side as the narrower one."""
        held: dict[str, set[str]] = {}
        for name, value in (pair for condition in conditions for pair in condition):
            held.setdefault(name, set()).add(value)
        narrowest = {SINCE: max, UNTIL: min}
        for name, choose in narrowest.items():
            if name in held:
                held[name] = {choose(held[name])}
        return tuple(sorted((name, value) for name, values in held.items() for value in values))

    def either(self, conditions: Sequence[Params]) -> Params | None:
        """Pipedrive knows no alternatives."""
        del conditions
        return None


def fits(params: Params) -> bool:
    """Whether a list can be asked with *params*: ids go alone."""
    names = [name for name, _ in params]
    return len(set(names)) == len(names) and (IDS not in names or len(names) == 1)


def since(key: str) -> tuple[str, str]:
    """Rows that changed at the instant *key* or later."""
    return SINCE, _told(_up(key))


def before(key: str) -> tuple[str, str]:
    """Rows that changed at the instant *key* or earlier."""
    return UNTIL, _told(_down(key) + _SECOND)


def _bound(operator: Operator, key: str) -> Told[Params] | None:
    """Changes have whole seconds, and bounds with fractions are refused ("updated_since", read 2026-11)."""
    match operator:
        case Operator.GTE:
            return Told((since(key),))
        case Operator.GT:
            return Told(((SINCE, _told(_down(key) + _SECOND)),))
        case Operator.LT:
            return Told(((UNTIL, _told(_up(key))),))
        case Operator.LTE:
            return Told((before(key),))
        case _:
            return None


def _down(key: str) -> datetime:
    return datetime.fromisoformat(key).astimezone(UTC).replace(microsecond=0)


def _up(key: str) -> datetime:
    whole = _down(key)
    return whole if whole == datetime.fromisoformat(key) else whole + _SECOND


def _told(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")

"""A predicate divided into what a vendor evaluates, in its own words, and what is left to check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from connectors.tables.criteria import Criterion, Kind, by_values
from model.entities import Entity, Record, record_type
from model.evaluate import evaluate
from model.fields import custom_of, path_of
from model.query import EVERYTHING, NOTHING, And, Compare, MoneyBound, Not, Operator, Or, Predicate, normalised

__all__ = ["Division", "Language", "Told", "divided", "folded", "written"]

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Told(Generic[C]):
    """A condition in a vendor's words; *is_exact* when it means what was asked, else it lets more through."""

    condition: C
    is_exact: bool = True
    notes: tuple[str, ...] = ()


class Language(Protocol[C]):
    """How one vendor's conditions are written."""

    def tell(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[C] | None:
        """*compare*, or its negation, as `model.evaluate` means it; None where the vendor cannot say it.

        What is told holds for every record that satisfies *compare*; if it holds for others it is not exact.
        Only NE, NOT_IN and IS_NULL are true of a missing value, and what is negated; of a WORD the operands are the
        vendor's own values, and the operators IN, NOT_IN, IS_NULL, EQ and NE.
        """

    def both(self, conditions: Sequence[C]) -> C:
        """All of *conditions*, one at least."""

    def either(self, conditions: Sequence[C]) -> C | None:
        """Any of *conditions*, two at least; None where the vendor has no such thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Division(Generic[C]):
    """A predicate in two parts.

    Attributes:
        pushed: what the vendor evaluates; *condition* in its words, None for everything.
        residual: what must still be checked; conditions pushed as a superset are in both.
        notes: where the vendor's meaning is its own.
    """

    pushed: Predicate
    residual: Predicate
    condition: C | None
    notes: tuple[str, ...]


def divided(
    where: Predicate,
    criteria: Mapping[str, Criterion],
    language: Language[C],
    *,
    fits: Callable[[C], bool] = lambda _: True,
) -> Division[C]:
    """*where*, folded before, cut into conditions, of which as many are pushed as *fits* one call, first come first."""
    conditions = where.items if isinstance(where, And) else (where,)
    taken: dict[Predicate, Told[C]] = {}
    whole: C | None = None
    for item in conditions:
        told = written(item, criteria, language)
        if told is None:
            continue
        wider = told.condition if whole is None else language.both([one.condition for one in (*taken.values(), told)])
        if fits(wider):
            taken[item], whole = told, wider
    return Division(
        pushed=normalised(And(tuple(taken))),
        residual=normalised(And(tuple(one for one in conditions if one not in taken or not taken[one].is_exact))),
        condition=whole,
        notes=tuple(dict.fromkeys(note for told in taken.values() for note in told.notes)),
    )


def written(predicate: Predicate, criteria: Mapping[str, Criterion], language: Language[C]) -> Told[C] | None:
    """*predicate*, normalised and not constant, in the vendor's words; None where no part of it can be said.

    An And loses the parts that cannot be said, an Or with such a part cannot be said.
    """
    match predicate:
        case Compare() | Not(Compare()):
            return _comparison(predicate, criteria, language)
        case And(items):
            parts = [part for item in items if (part := written(item, criteria, language)) is not None]
            if not parts:
                return None
            condition = parts[0].condition if len(parts) == 1 else language.both([part.condition for part in parts])
            return _joined(condition, parts, is_whole=len(parts) == len(items))
        case Or(items):
            branches = [written(item, criteria, language) for item in items]
            parts = [branch for branch in branches if branch is not None]
            if len(parts) < len(branches) or not parts:
                return None
            either = language.either([part.condition for part in parts])
            return None if either is None else _joined(either, parts, is_whole=True)
        case _:
            return None


def _joined(condition: C, parts: Sequence[Told[C]], *, is_whole: bool) -> Told[C]:
    notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
    return Told(condition, is_whole and all(part.is_exact for part in parts), notes)


def _comparison(predicate: Compare | Not, criteria: Mapping[str, Criterion], language: Language[C]) -> Told[C] | None:
    negate = isinstance(predicate, Not)
    compare: Any = predicate.item if isinstance(predicate, Not) else predicate
    criterion = criteria.get(compare.field)
    if criterion is None:
        return None
    if criterion.kind is not Kind.WORD or compare.operator is Operator.IS_NULL:
        plain = compare if criterion.kind is not Kind.WORD else by_values(compare, criterion)[0]
        return language.tell(criterion, plain, negate=negate) if isinstance(plain, Compare) else None
    meant, is_exact = by_values(compare, criterion)
    if negate and not is_exact:
        return None
    told = _by_values(normalised(Not(meant)) if negate else meant, criterion, language)
    return None if told is None else Told(told.condition, told.is_exact and is_exact, told.notes)


def _by_values(meant: Predicate, criterion: Criterion, language: Language[C]) -> Told[C] | None:
    """Comparisons with the vendor's own values, each told as it stands."""
    match meant:
        case Compare():
            return language.tell(criterion, meant, negate=False)
        case And(items) | Or(items):
            parts = [part for item in items if (part := _by_values(item, criterion, language)) is not None]
            if len(parts) < len(items) or not parts:
                return None
            conditions = [part.condition for part in parts]
            whole = language.both(conditions) if isinstance(meant, And) else language.either(conditions)
            return None if whole is None else _joined(whole, parts, is_whole=True)
        case _:
            return None


def folded(
    predicate: Predicate, criteria: Mapping[str, Criterion], constants: Mapping[str, Any], *, entity: Entity
) -> Predicate:
    """*predicate*, normalised, without comparisons that hold for every record or for none.

    *constants* are the fields and relations that every record has alike: None for those that the vendor does not
    have, and with them what would stand behind them.
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
    """What stands behind a relation that the vendor does not have."""
    del record, relation
    return None


_TEXTUAL = frozenset({Kind.TEXT, Kind.SEVERAL, Kind.WORD})


def _simplified(compare: Compare, criterion: Criterion) -> Predicate:
    """*compare*, or an equal predicate that the vendor can be asked; a WORD may turn out to hold for none."""
    operator, operand = compare.operator, compare.operand
    if operator is Operator.IS_NULL:
        return (NOTHING if operand else EVERYTHING) if criterion.is_always else compare
    if isinstance(operand, MoneyBound):
        is_foreign = operand.currency != criterion.currency and criterion.currency_column is None
        return NOTHING if is_foreign else compare
    if operator in {Operator.CONTAINS, Operator.STARTS_WITH} and operand == "":
        return Compare(compare.field, Operator.IS_NULL, operand=False)
    if operator in {Operator.IN, Operator.NOT_IN} and isinstance(operand, tuple):
        kept: Any = tuple(item for item in operand if _can_equal(criterion, str(item)))
        return Compare(compare.field, operator, kept)
    if operator in {Operator.EQ, Operator.NE} and not _can_equal(criterion, str(operand)):
        return NOTHING if operator is Operator.EQ else EVERYTHING
    return compare


def _can_equal(criterion: Criterion, operand: str) -> bool:
    """Whether any record's value can equal *operand*."""
    if operand == "" and criterion.kind in _TEXTUAL:
        return False
    if criterion.kind is Kind.WORD and not criterion.is_open:
        unmapped = None if criterion.unmapped is None else criterion.unmapped.casefold()
        return operand.casefold() in criterion.words or operand.casefold() == unmapped
    return criterion.accepts is None or criterion.accepts(operand)

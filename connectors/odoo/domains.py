"""Conditions as domains, Odoo's language of filters: prefix notation of "&", "|", "!" and leaves.

"ORM API: Search domains", read 2026-11. A missing value satisfies a negation; numbers are never missing, but 0; an
instant is compared by its whole second, whatever fraction the database keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from connectors.mapping import is_unicode, spelling_of
from connectors.tables import Criterion, Kind, Told
from model.query import Compare, MoneyBound, Operator

__all__ = ["Behind", "Collation", "Domain", "Domains", "Far", "Flag", "LastDay", "Number", "Timed", "Within", "joined"]

Domain: TypeAlias = tuple[Any, ...]
"""One term in prefix notation: a leaf is a tuple of column, operator and value."""

_NEVER: Domain = ((0, "=", 1),)
_SIGNS = {Operator.LT: "<", Operator.LTE: "<=", Operator.GT: ">", Operator.GTE: ">="}
_LISTED = frozenset({Operator.EQ, Operator.IN})
_POSITIVE = {Operator.NE: Operator.EQ, Operator.NOT_IN: Operator.IN}
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Collation:
    """How a database compares text: whether it ignores the case of letters beyond ASCII, and accents everywhere."""

    ignores_case: bool = False
    ignores_accents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Far(Criterion):
    """A pointer behind *column*, at a record that satisfies *where*; to others it does not point."""

    where: Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind(Criterion):
    """A field of the record that *column* points to, which compares as *inner* there; it satisfies *where*."""

    inner: Criterion
    where: Domain

    @classmethod
    def of(cls, pointer: Criterion, inner: Criterion, where: Domain) -> "Behind":
        """What *inner* is of the record at the other end of *pointer*; missing where there is none."""
        alike = {item.name: getattr(inner, item.name) for item in fields(Criterion)}
        return cls(**{**alike, "column": pointer.column, "is_always": False}, inner=inner, where=where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Criterion):
    """A closed list whose values are those of a truth column: "true" and "false"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Criterion):
    """A closed list whose values are the ids that *column* points to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed(Criterion):
    """A column that has a value only where a row satisfies *where*."""

    where: Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay(Criterion):
    """A column with the last day of a span, of which the day behind it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(Criterion):
    """A part of the column's text, such as the domain in a web address; it is checked here."""


class Domains:
    """How conditions are written for a database whose text compares by *collation*, which its metadata tells."""

    def __init__(self) -> None:
        self.collation = Collation()

    def tell(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[Domain] | None:
        """*compare* as a domain: a positive condition, or the negation of one."""
        operator = _POSITIVE.get(compare.operator, compare.operator)
        negate = negate is (operator is compare.operator)
        if operator is Operator.IS_NULL and compare.operand:
            negate = not negate
        told = self._positive(criterion, replace(compare, operator=operator))
        if told is None or not negate:
            return told
        return replace(told, condition=("!", *told.condition)) if told.is_exact else None

    def both(self, conditions: Sequence[Domain]) -> Domain:
        """All of *conditions*."""
        return joined("&", *conditions)

    def either(self, conditions: Sequence[Domain]) -> Domain:
        """Any of *conditions*."""
        return joined("|", *conditions)

    def _positive(self, criterion: Criterion, compare: Compare) -> Told[Domain] | None:
        """*compare* where it is true of no missing value; IS_NULL as that there is a value."""
        if isinstance(criterion, Timed):
            told = self._positive(_bare(criterion), compare)
            return None if told is None else replace(told, condition=joined("&", criterion.where, told.condition))
        if isinstance(criterion, Far):
            return self._pointer(criterion, compare)
        if isinstance(criterion, Behind):
            told = self._positive(criterion.inner, compare)
            held = () if told is None else joined("&", criterion.where, told.condition)
            return None if told is None else replace(told, condition=((criterion.column, "any", held),))
        if isinstance(criterion, Within):
            return self._within(criterion, compare)
        if compare.operator is Operator.IS_NULL:
            return Told(((criterion.column.partition(".")[0], "!=", False),))
        if criterion.kind is Kind.MONEY:
            return self._amount(criterion, compare)
        if criterion.kind in {Kind.TEXT, Kind.SEVERAL}:
            return self._text(criterion, compare)
        if criterion.kind is Kind.INSTANT:
            return self._instant(criterion, compare)
        return self._plain(criterion, compare)

    def _plain(self, criterion: Criterion, compare: Compare) -> Told[Domain] | None:
        """EQ, IN and bounds of values that the database compares as we do."""
        literals = [_literal(criterion, one) for one in _operands(compare)]
        if any(one is None for one in literals):
            return None
        if compare.operator in _SIGNS:
            return Told(((criterion.column, _SIGNS[compare.operator], literals[0]),))
        if compare.operator not in _LISTED:
            return None
        return Told(((criterion.column, "in", tuple(literals)),))

    def _pointer(self, criterion: Far, compare: Compare) -> Told[Domain] | None:
        told = None if compare.operator is Operator.IS_NULL else self._plain(_named(criterion, "id"), compare)
        if compare.operator is not Operator.IS_NULL and told is None:
            return None
        held = criterion.where if told is None else joined("&", criterion.where, told.condition)
        return Told(((criterion.column, "any", held),))

    def _amount(self, criterion: Criterion, compare: Compare) -> Told[Domain] | None:
        """An amount in a currency; of a company's own where there are several, and its user's where none is named."""
        bound = compare.operand
        if not isinstance(bound, MoneyBound):
            return None
        told = self._plain(criterion, replace(compare, operand=bound.amount))
        if told is None or criterion.currency_column is None:
            return told
        named: Domain = ((criterion.currency_column, "=", bound.currency),)
        if bound.currency == criterion.currency:
            head = criterion.currency_column.partition(".")[0]
            named = joined("|", named, ((head, "=", False),))
        return Told(joined("&", named, told.condition))

    def _instant(self, criterion: Criterion, compare: Compare) -> Told[Domain] | None:
        """A bound among whole seconds, by `>=` and `<` alone."""
        column = criterion.column
        moment = datetime.fromisoformat(str(compare.operand)).astimezone(UTC).replace(tzinfo=None)
        floor = moment.replace(microsecond=0)
        try:
            behind = floor + _SECOND
        except OverflowError:
            return None
        ceiling = behind if moment > floor else floor
        match compare.operator:
            case Operator.GTE:
                return Told(((column, ">=", str(ceiling)),))
            case Operator.GT:
                return Told(((column, ">=", str(behind)),))
            case Operator.LT:
                return Told(((column, "<", str(ceiling)),))
            case Operator.LTE:
                return Told(((column, "<", str(behind)),))
            case Operator.EQ if moment > floor:
                return Told(_NEVER)
            case Operator.EQ:
                return Told(joined("&", ((column, ">=", str(floor)),), ((column, "<", str(behind)),)))
        return None

    def _text(self, criterion: Criterion, compare: Compare) -> Told[Domain] | None:
        told = [self._pattern(compare.operator, one) for one in _operands(compare)]
        leaves = [((criterion.column, operator, text),) for patterns, _ in told for operator, text in patterns]
        is_exact = all(is_exact for _, is_exact in told)
        return Told(joined("|", *leaves) if leaves else _NEVER, is_exact=is_exact)

    def _pattern(self, operator: Operator, operand: str) -> tuple[list[tuple[str, str]], bool]:
        """Operators and patterns of which a text has to fit one, and whether just those fit that *operand* fits."""
        if "\0" in operand or not is_unicode(operand):
            return [], True
        begins, ends = operator is not Operator.CONTAINS, operator in _LISTED
        spelling = spelling_of(operand)
        is_safe = self.collation.ignores_case or operand.isascii()
        if spelling.exact and is_safe:
            return [
                _like(text, begins=begins, ends=ends) for text in spelling.exact
            ], not self.collation.ignores_accents
        parts = spelling.parts if is_safe else tuple(part for one in spelling.parts for part in _ascii_parts(one))
        pattern = "%".join(_escaped(part) for part in parts)
        begins, ends = begins and spelling.begins and is_safe, ends and spelling.ends and is_safe
        return [("=ilike", ("" if begins else "%") + pattern + ("" if ends else "%"))], False

    def _within(self, criterion: Criterion, compare: Compare) -> Told[Domain] | None:
        """Texts that hold what is asked for, of which the right part is found here."""
        if compare.operator is Operator.IS_NULL:
            return Told(((criterion.column, "!=", False),), is_exact=False)
        told = self._text(criterion, replace(compare, operator=Operator.CONTAINS))
        return None if told is None else replace(told, is_exact=False)


def joined(sign: str, *terms: Domain) -> Domain:
    """*terms*, one at least, under one sign."""
    return (sign,) * (len(terms) - 1) + tuple(part for term in terms for part in term)


def _bare(criterion: Criterion) -> Criterion:
    return Criterion(column=criterion.column, kind=criterion.kind, factor=criterion.factor)


def _named(criterion: Criterion, column: str) -> Criterion:
    return Criterion(column=column, kind=criterion.kind)


def _operands(compare: Compare) -> list[str]:
    return [str(one) for one in (compare.operand if isinstance(compare.operand, tuple) else (compare.operand,))]


def _literal(criterion: Criterion, operand: str) -> Any:
    """A value of the column's kind as JSON has it; None where JSON, or the column, has none that is equal."""
    if isinstance(criterion, Flag) or criterion.kind is Kind.FLAG:
        return operand.lower() == "true"
    if isinstance(criterion, Number) or criterion.kind in {Kind.ID, Kind.LINK}:
        return int(operand) if operand.isascii() and operand.isdigit() and len(operand) < 19 else None
    if criterion.kind in {Kind.NUMBER, Kind.MONEY}:
        return _number(criterion, operand)
    if isinstance(criterion, LastDay):
        day = date.fromisoformat(operand)
        return None if day == date.min else (day - timedelta(days=1)).isoformat()
    return operand


def _number(criterion: Criterion, operand: str) -> int | float | None:
    number = Decimal(operand) * criterion.factor
    if criterion.accepts is not None and not criterion.accepts(operand):
        return None
    if number == number.to_integral_value():
        return int(number) if abs(number) < 2**53 else None
    return float(number) if Decimal(repr(float(number))) == number else None


def _like(text: str, *, begins: bool, ends: bool) -> tuple[str, str]:
    if not begins:
        return "ilike", _escaped(text)
    return "=ilike", _escaped(text) if ends else f"{_escaped(text)}%"


def _escaped(text: str) -> str:
    """*text* as a pattern that only it fits."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _ascii_parts(text: str) -> list[str]:
    """The parts of *text* whose case any database ignores."""
    return [part for part in "".join(char if char.isascii() else "\0" for char in text).split("\0") if part]

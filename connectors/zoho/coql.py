"""Conditions and queries in COQL, Zoho CRM's query language.

"Get records through a COQL query", read 2026-11, says how each sort of column compares. It does not say whether `!=`
and `not in` are true of missing values, nor where an order puts these: each is written so that both readings mean one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from connectors.mapping import spelling_of
from connectors.tables import Criterion, Kind, SortKey, Told
from connectors.zoho.manifest import manifest
from model.query import Compare, MoneyBound, Operator
from model.values import decimal_text

__all__ = ["CONVERTED", "Condition", "Coql", "Guarded", "Within", "fits", "select"]

CONVERTED = "$converted"
"""Stands among a guarded word's values for the records that its guard leaves out."""

_SIGNS = {Operator.LT: "<", Operator.LTE: "<=", Operator.GT: ">", Operator.GTE: ">="}
_LISTED = frozenset({Operator.EQ, Operator.IN})
_NEGATED = {Operator.EQ: Operator.NE, Operator.IN: Operator.NOT_IN}
# How quotes and backslashes are escaped is told in two ways (the FAQ on COQL doubles a quote), and `%` stands for
# anything after `like`, perhaps `_` for one character: what holds such signs is asked for by the text around them.
# Behind a place: beyond its key, or at its key and behind its id, each under a guard; and what all queries have.
_PLACE_CRITERIA = 8
_UNSAFE = re.compile(r"[\x00-\x1f\x7f'\"\\]")
_UNSAFE_IN_PATTERN = re.compile(r"[\x00-\x1f\x7f'\"\\%_]")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, and of how many criteria it is made; a query may have 25."""

    text: str
    criteria: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded(Criterion):
    """A field that has a value only *where* something else holds; *unless* is the complement of that.

    A word's value `CONVERTED` stands for the records outside.
    """

    where: Condition
    unless: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(Criterion):
    """A part of the column's text, such as the domain in a web address; it is checked here."""


class Coql:
    """How conditions are written."""

    def tell(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[Condition] | None:
        """*compare* in COQL."""
        if isinstance(criterion, Guarded):
            return self._guarded(criterion, compare, negate=negate)
        if isinstance(criterion, Within):
            return self._within(criterion, compare, negate=negate)
        if criterion.column in manifest().pointers:
            return self._pointer(criterion, compare, negate=negate)
        if compare.operator is Operator.IS_NULL:
            return self._missing(criterion, is_missing=bool(compare.operand) is not negate)
        if criterion.kind is Kind.MONEY:
            return None if negate else self._amount(criterion, compare)
        if criterion.kind in {Kind.TEXT, Kind.WORD}:
            return self._text(criterion, compare, negate=negate)
        if compare.operator in _SIGNS:
            return None if negate else self._bound(criterion, compare)
        return self._listed(criterion, replace(compare, operator=_complement(compare.operator, negate=negate)))

    def both(self, conditions: Sequence[Condition]) -> Condition:
        """All of *conditions*, in pairs of brackets."""
        return _paired("and", conditions)

    def either(self, conditions: Sequence[Condition]) -> Condition:
        """Any of *conditions*, in pairs of brackets."""
        return _paired("or", conditions)

    def _missing(self, criterion: Criterion, *, is_missing: bool) -> Told[Condition] | None:
        if criterion.kind is Kind.FLAG:
            return None
        return Told(Condition(f"{criterion.column} is {'null' if is_missing else 'not null'}"))

    def _or_missing(self, criterion: Criterion, condition: Condition) -> Condition:
        missing = Condition(f"{criterion.column} is null")
        return condition if criterion.is_always else self.either([condition, missing])

    def _bound(self, criterion: Criterion, compare: Compare) -> Told[Condition]:
        operator, operand = compare.operator, str(compare.operand)
        if criterion.kind is Kind.INSTANT:
            operator, operand = _in_seconds(operator, operand)
        return Told(Condition(f"{criterion.column} {_SIGNS[operator]} {_literal(criterion, operand)}"))

    def _listed(self, criterion: Criterion, compare: Compare) -> Told[Condition] | None:
        """EQ, IN and their complements, of all but texts and amounts."""
        if criterion.kind is Kind.FLAG:
            return self._flag(criterion, compare)
        if criterion.kind is Kind.SEVERAL or compare.operator in {Operator.CONTAINS, Operator.STARTS_WITH}:
            return None
        told = [_literal(criterion, one) for one in _operands(compare)]
        return Told(self.among(criterion, told, is_among=compare.operator in _LISTED))

    def _flag(self, criterion: Criterion, compare: Compare) -> Told[Condition] | None:
        """Truth values take `=` alone, so that a missing one cannot be asked for."""
        if compare.operator is Operator.EQ:
            return Told(Condition(f"{criterion.column} = '{str(compare.operand).lower()}'"))
        if compare.operator is Operator.NE and criterion.is_always:
            return Told(Condition(f"{criterion.column} = '{str(not compare.operand).lower()}'"))
        return None

    def among(self, criterion: Criterion, literals: Sequence[str], *, is_among: bool = True) -> Condition:
        """Whether the column is one of *literals*, in lists that are short enough."""
        size, unique = manifest().coql.values, list(dict.fromkeys(literals))
        lists = [unique[start : start + size] for start in range(0, len(unique), size)]
        signs = ("=", "in", "or") if is_among else ("!=", "not in", "and")
        parts = [
            Condition(
                f"{criterion.column} " + (f"{signs[0]} {one[0]}" if len(one) == 1 else f"{signs[1]} ({', '.join(one)})")
            )
            for one in lists
        ]
        whole = _paired(signs[2], parts)
        return whole if is_among else self._or_missing(criterion, whole)

    def _amount(self, criterion: Criterion, compare: Compare) -> Told[Condition] | None:
        """An amount in a currency; where there are several, the currency alone is asked for.

        Whether COQL compares the bare amount or one in the account's currency is not told.
        """
        bound = compare.operand
        if not isinstance(bound, MoneyBound):
            return None
        if criterion.currency_column is not None:
            if _UNSAFE.search(bound.currency):
                return None
            named = Condition(f"{criterion.currency_column} = '{bound.currency}'")
            if bound.currency == criterion.currency:
                named = self.either([named, Condition(f"{criterion.currency_column} is null")])
            return Told(self.both([named, Condition(f"{criterion.column} is not null")]), is_exact=False)
        sign = _SIGNS.get(compare.operator, "=")
        return Told(Condition(f"{criterion.column} {sign} {_literal(criterion, bound.amount)}"))

    def _text(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[Condition] | None:
        if compare.operator in {Operator.CONTAINS, Operator.STARTS_WITH}:
            return self._part(criterion, compare, negate=negate)
        operator = _complement(compare.operator, negate=negate)
        operands = _operands(compare)
        exact = [_exactly(one) for one in operands]
        if all(exact):
            told = [f"'{text}'" for texts in exact for text in texts]
            return Told(self.among(criterion, told, is_among=operator in _LISTED))
        if operator not in _LISTED or len(operands) > 1:
            return None
        return self._like(criterion, operands[0], pattern="%{}%")

    def _part(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[Condition] | None:
        """A beginning, or something within; `not like` works for the latter alone."""
        operand = str(compare.operand)
        begins = compare.operator is Operator.STARTS_WITH
        is_whole = _exactly(operand) == (operand,) and not _UNSAFE_IN_PATTERN.search(operand)
        if not negate:
            return self._like(criterion, operand, pattern="{}%" if begins and is_whole else "%{}%")
        if begins or not is_whole:
            return None
        return Told(self._or_missing(criterion, Condition(f"{criterion.column} not like '%{operand}%'")))

    def _like(self, criterion: Criterion, operand: str, *, pattern: str) -> Told[Condition]:
        """Texts that hold the longest part of *operand* that can be asked for; exact where it is all of it."""
        parts = [piece.strip() for part in spelling_of(operand).parts for piece in _UNSAFE_IN_PATTERN.split(part)]
        longest = max(parts, key=len, default="")[: manifest().text].strip()
        if not longest:
            return Told(Condition(f"{criterion.column} is not null"), is_exact=False)
        is_exact = longest.casefold() == operand.casefold()
        return Told(Condition(f"{criterion.column} like '{pattern.format(longest)}'"), is_exact=is_exact)

    def _within(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[Condition] | None:
        if negate or compare.operator in {Operator.NE, Operator.NOT_IN} or compare.operand is True:
            return None
        parts = [""] if compare.operand is False else _operands(compare)
        told = [self._like(criterion, one, pattern="%{}%").condition for one in parts]
        return Told(told[0] if len(told) == 1 else self.either(told), is_exact=False)

    def _pointer(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[Condition] | None:
        """Records that point to one of these ids; whether to one of the right type is checked here."""
        if negate or compare.operator not in _LISTED:
            return None
        told = [_literal(criterion, one) for one in _operands(compare)]
        return Told(self.among(criterion, told), is_exact=False)

    def _guarded(self, criterion: Guarded, compare: Compare, *, negate: bool) -> Told[Condition] | None:
        """As of the bare column where the guard holds; outside the value is missing, or is the word for that."""
        bare = Criterion(column=criterion.column, kind=criterion.kind)
        if criterion.kind is Kind.WORD:
            return self._guarded_word(criterion, bare, compare)
        told = None if negate else self.tell(bare, compare, negate=False)
        is_true_of_missing = compare.operator in {Operator.NE, Operator.NOT_IN} or compare.operand is True
        if told is None or is_true_of_missing:
            return self._outside(criterion, told)
        return replace(told, condition=self.both([criterion.where, told.condition]))

    def _outside(self, criterion: Guarded, told: Told[Condition] | None) -> Told[Condition] | None:
        return None if told is None else replace(told, condition=self.either([criterion.unless, told.condition]))

    def _guarded_word(self, criterion: Guarded, bare: Criterion, compare: Compare) -> Told[Condition] | None:
        """The word for the records outside is one of the values; all others hold within the guard."""
        if compare.operator is Operator.IS_NULL:
            told = self.tell(bare, compare, negate=False)
            if told is None:
                return None
            if compare.operand:
                return replace(told, condition=self.both([criterion.where, told.condition]))
            return self._outside(criterion, told)
        operands = _operands(compare)
        values = tuple(one for one in operands if one != CONVERTED)
        takes_outside = (CONVERTED in operands) is (compare.operator in _LISTED)
        if not values:
            return Told(criterion.unless if takes_outside else criterion.where)
        told = self.tell(bare, Compare(compare.field, _LISTS[compare.operator], values), negate=False)
        if told is None:
            return None
        within = self.both([criterion.where, told.condition])
        return replace(told, condition=self.either([criterion.unless, within]) if takes_outside else within)


_LISTS = {
    Operator.EQ: Operator.IN,
    Operator.IN: Operator.IN,
    Operator.NE: Operator.NOT_IN,
    Operator.NOT_IN: Operator.NOT_IN,
}


def fits(condition: Condition) -> bool:
    """Whether a query can hold *condition*, and a place in an order beside it."""
    return condition.criteria <= manifest().coql.criteria - _PLACE_CRITERIA


def select(
    columns: Iterable[str],
    module: str,
    where: Condition | None,
    order: Sequence[SortKey] = (),
    limit: int | None = None,
    *,
    groups: Sequence[str] = (),
) -> str:
    """The query for *columns* of *module*, which needs a condition; $se_module, which is no field, is quoted."""
    named = ", ".join(f"'{column}'" if column.startswith("$") else column for column in columns)
    parts = [one for one in (manifest().bases.get(module), None if where is None else where.text) if one is not None]
    condition = f"({parts[0]} and {parts[1]})" if len(parts) > 1 else parts[0] if parts else "id is not null"
    text = f"select {named} from {module} where {condition}"  # noqa: S608 - COQL; literals hold no quotes
    if groups:
        text += f" group by {', '.join(groups)}"
    if order:
        text += " order by " + ", ".join(f"{column} {'desc' if falls else 'asc'}" for column, falls in order)
    return text if limit is None else f"{text} limit {limit}"


def _operands(compare: Compare) -> list[str]:
    return [str(one) for one in (compare.operand if isinstance(compare.operand, tuple) else (compare.operand,))]


def _paired(word: str, conditions: Sequence[Condition]) -> Condition:
    whole, *rest = conditions
    for one in rest:
        whole = Condition(f"({whole.text} {word} {one.text})", whole.criteria + one.criteria)
    return whole


def _complement(operator: Operator, *, negate: bool) -> Operator:
    back = {other: one for one, other in _NEGATED.items()}
    return {**_NEGATED, **back}.get(operator, operator) if negate else operator


def _literal(criterion: Criterion, operand: str) -> str:
    """A value of the column's kind; ids, dates and instants hold no signs to escape."""
    if criterion.kind in {Kind.NUMBER, Kind.MONEY}:
        return decimal_text(Decimal(operand) * criterion.factor)
    if criterion.kind is Kind.INSTANT:
        return f"'{_seconds(operand).isoformat()}'"
    return f"'{operand}'"


def _seconds(operand: str) -> datetime:
    return datetime.fromisoformat(operand).astimezone(UTC).replace(microsecond=0)


def _in_seconds(operator: Operator, operand: str) -> tuple[Operator, str]:
    """The same bound for instants of whole seconds, which Zoho's are."""
    if not datetime.fromisoformat(operand).microsecond:
        return operator, operand
    return {Operator.GTE: Operator.GT, Operator.LT: Operator.LTE}.get(operator, operator), operand


def _exactly(operand: str) -> tuple[str, ...]:
    """Texts that equal *operand* whatever their case, one of which a record must have; none where that is not sure."""
    if _UNSAFE.search(operand) or operand != operand.strip() or len(operand) > manifest().text:
        return ()
    return spelling_of(operand).exact

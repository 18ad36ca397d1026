"""From our comparisons to conditions that an API can evaluate, by what its file says that it can."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from types import MappingProxyType
from typing import Any

from connectors.declarative.filters.conditions import Condition, Either, Negated, Test, both, tests_in
from connectors.declarative.filters.terms import Term
from connectors.declarative.spec import FilterSpec, FormatsSpec
from connectors.declarative.spec import OperatorName as Word
from connectors.mapping import is_unicode, spelling_of
from connectors.tables import Criterion, Kind, Told
from model.query import Compare, MoneyBound, Operator

__all__ = ["Declared"]

_WORDS: Mapping[Operator, Word] = {
    Operator.EQ: "eq",
    Operator.NE: "ne",
    Operator.IN: "in",
    Operator.NOT_IN: "not_in",
    Operator.LT: "lt",
    Operator.LTE: "lte",
    Operator.GT: "gt",
    Operator.GTE: "gte",
}
_OPPOSITE: Mapping[Operator, Operator] = {
    Operator.EQ: Operator.NE,
    Operator.NE: Operator.EQ,
    Operator.IN: Operator.NOT_IN,
    Operator.NOT_IN: Operator.IN,
}
_TAKES_MISSING = frozenset({Operator.NE, Operator.NOT_IN})
_MILLISECOND, _DAY = timedelta(milliseconds=1), timedelta(days=1)
_GREATEST = 2**53 - 1  # whole numbers up to here are exact in a double (RFC 8259, 6)
_NEVER_QUOTED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.FLAG})
_BARE: Mapping[Kind, str] = MappingProxyType({Kind.DAY: "day", Kind.INSTANT: "instant", Kind.ID: "id", Kind.LINK: "id"})
_LOOSER: Mapping[Word, Word] = {"gt": "gte", "lt": "lte"}


@dataclass(frozen=True, slots=True)
class Declared:
    """The conditions of one API; *spec* None where it filters by nothing."""

    spec: FilterSpec | None
    formats: FormatsSpec = field(default_factory=FormatsSpec)

    def tell(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[Condition] | None:
        """See `Language`."""
        term = criterion if isinstance(criterion, Term) else Term.of(criterion)
        asked = compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)
        if not all(is_unicode(str(one)) for one in asked):
            return None  # halves of pairs cannot be sent
        if term.guards:
            return self._guarded(term, compare, negate=negate)
        if negate:
            return self._negated(term, compare)
        if compare.operator is Operator.IS_NULL:
            condition = self._missing(term) if compare.operand else self._present(term)
            return None if condition is None else Told(condition)
        return _TELLERS[term.kind](self, term, compare)

    def both(self, conditions: Sequence[Condition]) -> Condition:
        """All of *conditions*."""
        return both(conditions)

    def either(self, conditions: Sequence[Condition]) -> Condition | None:
        """Any of *conditions*, where the API knows alternatives."""
        if self.spec is None or self.spec.either is None:
            return None
        return conditions[0] if len(conditions) == 1 else Either(tuple(conditions))

    def fits(self, condition: Condition) -> bool:
        """Whether one call can hold *condition*; parameters with one name cannot stand twice."""
        if self.spec is None:
            return False
        tests = list(tests_in(condition))
        if self.spec.style == "keys" and len({(one.column, one.operator, one.word) for one in tests}) < len(tests):
            return False
        if self.spec.style == "keys" and any(self.spec.separator in one for test in tests for one in _listed(test)):
            return False
        values = max((len(one.value) for one in tests if isinstance(one.value, tuple)), default=0)
        return len(tests) <= self.spec.most and values <= self.spec.most_values

    def says(self, term: Term, word: Word) -> bool:
        """Whether the API has the operator for the field."""
        if self.spec is None:
            return False
        if term.own is not None:
            return word in term.own
        if self.spec.style == "keys" and self.spec.leaf is None:
            return False
        return word in (self.spec.text if _is_of_text(term, word) else self.spec.operators)

    def test(self, term: Term, word: Word, value: Any) -> Test | None:
        """The comparison, where the API has its operator."""
        if not self.says(term, word):
            return None
        own = None if term.own is None else term.own[word]
        is_text = _is_of_text(term, word)
        return Test(term.column, word, value, own, is_text, is_bare=word == "is_null" or self._is_bare(term))

    def _is_bare(self, term: Term) -> bool:
        name = "instant" if term.holds_instants else _BARE.get(term.kind)
        return term.kind in _NEVER_QUOTED or (self.spec is not None and name in self.spec.bare)

    def _guarded(self, term: Term, compare: Compare, *, negate: bool) -> Told[Condition] | None:
        """A comparison that holds where the guards do as well."""
        if negate or compare.operator in _TAKES_MISSING:
            return None
        told = self.tell(replace(term, guards=()), compare, negate=False)
        is_missing = compare.operator is Operator.IS_NULL and bool(compare.operand)
        guards = [self._guard(column, value, is_met=not is_missing) for column, value in term.guards]
        parts = [None if told is None else told.condition, *guards]
        condition = self._any(parts) if is_missing else self._every(parts)
        return None if told is None or condition is None else Told(condition, told.is_exact, told.notes)

    def _guard(self, column: str, value: str | bool, *, is_met: bool) -> Condition | None:
        """A truth value that every row has."""
        if not isinstance(value, bool):
            return None
        return self.test(Term(column=column, kind=Kind.FLAG), "eq", value is is_met)

    def _missing(self, term: Term) -> Condition | None:
        parts: list[Condition | None] = [self.test(term, "is_null", value=True)]
        if term.empty is not None:
            parts.append(self._plain(term, "eq", term.empty))
        return self._any(parts)

    def _present(self, term: Term) -> Condition | None:
        parts: list[Condition | None] = [self.test(term, "is_null", value=False)]
        if term.empty is not None:
            parts.append(self._plain(term, "ne", term.empty))
        return self._every(parts)

    def _plain(self, term: Term, word: Word, value: Any) -> Condition | None:
        """A comparison of texts as they are."""
        return self.test(replace(term, kind=Kind.WORD), word, value) or self.test(term, word, value)

    def _every(self, parts: Sequence[Condition | None]) -> Condition | None:
        known = [part for part in parts if part is not None]
        return both(known) if known and len(known) == len(parts) else None

    def _any(self, parts: Sequence[Condition | None]) -> Condition | None:
        known = [part for part in parts if part is not None]
        if not known or len(known) < len(parts):
            return None
        return known[0] if len(known) == 1 else self.either(known)

    def _with_missing(self, term: Term, condition: Condition | None) -> Condition | None:
        """*condition*, which the API takes for untrue of missing values, or a missing value."""
        if condition is None or term.is_always or (self.spec is not None and self.spec.missing == "included"):
            return condition
        return self._any([condition, self._missing(term)])

    def _negated(self, term: Term, compare: Compare) -> Told[Condition] | None:
        opposite = _OPPOSITE.get(compare.operator)
        if opposite is not None and not isinstance(compare.operand, MoneyBound):
            told = self.tell(term, Compare(compare.field, opposite, compare.operand), negate=False)
            if told is not None and told.is_exact:
                return told
        told = self.tell(term, compare, negate=False)
        if told is None or not told.is_exact or self.spec is None or self.spec.negated is None:
            return None
        if compare.operator in _TAKES_MISSING or compare.operator is Operator.IS_NULL:
            return None
        turned = self._with_missing(term, Negated(told.condition))
        return None if turned is None else Told(turned)

    def compared(self, term: Term, operator: Operator, value: Any) -> Told[Condition] | None:
        """A comparison of values that compare as they are, by another operator where that one is lacking."""
        word = _WORDS[operator]
        values = value if isinstance(value, tuple) else (value,)
        found: Condition | None
        match word:
            case "eq" | "in":
                found = self._among(term, values)
            case "ne" | "not_in":
                found = self._with_missing(term, self._not_among(term, values))
            case _:
                found = self.test(term, word, value)
                looser = _LOOSER.get(word)
                if found is None and looser is not None:
                    wider = self.test(term, looser, value)
                    return None if wider is None else Told(wider, is_exact=False)
        return None if found is None else Told(found)

    def other_or_missing(self, term: Term, value: Any) -> Told[Condition] | None:
        """Of truth values: the other one, or none."""
        other = self._with_missing(term, self.test(term, "eq", not value))
        return None if other is None else Told(other)

    def _among(self, term: Term, values: tuple[Any, ...]) -> Condition | None:
        if not values:
            return None
        if len(values) == 1:
            one = self.test(term, "eq", values[0]) or self.test(term, "in", values)
            return one or self._every([self.test(term, "gte", values[0]), self.test(term, "lte", values[0])])
        listed = self.test(term, "in", values)
        return listed or self._any([self.test(term, "eq", value) for value in values])

    def _not_among(self, term: Term, values: tuple[Any, ...]) -> Condition | None:
        if len(values) == 1:
            return self.test(term, "ne", values[0]) or self.test(term, "not_in", values)
        listed = self.test(term, "not_in", values)
        return listed or self._every([self.test(term, "ne", value) for value in values])


def _is_of_text(term: Term, word: Word) -> bool:
    """Whether the operator is one of texts; that a value is missing is asked of all columns alike."""
    return term.kind in {Kind.TEXT, Kind.SEVERAL} and word != "is_null"


def _listed(test: Test) -> list[str]:
    """The texts of a list, which parameters have joined."""
    return [one for one in test.value if isinstance(one, str)] if isinstance(test.value, tuple) else []


def _texts(language: Declared, term: Term, compare: Compare) -> Told[Condition] | None:
    """Texts ignore case at the API by a table of its own: they are asked for such that every match is found."""
    match compare.operator:
        case Operator.CONTAINS | Operator.STARTS_WITH:
            return _part(language, term, compare)
        case Operator.EQ if not spelling_of(str(compare.operand)).exact:
            return _pieces(language, term, str(compare.operand))
        case _:
            asked = compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)
            spelled = [spelling_of(str(one)).exact for one in asked]
            if not all(spelled):
                return None
            found = tuple(dict.fromkeys(text for texts in spelled for text in texts))
            word = Operator.IN if compare.operator in {Operator.EQ, Operator.IN} else Operator.NOT_IN
            return language.compared(term, word, found)


def _part(language: Declared, term: Term, compare: Compare) -> Told[Condition] | None:
    spelling = spelling_of(str(compare.operand))
    is_whole = len(spelling.parts) == 1 and spelling.begins and spelling.ends
    if compare.operator is Operator.CONTAINS or not spelling.begins:
        pieces = _pieces(language, term, str(compare.operand))
        is_exact = is_whole and compare.operator is Operator.CONTAINS
        return None if pieces is None else Told(pieces.condition, is_exact)
    start = language.test(term, "starts_with", spelling.parts[0]) if spelling.parts else None
    if start is None:
        pieces = _pieces(language, term, str(compare.operand))
        return None if pieces is None else Told(pieces.condition, is_exact=False)
    return Told(start, is_exact=is_whole)


def _pieces(language: Declared, term: Term, text: str) -> Told[Condition] | None:
    """Rows that hold every part of *text* whose letters have one other form at most; a superset."""
    parts = [language.test(term, "contains", part) for part in spelling_of(text).parts]
    known = [part for part in parts if part is not None]
    return Told(both(known), is_exact=False) if known and len(known) == len(parts) else None


def _plainly(language: Declared, term: Term, compare: Compare) -> Told[Condition] | None:
    """Ids, truth values and the values of closed lists."""

    def value(one: Any) -> Any:
        return int(one) if term.is_numeric and not isinstance(one, bool) else one

    operand = compare.operand
    asked = operand if isinstance(operand, tuple) else (operand,)
    if term.kind is Kind.WORD and term.is_numeric and not all(str(one).lstrip("-").isdecimal() for one in asked):
        return None
    if compare.operator not in _WORDS or not all(term.accepts is None or term.accepts(str(one)) for one in asked):
        return None
    found = tuple(map(value, asked))
    if term.kind is Kind.FLAG and compare.operator is Operator.NE and not language.says(term, "ne"):
        return language.compared(term, Operator.NE, found[0]) or language.other_or_missing(term, found[0])
    return language.compared(term, compare.operator, found if isinstance(operand, tuple) else found[0])


def _number(language: Declared, term: Term, compare: Compare) -> Told[Condition] | None:
    operands = compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)
    numbers = [Decimal(str(one)) * term.factor for one in operands]
    operator = compare.operator
    if term.is_whole and any(one != one.to_integral_value() for one in numbers):
        if operator not in {Operator.GT, Operator.GTE, Operator.LT, Operator.LTE}:
            return None
        operator = Operator.GT if operator in {Operator.GT, Operator.GTE} else Operator.LTE
        numbers = [one.to_integral_value(ROUND_FLOOR) for one in numbers]
    written = tuple(_numeral(one, language) for one in numbers)
    if any(one is None for one in written):
        return None
    return language.compared(term, operator, written if isinstance(compare.operand, tuple) else written[0])


def _numeral(number: Decimal, language: Declared) -> int | float | str | None:
    """As the API wants it; None where JSON has no such number that every reader takes for the same."""
    if language.spec is not None and language.spec.numbers == "text":
        return format(number, "f")
    if abs(number) > _GREATEST:
        return None
    if number == number.to_integral_value():
        return int(number)
    short = float(number)
    return short if Decimal(repr(short)) == number else None


def _money(language: Declared, term: Term, compare: Compare) -> Told[Condition] | None:
    bound = compare.operand
    if not isinstance(bound, MoneyBound) or compare.operator not in _WORDS or compare.operator in _TAKES_MISSING:
        return None
    told = _number(language, replace(term, kind=Kind.NUMBER), Compare(compare.field, compare.operator, bound.amount))
    if told is None or term.currency_column is None:
        return told
    word = replace(term, kind=Kind.WORD, column=term.currency_column, factor=1, own=None, is_numeric=False)
    held = language.test(word, "eq", bound.currency)
    if bound.currency == term.currency:
        held_or_not = [held, language.test(word, "is_null", value=True)]
        if any(part is None for part in held_or_not):
            return None
        either = language.either([part for part in held_or_not if part is not None])
    else:
        either = held
    return None if either is None else Told(both([told.condition, either]), told.is_exact)


def _instant(language: Declared, term: Term, compare: Compare) -> Told[Condition] | None:
    if isinstance(compare.operand, tuple) or compare.operator not in _WORDS:
        return None
    moment, operator = datetime.fromisoformat(str(compare.operand)).astimezone(UTC), compare.operator
    if language.formats.stored == "finer":
        return _within(language, term, operator, (moment, moment + _MILLISECOND))
    if language.formats.stored == "seconds" and moment.microsecond:
        if operator in {Operator.EQ, Operator.NE}:
            return None
        operator = Operator.GT if operator in {Operator.GT, Operator.GTE} else Operator.LTE
        moment = moment.replace(microsecond=0)
    return language.compared(term, operator, _written(moment, language.formats))


def _written(moment: datetime, formats: FormatsSpec) -> str | int:
    style = formats.asked_instant or formats.instant
    if style == "epoch":
        return int(moment.timestamp())
    if style != "iso":
        return moment.strftime(style)
    timespec = "seconds" if formats.stored == "seconds" else "milliseconds"
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")


def _day(language: Declared, term: Term, compare: Compare) -> Told[Condition] | None:
    if isinstance(compare.operand, tuple) or compare.operator not in _WORDS:
        return None
    day = date.fromisoformat(str(compare.operand))
    if term.holds_instants:
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return None if day == date.max else _within(language, term, compare.operator, (start, start + _DAY))
    style = language.formats.asked_day or language.formats.day
    return language.compared(term, compare.operator, day.isoformat() if style == "iso" else day.strftime(style))


def _within(
    language: Declared, term: Term, operator: Operator, span: tuple[datetime, datetime]
) -> Told[Condition] | None:
    """A comparison with a span of time, its end exclusive, as one of the instants that the column has."""
    start, end = (_written(one, language.formats) for one in span)
    match operator:
        case Operator.EQ:
            parts = [language.test(term, "gte", start), language.test(term, "lt", end)]
            known = [part for part in parts if part is not None]
            return Told(both(known)) if len(known) == len(parts) else None
        case Operator.LT | Operator.GTE:
            return language.compared(term, operator, start)
        case Operator.LTE:
            return language.compared(term, Operator.LT, end)
        case Operator.GT:
            return language.compared(term, Operator.GTE, end)
        case _:
            return None


_TELLERS: Mapping[Kind, Callable[[Declared, Term, Compare], Told[Condition] | None]] = MappingProxyType(
    {
        Kind.TEXT: _texts,
        Kind.SEVERAL: lambda *_: None,
        Kind.WORD: _plainly,
        Kind.FLAG: _plainly,
        Kind.ID: _plainly,
        Kind.LINK: _plainly,
        Kind.NUMBER: _number,
        Kind.MONEY: _money,
        Kind.INSTANT: _instant,
        Kind.DAY: _day,
    }
)

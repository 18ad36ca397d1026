"""What one unified field is at HubSpot when it is compared or sorted by: a property, and how its values are told."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

from connectors.hubspot.search.filters import Filter, Group, Groups, both
from connectors.mapping import is_unicode
from model.query import Compare, MoneyBound, Operand, Operator

__all__ = ["CLEARED", "FOLDING", "TIES", "TOKENS", "Criterion", "Kind", "Pushed", "number_of", "pushed"]

CLEARED = "HubSpot may count a property that was set and then cleared as having a value"
FOLDING = "HubSpot compares texts by its own rules, which may differ for letters beyond a-z, for ß and for outer blanks"
TIES = "HubSpot finds records by any of their associations"
TOKENS = "HubSpot finds parts of texts by its own tokens"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 24 * 60 * 60 * 1000
_DOUBLE_S = re.compile(r"s{2,}")
_RUN = re.compile(r"[a-z]+|[0-9]+")
_BOUNDS = {Operator.LT: "LT", Operator.LTE: "LTE", Operator.GT: "GT", Operator.GTE: "GTE"}
_PLAIN = {Operator.EQ: "EQ", **_BOUNDS}


class Kind(Enum):
    """How a property's values compare."""

    TEXT = "free text"
    CHOICE = "an enumeration read as it is"
    WORD = "an enumeration read as one of our words"
    MEMBER = "an enumeration, some values of which mean true"
    FLAG = "a boolean"
    NUMBER = "a number"
    MONEY = "a number with a currency"
    INSTANT = "a point in time"
    DAY = "the UTC day of a point in time"
    KEY = "an id as text"
    LINK = "the id of another record"
    TIED = "an association, told by any id at its far end"
    SEVERAL = "an enumeration of which a record may have several values"
    ID = "the record's own id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A property as something to compare.

    Attributes:
        is_always: every record has a value.
        is_growing: a newer value is never smaller, as of a date of change.
        values: HubSpot's values by case-folded word (of a CHOICE, by case-folded value; of a MEMBER, by "true"; of a
            KEY or a LINK, by the ids that are known).
        has_blanks: values that are none of *values* read as missing.
        home_currency: of MONEY, the currency of amounts that name none.
        currency_property: of MONEY, where a record names its currency.
        guard: what must hold besides for the field to have a value.
    """

    name: str
    kind: Kind
    is_always: bool = False
    is_growing: bool = False
    values: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    has_blanks: bool = False
    home_currency: str | None = None
    currency_property: str | None = None
    guard: Filter | None = None

    @property
    def is_sortable(self) -> bool:
        """Whether HubSpot's order by the property is an order by the field."""
        return self.is_numeric or self.kind in {Kind.INSTANT, Kind.DAY}

    @property
    def is_numeric(self) -> bool:
        """Whether values are numbers, money included."""
        return self.kind in {Kind.NUMBER, Kind.MONEY}


@dataclass(frozen=True, slots=True)
class Pushed:
    """A condition in HubSpot's words; *is_exact* when it means what was asked, else it lets more through."""

    groups: Groups
    is_exact: bool = True
    notes: tuple[str, ...] = ()


_Told: TypeAlias = Pushed | None
"""None where HubSpot cannot tell."""


def pushed(criterion: Criterion, compare: Compare) -> _Told:
    """*compare* in HubSpot's words, or None where it cannot say it.

    Comparisons that are true or false of every record are folded before.
    """
    operator, operand = compare.operator, compare.operand
    if operator is Operator.IS_NULL:
        return _missing(criterion) if operand else _present(criterion)
    if criterion.guard is not None and operator in {Operator.NE, Operator.NOT_IN}:
        return None
    if not all(text.strip() and is_unicode(text) for text in _operands(operand)):
        return None  # a blank value is no value to HubSpot, and half a character no text in JSON
    told = _BY_KIND[criterion.kind](criterion, operator, operand)
    if told is None or criterion.guard is None:
        return told
    return Pushed(both(told.groups, ((criterion.guard,),)), told.is_exact, told.notes)


def number_of(kind: Kind, key: str) -> int | Decimal:
    """A sort key's wire form as something that compares."""
    if kind in {Kind.INSTANT, Kind.DAY}:
        return _milliseconds(key)
    return Decimal(key)


def _missing(criterion: Criterion) -> _Told:
    if criterion.has_blanks:
        return _among(criterion, _known(criterion), is_negative=True)
    if criterion.kind is Kind.TIED:
        return None
    groups: list[Group] = [(Filter(criterion.name, "NOT_HAS_PROPERTY"),)]
    if criterion.guard is not None:
        guard = criterion.guard
        groups += [(Filter(guard.name, "NOT_IN", values=guard.values),), (Filter(guard.name, "NOT_HAS_PROPERTY"),)]
    return Pushed(tuple(groups), notes=(CLEARED,))


def _present(criterion: Criterion) -> _Told:
    if criterion.has_blanks:
        return _among(criterion, _known(criterion), is_negative=False)
    if criterion.kind is Kind.TIED:
        return None
    group: Group = (Filter(criterion.name, "HAS_PROPERTY"),)
    if criterion.guard is not None:
        group += (criterion.guard,)
    return Pushed((group,), is_exact=False)


def _known(criterion: Criterion) -> list[str]:
    return [value for values in criterion.values.values() for value in values]


def _or_missing(criterion: Criterion, filter_: Filter) -> Pushed:
    """A negative comparison: NEQ and NOT_IN pass over records without a value, which our meaning includes."""
    if criterion.is_always:
        return Pushed(((filter_,),))
    return Pushed(((filter_,), (Filter(criterion.name, "NOT_HAS_PROPERTY"),)), notes=(CLEARED,))


def _among(criterion: Criterion, values: Iterable[str], *, is_negative: bool) -> Pushed:
    chosen = tuple(dict.fromkeys(values))
    if is_negative:
        single = Filter(criterion.name, "NEQ", chosen[0])
        return _or_missing(criterion, single if len(chosen) == 1 else Filter(criterion.name, "NOT_IN", values=chosen))
    single = Filter(criterion.name, "EQ", chosen[0])
    return Pushed(((single if len(chosen) == 1 else Filter(criterion.name, "IN", values=chosen),),))


def _operands(operand: Operand) -> tuple[str, ...]:
    items = operand if isinstance(operand, tuple) else (operand,)
    return tuple(str(item) for item in items)


_EQUALITY = {Operator.EQ: False, Operator.IN: False, Operator.NE: True, Operator.NOT_IN: True}
"""Equality operators, and whether they are negative."""


def _text(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    texts = [text.lower() for text in _operands(operand)]  # values of IN and NOT_IN must be in lower case
    if operator in {Operator.CONTAINS, Operator.STARTS_WITH}:
        return _tokens(criterion, texts[0], is_prefix=operator is Operator.STARTS_WITH)
    is_negative = _EQUALITY.get(operator)
    if is_negative is None:
        return None
    is_plain = all(text.isascii() and text == text.strip() for text in texts)
    if is_negative and not is_plain:
        return None
    told = _among(criterion, texts, is_negative=is_negative)
    is_sure = is_plain and not any("ss" in text for text in texts)
    return Pushed(told.groups, is_exact=is_sure, notes=told.notes if is_sure else (*told.notes, FOLDING))


def _tokens(criterion: Criterion, text: str, *, is_prefix: bool) -> _Told:
    """A wildcard search that finds at least the values with *text* in them.

    It asks for the longest run of letters or digits that lies within one token however texts are cut.
    An s at an end may be half of a ß in the value, and a double s a whole one: neither is part of a run.
    """
    bare = _DOUBLE_S.sub(" ", text.casefold()).removesuffix("s")
    if not is_prefix:
        bare = bare.removeprefix("s")
    run = max(_RUN.findall(bare), key=len, default="")
    if len(run) < 2:
        return None
    starts = is_prefix and bare.startswith(run)
    return Pushed(
        ((Filter(criterion.name, "CONTAINS_TOKEN", f"{run}*" if starts else f"*{run}*"),),),
        is_exact=False,
        notes=(TOKENS,),
    )


def _choice(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    is_negative = _EQUALITY.get(operator)
    if is_negative is None:
        return None
    values = [value for text in _operands(operand) for value in criterion.values.get(text.casefold(), (text,))]
    return _among(criterion, values, is_negative=is_negative)


def _word(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    words = [text.casefold() for text in _operands(operand)]
    is_negative = _EQUALITY.get(operator)
    if is_negative is None or any(word not in criterion.values for word in words):
        return None
    return _among(criterion, [value for word in words for value in criterion.values[word]], is_negative=is_negative)


def _member(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    if operator not in {Operator.EQ, Operator.NE}:
        return None
    is_negative = (operator is Operator.EQ) is not bool(operand)
    return _among(criterion, criterion.values["true"], is_negative=is_negative)


def _flag(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    if operator not in {Operator.EQ, Operator.NE}:
        return None
    return _among(criterion, ["true" if operand else "false"], is_negative=operator is Operator.NE)


def _key(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    is_negative = _EQUALITY.get(operator)
    return None if is_negative is None else _among(criterion, _operands(operand), is_negative=is_negative)


def _tied(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    """Records that are tied to an id, not by the primary tie alone; one id a filter, which takes EQ and no other."""
    if operator not in {Operator.EQ, Operator.IN}:
        return None
    groups = tuple((Filter(criterion.name, "EQ", text),) for text in _operands(operand))
    return Pushed(groups, is_exact=False, notes=(TIES,))


def _untold(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    """HubSpot does not say what its operators make of several values."""
    del criterion, operator, operand
    return None


def _number(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    return _scalar(criterion, operator, _operands(operand))


def _instant(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    return _scalar(criterion, operator, tuple(str(_milliseconds(text)) for text in _operands(operand)))


def _scalar(criterion: Criterion, operator: Operator, values: tuple[str, ...]) -> _Told:
    if operator in _BOUNDS:
        return Pushed(((Filter(criterion.name, _BOUNDS[operator], values[0]),),))
    is_negative = _EQUALITY.get(operator)
    return None if is_negative is None else _among(criterion, values, is_negative=is_negative)


def _day(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    if operator in {Operator.IN, Operator.NOT_IN}:
        return None
    first = _milliseconds(str(operand))
    starts, ends = str(first), str(first + _DAY)
    bounds = {
        Operator.LT: (("LT", starts),),
        Operator.LTE: (("LT", ends),),
        Operator.GT: (("GTE", ends),),
        Operator.GTE: (("GTE", starts),),
        Operator.EQ: (("GTE", starts), ("LT", ends)),
    }
    if operator not in bounds:
        return None
    return Pushed((tuple(Filter(criterion.name, word, value) for word, value in bounds[operator]),))


def _money(criterion: Criterion, operator: Operator, operand: Operand) -> _Told:
    if not isinstance(operand, MoneyBound):  # the key of an order: amounts of one currency, told by another filter
        return _number(criterion, operator, operand)
    if operator not in _PLAIN:
        return None
    amount = Filter(criterion.name, _PLAIN[operator], operand.amount)
    if criterion.currency_property is None:
        return Pushed(((amount,),))
    groups: list[Group] = [(amount, Filter(criterion.currency_property, "EQ", operand.currency))]
    if operand.currency == criterion.home_currency:
        groups.append((amount, Filter(criterion.currency_property, "NOT_HAS_PROPERTY")))
    return Pushed(tuple(groups))


_BY_KIND: dict[Kind, Callable[[Criterion, Operator, Any], _Told]] = {
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.WORD: _word,
    Kind.MEMBER: _member,
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.INSTANT: _instant,
    Kind.DAY: _day,
    Kind.KEY: _key,
    Kind.LINK: _key,
    Kind.TIED: _tied,
    Kind.SEVERAL: _untold,
    Kind.ID: _key,
}


def _milliseconds(text: str) -> int:
    moment = (
        datetime.fromisoformat(text) if "T" in text else datetime.combine(date.fromisoformat(text), datetime.min.time())
    )
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)

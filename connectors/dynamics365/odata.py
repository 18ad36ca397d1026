"""Conditions and addresses in the OData that Dataverse speaks.

Microsoft, "Filter rows" and "Query functions" (read 2026-11): texts compare without case, and in `contains` and
`startswith` the characters % _ [ are patterns, which brackets take away. Databases ignore accents too, by a collation
that the API does not tell: texts are asked for as a superset, and what would lose rows by it is not asked at all.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any
from urllib.parse import quote

from connectors.dynamics365.manifest import manifest
from connectors.mapping import spelling_of
from connectors.tables import Criterion, Kind, Told
from model.query import Compare, MoneyBound, Operator

__all__ = ["OData", "Term", "address", "canonical", "listed", "sort_key"]

_POSITIVE = frozenset({Operator.EQ, Operator.IN})
_PARTS = frozenset({Operator.EQ, Operator.IN, Operator.CONTAINS, Operator.STARTS_WITH})
_SYMBOLS: Mapping[Operator, str] = {
    Operator.EQ: "eq",
    Operator.NE: "ne",
    Operator.LT: "lt",
    Operator.LTE: "le",
    Operator.GT: "gt",
    Operator.GTE: "ge",
}
_ABOVE = frozenset({Operator.GT, Operator.GTE})
# Signs that a quoted value cannot carry to the database: controls, halves of pairs, and what is no character.
_UNSPEAKABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_PLAIN = re.compile(r"[^\"'\\\[\]{}]+")
_MOST_ALTERNATIVES = 50
_LISTED = manifest().listed
_FIRST_YEAR = "1753"  # the database's calendar begins there ("DateTime columns": 1/1/1753, read 2026-11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Criterion):
    """How a field compares in OData.

    Attributes:
        absent: what is null where the field is missing; the column if left out.
        places, most: of NUMBER and MONEY, decimals that the column holds, and its greatest number.
        holds_instants: of DAY, whether the column has instants, of which the record shows the UTC day.
        is_within: of TEXT, whether the value is a part of the column's.
        currencies: of MONEY, values of the currency's look-up by ISO code.
        cases: conditions, each with how the field compares under it, None where it has no value; one always holds.
    """

    absent: str | None = None
    places: int = 10
    most: int = 100_000_000_000
    holds_instants: bool = False
    is_within: bool = False
    currencies: Mapping[str, str] | None = None
    cases: "tuple[tuple[str, Term | None], ...]" = ()

    @property
    def may_sort(self) -> bool:
        """Whether Dataverse's order by the column is an order by the field; amounts come with their currency."""
        return self.is_sortable and self.kind in {Kind.NUMBER, Kind.MONEY, Kind.INSTANT, Kind.DAY}

    @classmethod
    def of(cls, criterion: Criterion, **further: Any) -> "Term":
        """*criterion* with what OData must know beyond it."""
        return cls(**{item.name: getattr(criterion, item.name) for item in fields(criterion)} | further)


class OData:
    """The language of conditions."""

    def tell(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[str] | None:
        """See `Language`."""
        term = criterion if isinstance(criterion, Term) else Term.of(criterion)
        if term.cases:
            return self._by_case(term, compare, negate=negate)
        if negate:
            return None
        if compare.operator is Operator.IS_NULL:
            return Told(f"{term.absent or term.column} {'eq' if compare.operand else 'ne'} null")
        return _TELLERS[term.kind](term, compare)

    def both(self, conditions: Sequence[str]) -> str:
        """All of *conditions*."""
        return " and ".join(conditions)

    def either(self, conditions: Sequence[str]) -> str:
        """Any of *conditions*."""
        return f"({' or '.join(conditions)})"

    def _by_case(self, term: Term, compare: Compare, *, negate: bool) -> Told[str] | None:
        takes_missing = compare.operator in {Operator.NE, Operator.NOT_IN}
        takes_missing |= compare.operator is Operator.IS_NULL and bool(compare.operand)
        told: list[Told[str]] = []
        for condition, inner in term.cases:
            if inner is not None:
                part = self.tell(inner, compare, negate=negate)
                if part is None:
                    return None
                told.append(Told(self.both([condition, part.condition]), part.is_exact))
            elif takes_missing is not negate:
                told.append(Told(condition))
        return Told(self.either([part.condition for part in told]), all(part.is_exact for part in told))


def canonical(remote_id: str) -> str | None:
    """A GUID in lower case; None for anything else."""
    spelled = remote_id.lower()
    shape = "".join("0" if char in "0123456789abcdef" else char for char in spelled)
    return spelled if shape == "00000000-0000-0000-0000-000000000000" else None


def sort_key(remote_id: str) -> bytes:
    """A GUID as SQL Server compares uniqueidentifiers: the last six bytes first, then group by group from the end.

    The first three groups are kept with their bytes turned round ("Comparing GUID and uniqueidentifier values", SQL
    Server documentation, read 2026-11).
    """
    kept = bytes.fromhex(remote_id.replace("-", ""))
    return kept[10:] + kept[8:10] + kept[7:5:-1] + kept[5:3:-1] + kept[3::-1]


def listed(column: str, values: Sequence[str]) -> str:
    """The condition that *column* has one of *values*: ids, numbers or plain words."""
    return f"Microsoft.Dynamics.CRM.In(PropertyName='{column}',PropertyValues={json.dumps(values, ensure_ascii=False)})"


def address(path: str, options: Mapping[str, str | None]) -> str:
    """*path* with query options, encoded; those that are None are left out."""
    parts = [f"${name}={quote(value, safe=_SAFE)}" for name, value in options.items() if value is not None]
    return f"{path}?{'&'.join(parts)}" if parts else path


_SAFE = "()'*$=:"


def _operands(compare: Compare) -> tuple[Any, ...]:
    return compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)


def _or_missing(term: Term, condition: str) -> str:
    return condition if term.is_always else f"({condition} or {term.column} eq null)"


def _values(term: Term, compare: Compare) -> Told[str] | None:
    """Ids, look-ups, words and flags: literals as they are."""
    literals = [str(one).lower() for one in _operands(compare)]
    if compare.operator not in {*_POSITIVE, Operator.NE, Operator.NOT_IN}:
        symbol = _SYMBOLS.get(compare.operator)
        return None if symbol is None else Told(f"{term.column} {symbol} {literals[0]}")
    is_positive = compare.operator in _POSITIVE
    found = _among(term.column, literals, symbol="eq" if is_positive else "ne")
    return None if found is None else Told(found if is_positive else _or_missing(term, found))


def _among(column: str, literals: Sequence[str], *, symbol: str) -> str | None:
    if len(literals) == 1:
        return f"{column} {symbol} {literals[0]}"
    if literals[0] in {"true", "false"} or "/" in column:  # `In` takes a column by its name alone
        joint = " or " if symbol == "eq" else " and "
        each = joint.join(f"{column} {symbol} {literal}" for literal in literals)
        return f"({each})" if len(literals) <= _MOST_ALTERNATIVES else None
    lists = _lists(column, literals)
    if symbol == "eq":
        return lists[0] if len(lists) == 1 else f"({' or '.join(lists)})"
    return " and ".join(one.replace(".In(", ".NotIn(", 1) for one in lists)


def _lists(column: str, values: Sequence[str]) -> list[str]:
    return [listed(column, values[start : start + _LISTED]) for start in range(0, len(values), _LISTED)]


def _number(term: Term, compare: Compare) -> Told[str] | None:
    found = [_bounded(term, compare.operator, str(one)) for one in _operands(compare)]
    parts = [part for part in found if part is not None]
    if len(parts) < len(found) or len(parts) > _MOST_ALTERNATIVES:
        return None
    if compare.operator in {Operator.NE, Operator.NOT_IN}:
        return Told(_or_missing(term, " and ".join(parts)))
    return Told(parts[0] if len(parts) == 1 else f"({' or '.join(parts)})")


def _bounded(term: Term, operator: Operator, operand: str) -> str | None:
    """One number in a comparison that means the same among the numbers that the column can hold."""
    number = Decimal(operand) * term.factor
    if abs(number) > term.most:
        if operator not in {Operator.LT, Operator.LTE, Operator.GT, Operator.GTE}:
            return None
        limit = term.most if number > 0 else -term.most
        symbol = {(True, True): "gt", (True, False): "le", (False, True): "ge", (False, False): "lt"}
        return f"{term.column} {symbol[number > 0, operator in _ABOVE]} {limit}"
    floor = number.quantize(Decimal(1).scaleb(-term.places), rounding=ROUND_FLOOR)
    exact = {Operator.IN: Operator.EQ, Operator.NOT_IN: Operator.NE}.get(operator, operator)
    if floor == number:
        return f"{term.column} {_SYMBOLS[exact]} {floor.normalize():f}"
    if exact in {Operator.EQ, Operator.NE}:
        return None
    return f"{term.column} {'gt' if operator in _ABOVE else 'le'} {floor.normalize():f}"


def _money(term: Term, compare: Compare) -> Told[str] | None:
    bound = compare.operand
    if not isinstance(bound, MoneyBound):
        return _number(term, compare)
    amount = _number(term, Compare(compare.field, compare.operator, bound.amount))
    currency = (term.currencies or {}).get(bound.currency)
    if amount is None or currency is None or term.currency_column is None:
        return None
    same = f"{term.currency_column} eq {currency}"
    if bound.currency == term.currency:
        same = f"({same} or {term.currency_column} eq null)"
    return Told(f"{same} and {amount.condition}")


def _instant(term: Term, compare: Compare) -> Told[str] | None:
    """Instants are kept to the second."""
    text, operator = str(compare.operand), compare.operator
    if operator not in _SYMBOLS or text < _FIRST_YEAR:
        return None
    if text[19:] in {".000Z", "Z"}:
        return Told(f"{term.column} {_SYMBOLS[operator]} {text[:19]}Z")
    if operator in {Operator.EQ, Operator.NE}:
        return None
    return Told(f"{term.column} {'gt' if operator in _ABOVE else 'le'} {text[:19]}Z")


def _day(term: Term, compare: Compare) -> Told[str] | None:
    text, operator = str(compare.operand), compare.operator
    if operator not in _SYMBOLS or not _FIRST_YEAR < text < "9999-12-31":
        return None
    if not term.holds_instants:
        found = f"{term.column} {_SYMBOLS[operator]} {text}"
        return Told(_or_missing(term, found) if operator is Operator.NE else found)
    start = f"{text}T00:00:00Z"
    end = f"{date.fromisoformat(text) + timedelta(days=1)}T00:00:00Z"
    match operator:
        case Operator.EQ:
            return Told(f"{term.column} ge {start} and {term.column} lt {end}")
        case Operator.NE:
            return Told(f"({term.column} lt {start} or {term.column} ge {end} or {term.column} eq null)")
        case Operator.LT | Operator.GTE:
            return Told(f"{term.column} {_SYMBOLS[operator]} {start}")
        case _:
            return Told(f"{term.column} {'lt' if operator is Operator.LTE else 'ge'} {end}")


def _text(term: Term, compare: Compare) -> Told[str] | None:
    """A superset; several plain texts go in one list."""
    texts, operator = [str(one) for one in _operands(compare)], compare.operator
    if operator not in _PARTS or any(map(_UNSPEAKABLE.search, texts)):
        return None
    if operator is Operator.CONTAINS or term.is_within:
        return _spelled(texts, lambda text: _patterns(term.column, text, starts=False))
    if operator is Operator.STARTS_WITH:
        return _spelled(texts, lambda text: _patterns(term.column, text, starts=True))
    plain = [one for text in texts for one in spelling_of(text).exact if _PLAIN.fullmatch(text)]
    if len(plain) < 2 or "/" in term.column:
        return _spelled(texts, lambda text: _equals(term.column, text))
    others = [text for text in texts if not (_PLAIN.fullmatch(text) and spelling_of(text).exact)]
    rest = _spelled(others, lambda text: _equals(term.column, text)) if others else None
    if others and rest is None:
        return None
    parts = [*_lists(term.column, plain), *([] if rest is None else [rest.condition])]
    return Told(parts[0] if len(parts) == 1 else f"({' or '.join(parts)})", is_exact=False)


def _spelled(texts: Sequence[str], spell: Callable[[str], Sequence[str]]) -> Told[str] | None:
    each = [spell(text) for text in texts]
    found = [condition for conditions in each for condition in conditions]
    if not all(each) or len(found) > _MOST_ALTERNATIVES:
        return None
    return Told(found[0] if len(found) == 1 else f"({' or '.join(found)})", is_exact=False)


def _equals(column: str, text: str) -> Sequence[str]:
    spelling = spelling_of(text)
    if spelling.exact:
        return [f"{column} eq {_quoted(one)}" for one in spelling.exact]
    return _patterns(column, text, starts=True)


def _patterns(column: str, text: str, *, starts: bool) -> Sequence[str]:
    """Conditions of which one at least holds where *text* is a part, or the start, of the column."""
    spelling = spelling_of(text)
    texts = [_escaped(one) for one in spelling.exact]
    if not texts and spelling.parts:
        texts = ["%".join(map(_escaped, spelling.parts))]
    function = "startswith" if starts and (spelling.exact or spelling.begins) else "contains"
    return [f"{function}({column},{_quoted(one)})" for one in texts]


def _escaped(text: str) -> str:
    return re.sub(r"[%_\[]", r"[\g<0>]", text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _nothing(term: Term, compare: Compare) -> None:
    del term, compare


_TELLERS: Mapping[Kind, Callable[[Term, Compare], Told[str] | None]] = {
    **dict.fromkeys((Kind.ID, Kind.LINK, Kind.WORD, Kind.FLAG), _values),
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.INSTANT: _instant,
    Kind.DAY: _day,
    Kind.TEXT: _text,
    Kind.SEVERAL: _nothing,
}

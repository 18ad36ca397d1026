"""Criteria of a statement as checks of records.

Texts compare without case. A missing value meets no criterion but "is null": whether Zoho's "!=" and "not in" meet one
is not documented, and in SQL they do not.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from sandbox.zoho.coql.grammar import Both, Comparison, Condition
from sandbox.zoho.coql.names import Name, Names
from sandbox.zoho.errors import refusal
from sandbox.zoho.org import Key, Record

__all__ = ["Check", "check_of", "comparisons_of", "literal"]

Check = Callable[[Record], bool]

_EQUALITY = frozenset({"=", "!=", "in", "not in", "is null", "is not null"})
_WORDS = _EQUALITY | {"like", "not like"}
_RANGE = _EQUALITY | {">", "<", ">=", "<=", "between", "not between"}
# COQL posts of Zoho's developers, Kaizen 80 and 81, read 2026-11.
_OPERATORS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("text", "email", "phone", "website", "picklist", "multiselectpicklist"), _WORDS),
    **dict.fromkeys(("bigint", "integer", "double", "currency", "date", "datetime"), _RANGE),
    **dict.fromkeys(("lookup", "ownerlookup"), _EQUALITY),
    "boolean": frozenset({"="}),
}
_ID = re.compile(r"[0-9]{1,19}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_NEGATED = frozenset({"!=", "not in", "not like", "not between"})


def comparisons_of(condition: Condition) -> Iterator[Comparison]:
    """Every criterion of *condition*."""
    if isinstance(condition, Both):
        yield from comparisons_of(condition.left)
        yield from comparisons_of(condition.right)
    else:
        yield condition


def check_of(condition: Condition, names: Names) -> Check:
    """*condition* as a check.

    Raises:
        VendorError: 400 for a column, operator or value that does not fit.
    """
    if isinstance(condition, Comparison):
        return _comparison(condition, names(condition.name))
    left, right = check_of(condition.left, names), check_of(condition.right, names)
    if condition.operator == "and":
        return lambda record: left(record) and right(record)
    return lambda record: left(record) or right(record)


def _comparison(told: Comparison, name: Name) -> Check:
    kind, operator = name.field.kind, told.operator
    if operator not in _OPERATORS.get(kind, frozenset()):
        raise refusal("INVALID_QUERY", column_name=told.name, operator=operator, data_type=kind)
    if operator in {"is null", "is not null"}:
        is_wanted = operator == "is null"
        return lambda record: (name.key(record) is None) is is_wanted
    if operator.endswith("like"):
        holds = _pattern(told)
    else:
        holds = _relation(operator.removeprefix("not "), [_value(one, told.name, kind) for one in told.values])
    is_negated = operator in _NEGATED

    def check(record: Record) -> bool:
        key = name.key(record)
        return key is not None and holds(key) is not is_negated

    return check


def _relation(operator: str, values: list[Key]) -> Callable[[Key], bool]:
    first = values[0]
    match operator:
        case "in":
            among = frozenset(values)
            return lambda key: key in among
        case "between":
            low, high = values
            return lambda key: low <= key <= high  # type: ignore[operator]  # keys of one field have one type
        case ">":
            return lambda key: key > first  # type: ignore[operator]  # as above
        case "<":
            return lambda key: key < first  # type: ignore[operator]  # as above
        case ">=":
            return lambda key: key >= first  # type: ignore[operator]  # as above
        case "<=":
            return lambda key: key <= first  # type: ignore[operator]  # as above
        case _:
            return lambda key: key == first


def _pattern(told: Comparison) -> Callable[[Key], bool]:
    """A check of LIKE, which is told for starts, ends and contains only: "%" anywhere else is refused."""
    pattern = told.values[0].casefold()
    text = pattern.removeprefix("%").removesuffix("%") if pattern != "%" else ""
    if "%" in text:
        raise _misfit(told.name, told.values[0])
    match pattern.startswith("%"), pattern.endswith("%"):
        case True, True:
            return lambda key: text in str(key)
        case True, False:
            return lambda key: str(key).endswith(text)
        case False, True:
            return lambda key: str(key).startswith(text)
        case _:
            return lambda key: key == text


def _value(text: str, column: str, kind: str) -> Key:
    found = literal(text, kind)
    if found is None:
        raise _misfit(column, text)
    return found


def literal(text: str, kind: str) -> Key | None:
    """What *text* is compared as with values of *kind*; None where it does not fit."""
    match kind:
        case "bigint":
            return int(text) if _ID.fullmatch(text) else None
        case "lookup" | "ownerlookup":
            return text if _ID.fullmatch(text) else None
        case "integer" | "double" | "currency":
            try:
                number = Decimal(text)
            except InvalidOperation:
                return None
            return number if number.is_finite() else None
        case "boolean":
            return {"true": True, "false": False}.get(text.lower())
        case "date" | "datetime":
            return _moment(text, kind)
        case _:
            return text.casefold()


def _moment(text: str, kind: str) -> date | datetime | None:
    try:
        if kind == "date":
            return date.fromisoformat(text) if _DATE.fullmatch(text) else None
        return datetime.fromisoformat(text) if _DATETIME.fullmatch(text) else None
    except ValueError:
        return None


def _misfit(column: str, value: str) -> Exception:
    message = "value given seems to be invalid for the column"
    return refusal("INVALID_QUERY", message=message, column_name=column, value=value)

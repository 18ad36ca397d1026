"""Filtered searches: rules of attribute, operator and value, all of which must hold."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.freshsales.account import Account
from sandbox.freshsales.errors import invalid
from sandbox.freshsales.tables import Field, FieldType, Object, Row

__all__ = ["compile_rules"]

Holds = Callable[[Row], bool]
_Test = Callable[[Sequence[Any]], bool]

_EMPTY = ("is_empty", "is_not_empty")
_OPERATORS: dict[FieldType, tuple[str, ...]] = {
    "text": ("is_in", "is_not_in", "contains", "does_not_contain", "starts_with", "ends_with", *_EMPTY),
    "number": ("is", "is_not", "is_more_than", "is_less_than", *_EMPTY),
    "date": ("is_on", "is_before", "is_after", *_EMPTY),
    "datetime": ("is_on", "is_before", "is_after", *_EMPTY),
    "dropdown": ("is_in", "is_not_in", *_EMPTY),
    "auto_complete": ("is_in", "is_not_in", *_EMPTY),
    "checkbox": ("is_in", "is_not_in", *_EMPTY),
    "multi_select_dropdown": ("is_in", "is_not_in", *_EMPTY),
}
"""What each type of field can be asked; the full list is not documented, and what is not here is refused."""

_NEGATIONS = {
    "is_not_in": "is_in",
    "does_not_contain": "contains",
    "is_not": "is",
    "is_not_empty": "is_empty",
}
_PARTS: dict[str, Callable[[str, str], bool]] = {
    "contains": str.__contains__,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}


def compile_rules(body: object, kind: Object, account: Account) -> Holds:
    """What tells whether a record keeps every rule of *body*, such as {"filter_rule": [{"attribute": …}]}.

    Negations are true of missing values, nothing else but `is_empty` is; texts compare regardless of case.
    A day without a time is a whole day UTC: `is_before` ends before it, `is_after` begins after it.

    Raises:
        VendorError: 400 for another body, an unknown attribute, or an operator or value that it does not take.
    """
    rules = body.get("filter_rule") if isinstance(body, dict) else None
    if not isinstance(rules, list) or not rules or not all(isinstance(rule, dict) for rule in rules):
        raise invalid("Invalid or missing attributes: filter_rule")
    tests = [_compile(rule, kind, account) for rule in rules]
    return lambda row: all(test(row) for test in tests)


def _compile(rule: dict[str, Any], kind: Object, account: Account) -> Holds:
    attribute, operator = rule.get("attribute"), rule.get("operator")
    known = {one.name: one for one in kind.fields}
    field = known.get(str(attribute)) or _FURTHER.get((kind.plural, str(attribute)))
    if attribute == "id" and account.options.id_attribute:
        field = Field(name="id", label="ID", type="auto_complete")
    if field is None:
        raise invalid(f"Invalid attribute: {attribute}")
    if operator not in _OPERATORS[field.type]:
        raise invalid(f"Invalid operator for {attribute}: {operator}")
    values = _values(field, kind, account)
    plain = _NEGATIONS.get(operator, operator)
    test = _test(plain, field.type, rule.get("value"))
    return (lambda row: not test(values(row))) if operator in _NEGATIONS else (lambda row: test(values(row)))


_FURTHER = {
    ("contacts", "contact_email.email"): Field(name="emails", label="Email", type="text"),
}


def _values(field: Field, kind: Object, account: Account) -> Callable[[Row], Sequence[Any]]:
    """The values that a record has in *field*, as `_operand` makes them to be compared."""
    name = field.name
    if name == "emails":
        return lambda row: [one["value"].casefold() for one in row["emails"]]
    if name == "sales_account.name":
        return lambda row: [
            account_row["name"].casefold()
            for account_row in [account.find("sales_accounts", row["sales_account_id"] or 0)]
            if account_row
        ]
    if kind.plural == "contacts" and name == "sales_account_id":
        return lambda row: [str(one["id"]) for one in row["sales_accounts"]]

    def values(row: Row) -> Sequence[Any]:
        value = row["custom_field"].get(name) if name.startswith("cf_") else row.get(name)
        if value is None or value == "":
            return []
        if field.type == "multi_select_dropdown":
            return [_operand(field.type, one) for one in value.split(";")]
        return [_operand(field.type, value)]

    return values


def _test(operator: str, kind: FieldType, value: Any) -> _Test:
    if operator == "is_empty":
        return lambda values: not values
    wanted = [_operand(kind, one) for one in (value if isinstance(value, list) else [value])]
    if operator == "is_in":
        among = frozenset(wanted)
        return lambda values: not among.isdisjoint(values)
    if len(wanted) != 1:
        raise invalid(f"Invalid value: {operator} takes one")
    (only,) = wanted
    if operator in _PARTS:
        return lambda values: any(_PARTS[operator](one, only) for one in values)
    if operator == "is":
        return lambda values: only in values
    low, high = only if isinstance(only, tuple) else (only, only)
    if operator == "is_on":
        return lambda values: any(low <= one[0] < high or one[0] == low for one in values)
    if operator in {"is_before", "is_less_than"}:
        return lambda values: any(_start(one) < low for one in values)
    if kind == "number" or low == high:
        return lambda values: any(_start(one) > high for one in values)
    return lambda values: any(one[0] >= high for one in values)


def _start(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) else value


def _operand(kind: FieldType, value: Any) -> Any:
    """*value* to be compared: numbers as decimals, days and instants by begin and end, all else as folded text."""
    try:
        if value is None or isinstance(value, dict | list):
            raise ValueError(value)
        if kind == "number":
            return _finite(Decimal(str(value)))
        if kind in {"date", "datetime"}:
            return _span(str(value))
    except (ValueError, OverflowError, InvalidOperation) as error:
        raise invalid(f"Invalid value: {value}") from error
    return str(value).casefold()


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise ValueError(number)
    return number


def _span(text: str) -> tuple[datetime, datetime]:
    at = datetime.fromisoformat(text)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return (at, at + timedelta(days=1)) if len(text) == len("2026-01-01") else (at, at)

"""A vendor in a few lines: rows, a manifest's type over them, and conditions that are functions of a row."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias

from connectors.mapping import Row
from connectors.tables import Answer, Criterion, Kind, SortKey, TableType, Told, TypeSpec, table_type
from model.entities import Entity
from model.query import Compare, MoneyBound, Operator

__all__ = ["Condition", "Functions", "asking", "deals", "drawn_rows"]

Condition: TypeAlias = Callable[[Row], bool]

_SPEC = {
    "remote": "opportunities",
    "batch_read_size": 10,
    "fields": {
        "name": "title",
        "amount": {"money": "value", "currency": "currency"},
        "probability": {"percent": "chance", "sort": True},
        "status": {"word": "state", "words": {0: "OPEN", 1: "WON", 2: "LOST", 3: "LOST"}, "unmapped": "UNKNOWN"},
        "status_label": {"label": "state"},
        "created_at": {"instant": "made", "always": True, "sort": True},
        "expected_close_on": {"day": "due", "sort": True},
        "company": {"link": "account.id", "to": "company"},
        "is_archived": {"flag": "archived"},
        "deal_type": {"constant": "new"},
    },
}
_LABELS = {"state": {"0": "In progress", "1": "Won", "2": "Lost to Acme"}}
_ORDERED: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.LT: lambda a, b: bool(a < b),
    Operator.LTE: lambda a, b: bool(a <= b),
    Operator.GT: lambda a, b: bool(a > b),
    Operator.GTE: lambda a, b: bool(a >= b),
}


def deals(*, sorts_missing_last: frozenset[str] = frozenset()) -> TableType:
    """Deals of an account in euros."""
    spec = TypeSpec.model_validate(_SPEC)
    return table_type(
        Entity.DEAL, spec, labels=_LABELS, currency="EUR", is_id=str.isdigit, sorts_missing_last=sorts_missing_last
    )


def drawn_rows(random: Random, count: int) -> list[dict[str, Any]]:
    """Rows with ties, gaps and values that no list knows."""
    return [
        {
            "id": number,
            "title": random.choice((None, "Alpha", "alpha beta", "Gamma")),
            "value": random.choice((None, "0", "10.5", "20")),
            "currency": random.choice((None, "EUR", "USD")),
            "chance": random.choice((None, 0, 50, 75.5)),
            "state": random.choice((None, 0, 1, 2, 3, 9)),
            "made": f"2026-01-0{random.randint(1, 4)}T00:00:00Z",
            "due": random.choice((None, "2026-03-01", "2026-03-02")),
            "account": random.choice((None, {"id": 1}, {"id": 2})),
            "archived": random.choice((None, True, False)),
        }
        for number in random.sample(range(1, 10 * count), count)
    ]


class Functions:
    """Conditions as functions; what the vendor cannot say are parts of texts that are negated."""

    def tell(self, criterion: Criterion, compare: Compare, *, negate: bool) -> Told[Condition] | None:
        """A function; beginnings of texts are told as parts, which lets more through."""
        if negate and compare.operator in {Operator.CONTAINS, Operator.STARTS_WITH}:
            return None

        def holds(row: Row) -> bool:
            return _holds(_value(row, criterion), criterion, compare, row) is not negate

        return Told(holds, is_exact=compare.operator is not Operator.STARTS_WITH)

    def both(self, conditions: Sequence[Condition]) -> Condition:
        """All of them."""
        return lambda row: all(condition(row) for condition in conditions)

    def either(self, conditions: Sequence[Condition]) -> Condition:
        """Any of them."""
        return lambda row: any(condition(row) for condition in conditions)


def _value(row: Row, criterion: Criterion) -> Any:
    value = row[criterion.column]
    if isinstance(value, dict):
        value = value["id"]
    if value is None:
        return None
    if criterion.kind in {Kind.NUMBER, Kind.MONEY, Kind.ID}:
        return Decimal(str(value))
    if criterion.kind is Kind.INSTANT:
        return value.replace("Z", ".000Z")
    return value if isinstance(value, bool) else str(value)


def _operand(operand: Any, criterion: Criterion) -> Any:
    if criterion.kind is Kind.FLAG:
        return operand
    if criterion.kind in {Kind.NUMBER, Kind.MONEY, Kind.ID}:
        return Decimal(str(operand)) * criterion.factor
    return str(operand)


def _holds(value: Any, criterion: Criterion, compare: Compare, row: Row) -> bool:
    operator, operand = compare.operator, compare.operand
    if operator is Operator.IS_NULL:
        return (value is None) is bool(operand)
    if isinstance(operand, MoneyBound):
        if value is None or (row["currency"] or criterion.currency) != operand.currency:
            return False
        operand = operand.amount
    if value is None:
        return operator in {Operator.NE, Operator.NOT_IN}
    if criterion.kind is Kind.TEXT:
        value = value.casefold()
        operand = tuple(map(str.casefold, map(str, operand))) if isinstance(operand, tuple) else str(operand).casefold()
    if operator in {Operator.IN, Operator.NOT_IN}:
        listed = [_operand(one, criterion) for one in (operand if isinstance(operand, tuple) else (operand,))]
        return (value in listed) is (operator is Operator.IN)
    one = _operand(operand, criterion)
    match operator:
        case Operator.EQ:
            return bool(value == one)
        case Operator.NE:
            return bool(value != one)
        case Operator.CONTAINS | Operator.STARTS_WITH:
            return one in value
        case _:
            return _ORDERED[operator](value, one)


def asking(
    rows: Sequence[dict[str, Any]], found: TableType, fields: frozenset[str], *, missing_last: frozenset[str]
) -> tuple[Callable[[Condition | None, Sequence[SortKey], int], Any], list[int]]:
    """The vendor's list over *rows*, and how many rows each call of it gave."""
    read, calls = found.reader(fields, source="toy"), list[int]()
    kinds = {criterion.column: criterion for criterion in found.criteria.values()}

    async def ask(condition: Condition | None, order: Sequence[SortKey], limit: int) -> Answer:
        matching = [row for row in rows if condition is None or condition(row)]
        for column, falls in reversed(order):
            present = [row for row in matching if row[column] is not None]
            absent = [row for row in matching if row[column] is None]
            present.sort(key=lambda row: _value(row, kinds[column]), reverse=falls)
            is_last = ("desc" if falls else "asc") in missing_last
            matching = [*present, *absent] if is_last else [*absent, *present]
        calls.append(len(matching[:limit]))
        return Answer([read(row) for row in matching[:limit]], len(matching) > limit, len(matching))

    return ask, calls

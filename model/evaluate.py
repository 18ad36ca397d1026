"""What every operator means: the one oracle that residual checks, laws and tests share.

Text ignores case by Unicode case folding.
Only IS_NULL, NE and NOT_IN are true of a missing value; an empty text is a missing value.
A field of several values satisfies EQ, IN, CONTAINS and STARTS_WITH when any of them does, NE and NOT_IN when none
equals. An amount satisfies a MoneyBound only in that bound's currency.
A field behind a relation is missing where nothing is related.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeAlias

from model.entities import Entity, Record
from model.errors import OurBug
from model.fields import FieldKind, custom_of, field_of, path_of
from model.query import And, Compare, Direction, MoneyBound, Not, Operator, Or, Order, Predicate
from model.values import UNSET, Choice, Money, Ref

__all__ = [
    "IdKey",
    "Keys",
    "Related",
    "comparator",
    "evaluate",
    "key_text",
    "ordering",
    "sort_keys",
    "sorted_records",
]

IdKey: TypeAlias = Callable[[str], Any]
"""Maps a remote id to something that compares as the CRM compares ids."""

Keys: TypeAlias = tuple[str | None, ...]
"""Sort keys in wire form, None for a missing value."""

Related: TypeAlias = Callable[[Record, str], Record | None]
"""Gives the record at the other end of a record's to-one relation."""

_MISSING = (1,)
_NUMERIC = frozenset({FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY})
_AS_THEY_ARE = frozenset({FieldKind.DATE, FieldKind.DATETIME, FieldKind.REFERENCE})
_ORDERED: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.LT: lambda a, b: bool(a < b),
    Operator.LTE: lambda a, b: bool(a <= b),
    Operator.GT: lambda a, b: bool(a > b),
    Operator.GTE: lambda a, b: bool(a >= b),
}


def _nothing_read(record: Record, relation: str) -> Record | None:
    raise OurBug(f"{type(record).__name__}.{relation} was compared behind and never followed")


def evaluate(predicate: Predicate, record: Record, *, entity: Entity, related: Related = _nothing_read) -> bool:
    """Whether *record* satisfies *predicate*; *related* is asked for what stands behind relations.

    Raises:
        OurBug: a field was not read (UNSET) or does not exist.
    """
    match predicate:
        case And(items):
            return all(evaluate(item, record, entity=entity, related=related) for item in items)
        case Or(items):
            return any(evaluate(item, record, entity=entity, related=related) for item in items)
        case Not(item):
            return not evaluate(item, record, entity=entity, related=related)
        case Compare():
            return _compare(predicate, record, entity, related)


def _compare(compare: Compare, record: Record, entity: Entity, related: Related) -> bool:
    value = _value(record, compare.field, related)
    if compare.operator is Operator.IS_NULL:
        return (value is None) is bool(compare.operand)
    if isinstance(compare.operand, MoneyBound):
        return _compare_money(compare, value, compare.operand)
    if value is None:
        return compare.operator in {Operator.NE, Operator.NOT_IN}
    kind = field_of(entity, compare.field).kind
    values = [_plain(item, kind) for item in value] if isinstance(value, tuple) else [_plain(value, kind)]
    return _compare_values(compare, values, kind)


def _value(record: Record, name: str, related: Related = _nothing_read) -> Any:
    """What *record* has under *name*, None for a missing value.

    Raises:
        OurBug: it was not read.
    """
    value = getattr(record, name, UNSET)
    if value is UNSET and "." in name:
        value = _far_value(record, name, related)
    if value is UNSET:
        raise OurBug(f"{type(record).__name__}.{name} was compared and never read")
    return None if value in ("", ()) else value


def _far_value(record: Record, name: str, related: Related) -> Any:
    """What the CRM's own field, or the field behind a relation, that *name* stands for has."""
    custom = custom_of(name)
    if custom is not None:
        if not custom.key:
            return None
        return UNSET if record.custom is UNSET else record.custom.get(custom.key, UNSET)
    path = path_of(name)
    if path is None:
        return UNSET
    other = related(record, path[0])
    return None if other is None else _value(other, path[1], related)


def _plain(value: Any, kind: FieldKind) -> Any:
    if isinstance(value, Choice):
        value = value.value
    if isinstance(value, Ref):
        return value.remote_id
    if kind in _NUMERIC:
        return Decimal(str(value))
    if isinstance(value, str) and kind not in _AS_THEY_ARE:
        return value.casefold()
    return value


def _compare_money(compare: Compare, value: Any, bound: MoneyBound) -> bool:
    if not isinstance(value, Money) or value.currency != bound.currency:
        return False
    have, want = Decimal(value.amount), Decimal(bound.amount)
    if compare.operator is Operator.EQ:
        return have == want
    return _ORDERED[compare.operator](have, want)


def _compare_values(compare: Compare, values: list[Any], kind: FieldKind) -> bool:
    operator = compare.operator
    if operator in {Operator.IN, Operator.NOT_IN}:
        operands = compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)
        wanted = {_operand(item, kind) for item in operands}
        return any(value in wanted for value in values) is (operator is Operator.IN)
    operand = _operand(compare.operand, kind)
    match operator:
        case Operator.EQ:
            return operand in values
        case Operator.NE:
            return operand not in values
        case Operator.CONTAINS:
            return any(operand in value for value in values)
        case Operator.STARTS_WITH:
            return any(value.startswith(operand) for value in values)
        case _:
            return any(_ORDERED[operator](value, operand) for value in values)


def _operand(operand: Any, kind: FieldKind) -> Any:
    return _plain(operand, kind)


def key_text(record: Record, name: str) -> str | None:
    """The sort key of *record* for one field in wire form, None where it is missing."""
    value = _value(record, name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, Choice):
        return value.value
    if isinstance(value, Ref):
        return value.remote_id
    return str(value)


def sort_keys(record: Record, order: Iterable[Order]) -> tuple[str | None, ...]:
    """The record's keys for *order* in wire form."""
    return tuple([key_text(record, item.field) for item in order])


def ordering(entity: Entity, order: tuple[Order, ...]) -> Callable[[Keys], Any]:
    """Maps a key tuple to something that compares as *order* says; missing values come last either way."""
    readers = [_key_reader(field_of(entity, item.field).kind, item.direction) for item in order]

    def key_of(keys: Keys) -> tuple[Any, ...]:
        return tuple([_MISSING if text is None else (0, read(text)) for text, read in zip(keys, readers, strict=True)])

    return key_of


def _key_reader(kind: FieldKind, direction: Direction) -> Callable[[str], Any]:
    """Reads a sort key from its wire form: as `_plain` does, decided once for all rows."""
    read = Decimal if kind in _NUMERIC else str if kind in _AS_THEY_ARE else str.casefold
    return read if direction is Direction.ASC else lambda text: _Falling(read(text))


class _Falling:  # noqa: PLW1641 - it stands for a place in an order and is never hashed
    """A value that compares the other way round."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: "_Falling") -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Falling) and bool(self.value == other.value)


def comparator(entity: Entity, order: tuple[Order, ...]) -> Callable[[Keys, Keys], int]:
    """Compares two key tuples as *order* says: negative when the first comes first, missing values last."""
    key_of = ordering(entity, order)

    def compare(a: Keys, b: Keys) -> int:
        x, y = key_of(a), key_of(b)
        return int(y < x) - int(x < y)

    return compare


def sorted_records(
    records: Iterable[Record], *, entity: Entity, order: tuple[Order, ...], id_key: IdKey
) -> list[Record]:
    """*records* of one source in *order*, ties by remote id as that source compares ids."""
    by_id = sorted(records, key=lambda record: id_key(record.remote_id))
    if not order:
        return by_id
    key_of = ordering(entity, order)
    return sorted(by_id, key=lambda record: key_of(sort_keys(record, order)))

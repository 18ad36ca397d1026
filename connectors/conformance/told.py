"""Queries and rows in words, for a reader who has to reproduce them."""

from collections.abc import Iterable

from model.entities import Record
from model.fields import custom_of
from model.query import And, Compare, MoneyBound, Not, Or, Predicate, Query, Selection
from model.values import UNSET

__all__ = ["told_predicate", "told_query", "told_row", "told_rows"]

_MOST_ROWS = 6
_MOST_CHARS = 60


def told_predicate(predicate: Predicate) -> str:
    """*predicate* such as `email eq 'a@example.com' and not (phone isNull True)`."""
    match predicate:
        case Compare(name, operator, MoneyBound(currency, amount)):
            return f"{name} {operator.value} {amount} {currency}"
        case Compare(name, operator, operand):
            return f"{name} {operator.value} {operand!r}"
        case Not(item):
            return f"not ({told_predicate(item)})"
        case And(items):
            return " and ".join(_bracketed(item) for item in items) or "everything"
        case Or(items):
            return " or ".join(_bracketed(item) for item in items) or "nothing"


def _bracketed(predicate: Predicate) -> str:
    text = told_predicate(predicate)
    return f"({text})" if isinstance(predicate, And | Or) else text


def _told_selection(selection: Selection) -> str:
    names = sorted(selection.fields)
    for name, wanted in sorted(selection.relations.items()):
        first = "" if wanted.first is None else f"(first {wanted.first})"
        names.append(f"{name}{first} {{{_told_selection(wanted.selection)}}}")
    return ", ".join(names)


def told_query(query: Query) -> str:
    """*query* on one line."""
    parts = [f"{query.entity.value} rows where {told_predicate(query.where)}"]
    if query.order:
        parts.append("order by " + ", ".join(f"{key.field} {key.direction.value}" for key in query.order))
    parts.append(f"limit {query.limit}")
    if query.include_deleted or query.include_archived:
        parts.append(f"include deleted {query.include_deleted}, archived {query.include_archived}")
    parts.append(f"read {_told_selection(query.selection) or 'ids alone'}")
    return "; ".join(parts)


def told_row(record: Record, fields: Iterable[str]) -> str:
    """*record* with the values of *fields* that were read."""
    values = []
    for name in sorted(set(fields)):
        value = _value(record, name)
        if value is not UNSET:
            text = repr(value)
            values.append(f"{name}={text if len(text) <= _MOST_CHARS else text[:_MOST_CHARS] + '…'}")
    return f"{type(record).__name__.lower()} {record.remote_id}" + (f" ({', '.join(values)})" if values else "")


def _value(record: Record, name: str) -> object:
    """What *record* itself has of *name*: of a field behind a relation, where the relation leads."""
    custom = custom_of(name)
    if custom is None:
        return getattr(record, name.partition(".")[0], UNSET)
    return UNSET if record.custom is UNSET else record.custom.get(custom.key)


def told_rows(records: Iterable[Record], fields: Iterable[str]) -> str:
    """The first few of *records*, a line each."""
    rows, names = list(records), tuple(fields)
    lines = [told_row(record, names) for record in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        lines.append(f"… {len(rows) - _MOST_ROWS} more")
    return "".join(f"\n    {line}" for line in lines)

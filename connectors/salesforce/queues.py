"""Queues: owners that are no users. They are few, so the account's metadata holds them all."""

from collections.abc import Sequence

from connectors.salesforce.account import Account
from connectors.salesforce.objects import record_shape
from model.entities import Entity, Record
from model.evaluate import comparator, evaluate, sort_keys, sorted_records
from model.fields import FIELDS, is_filterable
from model.page import Position
from model.query import EVERYTHING, Predicate, Query, Selection

__all__ = ["merged_with_queues", "queue_records"]


def queue_records(account: Account, selection: Selection, where: Predicate = EVERYTHING) -> list[Record]:
    """The queues that satisfy *where*, in id order, with what *selection* wants."""
    table = account.tables.by_object.get("Group")
    if table is None:
        return []
    every = frozenset(name for name, field in FIELDS[Entity.USER].items() if is_filterable(field))
    whole = record_shape(account.tables, table, Selection(every), can_follow=False).read(account.queues, [])
    matching = [
        row for row, record in zip(account.queues, whole, strict=True) if evaluate(where, record, entity=Entity.USER)
    ]
    return record_shape(account.tables, table, selection, can_follow=False).read(matching, [])


def merged_with_queues(
    account: Account, query: Query, users: Sequence[Record], *, after: Position | None
) -> list[Record]:
    """*users*, which are in the query's order, and the queues behind *after* in one order."""
    selection = query.selection.with_fields(*(item.field for item in query.order))
    queues = [
        record
        for record in queue_records(account, selection, query.where)
        if after is None or _is_behind(query, record, after)
    ]
    if not queues:
        return list(users)
    return sorted_records([*users, *queues], entity=Entity.USER, order=query.order, id_key=lambda key: key)


def _is_behind(query: Query, record: Record, after: Position) -> bool:
    sign = comparator(Entity.USER, query.order)(sort_keys(record, query.order), after.keys)
    return sign > 0 or (sign == 0 and record.remote_id > after.remote_id)

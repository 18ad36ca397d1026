"""Fills the tables of an org from a book."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import partial
from itertools import chain

from sandbox.salesforce.org.activity_rows import activity_rows
from sandbox.salesforce.org.catalog import Catalog
from sandbox.salesforce.org.keys import Keys, Record
from sandbox.salesforce.org.records import Records, Told
from sandbox.salesforce.org.sales_rows import deleted_rows, sales_rows
from sandbox.salesforce.org.store import Store

__all__ = ["seed"]


def seed(store: Store, catalog: Catalog, keys: Keys, *, archive_after_days: int, shared_activities: bool) -> None:
    """Put the records of *keys*' book into *store*.

    Args:
        store: empty tables of *catalog*.
        catalog: the org's objects; records of others are left out.
        keys: the org's conventions.
        archive_after_days: see `activity_rows`.
        shared_activities: see `activity_rows`.
    """
    active = list(activity_rows(keys, archive_after_days=archive_after_days, shared_activities=shared_activities))
    last_days = _last_activity_days(rows for name, rows in active if name in {"Event", "Task"})
    tables: Iterable[tuple[str, Records]] = chain(sales_rows(keys), active)
    for name, rows in tables:
        if catalog.named(name) is None:
            continue
        dated = Told(rows, partial(_dated, last_days))
        store.insert(name, chain(dated, deleted_rows(keys, name, dated)))
    store.index()


def _dated(last_days: Mapping[str, date], row: Record) -> Record:
    """*row* with the day of its last event or task."""
    day = last_days.get(str(row["Id"]))
    return row if day is None else row | {"LastActivityDate": day}


def _last_activity_days(tables: Iterable[list[Record]]) -> dict[str, date]:
    """The day of the last event or task of each record that one is about."""
    last: dict[str, date] = {}
    for rows in tables:
        for row in rows:
            day = row.get("ActivityDate")
            if not isinstance(day, date) or isinstance(day, datetime):
                continue
            for record_id in {str(row[key]) for key in ("WhoId", "WhatId", "AccountId") if row.get(key)}:
                last[record_id] = max(day, last.get(record_id, day))
    return last

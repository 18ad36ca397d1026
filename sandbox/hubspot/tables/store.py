"""The records and associations of a portal, in an in-memory SQLite database."""
# ruff: noqa: S608  # tables and columns are named by the definitions, never by a request

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.hubspot.definitions import OBJECTS, ObjectType, Property
from sandbox.hubspot.tables.cells import Cell, Row, cell_text, iso_instant, storable
from sandbox.hubspot.tables.links import Link
from sandbox.hubspot.tables.text_match import contains_tokens, matches_query, phone_line

__all__ = ["Record", "Store", "folded"]

Record = dict[str, object]
"""One record as HubSpot's JSON shows it."""


def folded(column: str) -> str:
    """The column with the lower-case text of a string column, which searches compare."""
    return f"{column}~"


class Store:
    """One table per object type, a table of associations, and one of values that name a single record.

    A string property has two columns: its text, and that text in lower case.
    `query~` holds, line by line, what a search's `query` looks at.
    Not thread-safe beyond what SQLite's serialized mode gives: reads may come from any thread, one writer fills it.
    """

    def __init__(self, properties: Mapping[str, Mapping[str, Property]]) -> None:
        self._properties = properties
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        # SQLite calls our functions under its own lock: a thread that waits for it while it holds Python's never wakes.
        self._lock = threading.Lock()
        weakref.finalize(self, self._db.close)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.create_function("contains_tokens", 2, contains_tokens, deterministic=True)
        self._db.create_function("matches_query", 2, matches_query, deterministic=True)
        self._db.execute(
            "CREATE TABLE link (from_type, from_id INTEGER, to_type, to_id INTEGER, category, type_id INTEGER,"
            " PRIMARY KEY (from_type, from_id, to_type, to_id, category, type_id)) WITHOUT ROWID"
        )
        self._db.execute("CREATE TABLE key (type, property, value, id INTEGER, PRIMARY KEY (type, property, value))")
        for kind in OBJECTS:
            self._create(kind)

    def add(self, kind: str, rows: Iterable[Row], *, archived_every: int = 0, archived_ms: int = 0) -> None:
        """Fill the table of *kind*; every *archived_every*-th row counts as archived at *archived_ms*."""
        columns = self._columns(kind)
        strings = self._string_columns(kind)
        names = ["archived_ms", *columns, *(folded(one) for one in strings), folded("query")]
        marks = ", ".join("?" * len(names))
        listed = ", ".join(f'"{name}"' for name in names)
        cells = (
            _cells(row, columns, strings, OBJECTS[kind], archived_ms if _is_every(place, archived_every) else None)
            for place, row in enumerate(rows, start=1)
        )
        self._db.execute("BEGIN")
        self._db.executemany(f'INSERT INTO "{kind}" ({listed}) VALUES ({marks})', cells)
        self._index(kind)
        self._add_keys(kind)
        self._db.execute("COMMIT")

    def add_links(self, links: Iterable[Link]) -> None:
        """Fill the table of associations, but for those of archived records."""
        archived = {kind: self._archived_ids(kind) for kind in OBJECTS}
        kept = (
            one
            for one in links
            if one.from_id not in archived[one.from_type] and one.to_id not in archived[one.to_type]
        )
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO link VALUES (?, ?, ?, ?, ?, ?)", kept)
        self._db.execute("CREATE INDEX link_target ON link (to_type, to_id, from_type, from_id)")
        self._db.execute("COMMIT")

    def page(self, kind: str, names: Sequence[str], *, after: int, limit: int, is_archived: bool) -> list[Record]:
        """Up to *limit* records with ids above *after*, by id."""
        state = "NOT NULL" if is_archived else "NULL"
        where = f"archived_ms IS {state} AND id > ? ORDER BY id LIMIT ?"
        return self.select(kind, names, where, (after, limit))

    def by_ids(self, kind: str, names: Sequence[str], ids: Sequence[int], *, is_archived: bool) -> list[Record]:
        """The records with *ids*, without those that are not there, by id."""
        state = "NOT NULL" if is_archived else "NULL"
        marks = ", ".join("?" * len(ids))
        return self.select(kind, names, f"archived_ms IS {state} AND id IN ({marks}) ORDER BY id", tuple(ids))

    def id_of(self, kind: str, property_name: str, value: str) -> int | None:
        """The id of the record of *kind* whose unique property has *value*, whatever its case."""
        found = self._read(
            "SELECT id FROM key WHERE type = ? AND property = ? AND value = ?", (kind, property_name, value.lower())
        )
        return int(found[0][0]) if found else None

    def select(self, kind: str, names: Sequence[str], where: str, parameters: Sequence[Cell]) -> list[Record]:
        """Records of *kind* that SQL *where* (with order and limit) finds, with the properties *names*."""
        known = [self._properties[kind][name] for name in dict.fromkeys(names) if name in self._properties[kind]]
        columns = "".join(f', "{one.column}"' for one in known)
        head = f'id, archived_ms, "{OBJECTS[kind].created}", "{OBJECTS[kind].modified}"'
        rows = self._read(f'SELECT {head}{columns} FROM "{kind}" WHERE {where}', _storable(parameters))
        return [_record(row, known) for row in rows]

    def count(self, kind: str, where: str, parameters: Sequence[Cell]) -> int:
        """How many records of *kind* SQL *where* finds."""
        (row,) = self._read(f'SELECT count(*) FROM "{kind}" WHERE {where}', _storable(parameters))
        return int(row[0])

    def links(self, source: str, from_id: int, target: str, *, after: int = 0) -> Iterator[tuple[int, str, int]]:
        """(to id, category, type id) of what *from_id* is linked to, by to id, above *after*."""
        found = self._read(
            "SELECT to_id, category, type_id FROM link"
            " WHERE from_type = ? AND from_id = ? AND to_type = ? AND to_id > ? ORDER BY to_id, category, type_id",
            _storable((source, from_id, target, after)),
        )
        return iter(found)

    def _read(self, text: str, parameters: Sequence[Cell]) -> list[tuple[Any, ...]]:
        """Every row at once, one thread after the other."""
        with self._lock:
            return self._db.execute(text, parameters).fetchall()

    def _create(self, kind: str) -> None:
        columns = "".join(f', "{name}" {_affinity(one)}' for name, one in self._columns(kind).items() if name != "id")
        folds = "".join(f', "{folded(name)}" TEXT' for name in [*self._string_columns(kind), "query"])
        self._db.execute(f'CREATE TABLE "{kind}" (id INTEGER PRIMARY KEY, archived_ms INTEGER{columns}{folds})')

    def _index(self, kind: str) -> None:
        """Called when the table is full: indexes are made faster than they are kept."""
        for name, one in self._columns(kind).items():
            if one.is_indexed:
                column = folded(name) if one.type == "string" else name
                self._db.execute(f'CREATE INDEX "{kind}.{name}" ON "{kind}" ("{column}", archived_ms)')

    def _columns(self, kind: str) -> dict[str, Property]:
        return {one.column: one for one in reversed(list(self._properties[kind].values()))}

    def _string_columns(self, kind: str) -> list[str]:
        return [name for name, one in self._columns(kind).items() if one.type == "string"]

    def _archived_ids(self, kind: str) -> set[int]:
        return {row[0] for row in self._db.execute(f'SELECT id FROM "{kind}" WHERE archived_ms IS NOT NULL')}

    def _add_keys(self, kind: str) -> None:
        for one in self._columns(kind).values():
            if one.is_unique:
                self._db.execute(
                    f'INSERT OR IGNORE INTO key SELECT ?, ?, "{folded(one.column)}", id FROM "{kind}"'
                    f' WHERE "{one.column}" IS NOT NULL ORDER BY id',
                    (kind, one.name),
                )
        if kind == "contacts":
            self._add_further_emails()

    def _add_further_emails(self) -> None:
        """A contact is also found by its additional addresses."""
        further = self._db.execute(
            'SELECT "hs_additional_emails~", id FROM contacts WHERE hs_additional_emails IS NOT NULL ORDER BY id'
        ).fetchall()
        keys = [("contacts", "email", email, row_id) for emails, row_id in further for email in emails.split(";")]
        self._db.executemany("INSERT OR IGNORE INTO key VALUES (?, ?, ?, ?)", keys)


def _storable(parameters: Sequence[Cell]) -> list[Cell]:
    return [storable(one) for one in parameters]


def _affinity(one: Property) -> str:
    return {"number": "NUMERIC", "datetime": "INTEGER", "date": "INTEGER"}.get(one.type, "TEXT")


def _is_every(place: int, every: int) -> bool:
    return every > 0 and place % every == 0


def _cells(
    row: Row, columns: Iterable[str], strings: Iterable[str], kind: ObjectType, archived_ms: int | None
) -> list[Cell]:
    folds = [text.lower() if isinstance(text := row.get(name), str) else None for name in strings]
    return [archived_ms, *(row.get(name) for name in columns), *folds, _query_text(row, kind)]


def _query_text(row: Row, kind: ObjectType) -> str:
    found = [(name, value) for name in kind.query_fields if isinstance(value := row.get(name), str)]
    phones = (phone_line(value) for name, value in found if "phone" in name)
    return "\n".join([*(value.lower() for _, value in found), *phones])


def _record(row: tuple[Cell, ...], known: Sequence[Property]) -> Record:
    record_id, archived_ms, created_ms, modified_ms, *cells = row
    record: Record = {
        "id": str(record_id),
        "properties": {one.name: cell_text(cell, one.type) for one, cell in zip(known, cells, strict=True)},
        "createdAt": iso_instant(int(created_ms or 0)),
        "updatedAt": iso_instant(int(modified_ms or 0)),
        "archived": archived_ms is not None,
    }
    if archived_ms is not None:
        record["archivedAt"] = iso_instant(int(archived_ms))
    return record

"""The org's records in SQLite tables: one table an object, one column a stored field, and what makes them fast.

A filterable text field has a second column, `k_<field>`, with its upper-cased text: comparisons and sorting use it,
for Salesforce compares text without case and sorts by upper-cased code points (SOQL reference, read 2026-11).
Dates and instants are kept as the text that the API answers, whose text order is their time order.
"""

import json
import sqlite3
import weakref
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice

from sandbox.salesforce.org.catalog import Catalog
from sandbox.salesforce.org.fields import SObject

__all__ = ["Cell", "Store", "Value", "text_key", "wire_instant"]

Value = str | int | float | bool | Decimal | date | datetime | Sequence[str] | None
"""What a record's field may be given as."""

Cell = str | int | float | None
"""What a column holds."""

_AFFINITIES = {
    "boolean": "INTEGER DEFAULT 0",
    "int": "INTEGER",
    "double": "REAL",
    "currency": "REAL",
    "percent": "REAL",
}
_NAMED = frozenset({"Account", "Contact", "Lead", "Opportunity", "User", "Group", "Organization"})
_PEOPLE = frozenset({"Contact", "Lead", "User"})
_BATCH = 2_000
_OF_USERS = ("Alias", "Email", "IsActive", "Phone", "ProfileId", "Title", "UserRoleId", "Username")


def text_key(text: str) -> str:
    """The form in which text is compared and sorted."""
    return text.upper()


def wire_instant(instant: datetime) -> str:
    """An instant as the API writes it, in UTC, with milliseconds and an offset without a colon."""
    there = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return there.isoformat(timespec="milliseconds")[: -len("+00:00")] + "+0000"


class Store:
    """The tables of one org, in memory.

    It is not locked: whoever shares it between threads takes turns. It ends with its last reference.
    """

    def __init__(self, catalog: Catalog) -> None:
        """Make the empty tables of *catalog*."""
        self._catalog = catalog
        self._database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        weakref.finalize(self, self._database.close)
        for sobject in catalog:
            self._database.execute(_create_table(sobject))

    def insert(self, name: str, rows: Iterable[Mapping[str, Value]]) -> None:
        """Add records; a field that a row leaves out is null, or false for a checkbox.

        Args:
            name: the object.
            rows: values by field, `Id` among them; their order is the order of the ids; fields that the org does
                not have are left out.
        """
        self._database.execute("BEGIN")
        remaining = iter(rows)
        while batch := list(islice(remaining, _BATCH)):
            self._insert(name, batch)
            if name in _NAMED:
                self._insert("Name", [_name_row(name, row) for row in batch])
        self._database.execute("COMMIT")

    def _insert(self, name: str, rows: Sequence[Mapping[str, Value]]) -> None:
        given = set[str]().union(*rows)
        stored = [one for one in self._catalog.require(name).fields.values() if one.is_stored and one.name in given]
        names = [one.name for one in stored]
        defaults = [(one.name, False if one.type == "boolean" else None) for one in stored]
        keyed = [place for place, one in enumerate(stored) if one.has_key]
        columns = ", ".join(f'"{one}"' for one in [*names, *(f"k_{names[place]}" for place in keyed)])
        marks = ", ".join("?" * (len(names) + len(keyed)))
        statement = f'INSERT INTO "{name}" ({columns}) VALUES ({marks})'  # noqa: S608 - names from the catalog
        self._database.executemany(statement, (_cells(row, defaults, keyed) for row in rows))

    def index(self) -> None:
        """Build the indexes, once the records are in."""
        for sobject in self._catalog:
            table = sobject.name
            flags = [name for name in ("IsDeleted", "IsArchived") if sobject.named(name)]
            self._database.execute(f'CREATE UNIQUE INDEX "{table}.Id" ON "{table}" ("Id")')
            for one in sobject.fields.values():
                if one.is_indexed:
                    column = f"k_{one.name}" if one.has_key else one.name
                    columns = ", ".join(f'"{name}"' for name in (column, "Id", *flags))
                    self._database.execute(f'CREATE INDEX "{table}.{one.name}" ON "{table}" ({columns})')
        self._database.execute("ANALYZE")

    def index_words(self, name: str, groups: Mapping[str, str]) -> None:
        """Make the full-text table `words_<name>` and the table of its words, `vocabulary_<name>`.

        Args:
            name: the object.
            groups: by column of the full-text table, the SQL of the text that it indexes.
        """
        columns = ", ".join(f'"{one}"' for one in groups)
        self._database.execute(
            f'CREATE VIRTUAL TABLE "words_{name}" '
            f"USING fts5({columns}, content='', tokenize='unicode61 remove_diacritics 0')"
        )
        self._database.execute(
            f'INSERT INTO "words_{name}" (rowid, {columns}) SELECT number, {", ".join(groups.values())} FROM "{name}"'  # noqa: S608 - names from the catalog
        )
        self._database.execute(f"CREATE VIRTUAL TABLE \"vocabulary_{name}\" USING fts5vocab('words_{name}', 'row')")

    def define(self, name: str, arguments: int, function: object) -> None:
        """Give statements a deterministic function."""
        self._database.create_function(name, arguments, function, deterministic=True)  # type: ignore[arg-type]

    def select(self, statement: str, parameters: Sequence[Cell] = ()) -> list[tuple[Cell, ...]]:
        """The rows of a SELECT."""
        return self._database.execute(statement, parameters).fetchall()


def _create_table(sobject: SObject) -> str:
    stored = [one for one in sobject.fields.values() if one.is_stored]
    columns = [f'"{one.name}" {_AFFINITIES.get(one.type, "TEXT")}' for one in stored]
    keys = [f'"k_{one.name}" TEXT' for one in stored if one.has_key]
    return f'CREATE TABLE "{sobject.name}" (number INTEGER PRIMARY KEY, {", ".join(columns + keys)})'


def _cells(row: Mapping[str, Value], defaults: Sequence[tuple[str, bool | None]], keyed: Sequence[int]) -> list[Cell]:
    values = (row.get(name, default) for name, default in defaults)
    # Most values are plain text or missing: a call for each would be a third of the work.
    cells = [value if value is None or (isinstance(value, str) and value) else _cell(value) for value in values]
    return cells + [None if (cell := cells[place]) is None else text_key(str(cell)) for place in keyed]


def _cell(value: Value) -> Cell:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return wire_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return json.dumps(list(value))


def _name_row(name: str, row: Mapping[str, Value]) -> dict[str, Value]:
    """The row of `Name`: first and last names are those of people, most others those of users alone.

    A queue is a Group whose Type says Queue, and so does the Type of what it owns (clients filter by it).

    Source: Object Reference, "Name" (read 2026-11): Email is that of a user or a group, never of a contact.
    """
    kind = "Queue" if name == "Group" and row.get("Type") == "Queue" else name
    told: dict[str, Value] = {"Id": row["Id"], "Name": row.get("Name"), "Type": kind}
    if name in _PEOPLE:
        told |= {"FirstName": row.get("FirstName"), "LastName": row.get("LastName")}
    if name == "User":
        told |= {column: row.get(column) for column in _OF_USERS}
    if name == "Group":
        told["Email"] = row.get("Email")
    return told

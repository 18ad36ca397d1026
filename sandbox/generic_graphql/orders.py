"""Orders, and the cursors that stand for places in them."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from sandbox.generic_graphql.errors import bad_input
from sandbox.generic_graphql.tables import Row

__all__ = ["Key", "Ranking", "order_of"]


@dataclass(frozen=True, slots=True)
class Key:
    """A field, by its path, and how its values come, such as `DescNullsLast`."""

    path: tuple[str, ...]
    direction: str

    def of(self, row: Row) -> Any:
        """The value in a row."""
        value: Any = row
        for name in self.path:
            value = value[name]
        return value


def order_of(given: Iterable[Mapping[str, Any]]) -> tuple[Key, ...]:
    """The keys of an `orderBy`.

    Raises:
        GraphQLError: an object with none or several fields.
    """
    return tuple(_key(one) for one in given)


class Ranking:
    """All rows of a type in one order; ties come by id.

    Texts come by code points, choices as the type declares them.

    Attributes:
        rows: in that order.
    """

    def __init__(
        self, rows: Sequence[Row], keys: tuple[Key, ...], choices: Mapping[tuple[str, ...], Sequence[str]]
    ) -> None:
        """Put *rows*, by id, in order; *choices* are declared values by the paths of their fields."""
        self._keys = keys
        self.rows = list(rows)
        for key in reversed(keys):
            self.rows = _sorted(self.rows, key, choices.get(key.path))
        self._place = {row["id"]: place for place, row in enumerate(self.rows)}
        self._row = {row["id"]: row for row in rows}

    def place(self, row: Row) -> int:
        """Where a row stands."""
        return self._place[row["id"]]

    def cursor(self, row: Row) -> str:
        """The place of a row as a text."""
        told = {f"{'.'.join(key.path)} {key.direction}": key.of(row) for key in self._keys}
        return b64encode(orjson.dumps({**told, "id": row["id"]})).decode()

    def place_of(self, cursor: str) -> int:
        """Where a *cursor* stands.

        Raises:
            GraphQLError: it is no cursor, or one of another order.
        """
        try:
            row = self._row[orjson.loads(b64decode(cursor, validate=True))["id"]]
        except (ValueError, TypeError, LookupError):
            raise bad_input(f"Invalid cursor: {cursor}") from None
        if self.cursor(row) != cursor:
            raise bad_input(f"Invalid cursor: {cursor}")
        return self.place(row)


def _key(given: Mapping[str, Any]) -> Key:
    path: list[str] = []
    value: Any = given
    while isinstance(value, Mapping):
        if len(value) != 1:
            raise bad_input("orderBy takes objects with one field each")
        ((name, value),) = value.items()
        path.append(name)
    if value is None:
        raise bad_input(f"orderBy needs a direction for {path[-1]}")
    return Key(tuple(path), value)


def _sorted(rows: list[Row], key: Key, choices: Sequence[str] | None) -> list[Row]:
    def rank(row: Row) -> Any:
        return choices.index(key.of(row)) if choices else key.of(row)

    there = [row for row in rows if key.of(row) is not None]
    missing = [row for row in rows if key.of(row) is None]
    there.sort(key=rank, reverse=key.direction.startswith("Desc"))
    return missing + there if key.direction.endswith("First") else there + missing

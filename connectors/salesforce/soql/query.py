"""A SOQL query as a value."""

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.salesforce.soql.conditions import Condition
from connectors.salesforce.soql.literals import identifier

__all__ = ["MAX_QUERY_CHARS", "Select", "typeof"]

# Salesforce, "SOQL and SOSL limits": 100,000 characters (read 2026-11).
MAX_QUERY_CHARS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """One SELECT.

    Attributes:
        items: what is selected: columns, paths, TYPEOF expressions, child queries; rendered already.
        source: the object, or in a child query the relationship.
        group: GROUP BY terms.
        order: ORDER BY terms.
        limit: rows at most; in a child query, rows of each parent.
        offset: rows left out at the start; in a search alone.
    """

    items: Sequence[str]
    source: str
    where: Condition = True
    group: Sequence[str] = ()
    order: Sequence[str] = ()
    limit: int | None = None
    offset: int | None = None

    @property
    def is_void(self) -> bool:
        """Whether no row can match, so that nobody need be asked."""
        return self.where is False

    def text(self) -> str:
        """The query; a condition that never holds must have been seen before."""
        where = "" if self.where is True else f" WHERE {self.where}"
        group = f" GROUP BY {', '.join(self.group)}" if self.group else ""
        order = f" ORDER BY {', '.join(self.order)}" if self.order else ""
        limit = "" if self.limit is None else f" LIMIT {self.limit}"
        # Every part is made of identifiers and literals of this package.
        return f"SELECT {', '.join(self.items)} FROM {identifier(self.source)}{where}{group}{order}{limit}"  # noqa: S608

    def as_returned(self) -> str:
        """The query as an item of a search's RETURNING."""
        where = "" if self.where is True else f" WHERE {self.where}"
        limit = "" if self.limit is None else f" LIMIT {self.limit}"
        offset = "" if self.offset is None else f" OFFSET {self.offset}"
        return f"{identifier(self.source)}({', '.join(self.items)}{where}{limit}{offset})"

    def as_child(self) -> str:
        """The query as an item of another one's SELECT."""
        return f"({self.text()})"


def typeof(path: str, branches: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The columns to read through a reference to several types, by type (API 46.0 and newer)."""
    cases = " ".join(f"WHEN {identifier(name)} THEN {', '.join(columns)}" for name, columns in branches)
    return f"TYPEOF {identifier(path)} {cases} END"

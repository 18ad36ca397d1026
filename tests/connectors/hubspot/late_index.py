"""A search index in memory that lags behind its records, as HubSpot's does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.hubspot.calls import Answer
from connectors.hubspot.search import ID, Filter, Groups, Sort
from model.entities import Contact

__all__ = ["STAMP", "LateIndex", "Row", "stamp"]

STAMP = "lastmodifieddate"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """A record that has *key* now and *indexed* in the index; *changed_at* says when it changed."""

    number: int
    key: str | None
    indexed: str | None
    changed_at: str

    @property
    def is_settled(self) -> bool:
        """Whether the index shows it as it is."""
        return self.key == self.indexed


class LateIndex:
    """Evaluates and sorts by what the index holds, and answers with what the records hold."""

    def __init__(self, rows: Sequence[Row], *, are_nulls_first: bool = False) -> None:
        self.rows = rows
        self.asked = 0
        self._are_nulls_first = are_nulls_first

    async def ask(self, groups: Groups, sort: Sort, limit: int) -> Answer:
        """One search."""
        assert 1 <= limit <= 200
        self.asked += 1
        found = [row for row in self.rows if any(all(_holds(part, row) for part in group) for group in groups)]
        found = self._sorted(found, sort)
        shown = found[:limit]
        return Answer(
            records=tuple(Contact(source="s", remote_id=str(row.number), updated_at=row.key) for row in shown),
            changed_at=tuple(row.changed_at for row in shown),
            has_more=len(found) > limit,
            total=len(found),
        )

    def _sorted(self, rows: list[Row], sort: Sort) -> list[Row]:
        if sort.name == ID:
            return sorted(rows, key=lambda row: row.number)
        # Ties in an order of their own: by no rule that a reader could rely on.
        mixed = sorted(rows, key=lambda row: row.number * 7919 % 101)
        valued = sorted(
            (row for row in mixed if row.indexed), key=lambda row: row.indexed or "", reverse=sort.is_descending
        )
        empty = [row for row in mixed if not row.indexed]
        return empty + valued if self._are_nulls_first else valued + empty


def stamp(number: int) -> str:
    """The instant so many minutes into 2026, in wire form."""
    moment = datetime.fromtimestamp(_EPOCH.timestamp() + 60 * number, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _holds(part: Filter, row: Row) -> bool:
    if part.name == ID:
        return row.number > int(part.value or "")
    if part.operator == "NOT_HAS_PROPERTY":
        return row.indexed is None
    if row.indexed is None:
        return False
    have, want = _milliseconds(row.indexed), int(part.value or 0)
    outcomes = {"HAS_PROPERTY": True, "EQ": have == want, "LT": have < want, "GT": have > want, "LTE": have <= want}
    return outcomes[part.operator]


def _milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)

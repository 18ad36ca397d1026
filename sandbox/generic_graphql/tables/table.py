"""The rows of one type, found by id or by what they belong to."""

from collections import defaultdict
from collections.abc import Iterable

from sandbox.generic_graphql.tables.activity_rows import (
    event_rows,
    note_rows,
    note_target_rows,
    participant_rows,
    task_rows,
    task_target_rows,
)
from sandbox.generic_graphql.tables.cells import Row
from sandbox.generic_graphql.tables.party_rows import company_rows, member_rows, opportunity_rows, person_rows
from sandbox.seed import Book

__all__ = ["Table", "tables_of"]


class Table:
    """The rows of one type; they never change.

    Attributes:
        rows: by id.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = sorted(rows, key=lambda row: str(row["id"]))
        self._by_id = {row["id"]: row for row in self.rows}
        self._by_owner: dict[str, dict[str, list[Row]]] = {}

    def find(self, wanted: str | None) -> Row | None:
        """The row with an id."""
        return self._by_id.get(wanted)

    def owned(self, key: str, owner: str) -> list[Row]:
        """The rows whose *key* is the id *owner*, by id."""
        if key not in self._by_owner:
            found: dict[str, list[Row]] = defaultdict(list)
            for row in self.rows:
                found[row[key]].append(row)
            self._by_owner[key] = dict(found)
        return self._by_owner[key].get(owner, [])


def tables_of(book: Book) -> dict[str, Table]:
    """What the account holds, by the names of the types."""
    return {
        "Person": Table(person_rows(book)),
        "Company": Table(company_rows(book)),
        "Opportunity": Table(opportunity_rows(book)),
        "Note": Table(note_rows(book)),
        "Task": Table(task_rows(book)),
        "CalendarEvent": Table(event_rows(book)),
        "WorkspaceMember": Table(member_rows(book)),
        "NoteTarget": Table(note_target_rows(book)),
        "TaskTarget": Table(task_target_rows(book)),
        "CalendarEventParticipant": Table(participant_rows(book)),
    }

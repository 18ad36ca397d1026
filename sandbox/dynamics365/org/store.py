"""The rows of an organisation, found by id and by what they point at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sandbox.dynamics365.org.activities import activity_rows
from sandbox.dynamics365.org.cells import Ref, Row, guid_key
from sandbox.dynamics365.org.crew import Crew, crew_rows
from sandbox.dynamics365.org.records import record_rows
from sandbox.dynamics365.org.tables import Nav, tables
from sandbox.seed import Book

__all__ = ["Store"]


class Store:
    """Every table's rows, filled once from a book.

    Attributes:
        symbols: of currencies, by their ids.
        application: the user that calls.
    """

    def __init__(self, book: Book) -> None:
        crew = Crew(book)
        self.symbols, self.application = crew.symbols, crew.application
        filled: dict[str, list[Row]] = {name: [] for name in tables()}
        for source in (crew_rows, record_rows, activity_rows):
            for table, row in source(book, crew):
                row["versionnumber"] = 1_000_000 + 7 * len(filled[table])
                filled[table].append(row)
        self._rows = {
            name: sorted(rows, key=lambda row: guid_key(str(row[tables()[name].key]))) for name, rows in filled.items()
        }
        self._by_id = {name: {str(row[tables()[name].key]): row for row in rows} for name, rows in self._rows.items()}
        self._pointing: dict[tuple[str, str], Mapping[str, list[Row]]] = {}

    def rows(self, table: str) -> Sequence[Row]:
        """All rows in the order of their keys."""
        return self._rows[table]

    def find(self, table: str, key: str) -> Row | None:
        """The row with the id *key*."""
        return self._by_id[table].get(key)

    def behind(self, row: Row, nav: Nav) -> Row | None:
        """The one row that the single-valued *nav* leads to from *row*."""
        ref = row.get(nav.column)
        return self.find(ref.table, ref.id) if isinstance(ref, Ref) and ref.table == nav.target else None

    def many(self, key: str, nav: Nav) -> Sequence[Row]:
        """The rows that the collection *nav* leads to from the row with the id *key*, in the order of their keys."""
        return self._index(nav.target, nav.column).get(key, ())

    def _index(self, table: str, column: str) -> Mapping[str, list[Row]]:
        if (table, column) not in self._pointing:
            found: defaultdict[str, list[Row]] = defaultdict(list)
            for row in self._rows[table]:
                if isinstance(ref := row.get(column), Ref):
                    found[ref.id].append(row)
            self._pointing[table, column] = found
        return self._pointing[table, column]

"""One Pipedrive account, filled from a book."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from sandbox.pipedrive.content.activities import ACTIVITY_TYPES, activity_rows, note_rows
from sandbox.pipedrive.content.cells import Row, clock_time, instant, place_of, row_id
from sandbox.pipedrive.content.deals import deal_rows, pipeline_rows, stage_rows
from sandbox.pipedrive.content.fields import CONTACT_SYNC, FIELDS
from sandbox.pipedrive.content.parties import LEAD_LABELS, lead_rows, organization_rows, person_rows, user_rows
from sandbox.pipedrive.options import Options
from sandbox.seed import Book

__all__ = ["Account"]

_SINCE = "2022-03-01 09:00:00"
_CURRENCIES = {"EUR": ("Euro", 2, "€"), "USD": ("US Dollar", 2, "$"), "GBP": ("British Pound", 2, "£")}
_YEN = ("Japanese Yen", 0, "¥")


class Account:
    """What one company account holds.

    Attributes:
        tables: by plural name, the rows by id, deleted and archived ones among them.
        participants: deal id → ids of all its persons, the primary one first.
        sits_in: person id → ids of all deals of which it is a participant.
        home_currency: ISO 4217.
        activity_types, lead_labels, lead_sources, currencies: whole answers of version 1.
        fields: by object and code.
        deleted_since: what was deleted before is gone for good; UTC, as version 2 writes times.
    """

    def __init__(self, book: Book, options: Options, now: datetime) -> None:
        self.home_currency = book.home_currency
        hidden = () if options.contact_sync else CONTACT_SYNC
        persons = {code: one for code, one in FIELDS["person"].items() if code not in hidden}
        self.fields = {**FIELDS, "person": persons}
        self.deleted_since = instant(now - timedelta(days=30))
        self._groups: dict[tuple[str, str], dict[object, list[Row]]] = {}
        self._orders: dict[tuple[str, str], list[Row]] = {}
        self._options, self._deleted_at = options, instant(now - timedelta(days=1))
        self.tables: dict[str, dict[object, Row]] = {
            "persons": self._table(person_rows(book, contact_sync=options.contact_sync)),
            "organizations": self._table(organization_rows(book)),
            "deals": self._table(deal_rows(book, archived_every=options.archived_every)),
            "activities": self._table(activity_rows(book)),
            "notes": self._table(note_rows(book)),
            "pipelines": {one["id"]: one for one in pipeline_rows(book)},
            "stages": {one["id"]: one for one in stage_rows(book)},
            "leads": {one["id"]: one for one in lead_rows(book)},
            "users": {one["id"]: one for one in user_rows(book)},
        }
        self.participants = {
            row_id("deals", deal.number): [row_id("persons", role.person) for role in deal.roles] for deal in book.deals
        }
        self.sits_in: dict[int, list[int]] = defaultdict(list)
        for deal_id, people in self.participants.items():
            for person_id in people:
                self.sits_in[person_id].append(deal_id)
        self.activity_types = [_activity_type(key, place) for place, key in enumerate(ACTIVITY_TYPES, start=1)]
        self.lead_labels = [_lead_label(name, key) for name, key in LEAD_LABELS.items()]
        names = ("API", "Import", "Manually created", "Web forms", "Web visitors", "Live chat", "Deal")
        self.lead_sources = [{"name": name} for name in names]
        self.currencies = [_currency(code, place) for place, code in enumerate(book.currencies, start=1)]

    def grouped(self, kind: str, key: str) -> dict[object, list[Row]]:
        """The rows of a table that are not deleted, by the value of *key*."""
        if (kind, key) not in self._groups:
            found: dict[object, list[Row]] = defaultdict(list)
            for row in self.tables[kind].values():
                if not row.get("is_deleted") and row.get("active_flag", True):
                    found[row[key]].append(row)
            self._groups[kind, key] = found
        return self._groups[kind, key]

    def ordered(self, kind: str, key: str) -> list[Row]:
        """All rows of a table by the value of *key*, equal ones by id, rows without one first."""
        if (kind, key) not in self._orders:
            self._orders[kind, key] = sorted(self.tables[kind].values(), key=lambda row: place_of(row, key))
        return self._orders[kind, key]

    def _table(self, rows: Iterable[Row]) -> dict[object, Row]:
        every, found = self._options.deleted_every, {row["id"]: row for row in rows}
        for row in list(found.values())[every - 1 :: every] if every else ():
            if "active_flag" in row:
                row.update(active_flag=False, update_time=clock_time(self._deleted_at))
            else:
                row.update(is_deleted=True, update_time=self._deleted_at)
        return found


def _activity_type(key: str, place: int) -> Row:
    return {
        "id": place,
        "name": key.title(),
        "icon_key": key,
        "color": None,
        "order_nr": place,
        "key_string": key,
        "active_flag": True,
        "is_custom_flag": False,
        "add_time": _SINCE,
        "update_time": None,
    }


def _lead_label(name: str, key: str) -> Row:
    since = f"{_SINCE.replace(' ', 'T')}.000Z"
    return {"id": key, "name": name, "color": "gray", "add_time": since, "update_time": since}


def _currency(code: str, place: int) -> Row:
    name, decimals, symbol = _CURRENCIES.get(code, _YEN)
    return {
        "id": place,
        "code": code,
        "name": name,
        "decimal_points": decimals,
        "symbol": symbol,
        "active_flag": True,
        "is_custom_flag": False,
    }

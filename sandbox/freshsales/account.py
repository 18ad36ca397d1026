"""One Freshsales account, filled from a book."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from sandbox.clock import Clock
from sandbox.freshsales.options import Options
from sandbox.freshsales.tables import (
    OBJECTS,
    Object,
    Row,
    Selectors,
    account_rows,
    amount_cell,
    appointment_rows,
    attendee_rows,
    contact_rows,
    deal_rows,
    note_rows,
    partial_row,
    people_of,
    record_id,
    task_rows,
    user_id,
)
from sandbox.seed import Book

__all__ = ["Account"]

_BINNED = ("contacts", "sales_accounts", "deals")
_ROOTS = {"Contact": "contacts", "SalesAccount": "sales_accounts", "Deal": "deals", "FdMultitenant::User": "users"}


class Account:
    """What one account holds.

    Attributes:
        options: its switches.
        clock: what now is.
        selectors: its lists.
        user: the user whose key is used, by id and name.
    """

    def __init__(self, book: Book, options: Options, clock: Clock) -> None:
        self.options, self.clock = options, clock
        self.selectors = Selectors(book)
        self.user = next(
            (user_id(number), book.users[number - 1].name)
            for number in people_of(book)
            if book.users[number - 1].is_active
        )
        self._live: dict[str, dict[int, Row]] = {}
        self._bin: dict[str, list[Row]] = {}
        self._fill(book)
        self._link(book)

    def rows(self, plural: str) -> list[Row]:
        """The live records of an object, by id."""
        return list(self._live[plural].values())

    def binned(self, plural: str) -> list[Row]:
        """The records in the recycle bin, by id."""
        return self._bin.get(plural, [])

    def find(self, root: str, wanted: int) -> Row | None:
        """The live record or list row with an id, under the name that answers have for its kind."""
        return self._live[root].get(wanted)

    def targets(self, named: Iterable[Row]) -> dict[str, list[Row]]:
        """The live records that *named* tell by type and id, by the names that answers have for their kinds."""
        found: dict[str, list[Row]] = defaultdict(list)
        for target in named:
            root = _ROOTS[target["type"]]
            if (row := self.find(root, target["id"])) is not None:
                found[root].append(row)
        return found

    def _fill(self, book: Book) -> None:
        tables: dict[str, Iterable[Row]] = {
            "contacts": contact_rows(book, self.selectors),
            "sales_accounts": account_rows(book, self.selectors),
            "deals": deal_rows(book, self.selectors, self.clock.now()),
            "tasks": task_rows(book, self.selectors),
            "appointments": appointment_rows(book, self.selectors),
            "appointment_attendees": (one for told in book.appointments for one in attendee_rows(told, book)),
            "notes": note_rows(book),
            "sales_activities": (),
            **self.selectors.lists,
        }
        for root, rows in tables.items():
            live: list[Row] = []
            for place, row in enumerate(rows, start=1):
                every = self.options.deleted_every if root in _BINNED else 0
                if every and place % every == 0:
                    self._bin.setdefault(root, []).append({**row, "is_deleted": True})
                else:
                    live.append(row)
            self._live[root] = {row["id"]: row for row in sorted(live, key=_id)}
            self._bin.get(root, []).sort(key=_id)

    def _link(self, book: Book) -> None:
        """Hold on each record the ids of what belongs to it, and the sums of its deals."""
        for root in _BINNED:
            for row in (*self.rows(root), *self.binned(root)):
                row.update({one.key: [] for one in OBJECTS[root].includes.values() if one.key.endswith("_ids")})
                row["links"] = _links(OBJECTS[root], row["id"])
        for row in self.rows("sales_accounts"):
            parent = row["parent_sales_account_id"]
            self._append("sales_accounts", parent, "child_sales_account_ids", row["id"])
        self._link_contacts(book)
        self._link_deals(book)
        for kind in ("task", "appointment", "note"):
            for row in self.rows(f"{kind}s"):
                for target in row["targetables"]:
                    self._append(_ROOTS[target["type"]], target["id"], f"{kind}_ids", row["id"])

    def _link_contacts(self, book: Book) -> None:
        for row in (*self.rows("contacts"), *self.binned("contacts")):
            row["sales_accounts"] = []
        for person in book.people:
            contact = record_id("contacts", person.number)
            companies = [person.company, *person.other_companies] if person.company else []
            for number in dict.fromkeys(companies):
                account = self.find("sales_accounts", record_id("sales_accounts", number))
                if account is not None:
                    partial = partial_row("sales_accounts", account)
                    is_primary = number == person.company
                    self._append("contacts", contact, "sales_accounts", {**partial, "is_primary": is_primary})
                    self._append("sales_accounts", account["id"], "contact_ids", contact)

    def _link_deals(self, book: Book) -> None:
        sums: dict[tuple[str, int, str], Decimal] = defaultdict(Decimal)
        counts: dict[tuple[str, int, str], int] = defaultdict(int)
        forecasts = {stage["id"]: stage["forecast_type"] for stage in self.selectors.lists["deal_stages"]}
        for deleted in self.binned("deals"):
            deleted["contacts"] = []
        for deal in book.deals:
            if (row := self.find("deals", record_id("deals", deal.number))) is None:
                continue
            people = [self.find("contacts", record_id("contacts", one.person)) for one in deal.roles]
            row["contacts"] = sorted((partial_row("contacts", one) for one in people if one), key=_id)
            owners = [("contacts", one["id"]) for one in row["contacts"]]
            owners += [("sales_accounts", row["sales_account_id"])] if row["sales_account_id"] else []
            state = {"Open": "open", "Closed Won": "won"}.get(forecasts[row["deal_stage_id"]], "")
            for root, one in owners:
                self._append(root, one, "deal_ids", row["id"])
                counts[root, one, state] += 1
                sums[root, one, state] += Decimal(row["base_currency_amount"] or 0)
        for root in ("contacts", "sales_accounts"):
            for party in self.rows(root):
                for state in ("open", "won"):
                    party[f"{state}_deals_count"] = counts[root, party["id"], state]
                    party[f"{state}_deals_amount"] = amount_cell(sums[root, party["id"], state])

    def _append(self, root: str, wanted: int | None, key: str, value: object) -> None:
        row = None if wanted is None else self.find(root, wanted)
        if row is not None and key in row:
            row[key].append(value)


def _id(row: Row) -> int:
    return int(row["id"])


def _links(kind: Object, number: int) -> dict[str, str]:
    base = f"/crm/sales/{kind.plural}/{number}"
    return {
        "conversations": f"{base}/conversations/all",
        "document_associations": f"{base}/document_associations",
        "notes": f"{base}/notes?include=creater",
        "tasks": f"{base}/tasks?include=creater,owner,updater,targetable,users,task_type",
        "appointments": f"{base}/appointments?include=creater,targetable,appointment_attendees",
    }

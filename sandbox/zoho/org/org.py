"""One Zoho CRM organisation, filled from a book."""

from collections.abc import Callable, Iterable, Sequence
from zoneinfo import ZoneInfo

from sandbox.seed import (
    CHANNELS,
    DEAL_TYPES,
    INDUSTRIES,
    INTERESTS,
    LEAD_SOURCES,
    LOST_REASONS,
    ROLES,
    TIERS,
    Book,
    Pipeline,
    User,
)
from sandbox.zoho.org.business import TASK_STATUSES, contact_roles, deals, events, notes, tasks
from sandbox.zoho.org.cells import Cell, Record, Ref, record_id, told
from sandbox.zoho.org.fields import Field, ModuleSpec, module_specs
from sandbox.zoho.org.people import LEAD_STATUSES, RATES, Teller, accounts, contacts, leads, users

__all__ = ["Module", "Org"]

_TELLINGS: dict[str, Callable[[Teller], Iterable[Record]]] = {
    "Contacts": contacts,
    "Leads": leads,
    "Accounts": accounts,
    "Deals": deals,
    "Events": events,
    "Tasks": tasks,
    "Notes": notes,
}


class Module:
    """The records of one module.

    Attributes:
        spec: what it is.
        records: by ascending id, without deleted ones.
        by_id: the same.
        deleted: those in the recycle bin.
    """

    def __init__(self, spec: ModuleSpec, records: Iterable[Record], *, deleted_every: int) -> None:
        self.spec = spec
        self.deleted: list[Record] = []
        self.records: list[Record] = []
        for place, record in enumerate(records, start=1):
            is_deleted = deleted_every > 0 and place % deleted_every == 0
            (self.deleted if is_deleted else self.records).append(record)
        self.by_id = {str(record["id"]): record for record in self.records}


class Org:
    """What one organisation holds.

    Attributes:
        book: where it comes from.
        zone: its time zone, in which every instant is told.
        modules: by API name.
        users: as JSON, the one whom the tokens belong to last.
        changed: when each user changed, by id.
        user_fields: those that look-ups reach.
        users_by_id: the same fields of each user.
        currencies: by ISO code, units for one of the home currency.
        pipelines: of deals.
        roles: contact ids and roles of each deal.
        role_names: every role there is.
    """

    def __init__(self, book: Book, *, deleted_every: int = 0) -> None:
        self.book = book
        self.zone = ZoneInfo(book.time_zone)
        teller = Teller(book=book, zone=self.zone, admin=_admin(book))
        self.users = list(users(teller))
        self.changed = {
            record_id("Users", user.number): user.updated_at.replace(microsecond=0)
            for user in (*book.users, teller.admin)
        }
        self.user_fields = {
            name: Field(name=name, kind="bigint" if name == "id" else "text")
            for name in ("id", "full_name", "first_name", "last_name", "email", "status")
        }
        self.users_by_id: dict[str, Record] = {
            str(user["id"]): {name: str(user[name]) for name in self.user_fields} for user in self.users
        }
        self.currencies = {one: RATES[one] / RATES[book.home_currency] for one in book.currencies}
        self.pipelines: Sequence[Pipeline] = [one for one in book.pipelines if one.kind == "deal"]
        specs = module_specs(_values(book, self.pipelines))
        self.modules = {
            name: Module(specs[name], tell(teller), deleted_every=deleted_every) for name, tell in _TELLINGS.items()
        }
        self.roles = contact_roles(book)
        self.role_names: Sequence[str] = ROLES

    def target(self, ref: Ref) -> Record | None:
        """The record or user that *ref* leads to."""
        return self.users_by_id.get(ref.id) if ref.module == "Users" else self.modules[ref.module].by_id.get(ref.id)

    def told(self, cell: Cell, *, is_short: bool = False) -> object:
        """*cell* as JSON has it."""
        return told(cell, self.zone, is_short=is_short)


def _admin(book: Book) -> User:
    """The administrator, who is nobody of the book and whom the tokens belong to."""
    first = book.users[0]
    return User(
        number=len(book.users) + 1,
        truth=None,
        created_at=first.created_at,
        updated_at=first.updated_at,
        name="Sandbox Administrator",
        email="admin@crew.example",
        kind="user",
        is_active=True,
        time_zone=book.time_zone,
    )


def _values(book: Book, pipelines: Sequence[Pipeline]) -> dict[tuple[str, str], Sequence[str]]:
    """The picklists whose values each account defines itself."""
    found: dict[tuple[str, str], Sequence[str]] = {
        ("Contacts", "Preferred_Channel"): [one.capitalize() for one in CHANNELS],
        ("Contacts", "Interests"): INTERESTS,
        ("Leads", "Lead_Status"): list(dict.fromkeys(LEAD_STATUSES.values())),
        ("Accounts", "Industry"): INDUSTRIES,
        ("Accounts", "Tier"): [one.capitalize() for one in TIERS],
        ("Deals", "Stage"): [stage.label for way in pipelines for stage in way.stages],
        ("Deals", "Pipeline"): [way.label for way in pipelines],
        ("Deals", "Type"): [one.title() for one in DEAL_TYPES],
        ("Deals", "Reason_For_Loss__s"): LOST_REASONS,
        ("Tasks", "Status"): [*TASK_STATUSES.values(), "Waiting for input"],
    }
    found |= {(module, "Lead_Source"): LEAD_SOURCES for module in ("Contacts", "Leads", "Deals")}
    return found | {(module, "Currency"): book.currencies for module in ("Accounts", "Deals")}

"""One HubSpot account, filled from a book."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.clock import Clock
from sandbox.hubspot.definitions import AssociationTypes, Option, Pipelines, portal_properties
from sandbox.hubspot.options import Options
from sandbox.hubspot.search import Searcher
from sandbox.hubspot.tables import (
    INDUSTRIES,
    Owners,
    Row,
    Store,
    book_links,
    company_rows,
    contact_rows,
    deal_rows,
    instant_ms,
    lead_rows,
    meeting_rows,
    note_rows,
    signed,
    task_rows,
)
from sandbox.seed import Book

__all__ = ["Account"]


class Account:
    """What one portal holds.

    Attributes:
        portal_id: the account's number.
        time_zone: where its day begins.
        home_currency: ISO 4217.
        currencies: further ones that deals may have.
        properties: by object type and name.
        store: records and associations.
        searcher: searches the store.
        owners: its owners.
        pipelines: its pipelines.
        association_types: HubSpot's and its own.
    """

    def __init__(self, book: Book, options: Options, clock: Clock) -> None:
        self.portal_id = 40_817_229
        self.time_zone = ZoneInfo(book.time_zone)
        self.home_currency = book.home_currency
        self.currencies = [one for one in book.currencies if one != book.home_currency]
        self.owners = Owners(book)
        self.pipelines = Pipelines(book)
        self.properties = portal_properties(_options(book, self.pipelines))
        self.association_types = AssociationTypes(
            role.role for deal in book.deals for role in deal.roles if role.role is not None
        )
        self.store = Store(self.properties)
        self._fill(book, options, clock.now())
        self.searcher = Searcher(self.store, self.properties, options, clock)

    def utc_offset_ms(self, now: datetime) -> int:
        """Milliseconds that the account's clock is ahead of UTC."""
        offset = now.astimezone(self.time_zone).utcoffset()
        return 0 if offset is None else int(offset.total_seconds() * 1000)

    def _fill(self, book: Book, options: Options, now: datetime) -> None:
        tables: dict[str, Iterable[Row]] = {
            "contacts": contact_rows(book),
            "companies": company_rows(book, self.pipelines),
            "deals": deal_rows(book, self.pipelines),
            "leads": lead_rows(book),
            "meetings": meeting_rows(book),
            "notes": note_rows(book),
            "tasks": task_rows(book),
        }
        for kind, rows in tables.items():
            told = signed(rows, book)
            self.store.add(kind, told, archived_every=options.archived_every, archived_ms=instant_ms(now))
        self.store.add_links(book_links(book, self.association_types, deal_to_lead=options.deal_to_lead))


def _options(book: Book, pipelines: Pipelines) -> dict[tuple[str, str], list[Option]]:
    """The enumerations whose values each account has of its own."""
    found = {
        ("companies", "industry"): [Option(value=value, label=label) for value, label in INDUSTRIES.values()],
        ("deals", "deal_currency_code"): [Option(value=one, label=one) for one in book.currencies],
    }
    for kind, pipeline, stage in (("deals", "pipeline", "dealstage"), ("leads", "hs_pipeline", "hs_pipeline_stage")):
        told = pipelines.by_type[kind]
        found[kind, pipeline] = [Option(value=one.id, label=one.label) for one in told]
        found[kind, stage] = [Option(value=step.id, label=step.label) for one in told for step in one.stages]
    return found

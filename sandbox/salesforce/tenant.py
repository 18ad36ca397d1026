"""One emulated org while it runs: its records, its switches, and the one place where statements take turns."""

import asyncio
from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

from sandbox.clock import Clock
from sandbox.emulator import Setup
from sandbox.faults import Faults
from sandbox.salesforce.options import Options, parse_hidden
from sandbox.salesforce.org import Catalog, build_catalog
from sandbox.salesforce.org.keys import Keys
from sandbox.salesforce.org.seeding import seed
from sandbox.salesforce.org.store import Store
from sandbox.salesforce.soql import Calendar, Context, Engine, define_functions

__all__ = ["FAULTS", "Tenant"]

FAULTS = ("maintenance", "hidden_field")
"""The emulator's own faults: 503 with a page; a field (value `Object.Field`) that field-level security hides."""

_T = TypeVar("_T")


class Tenant:
    """The org behind one emulator.

    Attributes:
        options: the org's set-up.
        clock: every expiry reads it.
        faults: the switches that make it misbehave.
        base_url: where it is reached.
        keys: its conventions.
        engine: answers statements; call it inside `run`.
        store: the records; read them inside `run`.
    """

    def __init__(self, setup: Setup) -> None:
        """Build the org and fill it from the book.

        Raises:
            ValueError: an unknown option, or one of the wrong type.
        """
        self.options = Options.parse(setup.options)
        self.clock: Clock = setup.clock
        self.faults: Faults = setup.faults
        self.faults.declare(*FAULTS)
        self.base_url = setup.base_url
        self.keys = Keys(book=setup.book, now=setup.clock.now(), multi_currency=self.options.multi_currency)
        picklists = {"stage": self.keys.stage_labels(), "currency": setup.book.currencies}
        self._catalog = build_catalog(self.options.features(), picklists)
        self._views: dict[frozenset[tuple[str, str]], Catalog] = {frozenset(): self._catalog}
        self._zone = ZoneInfo(setup.book.time_zone)
        self._turn = asyncio.Lock()
        self.store = Store(self._catalog)
        define_functions(self.store, self._zone)
        seed(
            self.store,
            self._catalog,
            self.keys,
            archive_after_days=self.options.archive_after_days,
            shared_activities=self.options.shared_activities,
        )
        self.engine = Engine(
            self.store,
            self.clock.now,
            subquery_batch=self.options.subquery_batch,
            content_inline=self.options.content_inline,
        )

    @property
    def catalog(self) -> Catalog:
        """The objects and fields that the user sees at this moment."""
        hidden = self.options.hidden()
        for fault in self.faults.active():
            if fault.name == "hidden_field":
                hidden |= parse_hidden(str(fault.value))
        if hidden not in self._views:
            self._views[hidden] = self._catalog.without(hidden)
        return self._views[hidden]

    def context(self, version: int, *, with_trash: bool = False) -> Context:
        """What a statement of this moment depends on."""
        rates = {code: float(rate) for code, rate in self.keys.rates().items()}
        return Context(
            catalog=self.catalog,
            calendar=Calendar(self.clock.now(), self._zone),
            version=version,
            with_trash=with_trash,
            not_in_keeps_null=self.options.not_in_keeps_null,
            rates=rates if self.options.multi_currency else {},
            home_currency=self.keys.book.home_currency,
        )

    async def run(self, work: Callable[[], _T]) -> _T:
        """The result of *work* with the records, in its turn and beside the event loop."""
        async with self._turn:
            return await asyncio.to_thread(work)
